// The list of messages: it scrolls, shows the newest, and follows what is new unless the person who
// reads has scrolled up. What did not change stays the same element: focus rests where it is, and a
// screen reader hears what is new and nothing twice.

import { make } from "./dom.js";

const NEAR = 60; // pixels from the end that still count as being there
const GAP = 8; // pixels above a message that is shown from its beginning
const ANSWER_WITHIN = 10_000; // ms in which what only this person sees answers what they have done

export class Feed {
  constructor(box, pill) {
    this.box = box;
    this.pill = pill;
    this.place = "";
    this.follows = true;
    this.unseen = null;
    this.asked = -Infinity;
    this.kept = new Map();
    box.addEventListener("scroll", () => this.#scrolled());
    box.addEventListener("load", () => this.#settle(), true); // a picture has come and takes room
    new ResizeObserver(() => this.#settle()).observe(box); // the window, or a panel beside it
    pill.addEventListener("click", () => this.#goToUnseen());
    box.addEventListener("keydown", (event) => this.#walk(event));
  }

  // `items` are {key, face, build, isForOne}: an element is built again only if its face is another.
  show(place, items, { fromTop = false } = {}) {
    const isNew = place !== this.place;
    this.box.setAttribute("aria-live", isNew ? "off" : "polite");
    const fresh = this.#draw(isNew ? new Map() : this.kept, items);
    const answer = !isNew && items.findLast((each) => each.isForOne && fresh.includes(each.key));
    if (isNew) this.#arrive(place, fromTop);
    if (isNew || (fresh.length && this.follows)) this.#settle();
    if (!isNew && fresh.length) this.unseen = fresh.at(-1);
    if (answer) this.#answer(answer.key);
    this.#offer();
  }

  // The person did something here: what only they are told next is the answer.
  expectAnswer() {
    this.asked = performance.now();
  }

  #answer(key) {
    if (performance.now() - this.asked > ANSWER_WITHIN) return;
    this.kept.get(key).element.scrollIntoView({ block: "nearest" });
  }

  // Gives what brings the focus back to where it is now, whatever is drawn anew meanwhile.
  wayBack() {
    const focused = document.activeElement;
    const [key, was] = [...this.kept].find(([, each]) => each.element.contains(focused)) ?? [];
    return () => {
      const element = this.kept.get(key)?.element;
      if (element) give(focusIn(element, was.element, focused));
      else this.box.focus({ preventScroll: true });
    };
  }

  // The person did something here: what comes of it is at the end.
  toEnd() {
    this.follows = true;
    this.#settle();
  }

  goTo(key) {
    const element = this.kept.get(key)?.element;
    if (!element) return;
    this.follows = false;
    element.classList.add("linked");
    element.scrollIntoView({ block: "center" });
  }

  // The arrows go from message to message; what is in a message keeps them to itself.
  #walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const here = event.target === this.box ? null : event.target;
    if (!step || event.altKey || event.ctrlKey || event.metaKey || (here && here.parentElement !== this.box)) return;
    const articles = [...this.box.querySelectorAll(":scope > article")];
    const next = here ? articles[articles.indexOf(here) + step] : articles.at(-1);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  #draw(before, items) {
    this.kept = new Map();
    const fresh = [];
    let heir = null;
    for (const { key, face, build } of items) {
      const known = before.get(key);
      if (!known) fresh.push(key);
      const element = known?.face === face ? known.element : build();
      if (element !== known?.element && known?.element.contains(document.activeElement)) {
        heir = focusIn(element, known.element, document.activeElement);
      }
      this.kept.set(key, { face, element });
    }
    place(this.box, [...this.kept.values()].map((each) => each.element));
    if (heir) give(heir);
    return fresh;
  }

  #arrive(place, fromTop) {
    this.place = place;
    this.box.dataset.shows = place;
    this.follows = !fromTop;
    this.unseen = null;
    if (fromTop) this.box.scrollTop = 0;
  }

  // Shows the newest: its end, or its beginning if it is taller than the list.
  #settle() {
    if (!this.follows) return;
    const { box } = this;
    const newest = box.lastElementChild;
    const isTall = newest && newest.offsetHeight > box.clientHeight;
    box.scrollTop = isTall ? newest.offsetTop - box.offsetTop - GAP : box.scrollHeight;
    this.#offer();
  }

  #scrolled() {
    const { box } = this;
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    this.follows = isAtEnd || (box.lastElementChild && this.#startsInView(box.lastElementChild));
    this.#offer();
  }

  #startsInView(element) {
    const [start, list] = [element.getBoundingClientRect().top, this.box.getBoundingClientRect()];
    return start >= list.top && start < list.bottom;
  }

  // An answer in an older thread comes in far above the end: it is offered, never missed.
  #offer() {
    const element = this.kept.get(this.unseen)?.element;
    const side = element && this.#sideOf(element);
    if (!side) this.unseen = null;
    this.pill.hidden = !side;
    if (side) this.pill.replaceChildren(`New ${side === "above" ? "above ↑" : "below ↓"}`);
  }

  #sideOf(element) {
    const [seen, list] = [element.getBoundingClientRect(), this.box.getBoundingClientRect()];
    if (seen.bottom <= list.top) return "above";
    return seen.top >= list.bottom ? "below" : "";
  }

  #goToUnseen() {
    this.kept.get(this.unseen)?.element.scrollIntoView({ block: "center" });
    this.box.focus({ preventScroll: true });
  }
}

// Gives what takes the focus over when something is drawn anew: the same button; where that is gone,
// the message, or the block of Home that now stands where it stood.
function focusIn(element, old, focused) {
  const { action } = focused.dataset;
  const isSame = (each) => each.dataset.action === action && each.value === focused.value;
  const same = action && [...element.querySelectorAll("[data-action]")].find(isSame);
  if (same || old.matches("article")) return same || element;
  const place = [...old.querySelectorAll(".block")].indexOf(focused.closest(".block"));
  return [...element.querySelectorAll(".block")].slice(0, place + 1).at(-1) ?? element;
}

function give(element) {
  if (element.tabIndex < 0) element.tabIndex = -1; // what takes no focus by itself
  element.focus({ preventScroll: true });
}

// Puts these elements into the box in this order and moves only what is not in its place.
function place(box, elements) {
  const wanted = new Set(elements);
  for (const each of [...box.children]) if (!wanted.has(each)) each.remove();
  for (const [index, each] of elements.entries()) {
    if (box.children[index] !== each) box.insertBefore(each, box.children[index] ?? null);
  }
}

export const nothing = (text) => ({ key: "nothing", face: text, build: () => make("p", { class: "note" }, text) });
