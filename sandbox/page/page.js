// The page: one person plays everybody.

import { renderBlocks } from "./blocks.js";
import { drawClock, listenToClock } from "./clock.js";
import { Composer } from "./composer.js";
import { make, say } from "./dom.js";
import { Feed, nothing } from "./feed.js";
import { drawBeside, drawGuide, isPutAway, putAway } from "./guide.js";
import { Handling } from "./handling.js";
import { itemsOf } from "./messages.js";
import { confirmed, showModal } from "./modal.js";
import { Names } from "./names.js";
import { panel } from "./panels.js";
import { ask, tell } from "./server.js";
import { Seen, drawSide, ownRoom } from "./side.js";
import { Silence } from "./silence.js";
import { drawWatching } from "./watching.js";

const at = (id) => document.getElementById(id);
const state = { world: null, actor: "", place: "", last: 0, shown: 0, errors: null, seen: null };
const feed = new Feed(at("messages"), at("newer"));
const composer = new Composer(at("composer"), { commands: () => state.world?.commands ?? [], send });
const handling = new Handling(() => state.world.connected > 0);
const DESK = "(min-width: 1101px)";
let menu, traffic, guide;
let wasGuided = false; // before the traffic took its place

async function start() {
  state.world = await ask("world");
  state.actor = state.world.users[0].id;
  state.seen = new Seen(state.world.latest);
  const linked = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(location.pathname);
  state.place = linked?.[1] ?? state.world.channels[0].id;
  composer.goTo(state.place);
  listen();
  await refresh();
  composer.enable(`${state.world.commands[0]?.name ?? "/command"} help, or a message`);
  drawWatching(state.world.story);
  offerGuide();
  document.body.classList.toggle("guide-away", isPutAway());
  if (linked) feed.goTo(`${linked[2]}.${linked[3]}`);
  follow();
}

function offerGuide() {
  if (!isPutAway() && !at("show-guide").hidden && matchMedia(DESK).matches) guide.open();
}

function listen() {
  const rest = [at("stage"), at("composer")];
  const buttons = [at("show-guide"), at("show-traffic")];
  menu = panel({ button: at("menu"), box: at("side"), beneath: [...rest, ...buttons] });
  const aside = [...rest, ...buttons, at("side"), at("menu")];
  traffic = panel({ button: at("show-traffic"), box: at("traffic"), close: at("close-traffic"), beneath: aside,
    turned: (open) => { if (open) replaceGuide(); else if (wasGuided) guide.open(); } });
  guide = panel({ button: at("show-guide"), box: at("guide"), close: at("close-guide"), beneath: aside,
    turned: (open) => { if (open) { wasGuided = false; traffic.close(); } } });
  at("close-guide").addEventListener("click", () => putAway(true));
  at("show-guide").addEventListener("click", () => putAway(!guide.isOpen()));
  at("actor").addEventListener("change", (event) => { menu.uncover(); changeActor(event.target.value); });
  listenToClock(moveClock, () => state.actor);
  const bar = document.querySelector("main > header");
  new ResizeObserver(() => document.body.style.setProperty("--bar", bar.offsetHeight + "px")).observe(bar);
}

// Whoever closes the traffic again finds what it took the place of.
function replaceGuide() {
  wasGuided = guide.isOpen();
  guide.close();
  drawTraffic();
}

async function follow() {
  const silence = new Silence(notice);
  for (;;) {
    try {
      const seen = await ask(`changes?after=${state.last}&timeout=20`);
      silence.ends();
      const isDrawn = seen.shown === state.shown && !traffic.isOpen();
      Object.assign(state, { last: seen.last, shown: seen.shown });
      if (!isDrawn) await refresh();
    } catch {
      await silence.goesOn();
    }
  }
}

// What was said of the last thing done, and what is not sent yet, stay where they belong.
function leaveFor(place) {
  state.place = place;
  notice("");
  composer.goTo(place);
}

async function changeActor(actor) {
  const wasOwn = state.place === ownRoom(state.actor);
  Object.assign(state, { actor, errors: null });
  leaveFor(wasOwn ? ownRoom(actor) : state.place);
  drawPlaces(state.world); // before the screen has come: the places here are still another's
  if (state.place === "home") await openHome();
  await refresh();
}

// Whoever looks at it opens it: the app publishes it to each person by itself.
const openHome = () => state.world.story ? null : attempt(() => tell("open_home", { user: state.actor }));

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

// What was asked for another person or place than is chosen by now is not drawn.
async function draw() {
  const { actor, place, seen } = state;
  const screen = await ask(`screen?user=${actor}&channel=${place}`);
  if (actor !== state.actor || place !== state.place) { isStale = true; return; }
  const { world } = screen;
  const hasEnded = state.world.story && !world.story;
  state.world = world;
  if (hasEnded) drawWatching(null); // before a form is led into: what is off takes no focus
  const names = new Names(world, actor);
  const time = `${names.clock(world.clock.now)} ${names.zoneName()}`;
  seen.look(place, world.latest);
  drawPlaces(world);
  drawClock(time, world.clock.now);
  at("bar-who").replaceChildren(make("span", {}, `${names.user(actor, "")} · `), make("span", {}, time));
  if (place === "home") drawHome(screen.home, names); else drawMessages(screen, names);
  showModal(at("modal"), screen.views.at(-1), { names, errors: state.errors, submit, close, click: useElement, actor, isWatched: Boolean(world.story), wayBack: () => feed.wayBack() });
  drawBeside(at("modal").querySelector(".beside"), world.guide, screen.views.at(-1)?.title.text);
  drawGuide(world.guide, { write, copy, ask: (deed) => attempt(() => tell("guide/do", { deed })), again: beginAgain });
  drawWatching(world.story);
  if (hasEnded) offerGuide();
  if (traffic.isOpen()) await drawTraffic();
}

