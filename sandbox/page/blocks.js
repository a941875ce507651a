// Blocks as elements. A kind this file does not know is a loud red box, never silence.

import { link, make, mention, mrkdwn, plain } from "./dom.js";
import { control } from "./inputs.js";

// `scene` says who looks and what a use does: {names, act(element, block, selected), errors, values}.
export function renderBlocks(blocks, scene) {
  return blocks.map((block) => renderBlock(block, scene));
}

export function text(object, names) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text, names) : plain(object.text);
}

function renderBlock(block, scene) {
  const render = RENDERERS[block.type];
  if (!render) return unknown(`block type “${block.type}”`);
  const element = make("div", { class: `block ${block.type}`, "data-block": block.block_id });
  element.append(...render(block, scene));
  return element;
}

function unknown(what) {
  return make("div", { class: "block unknown", role: "alert" }, `Unknown ${what}: this page cannot show it.`);
}

const RENDERERS = {
  header: (block, scene) => text(block.text, scene.names),
  divider: () => [make("hr")],
  section: (block, scene) => [
    make("div", { class: "body" }, ...text(block.text, scene.names), fields(block, scene)),
    block.accessory ? make("div", { class: "accessory" }, use(block.accessory, block, scene)) : "",
  ],
  context: (block, scene) => block.elements.map((each) =>
    each.type === "image" ? image(each) : make("span", {}, ...text(each, scene.names))),
  actions: (block, scene) => block.elements.map((each) => use(each, block, scene)),
  image: (block, scene) => [...(block.title ? [make("p", { class: "note" }, ...text(block.title, scene.names))] : []), image(block)],
  input: (block, scene) => input(block, scene),
  rich_text: (block, scene) => block.elements.map((each) => rich(each, scene.names)),
  markdown: (block) => [make("pre", {}, block.text)],
  table: (block, scene) => [make("table", {}, make("tbody", {}, ...block.rows.map((row) =>
    make("tr", {}, ...row.map((cell) => make("td", {},
      ...(cell.type === "raw_text" ? plain(cell.text) : cell.elements.map((each) => rich(each, scene.names)))))))))],
};

function fields(block, scene) {
  if (!block.fields) return "";
  return make("div", { class: "fields" }, ...block.fields.map((each) => make("div", {}, ...text(each, scene.names))));
}

function image(element) {
  const source = element.image_url ?? (element.slack_file?.id ? `/sandbox/files/${element.slack_file.id}` : element.slack_file?.url);
  return make("img", { src: source, alt: element.alt_text, loading: "lazy" });
}

function use(element, block, scene) {
  if (element.type === "image") return image(element);
  if (element.type === "button") {
    const button = make("button", {
      type: "button", class: element.style, "data-action": element.action_id, value: element.value, "aria-label": element.accessibility_label,
    }, element.text.text);
    button.addEventListener("click", () => {
      if (element.url) window.open(element.url, "_blank", "noopener");
      scene.act(element, block);
    });
    return button;
  }
  const built = control(element, scene, block);
  if (!built) return unknown(`element type “${element.type}”`);
  built.node.addEventListener("change", () => scene.act(element, block, built.read()));
  if (!built.isNamed) built.node.setAttribute("aria-label", element.placeholder?.text ?? (block.text?.text || element.action_id));
  scene.inputs?.push({ block, element, read: built.read });
  return built.node;
}

function input(block, scene) {
  const built = control(block.element, scene, block);
  if (!built) return [unknown(`element type “${block.element.type}”`)];
  scene.inputs?.push({ block, element: block.element, read: built.read });
  if (block.dispatch_action) built.node.addEventListener("change", () => scene.act(block.element, block, built.read()));
  const error = scene.errors?.[block.block_id];
  const isGroup = built.node.matches("fieldset");
  const name = make(isGroup ? "div" : "label", { class: "name", id: `${built.id}-name`, for: isGroup ? null : built.id },
    ...text(block.label, scene.names), block.optional ? make("span", { class: "note" }, " (optional)") : "");
  const said = [
    error ? make("p", { class: "error", role: "alert", id: `${built.id}-error` }, error) : "",
    block.hint ? make("p", { class: "hint", id: `${built.id}-hint` }, ...text(block.hint, scene.names)) : "",
  ];
  if (isGroup) built.node.setAttribute("aria-labelledby", `${built.id}-name`);
  if (error) built.node.setAttribute("aria-invalid", "true");
  const ids = said.filter(Boolean).map((each) => each.id);
  if (ids.length) built.node.setAttribute("aria-describedby", ids.join(" "));
  return [name, built.node, ...said];
}

function rich(node, names) {
  const children = () => node.elements.map((each) => run(each, names));
  switch (node.type) {
    case "rich_text_section": return make("div", {}, ...children());
    case "rich_text_quote": return make("blockquote", {}, ...children());
    case "rich_text_preformatted": return make("pre", {}, ...children());
    case "rich_text_list": return make(node.style === "ordered" ? "ol" : "ul", {},
      ...node.elements.map((each) => make("li", {}, rich(each, names))));
    default: return unknown(`rich text “${node.type}”`);
  }
}

function run(node, names) {
  switch (node.type) {
    case "text": return styled(node.style, plain(node.text));
    case "link": return link(node.url, node.text || node.url);
    case "user": return mention("@" + names.user(node.user_id, ""));
    case "channel": return mention("#" + names.channel(node.channel_id, ""));
    case "broadcast": return mention("@" + node.range, "broadcast");
    case "emoji": return document.createTextNode(`:${node.name}:`);
    case "date": return document.createTextNode(names.date({ seconds: node.timestamp, format: node.format }));
    default: return unknown(`rich text run “${node.type}”`);
  }
}

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code" };

function styled(style, children) {
  let parts = children;
  for (const [name, tag] of Object.entries(STYLES)) {
    if (style?.[name]) parts = [make(tag, {}, ...parts)];
  }
  return make("span", {}, ...parts);
}
