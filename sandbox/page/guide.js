// The first steps: what to type or press next. A step is ticked off when the workspace saw it happen.

import { make, say } from "./dom.js";

const at = (id) => document.getElementById(id);
const AWAY = "guide is put away";
let isFolded = false; // what stands beside a form

// `hands` are {write(text), copy(text), ask(deed), again()}.
export function drawGuide(guide, hands) {
  const steps = guide?.steps ?? [];
  at("show-guide").hidden = !steps.length;
  if (!steps.length) return;
  const next = steps.findIndex((each) => !each.is_done);
  const count = steps.filter((each) => each.is_done).length;
  const face = JSON.stringify(guide);
  if (at("steps").dataset.face === face) return;
  const ticks = count + partsOf(steps).filter((each) => each.is_done).length;
  const was = Number(at("steps").dataset.ticks ?? ticks);
  const before = lookOf(at("steps"));
  const title = nextOf(guide)?.title;
  const said = saidOf(steps);
  const isNews = said && said !== (at("steps").dataset.said ?? said); // at first it is old
  Object.assign(at("steps").dataset, { face, ticks, said });
  at("guide-title").textContent = guide.title;
  at("show-guide").replaceChildren(
    "Guide", make("span", { class: "count" }, ` ${count} of ${steps.length}`),
    make("span", { class: "next" }, next < 0 ? ": all done" : `: ${title}`));
  if (isNews) say(at("guide-said"), said);
  if (ticks > was) say(at("guide-said"), next < 0 ? "All steps are done." : `Step done. Next: ${title}`);
  at("steps").replaceChildren(
    make("ol", {}, ...steps.map((each, place) => drawStep(each, place, place === next, hands))),
    ...(next < 0 ? guide.end.map((each) => part(each, hands)) : []),
    count ? make("button", { type: "button", onclick: hands.again }, "Begin again") : "");
  if (ticks === was) restore(at("steps"), before);
  else if (before.focus >= 0) at("steps").querySelector("li[aria-current] summary, pre, summary").focus();
}

const partsOf = (steps) => steps.flatMap((each) => each.parts);

// What came of the buttons, each once though it stands at several places.
function saidOf(steps) {
  const said = [...steps, ...partsOf(steps)].flatMap((each) => each.how).map((each) => each.said).filter(Boolean);
  return [...new Set(said)].join(" ");
}

// What is to be done next: a step, or where it has parts, the first of these that is owed.
function nextOf(guide) {
  const step = guide?.steps.find((each) => !each.is_done);
  return step?.parts.find((each) => each.is_next) ?? step;
}

// What is open and has the focus stays so, where only words have changed.
function lookOf(box) {
  const open = [...box.querySelectorAll("details")].map((each) => each.open);
  return { open, focus: [...box.querySelectorAll("button, summary, pre")].indexOf(document.activeElement) };
}

function restore(box, { open, focus }) {
  for (const [place, each] of box.querySelectorAll("details").entries()) each.open = open[place] ?? each.open;
  box.querySelectorAll("button, summary, pre")[focus]?.focus({ preventScroll: true });
}

function drawStep(step, place, isNext, hands) {
  const mark = make("span", { class: "mark", "aria-hidden": "true" }, step.is_done ? "✓" : String(place + 1));
  const said = make("span", { class: "unseen" }, step.is_done ? "Done: " : isNext ? "Next: " : "");
  const details = make("details", { open: isNext }, make("summary", {}, mark, said, step.title), ...drawHow(step.how, hands),
    step.parts.length ? make("ul", { class: "parts" }, ...step.parts.map((each) => drawPart(each, hands))) : "");
  return make("li", { class: step.is_done ? "done" : "", "aria-current": isNext ? "step" : null, "data-step": step.id }, details);
}

// Of what is done, and of what comes later, the title is enough.
function drawPart(each, hands) {
  const said = make("span", { class: "unseen" }, each.is_done ? "Done: " : each.is_next ? "Next: " : "");
  const title = make("p", { class: "title" }, make("span", { class: "tick", "aria-hidden": "true" }, each.is_done ? "✓" : "○"), said, each.title);
  const isTold = each.is_next || (each.is_extra && !each.is_done);
  return make("li", { class: each.is_done ? "done" : "", "data-part": each.id }, title, ...(isTold ? drawHow(each.how, hands) : []));
}

// While what a button began is under way the rest of its step waits; the focus stays where it is.
function drawHow(hints, hands) {
  const waits = hints.some((each) => each.state === "under way");
  const held = waits ? { ...hands, write: () => {}, ask: () => {}, isHeld: "true" } : hands;
  return hints.map((each) => part(each, held));
}

function part(how, hands) {
  if (how.type) {
    return make("p", { class: "row" }, make("code", { class: "grow" }, how.type),
      make("button", { type: "button", "aria-disabled": hands.isHeld, "aria-label": `Write it: ${how.type}`, onclick: () => hands.write(how.type) }, "Write it"));
  }
  if (how.run) {
    return make("div", {}, make("pre", { tabindex: "0", "aria-label": "For a terminal" }, how.run),
      make("button", { type: "button", "aria-label": "Copy the lines for a terminal", onclick: async (event) => { event.target.textContent = await hands.copy(how.run); } }, "Copy"));
  }
  if (how.do) {
    const isDone = how.state === "done";
    const face = { class: isDone ? null : "primary", "aria-disabled": hands.isHeld };
    return make("div", {}, make("button", { type: "button", ...face, onclick: () => hands.ask(how.do) }, how.text),
      how.said ? make("p", { class: "note" }, isDone ? make("span", { class: "well", "aria-hidden": "true" }, "✓ ") : "", how.said) : "");
  }
  return make("p", {}, how.text);
}

// What the reader of a form needs in it of the next step, where it covers the guide; `title` is the form's.
export function drawBeside(box, guide, title) {
  const next = nextOf(guide);
  const needed = next?.how.filter((each) => each.in_form && new RegExp(each.in_form).test(title)) ?? [];
  if (!box) return;
  box.hidden = !needed.length || isPutAway();
  const face = JSON.stringify(needed);
  if (box.dataset.face === face) return;
  box.dataset.face = face;
  box.replaceChildren(make("details", { open: !isFolded, ontoggle: (event) => { isFolded = !event.target.open; } },
    make("summary", {}, `Guide: ${next?.title ?? ""}`), ...needed.map((each) => make("p", {}, each.text))));
}

// Whether it was put away here is remembered by this browser, if it remembers anything.
export function isPutAway() {
  try { return localStorage.getItem(AWAY) === "yes"; } catch { return false; }
}

export function putAway(isAway) {
  document.body.classList.toggle("guide-away", isAway);
  try { localStorage.setItem(AWAY, isAway ? "yes" : "no"); } catch { /* it asks again next time */ }
}
