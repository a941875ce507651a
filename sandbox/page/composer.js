// Where people write: commands, messages, and answers in a thread.

import { Completion } from "./completion.js";

export class Composer {
  // `hands` are {commands(), send(text, thread)}; `send` gives something if it was sent.
  constructor(form, hands) {
    this.form = form;
    this.field = form.elements.text;
    this.answering = form.querySelector("#answering");
    this.thread = null;
    this.place = "";
    this.drafts = new Map();
    this.hands = hands;
    this.completion = new Completion(this.field, form.querySelector("#completions"), hands.commands);
    form.addEventListener("submit", (event) => { event.preventDefault(); this.#send(); });
    this.answering.querySelector("button").addEventListener("click", () => { this.answerIn(null); this.field.focus(); });
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.thread) { event.preventDefault(); this.answerIn(null); }
    });
  }

  enable(hint) {
    this.form.querySelector("button.primary").disabled = false;
    this.hint = hint;
    this.field.placeholder = hint;
  }

  // What is not sent yet waits in the place where it was written.
  goTo(place) {
    this.answerIn(null);
    if (place === this.place) return;
    this.drafts.set(this.place, this.field.value);
    this.place = place;
    this.field.value = this.drafts.get(place) ?? "";
    this.completion.close();
  }

  // What is sent next stands in this thread; null: in the channel.
  answerIn(thread, whose = "") {
    this.thread = thread;
    this.answering.hidden = !thread;
    this.answering.firstElementChild.textContent = thread ? `In the thread of ${whose}` : "";
    this.field.placeholder = thread ? "Your answer" : this.hint ?? "";
    if (thread) this.field.focus();
  }

  write(text) {
    this.answerIn(null);
    this.field.value = text;
    this.field.focus();
  }

  async #send() {
    const text = this.field.value.trim();
    if (!text) return;
    const { place } = this;
    this.completion.close();
    if (!await this.hands.send(text, this.thread)) return;
    this.drafts.delete(place);
    if (place !== this.place) return;
    this.field.value = "";
    this.answerIn(null);
  }
}
