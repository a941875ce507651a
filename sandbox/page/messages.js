// Messages as people see them: threads in order, each with its blocks, its files and its shortcuts.

import { renderBlocks } from "./blocks.js";
import { make, mrkdwn } from "./dom.js";

// Gives the items of a feed. `hands` are what a person can do here: {actor, place, click, shortcut, answer}; `answer` if there is room for words.
export function itemsOf(messages, names, hands, shortcuts) {
  return threads(messages).map((each) => {
    const said = JSON.stringify(each);
    return {
      key: each.ts,
      isForOne: each.whisper,
      face: [names.zone, said.includes("{ago}") && names.world.clock.now, said].join(),
      build: () => drawMessage(each, names, hands, shortcuts),
    };
  });
}

function threads(messages) {
  const sorted = messages.sort((one, other) => one.ts < other.ts ? -1 : 1);
  const isReply = (each) => each.thread_ts && each.thread_ts !== each.ts;
  const answers = Map.groupBy(sorted.filter(isReply), (each) => each.thread_ts);
  return sorted.filter((each) => !isReply(each)).flatMap((each) => [each, ...answers.get(each.ts) ?? []]);
}

function drawMessage(message, names, hands, shortcuts) {
  const reply = message.thread_ts && message.thread_ts !== message.ts;
  const kinds = ["message", reply && "reply", message.whisper && "whisper"].filter(Boolean).join(" ");
  const who = message.whisper ? "Only visible to you" : names.user(message.user, "");
  const body = message.blocks.length ? renderBlocks(message.blocks, sceneOf(message, names, hands)) : mrkdwn(message.text, names);
  return make("article", { class: kinds, "data-ts": message.ts, tabindex: "-1", "aria-label": `${reply ? "Answer in the thread, " : ""}${who}` },
    make("span", { class: "who" }, who), " ", make("time", {}, names.clock(Number(message.ts.split(".")[0]))),
    message.edited ? make("span", { class: "note" }, ` (edited, version ${message.versions})`) : "",
    ...(message.whisper ? [] : shortcuts.map((each) => shortcut(each, message, hands))),
    message.whisper || reply || !hands.answer ? "" : make("button", { type: "button", class: "more", "data-action": "answer-in-thread",
      onclick: () => hands.answer(message.ts, who) }, "↩ Answer"),
    make("div", { class: "body" }, ...body),
    ...(message.files ?? []).map(drawFile));
}

function drawFile(file) {
  const source = `/sandbox/files/${file.id}`;
  const isPicture = file.filetype === "png";
  const called = isPicture || file.title === file.name ? file.title : `${file.title}: ${file.name}`;
  const link = make("p", {}, make("a", { href: source }, `${called} (${file.size.toLocaleString("en")} bytes)`));
  if (!isPicture) return link;
  return make("figure", { class: "picture" }, make("img", { src: source, alt: file.alt_txt || file.title }), link);
}

function shortcut(wanted, message, hands) {
  return make("button", { type: "button", class: "more", title: "Message shortcut", "data-action": wanted.callback_id,
    onclick: () => hands.shortcut(message, wanted.callback_id) }, `⋯ ${wanted.name}`);
}

function sceneOf(message, names, hands) {
  return { names, act: (element, block, selected) => hands.click(element, {
    user: hands.actor, channel: hands.place, ts: message.ts, action_id: element.action_id, block_id: block.block_id,
    value: element.value, selected,
  }) };
}