function drawPlaces(world) {
  const { actor, place, seen } = state;
  drawSide(world, { actor, place, seen, hands: { go, become } });
}

async function go(place) {
  leaveFor(place);
  menu.uncover();
  if (place === "home") await openHome();
  await refresh();
}

// Becomes somebody and reads what the app told them.
async function become(user) {
  await changeActor(user);
  await go(ownRoom(user));
}

// A text from the guide goes where people write; whoever looks at Home is taken to a channel.
async function write(text) {
  guide.uncover();
  if (at("composer").hidden) await go(state.world.channels[0].id);
  composer.write(text);
}

const plain = (text) => ({ type: "plain_text", text });
const BEGIN_AGAIN = {
  title: plain("Begin the guide again?"), confirm: plain("Begin again"), deny: plain("Go on with this one"),
  text: plain("Its steps are ticked off anew, with another workflow. What you did stays where it is, and on record."),
};

async function beginAgain() {
  if (await confirmed(BEGIN_AGAIN, new Names(state.world, state.actor))) await attempt(() => tell("guide", { again: true }));
}

// Gives what became of it.
const copy = (text) => navigator.clipboard.writeText(text)
  .then(() => "Copied", () => "Not copied: mark the lines yourself");

function drawPlace(title, takesWords) {
  say(at("place"), title);
  at("bar-place").textContent = title;
  document.title = `${title} · ${state.world.team.name}`;
  at("composer").hidden = !takesWords;
}

function drawMessages({ messages, whispers }, names) {
  const { actor, place } = state;
  const channel = state.world.channels.find((each) => each.id === place);
  drawPlace(channel?.name ? "# " + channel.name : "Messages with the app", !channel?.is_archived);
  const here = whispers.filter((each) => each.channel === place).map((each) => ({ ...each, whisper: true }));
  const shortcuts = state.world.shortcuts.filter((each) => each.type === "message");
  const hands = { actor, place, click: useElement, shortcut: useShortcut, answer: channel?.is_archived ? null : answer };
  const items = itemsOf([...messages, ...here], names, hands, shortcuts);
  feed.show(`${actor} ${place}`, items.length ? items : [nothing("Nothing has been said here yet.")]);
}

const answer = (thread, whose) => composer.answerIn(thread, whose);

function useShortcut(message, callbackId) {
  return attempt(() => tell("shortcut", { user: state.actor, channel: state.place, ts: message.ts, callback_id: callbackId }));
}

async function moveClock(move) {
  if (await attempt(() => tell("clock", move))) await handling.begins();
}

async function useElement(element, click) {
  if (element.confirm && !await confirmed(element.confirm, new Names(state.world, state.actor))) return refresh();
  return attempt(() => tell("click", click));
}

function drawHome(view, names) {
  drawPlace("Home", false);
  const scene = view && { names, act: (element, block, selected) => useElement(element, {
    user: state.actor, view_id: view.id, action_id: element.action_id, block_id: block.block_id, value: element.value, selected,
  }) };
  const items = view
    ? [{ key: "home", face: view.hash + names.zone, build: () => make("div", {}, ...renderBlocks(view.blocks, scene)) }]
    : [nothing("The app has published nothing here yet.")];
  feed.show(`${state.actor} home`, items, { fromTop: true });
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

async function drawTraffic() {
  const { entries: all } = await ask(`log?after=${Math.max(0, state.last - 300)}`);
  // An app that follows the clock asks for it without end.
  const entries = all.filter((each) => each.method !== "sandbox.clock").slice(-60);
  const open = new Set([...at("entries").querySelectorAll("details[open]")].map((each) => each.dataset.n));
  at("entries").replaceChildren(...entries.reverse().map((each) => make("details",
    { class: each.warnings.length ? "warned" : "", "data-n": each.n, open: open.has(String(each.n)) },
    make("summary", {}, `${each.n} ${each.direction} ${each.method ?? each.type} ${each.status}`),
    make("pre", {}, JSON.stringify(each, null, 1)))));
}

async function send(text, thread) {
  const where = { user: state.actor, channel: state.place };
  if (text.startsWith("/") && thread) return notice("Commands do not work in threads: write it in the channel.");
  const [command, ...rest] = text.split(" ");
  const escaped = text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);
  const sent = await attempt(() => text.startsWith("/")
    ? tell("command", { ...where, command, text: rest.join(" ").trim() })
    : tell("say", { ...where, text: escaped, thread_ts: thread }));
  if (sent) feed.toEnd();
  return sent;
}

async function attempt(deed) {
  feed.expectAnswer();
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
