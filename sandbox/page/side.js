// The workspace's panel: people, channels, and who has something new to read.

import { make, say } from "./dom.js";

const at = (id) => document.getElementById(id);
export const ownRoom = (user) => "D" + user.slice(1);

// Knows what was there when the page was opened, or was looked at since.
export class Seen {
  constructor(latest) {
    this.latest = { ...latest };
  }

  look(place, latest) {
    if (place in latest) this.latest[place] = latest[place];
  }

  hasNew(place, latest) {
    return (latest[place] ?? "") > (this.latest[place] ?? "");
  }
}

// `hands` are {go(place), become(user)}; whoever has something new to read is one press away.
export function drawSide(world, { actor, place, seen, hands }) {
  const { go } = hands;
  at("team").textContent = world.team.name;
  say(at("connected"), world.connected ? `App connected (${world.connected})` : "No app connected");
  at("connected").className = world.connected ? "" : "down";
  const isNew = (room) => room !== place && seen.hasNew(room, world.latest);
  drawActors(world, actor);
  drawNews(world.users.filter((each) => !each.is_bot && each.id !== actor && isNew(ownRoom(each.id))), hands.become);
  const rooms = world.channels.filter((each) => !each.is_im && (!each.is_private || each.members.includes(actor)));
  drawPlaces(at("channels"), place, go, rooms.map((each) =>
    [each.id, "# " + each.name + (each.is_archived ? " (archived)" : ""), isNew(each.id)]));
  const own = ownRoom(actor);
  drawPlaces(at("app"), place, go, [[own, "Messages with the app", isNew(own)], ...(world.has_home ? [["home", "Home", false]] : [])]);
}

function drawActors(world, actor) {
  const people = world.users.filter((each) => !each.is_bot)
    .map((each) => ({ ...each, label: each.real_name + kindOf(each, world.team) }));
  const face = JSON.stringify([people, actor]);
  if (at("actor").dataset.face === face) return;
  at("actor").dataset.face = face;
  at("actor").replaceChildren(...people.map((each) => make("option",
    { value: each.id, selected: each.id === actor, disabled: each.deleted }, each.label)));
  at("title").textContent = people.find((each) => each.id === actor)?.title ?? "";
}

function drawNews(people, become) {
  const face = people.map((each) => each.id).join();
  if (at("news").dataset.face === face) return;
  at("news").dataset.face = face;
  at("news").replaceChildren(people.length ? "New messages for: " : "", ...people.map((each) =>
    make("button", { type: "button", class: "name", onclick: () => become(each.id) }, each.real_name)));
}

function kindOf(user, team) {
  const kinds = [user.deleted && "deactivated", (user.is_restricted || user.is_ultra_restricted) && "guest",
    user.team_id && user.team_id !== team.id && "other company"].filter(Boolean);
  return kinds.length ? ` (${kinds.join(", ")})` : "";
}

function drawPlaces(list, current, go, places) {
  const face = JSON.stringify(places);
  if (list.dataset.face !== face) {
    const focused = list.contains(document.activeElement) && document.activeElement.dataset.place;
    list.replaceChildren(...places.map((each) => placeItem(each, go)));
    if (focused) list.querySelector(`[data-place="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
  list.dataset.face = face;
  for (const button of list.querySelectorAll("button")) {
    button.setAttribute("aria-current", String(button.dataset.place === current));
  }
}

function placeItem([id, label, isNew], go) {
  const mark = isNew ? make("span", { class: "new" }, " new") : "";
  return make("li", {}, make("button", { type: "button", onclick: () => go(id), "data-place": id }, label, mark));
}
