"""What a person chose or typed, as Slack reports it for each kind of element."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sandbox.limits.elements import options_of
from sandbox.wire import ControlError, Json

STATELESS = frozenset({"button", "overflow", "image"})

Reading = Callable[[Json, object], object]


def chosen(element: Json, simple: object) -> Json:
    """Return Slack's value for what a person simply said: a text, an option's value, a list."""
    kind = element["type"]
    name, reading = _VALUES.get(kind, _TYPED)
    return {"type": kind, name: reading(element, simple)}


def untouched(element: Json) -> Json:
    """Return Slack's value for an element nobody touched: its initial value, or nothing."""
    kind = element["type"]
    name, _reading = _VALUES.get(kind, _TYPED)
    initial = "initial_" + name.removeprefix("selected_").removeprefix("rich_text_")
    return {"type": kind, name: element.get(initial, [] if name.endswith("s") else None)}


def is_empty(value: Json) -> bool:
    return all(part in (None, "", []) for name, part in value.items() if name != "type")


def stateful(view: Json) -> Iterator[tuple[Json, Json]]:
    """Yield each block and element of the view whose value Slack reports."""
    for block in view["blocks"]:
        inside = [block.get("element"), block.get("accessory")]
        if block["type"] == "actions":
            inside += block["elements"]
        for element in inside:
            if isinstance(element, dict) and element["type"] not in STATELESS:
                yield block, element


def fill_in(view: Json, given: Json) -> Json:
    """Return `state.values` of the whole view: what was given, typed before, or initial."""
    _refuse_unknown(view, given)
    before = view["state"]["values"]
    values: Json = {}
    for block, element in stateful(view):
        block_id, action_id = block["block_id"], element["action_id"]
        typed_before = before.get(block_id, {}).get(action_id)
        value = typed_before or untouched(element)
        said = _said(block, action_id, given)
        if said is not None:
            value = chosen(element, said.value)
        values.setdefault(block_id, {})[action_id] = value
    return values


def complaints(view: Json, values: Json) -> dict[str, str]:
    """Return what Slack's own client says under each input before anything is sent."""
    found = {}
    for block, element in stateful(view):
        if block["type"] != "input":
            continue
        value = values[block["block_id"]][element["action_id"]]
        if is_empty(value):
            if not block.get("optional"):
                found[block["block_id"]] = "Please complete this required field."
        elif complaint := _judge(element, value):
            found[block["block_id"]] = complaint
    return found


@dataclass(frozen=True)
class _Said:
    value: object


def _said(block: Json, action_id: str, given: Json) -> _Said | None:
    """Return the value for this element: by block, or by block and action."""
    if block["block_id"] not in given:
        return None
    simple = given[block["block_id"]]
    if isinstance(simple, dict) and simple.get("type") != "rich_text":
        return _Said(simple[action_id]) if action_id in simple else None
    return _Said(simple)


def _refuse_unknown(view: Json, given: Json) -> None:
    known = {block["block_id"] for block, _element in stateful(view)}
    unknown = sorted(set(given) - known)
    if unknown:
        has = ", ".join(sorted(known))
        raise ControlError(f"The view has no input in block {', '.join(unknown)}; it has {has}.")


def _option(element: Json, simple: object) -> Json | None:
    if simple in (None, ""):
        return None
    for option in options_of(element):
        if option["value"] == simple:
            return option
    offered = ", ".join(str(each["value"]) for each in options_of(element))
    raise ControlError(f"{simple!r} is not offered; there is {offered}.")


def _options(element: Json, simple: object) -> list[Json | None]:
    return [_option(element, each) for each in _list(element, simple)]


def _list(_element: Json, simple: object) -> list[object]:
    if simple in (None, ""):
        return []
    return simple if isinstance(simple, list) else [simple]


def _one(_element: Json, simple: object) -> object:
    return simple or None


def _text(_element: Json, simple: object) -> str | None:
    return str(simple) if simple not in (None, "") else None


def _rich(_element: Json, simple: object) -> object:
    if isinstance(simple, dict) or not simple:
        return simple or None
    run = {"type": "text", "text": str(simple)}
    section = {"type": "rich_text_section", "elements": [run]}
    return {"type": "rich_text", "elements": [section]}


_TYPED: tuple[str, Reading] = ("value", _text)
_VALUES: dict[str, tuple[str, Reading]] = {
    "static_select": ("selected_option", _option),
    "radio_buttons": ("selected_option", _option),
    "overflow": ("selected_option", _option),
    "multi_static_select": ("selected_options", _options),
    "checkboxes": ("selected_options", _options),
    "users_select": ("selected_user", _one),
    "conversations_select": ("selected_conversation", _one),
    "channels_select": ("selected_channel", _one),
    "multi_users_select": ("selected_users", _list),
    "multi_conversations_select": ("selected_conversations", _list),
    "multi_channels_select": ("selected_channels", _list),
    "datepicker": ("selected_date", _one),
    "timepicker": ("selected_time", _one),
    "datetimepicker": ("selected_date_time", _one),
    "rich_text_input": ("rich_text_value", _rich),
}


def _judge(element: Json, value: Json) -> str | None:
    judge = _JUDGES.get(element["type"])
    return judge(element, value["value"]) if judge else None


def _length(element: Json, text: str) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(text) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter at most {most} characters." if len(text) > most else None


def _number(element: Json, text: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, text):
        return "Please enter a number."
    if "min_value" in element and float(text) < float(element["min_value"]):
        return f"Please enter at least {element['min_value']}."
    if "max_value" in element and float(text) > float(element["max_value"]):
        return f"Please enter at most {element['max_value']}."
    return None


def _email(_element: Json, text: str) -> str | None:
    is_one = re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text)
    return None if is_one else "Please enter an email address."


def _url(_element: Json, text: str) -> str | None:
    is_one = re.fullmatch(r"https?://\S+", text)
    return None if is_one else "Please enter a URL that starts with http:// or https://."


_JUDGES: dict[str, Callable[[Json, str], str | None]] = {
    "plain_text_input": _length,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _url,
}
