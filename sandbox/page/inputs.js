// The inputs: each control knows how to read itself as the simple value the sandbox takes.

import { make } from "./dom.js";
import { overflow } from "./overflow.js";

let count = 0;

export function control(element, scene, block) {
  const build = CONTROLS[element.type];
  if (!build) return null;
  const id = `input-${++count}`;
  const kept = scene.values?.[block.block_id]?.[element.action_id];
  return { id, ...build(element, id, scene, kept) };
}

const typed = (type) => (element, id, _scene, kept) => {
  const node = make(element.multiline ? "textarea" : "input", {
    id, type: element.multiline ? null : type, rows: element.multiline ? 4 : null,
    placeholder: element.placeholder?.text, step: element.is_decimal_allowed ? "any" : null,
  });
  node.value = kept ?? element.initial_value ?? "";
  return { node, read: () => node.value };
};

const picked = (type, initial) => (element, id, _scene, kept) => {
  const node = make("input", { id, type });
  node.value = kept ?? element[initial] ?? "";
  return { node, read: () => node.value };
};

function moment(element, id, _scene, kept) {
  const node = make("input", { id, type: "datetime-local" });
  const seconds = kept ?? element.initial_date_time;
  node.value = seconds ? new Date(seconds * 1000).toISOString().slice(0, 16) : "";
  return { node, read: () => node.value ? Date.parse(node.value + "Z") / 1000 : null };
}

const menu = (options, initial, multiple) => (element, id, scene, kept) => {
  const chosen = [kept ?? initial(element)].flat().filter(Boolean);
  const node = make("select", { id, multiple, size: multiple ? 5 : null });
  if (!multiple) node.append(make("option", { value: "" }, element.placeholder?.text ?? "Choose"));
  for (const option of options(element, scene)) {
    node.append(make("option", { value: option.value, selected: chosen.includes(option.value) }, option.label));
  }
  const read = () => multiple ? [...node.selectedOptions].map((each) => each.value) : node.value;
  return { node, read };
};

const ticks = (type) => (element, id, _scene, kept) => {
  const initial = (element.initial_options ?? [element.initial_option]).map((each) => each?.value);
  const chosen = [kept ?? initial].flat();
  const node = make("fieldset", { id, class: "options" }, ...element.options.map((option) => make("label", {},
    make("input", { type, name: id, value: option.value, checked: chosen.includes(option.value) }),
    " " + option.text.text,
    option.description ? make("span", { class: "note" }, " " + option.description.text) : "")));
  const values = () => [...node.querySelectorAll("input:checked")].map((each) => each.value);
  return { node, read: () => type === "radio" ? values()[0] ?? null : values() };
};

const offered = (element) => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((each) => each.options)]
  .map((each) => ({ value: each.value, label: each.text.text }));
const people = (_element, scene) => scene.names.people();
const rooms = (_element, scene) => scene.names.rooms();

const CONTROLS = {
  plain_text_input: typed("text"),
  rich_text_input: typed("text"),
  email_text_input: typed("email"),
  url_text_input: typed("url"),
  number_input: typed("number"),
  datepicker: picked("date", "initial_date"),
  timepicker: picked("time", "initial_time"),
  datetimepicker: moment,
  checkboxes: ticks("checkbox"),
  radio_buttons: ticks("radio"),
  overflow: overflow,
  static_select: menu(offered, (element) => element.initial_option?.value, false),
  users_select: menu(people, (element) => element.initial_user, false),
  conversations_select: menu(rooms, (element) => element.initial_conversation, false),
  channels_select: menu(rooms, (element) => element.initial_channel, false),
  multi_static_select: menu(offered, (element) => (element.initial_options ?? []).map((each) => each.value), true),
  multi_users_select: menu(people, (element) => element.initial_users, true),
  multi_conversations_select: menu(rooms, (element) => element.initial_conversations, true),
  multi_channels_select: menu(rooms, (element) => element.initial_channels, true),
};
