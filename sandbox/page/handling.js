// After a move of the clock: whether the app still handles what fell due by it.

import { ask } from "./server.js";

const at = (id) => document.getElementById(id);
const AGAIN = 300; // ms until it is looked at once more
const QUIET = 1000; // ms in which nothing came, once the app has asked for the next move

export class Handling {
  // `isFollowed` tells whether there is an app that could handle anything.
  constructor(isFollowed) {
    this.isFollowed = isFollowed;
    this.moves = 0;
  }

  // The newest move alone is waited for.
  async begins() {
    const move = ++this.moves;
    show(true);
    try {
      for (let seen = { at: Date.now() }; move === this.moves && !this.#isOver(seen); seen = await look(seen)) {
        await new Promise((done) => setTimeout(done, AGAIN));
      }
    } catch {
      // that nothing answers is said where the page follows it
    } finally {
      if (move === this.moves) show(false);
    }
  }

  #isOver({ shown, at: since, clock }) {
    if (shown === undefined || Date.now() - since < QUIET) return false;
    return !this.isFollowed() || !clock.heard || clock.heard >= clock.version; // an app may know no clock
  }
}

async function look(seen) {
  const { shown, clock } = await ask("changes?after=-1&timeout=0");
  return { shown, clock, at: shown === seen.shown ? seen.at : Date.now() };
}

function show(isOn) {
  document.body.classList.toggle("handling", isOn);
  at("handling").textContent = isOn ? "Handling what fell due …" : "";
}
