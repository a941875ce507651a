// The clock: what it reads, and what moves it.

import { say } from "./dom.js";

const at = (id) => document.getElementById(id);

// `move` takes what the control API takes.
export function listenToClock(move, actor) {
  for (const button of document.querySelectorAll("[data-move]")) {
    button.addEventListener("click", () => move({ ...JSON.parse(button.dataset.move), user: actor() }));
  }
  at("to").addEventListener("input", () => { at("to").dataset.typed = "yes"; });
  at("move").addEventListener("submit", (event) => {
    event.preventDefault();
    delete at("to").dataset.typed;
    at("to").blur();
    move({ to: at("to").value + ":00Z" });
  });
}

export function drawClock(time, now) {
  say(at("now"), time);
  const field = at("to");
  // The field shows the workspace's time until somebody types another.
  if (field.dataset.typed || document.activeElement === field) return;
  field.value = new Date(now * 1000).toISOString().slice(0, 16);
}
