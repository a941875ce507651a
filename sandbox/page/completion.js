// What is offered while a command is typed: the app's commands, then the verbs of its usage hint.

import { make } from "./dom.js";

// Gives {fill, label, note} for what stands in the field; nothing for plain messages.
export function offersFor(text, commands) {
  const [, name, verb] = /^(\/\S*)(?: (\S*))?$/.exec(text) ?? [];
  if (!name) return [];
  if (verb === undefined) {
    return commands.filter((each) => each.name.startsWith(name))
      .map((each) => ({ fill: each.name + " ", label: each.name, note: each.usage_hint }));
  }
  const command = commands.find((each) => each.name === name);
  return verbsOf(command?.usage_hint ?? "").filter((each) => each.startsWith(verb) && each !== verb)
    .map((each) => ({ fill: `${name} ${each} `, label: each, note: "" }));
}

// The first choice that a usage hint shows is the verb; what follows it is for people.
function verbsOf(hint) {
  return (/\[([^\]]*)\]/.exec(hint)?.[1] ?? "").split("|").map((each) => each.trim()).filter((each) => /^[\w-]+$/.test(each));
}

// A combobox: arrows choose, Tab takes, Escape puts away; Enter takes what arrows chose, else sends.
export class Completion {
  constructor(field, list, commands) {
    Object.assign(this, { field, list, commands, offers: [], chosen: -1 });
    field.addEventListener("input", () => this.#offer());
    field.addEventListener("blur", () => this.close());
    field.addEventListener("keydown", (event) => this.#pressed(event));
  }

  close() {
    this.#show([]);
  }

  #offer() {
    this.#show(offersFor(this.field.value, this.commands()));
  }

  #show(offers) {
    this.offers = offers;
    this.list.replaceChildren(...offers.map((each, place) => this.#option(each, place)));
    this.list.hidden = !offers.length;
    this.field.setAttribute("aria-expanded", String(offers.length > 0));
    this.#choose(-1);
  }

  #option(offer, place) {
    const option = make("li", { role: "option", id: `completion-${place}`, "aria-selected": "false" },
      make("b", {}, offer.label), offer.note ? make("span", { class: "note" }, " " + offer.note) : "");
    option.addEventListener("pointerdown", (event) => { event.preventDefault(); this.#take(offer); });
    return option;
  }

  #choose(place) {
    this.chosen = place;
    for (const [each, option] of [...this.list.children].entries()) option.setAttribute("aria-selected", String(each === place));
    const option = this.list.children[place];
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  #take(offer) {
    this.field.value = offer.fill;
    this.field.focus();
    this.#offer();
  }

  #pressed(event) {
    const count = this.offers.length;
    if (!count || event.isComposing) return;
    const take = { Tab: Math.max(this.chosen, 0), Enter: this.chosen }[event.key];
    if (event.key === "ArrowDown") this.#choose((this.chosen + 1) % count);
    else if (event.key === "ArrowUp") this.#choose((Math.max(this.chosen, 0) + count - 1) % count);
    else if (event.key === "Escape") this.close();
    else if (take >= 0 && !event.shiftKey) this.#take(this.offers[take]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
