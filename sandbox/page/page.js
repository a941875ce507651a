// The page: one person plays everybody.

import { renderBlocks } from "./blocks.js";
import { make, mrkdwn } from "./dom.js";
import { confirmed, showModal } from "./modal.js";
import { Names } from "./names.js";
import { ask, tell } from "./server.js";

const at = (id) => document.getElementById(id);
const state = { world: null, actor: "", place: "", last: 0, errors: null, typed: {} };

async function start() {
  state.world = await ask("world");
  state.actor = state.world.users[0].id;
  const linked = /^\/archives\/(\w+)\//.exec(location.pathname);
  state.place = linked?.[1] ?? state.world.channels[0].id;
  at("actor").addEventListener("change", (event) => { state.actor = event.target.value; forgetModal(); toOwn(); refresh(); });
  at("composer").addEventListener("submit", send);
  at("move").addEventListener("submit", moveClock);
  for (const button of document.querySelectorAll("[data-forward]")) {
    button.addEventListener("click", () => attempt(() => tell("clock", { forward_seconds: Number(button.dataset.forward) })));
  }
  at("show-log").addEventListener("click", () => {
    at("log").hidden = !at("log").hidden;
    at("show-log").setAttribute("aria-expanded", String(!at("log").hidden));
    refresh();
  });
  await refresh();
  follow();
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

function toOwn() {
  if (/^D/.test(state.place)) state.place = own();
}

const own = () => "D" + state.actor.slice(1);

async function refresh() {
  state.world = await ask("world");
  const names = new Names(state.world, state.actor);
  drawSide(names);
  await (state.place === "home" ? drawHome(names) : drawMessages(names));
  await drawModal(names);
  if (!at("log").hidden) await drawLog();
}

function drawSide(names) {
  const { world } = state;
  at("team").textContent = world.team.name;
  at("connected").textContent = world.connected ? `App connected (${world.connected})` : "No app connected";
  at("connected").className = world.connected ? "" : "down";
  at("now").textContent = `${names.clock(world.clock.now)} (${names.zone})`;
  at("actor").replaceChildren(...world.users.filter((each) => !each.is_bot).map((each) => make("option",
    { value: each.id, selected: each.id === state.actor, disabled: each.deleted }, describe(each))));
  const rooms = world.channels.filter((each) => !each.is_im && (!each.is_private || each.members.includes(state.actor)));
  at("channels").replaceChildren(...rooms.map((each) => placeItem(each.id, "# " + each.name + (each.is_archived ? " (archived)" : ""))));
  at("app").replaceChildren(placeItem(own(), "Messages with the app"), ...(world.has_home ? [placeItem("home", "Home")] : []));
}

function describe(user) {
  const kinds = [user.deleted && "deactivated", (user.is_restricted || user.is_ultra_restricted) && "guest",
    user.team_id !== state.world.team.id && "other company"].filter(Boolean);
  return [user.real_name, user.title, ...kinds].filter(Boolean).join(", ");
}

function placeItem(id, label) {
  const go = async () => {
    state.place = id;
    if (id === "home") await attempt(() => tell("open_home", { user: state.actor }));
    await refresh();
  };
  return make("li", {}, make("button", { type: "button", onclick: go, "aria-current": String(id === state.place) }, label));
}

async function drawMessages(names) {
  const channel = state.world.channels.find((each) => each.id === state.place);
  at("place").textContent = channel?.name ? "# " + channel.name : "The app, with " + names.user(state.actor, "");
  at("composer").hidden = Boolean(channel?.is_archived);
  const query = /^D/.test(state.place) ? `user=${state.actor}` : `channel=${state.place}`;
  const [messages, whispers] = await Promise.all([ask("messages?" + query), ask("ephemerals?user=" + state.actor)]);
  const here = whispers.filter((each) => each.channel === state.place).map((each) => ({ ...each, whisper: true }));
  keepPlace(at("messages"), threads([...messages, ...here]).map((each) => drawMessage(each, names)));
}

function threads(messages) {
  const sorted = messages.sort((one, other) => one.ts < other.ts ? -1 : 1);
  const isReply = (each) => each.thread_ts && each.thread_ts !== each.ts;
  return sorted.filter((each) => !isReply(each))
    .flatMap((each) => [each, ...sorted.filter((other) => isReply(other) && other.thread_ts === each.ts)]);
}

function drawMessage(message, names) {
  const reply = message.thread_ts && message.thread_ts !== message.ts;
  const kinds = ["message", reply && "reply", message.whisper && "whisper"].filter(Boolean).join(" ");
  const who = message.whisper ? "Only visible to you" : names.user(message.user, "");
  const body = message.blocks.length ? renderBlocks(message.blocks, messageScene(message, names)) : mrkdwn(message.text, names);
  return make("article", { class: kinds, "data-ts": message.ts },
    make("span", { class: "who" }, who), " ", make("time", {}, names.clock(Number(message.ts.split(".")[0]))),
    message.edited ? make("span", { class: "note" }, ` (edited, version ${message.versions})`) : "",
    ...shortcuts(message), make("div", { class: "body" }, ...body),
    ...(message.files ?? []).map((each) => make("p", {}, make("a", { href: `/sandbox/files/${each.id}` }, `${each.title} (${each.size} bytes)`))));
}

function shortcuts(message) {
  if (message.whisper) return [];
  return state.world.shortcuts.filter((each) => each.type === "message").map((each) => make("button", {
    type: "button", class: "more", title: "Message shortcut",
    onclick: () => attempt(() => tell("shortcut", { user: state.actor, channel: state.place, ts: message.ts, callback_id: each.callback_id })),
  }, `⋯ ${each.callback_id}`));
}

function messageScene(message, names) {
  return { names, act: (element, block, selected) => useElement(element, {
    user: state.actor, channel: state.place, ts: message.ts, action_id: element.action_id, block_id: block.block_id,
    value: element.value, selected,
  }) };
}

async function useElement(element, click) {
  if (element.confirm && !await confirmed(element.confirm)) return refresh();
  return attempt(() => tell("click", click));
}

async function drawHome(names) {
  at("place").textContent = "Home of " + names.user(state.actor, "");
  at("composer").hidden = true;
  const view = await ask("home?user=" + state.actor);
  const scene = view && { names, act: (element, block, selected) => useElement(element, {
    user: state.actor, view_id: view.id, action_id: element.action_id, block_id: block.block_id, value: element.value, selected,
  }) };
  keepPlace(at("messages"), view ? renderBlocks(view.blocks, scene) : [make("p", { class: "note" }, "The app has published nothing here yet.")]);
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
  forgetModal();
  await attempt(() => tell("close", { user: state.actor, view_id: view.id }));
}

function forgetModal() {
  state.errors = null;
}

async function drawLog() {
  const { entries } = await ask(`log?after=${Math.max(0, state.last - 60)}`);
  at("log").replaceChildren(...entries.reverse().map((each) => make("details", { class: each.warnings.length ? "warned" : "" },
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
  if (sent) field.value = "";
}

async function moveClock(event) {
  event.preventDefault();
  await attempt(() => tell("clock", { to: event.target.elements.to.value + ":00Z" }));
}

async function attempt(deed) {
  try {
    const done = await deed();
    notice(done.problem ?? "");
    await refresh();
    return done;
  } catch (error) {
    notice(error.message);
    return null;
  }
}

function notice(text) {
  at("notice").hidden = !text;
  at("notice").textContent = text;
}

function keepPlace(box, children) {
  const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  box.replaceChildren(...children);
  if (atEnd) box.scrollTop = box.scrollHeight;
}

start().catch((error) => notice(error.message));
