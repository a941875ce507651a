// Modals and confirmations. A modal is drawn again only when it is another view, or has other errors.

import { renderBlocks, text } from "./blocks.js";
import { make, plain } from "./dom.js";

let shown = "";
let back = null; // where the focus was before

export function showModal(dialog, view, scene) {
  if (!view) {
    shown = "";
    if (dialog.open) leave(dialog);
    return;
  }
  const errors = scene.errors?.view === view.id ? scene.errors : null;
  const key = [scene.actor, view.id, view.hash, errors?.at].join();
  if (key !== shown) draw(dialog, view, { ...scene, errors: errors?.texts ?? {} });
  const isNew = key !== shown;
  shown = key;
  open(dialog, scene, isNew);
}

// Whoever watches a story is neither kept in its modals nor led into them.
function open(dialog, scene, isNew) {
  const wasModal = dialog.matches(":modal");
  if (wasModal === scene.isWatched) dialog.close();
  if (scene.isWatched) {
    back = () => {};
    dialog.setAttribute("open", ""); // `show` would take the focus
    return;
  }
  if (!dialog.open) {
    back = scene.wayBack();
    dialog.showModal();
  }
  if (isNew || !wasModal) enter(dialog);
}

// Focus goes to what is wrong, else to what is asked first, else to the modal's own text. What is to
// be read stands above the first question: it is not scrolled away.
function enter(dialog) {
  const wrong = dialog.querySelector(".content [aria-invalid]");
  const field = wrong ?? dialog.querySelector(".content :is(input, select, textarea)");
  const group = field?.closest("fieldset");
  const target = group ? group.querySelector("input:checked") ?? group.querySelector("input") : field ?? dialog.querySelector("h2");
  target.focus({ preventScroll: true });
  if (wrong) wrong.closest(".block").scrollIntoView({ block: "center" });
}

// The browser gives focus back to what had it; that may have been drawn anew, or be gone.
function leave(dialog) {
  dialog.close();
  const holder = document.activeElement; // a field that is hidden now keeps it until the page is drawn
  if (holder === document.body || dialog.contains(holder)) back();
}

function draw(dialog, view, scene) {
  const inputs = [];
  const values = () => {
    const read = {};
    for (const each of inputs) (read[each.block.block_id] ??= {})[each.element.action_id] = each.read();
    return read;
  };
  const act = (element, block, selected) => scene.click(element, {
    user: scene.actor, view_id: view.id, action_id: element.action_id, block_id: block.block_id,
    value: element.value, selected, values: values(),
  });
  const content = renderBlocks(view.blocks, { ...scene, act, inputs, values: kept(view) });
  const close = () => scene.close(view);
  const form = make("form", {},
    make("header", {}, make("h2", { id: "modal-title", tabindex: "-1" }, view.title.text), make("button", { type: "button", "aria-label": "Close", onclick: close }, "✕")),
    make("div", { class: "beside", hidden: true }),
    make("div", { class: "content" }, ...content),
    make("footer", {},
      make("button", { type: "button", onclick: close }, view.close?.text ?? "Cancel"),
      view.submit ? make("button", { class: "primary", title: "Ctrl or ⌘ and Enter", "aria-keyshortcuts": "Control+Enter Meta+Enter" }, view.submit.text) : ""));
  form.noValidate = true;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.ariaBusy === "true") return; // once is enough, however often it is pressed
    form.ariaBusy = "true";
    await scene.submit(view, values());
    form.ariaBusy = "false";
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !view.submit) return;
    event.preventDefault();
    form.requestSubmit();
  });
  dialog.oncancel = (event) => { event.preventDefault(); close(); };
  // A second Escape closes it whatever we say: then it is closed in the workspace too.
  dialog.onclose = () => { if (shown && !dialog.open) close(); };
  dialog.replaceChildren(form);
}

function kept(view) {
  const simple = {};
  for (const [blockId, actions] of Object.entries(view.state.values)) {
    simple[blockId] = {};
    for (const [actionId, value] of Object.entries(actions)) simple[blockId][actionId] = simplified(value);
  }
  return simple;
}

function simplified(value) {
  const [, content] = Object.entries(value).find(([name]) => name !== "type") ?? [];
  if (Array.isArray(content)) return content.map((each) => each?.value ?? each);
  return content?.value ?? content ?? undefined;
}

export function confirmed(wanted, names) {
  const dialog = document.getElementById("confirm");
  return new Promise((resolve) => {
    const end = (answer) => { dialog.close(); resolve(answer); };
    dialog.onclose = () => resolve(false); // Escape
    dialog.replaceChildren(
      make("header", {}, make("h2", { id: "confirm-title" }, wanted.title.text)),
      make("div", { class: "content" }, ...(wanted.text.type === "mrkdwn" ? text(wanted.text, names) : plain(wanted.text.text))),
      make("footer", {},
        make("button", { type: "button", onclick: () => end(false) }, wanted.deny.text),
        make("button", { type: "button", class: wanted.style ?? "primary", onclick: () => end(true) }, wanted.confirm.text)));
    dialog.showModal();
  });
}
