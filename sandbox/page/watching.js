// While a story is told, whoever looks on watches: what would act is off, and says so.

import { say } from "./dom.js";

const at = (id) => document.getElementById(id);
const ACTS = ["messages", "composer", "clock", "modal", "guide"];
const CONTROLS = "button, input, select, textarea";

// What is drawn while it is told comes in switched on: this is called after each drawing.
export function drawWatching(story) {
  at("watching").hidden = !story;
  if (!story) return release();
  say(at("watching-said"), story.said);
  at("watching-step").textContent = story.step ? `Step ${story.step} of ${story.of}: ${story.title}` : "";
  document.body.style.setProperty("--stage", at("stage").getBoundingClientRect().top + "px"); // below what says so
  for (const part of ACTS) for (const each of at(part).querySelectorAll(CONTROLS)) hold(each);
}

function hold(control) {
  if (control.disabled) return;
  control.disabled = true;
  control.dataset.held = "";
}

function release() {
  for (const each of document.querySelectorAll("[data-held]")) {
    each.disabled = false;
    delete each.dataset.held;
  }
}
