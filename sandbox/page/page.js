// The page: one person plays everybody.

import { renderBlocks } from "./blocks.js";
import { make } from "./dom.js";
import { Feed, nothing } from "./feed.js";
import { itemsOf } from "./messages.js";
import { confirmed, showModal } from "./modal.js";
import { Names } from "./names.js";
import { panel } from "./panels.js";
import { ask, tell } from "./server.js";

const at = (id) => document.getElementById(id);
const state = { world: null, actor: "", place: "", last: 0, errors: null };
const feed = new Feed(at("messages"), at("newer"));
let menu, log;

async function start() {
  state.world = await ask("world");
  state.actor = state.world.users[0].id;
  const linked = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(location.pathname);
  state.place = linked?.[1] ?? state.world.channels[0].id;
  listen();
  await refresh();
  if (linked) feed.goTo(`${linked[2]}.${linked[3]}`);
  follow();
}

function listen() {
  const rest = [at("stage"), at("composer")];
  menu = panel({ button: at("menu"), box: at("side"), beneath: [...rest, at("show-log")] });
  log = panel({ button: at("show-log"), box: at("log"), close: at("close-log"), drawn: drawLog,
    beneath: [...rest, at("side"), at("menu"), at("show-log")] });
  at("actor").addEventListener("change", (event) => { changeActor(event.target.value); });
  at("composer").addEventListener("submit", send);
  at("move").addEventListener("submit", moveClock);
  at("to").addEventListener("input", () => { at("to").dataset.typed = "yes"; });
  for (const button of document.querySelectorAll("[data-forward]")) {
    button.addEventListener("click", () => attempt(() => tell("clock", { forward_seconds: Number(button.dataset.forward) })));
  }
  const bar = document.querySelector("main > header");
  new ResizeObserver(() => document.body.style.setProperty("--bar", bar.offsetHeight + "px")).observe(bar);
}

async function follow() {
  for (;;) {
    try {
      const seen = await ask(`changes?after=${state.last}&timeout=20`);
      if (seen.last !== state.last) { state.last = seen.last; await refresh(); }
    } catch {
      notice("The sandbox does not answer; trying again.");
      await new Promise((done) => setTimeout(done, 1500));
    }
  }
}

async function changeActor(actor) {
  state.actor = actor;
  state.errors = null;
  toOwn();
  if (state.place === "home") await openHome();
  await refresh();
}

// Whoever looks at it opens it: the app publishes it to each person by itself.
const openHome = () => attempt(() => tell("open_home", { user: state.actor }));

function toOwn() {
  if (/^D/.test(state.place)) state.place = own();
}

const own = () => "D" + state.actor.slice(1);

let drawing = null;
let isStale = false;

// Two drawings never cross: what was asked for meanwhile is drawn once more at the end.
function refresh() {
  isStale = true;
  drawing ??= (async () => {
    try {
      while (isStale) { isStale = false; await draw(); }
    } finally {
      drawing = null;
    }
  })();
  return drawing;
}

async function draw() {
  state.world = await ask("world");
  const names = new Names(state.world, state.actor);
  drawSide(names);
  await (state.place === "home" ? drawHome(names) : drawMessages(names));
  await drawModal(names);
  if (log.isOpen()) await drawLog();
}

function drawSide(names) {
  const { world } = state;
  at("team").textContent = world.team.name;
  say(at("connected"), world.connected ? `App connected (${world.connected})` : "No app connected");
  at("connected").className = world.connected ? "" : "down";
  const time = `${names.clock(world.clock.now)} ${names.zoneName()}`;
  say(at("now"), time);
  offerTime(world.clock.now);
  drawActors(world.users.filter((each) => !each.is_bot));
  const rooms = world.channels.filter((each) => !each.is_im && (!each.is_private || each.members.includes(state.actor)));
  drawPlaces(at("channels"), rooms.map((each) => [each.id, "# " + each.name + (each.is_archived ? " (archived)" : "")]));
  drawPlaces(at("app"), [[own(), "Messages with the app"], ...(world.has_home ? [["home", "Home"]] : [])]);
  at("bar-who").textContent = `${names.user(state.actor, "")} · ${time}`;
}

// The same text again is not said again to who listens.
function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// The field shows the workspace's time until somebody types another.
function offerTime(now) {
  const field = at("to");
  if (field.dataset.typed || document.activeElement === field) return;
  field.value = new Date(now * 1000).toISOString().slice(0, 16);
}

function drawActors(people) {
  const face = JSON.stringify([people, state.actor]);
  if (at("actor").dataset.face === face) return;
  at("actor").dataset.face = face;
  at("actor").replaceChildren(...people.map((each) => make("option",
    { value: each.id, selected: each.id === state.actor, disabled: each.deleted }, each.real_name + kindOf(each))));
  at("title").textContent = people.find((each) => each.id === state.actor)?.title ?? "";
}

function kindOf(user) {
  const kinds = [user.deleted && "deactivated", (user.is_restricted || user.is_ultra_restricted) && "guest",
    user.team_id && user.team_id !== state.world.team.id && "other company"].filter(Boolean);
  return kinds.length ? ` (${kinds.join(", ")})` : "";
}

