// An overflow menu: a button, and what it offers behind it.

import { make } from "./dom.js";

export function overflow(element, id) {
  let picked = null;
  const items = element.options.map((option) => make("button", {
    type: "button", role: "menuitem", tabindex: "-1", "data-value": option.value,
  }, option.text.text, option.description ? make("span", { class: "note" }, " " + option.description.text) : ""));
  const list = make("div", { role: "menu", id: `${id}-menu`, "aria-label": "More actions", hidden: true }, ...items);
  const opener = make("button", {
    id, type: "button", "aria-haspopup": "menu", "aria-expanded": "false", "aria-controls": list.id,
    "aria-label": "More actions", "data-action": element.action_id,
  }, "⋯");
  const node = make("div", { class: "overflow" }, opener, list);
  const set = (open, place = 0) => {
    list.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (!open) return;
    list.classList.remove("ends");
    list.classList.toggle("ends", list.getBoundingClientRect().right > rightOf(node));
    items.at(place).focus();
  };
  const pick = (item) => {
    picked = item.dataset.value;
    set(false);
    opener.focus();
    node.dispatchEvent(new Event("change"));
  };
  opener.addEventListener("click", () => set(list.hidden));
  for (const item of items) item.addEventListener("click", () => pick(item));
  node.addEventListener("keydown", (event) => walk(event, { items, set, opener, isOpen: () => !list.hidden }));
  node.addEventListener("focusout", (event) => { if (!node.contains(event.relatedTarget)) set(false); });
  return { node, read: () => picked, isNamed: true };
}

// A menu that would reach beyond what scrolls around it ends where its button ends.
const rightOf = (node) => node.closest("#messages, dialog")?.getBoundingClientRect().right ?? innerWidth;

function walk(event, { items, set, opener, isOpen }) {
  const here = items.indexOf(document.activeElement);
  const steps = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 };
  if (event.key in steps) {
    event.preventDefault();
    if (isOpen()) items.at(steps[event.key] % items.length).focus();
    else set(true, event.key === "ArrowUp" ? -1 : 0);
  } else if (event.key === "Escape" && isOpen()) {
    event.preventDefault(); // it closes the menu, not the modal around it
    event.stopPropagation();
    set(false);
    opener.focus();
  }
}
