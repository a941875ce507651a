// Elements without innerHTML: whatever text says, it stays text.

import { parse } from "./mrkdwn.js";

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((each) => each !== null && each !== undefined));
  return element;
}

// The same text again is not said again to who listens.
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function mrkdwn(text, names) {
  return parse(text).map((node) => build(node, names));
}

export function plain(text) {
  const parts = [];
  for (const [place, line] of text.split("\n").entries()) {
    if (place) parts.push(make("br"));
    parts.push(line);
  }
  return parts;
}

const TAGS = { bold: "strong", italic: "em", strike: "s", quote: "blockquote" };

function build(node, names) {
  if (node.kind in TAGS) return make(TAGS[node.kind], {}, ...node.children.map((each) => build(each, names)));
  switch (node.kind) {
    case "break": return make("br");
    case "code": return make("code", {}, node.text);
    case "pre": return make("pre", {}, node.text);
    case "user": return mention("@" + names.user(node.id, node.label));
    case "group": return mention(node.label || "@" + node.id);
    case "channel": return mention("#" + names.channel(node.id, node.label));
    case "broadcast": return mention("@" + node.name, "broadcast");
    case "date": return make("time", { title: new Date(node.seconds * 1000).toISOString() }, names.date(node));
    case "link": return link(node.url, node.label || node.url);
    default: return document.createTextNode(node.text);
  }
}

export function mention(text, kind = "") {
  return make("span", { class: `mention ${kind}`.trim() }, text);
}

export function link(url, text) {
  const safe = /^(https?:|mailto:)/.test(url) ? url : "#";
  return make("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, text);
}