function drawPlaces(list, places) {
  const face = JSON.stringify(places);
  if (list.dataset.face !== face) list.replaceChildren(...places.map(([id, label]) => placeItem(id, label)));
  list.dataset.face = face;
  for (const button of list.querySelectorAll("button")) {
    button.setAttribute("aria-current", String(button.dataset.place === state.place));
  }
}

function placeItem(id, label) {
  const go = async () => {
    state.place = id;
    menu.close();
    if (id === "home") await openHome();
    await refresh();
  };
  return make("li", {}, make("button", { type: "button", onclick: go, "data-place": id }, label));
}

function drawPlace(title, takesWords) {
  say(at("place"), title);
  at("bar-place").textContent = title;
  document.title = `${title} · ${state.world.team.name}`;
  at("composer").hidden = !takesWords;
}

async function drawMessages(names) {
  const { actor, place } = state;
  const channel = state.world.channels.find((each) => each.id === place);
  drawPlace(channel?.name ? "# " + channel.name : "Messages with the app", !channel?.is_archived);
  const query = /^D/.test(place) ? `user=${actor}` : `channel=${place}`;
  const [messages, whispers] = await Promise.all([ask("messages?" + query), ask("ephemerals?user=" + actor)]);
  const here = whispers.filter((each) => each.channel === place).map((each) => ({ ...each, whisper: true }));
  const shortcuts = state.world.shortcuts.filter((each) => each.type === "message");
  const items = itemsOf([...messages, ...here], names, { actor, place, click: useElement, shortcut: useShortcut }, shortcuts);
  feed.show(`${actor} ${place}`, items.length ? items : [nothing("Nothing has been said here yet.")]);
}

function useShortcut(message, callbackId) {
  return attempt(() => tell("shortcut", { user: state.actor, channel: state.place, ts: message.ts, callback_id: callbackId }));
}

async function useElement(element, click) {
  if (element.confirm && !await confirmed(element.confirm)) return refresh();
  return attempt(() => tell("click", click));
}

async function drawHome(names) {
  drawPlace("Home", false);
  const view = await ask("home?user=" + state.actor);
  const scene = view && { names, act: (element, block, selected) => useElement(element, {
    user: state.actor, view_id: view.id, action_id: element.action_id, block_id: block.block_id, value: element.value, selected,
  }) };
  const items = view
    ? [{ key: "home", face: view.hash + names.zone, build: () => make("div", {}, ...renderBlocks(view.blocks, scene)) }]
    : [nothing("The app has published nothing here yet.")];
  feed.show(`${state.actor} home`, items, { fromTop: true });
}

async function drawModal(names) {
  const stack = await ask("views?user=" + state.actor);
  showModal(at("modal"), stack.at(-1), { names, errors: state.errors, submit, close, click: useElement, actor: state.actor });
}

async function submit(view, values) {
  const done = await attempt(() => tell("submit", { user: state.actor, view_id: view.id, values }));
  state.errors = done?.errors ? { view: view.id, at: Date.now(), texts: done.errors } : null;
  await refresh();
}

async function close(view) {
  state.errors = null;
  await attempt(() => tell("close", { user: state.actor, view_id: view.id }));
}

async function drawLog() {
  const { entries: all } = await ask(`log?after=${Math.max(0, state.last - 300)}`);
  // An app that follows the clock asks for it without end.
  const entries = all.filter((each) => each.method !== "sandbox.clock").slice(-60);
  const open = new Set([...at("entries").querySelectorAll("details[open]")].map((each) => each.dataset.n));
  at("entries").replaceChildren(...entries.reverse().map((each) => make("details",
    { class: each.warnings.length ? "warned" : "", "data-n": each.n, open: open.has(String(each.n)) },
    make("summary", {}, `${each.n} ${each.direction} ${each.method ?? each.type} ${each.status}`),
    make("pre", {}, JSON.stringify(each, null, 1)))));
}

async function send(event) {
  event.preventDefault();
  const field = event.target.elements.text;
  const text = field.value.trim();
  if (!text) return;
  const where = { user: state.actor, channel: state.place };
  const [command, ...rest] = text.split(" ");
  const sent = await attempt(() => text.startsWith("/")
    ? tell("command", { ...where, command, text: rest.join(" ") })
    : tell("say", { ...where, text: text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]) }));
  if (!sent) return;
  field.value = "";
  feed.toEnd();
}

async function moveClock(event) {
  event.preventDefault();
  delete at("to").dataset.typed;
  at("to").blur();
  await attempt(() => tell("clock", { to: event.target.elements.to.value + ":00Z" }));
}

async function attempt(deed) {
  try {
    const done = await deed();
    notice(done.errors ? "" : done.problem ?? "");
    await refresh();
    return done;
  } catch (error) {
    notice(error.message);
    return null;
  }
}

function notice(text) {
  at("notice").hidden = !text;
  say(at("notice"), text);
}

start().catch((error) => notice(error.message));
