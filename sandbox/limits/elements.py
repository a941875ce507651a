"""The interactive elements: what each may hold and where each may stand."""

from collections.abc import Iterable, Mapping

from sandbox.limits.check import (
    Check,
    Findings,
    both,
    choice,
    dicts,
    flag,
    items,
    mrkdwn,
    plain,
    record,
    string,
    tagged,
    text,
    typed,
    whole,
)
from sandbox.wire import Json

URL = string(3000)
_SLACK_ID = string(255)
_DATE = string(10, pattern=r"\d{4}-\d{2}-\d{2}")
_TIME = string(5, pattern=r"([01]\d|2[0-3]):[0-5]\d")

CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)


def _option(label: Check, extra: Mapping[str, Check] | None = None) -> Check:
    return record({"text": label, "value": string(150)}, {"description": text(75), **(extra or {})})


SELECT_OPTION = _option(plain(75))
LISTED_OPTION = _option(text(75))
MENU_OPTION = _option(text(75), {"url": URL})
_GROUP = record({"label": plain(75), "options": items(SELECT_OPTION, 100)})

_BASE: dict[str, Check] = {"action_id": string(255), "confirm": CONFIRM, "focus_on_load": flag}
_PICKER: dict[str, Check] = {**_BASE, "placeholder": plain(150)}
_SOURCES: dict[str, Check] = {
    "options": items(SELECT_OPTION, 100),
    "option_groups": items(_GROUP, 100),
}
_MOST: dict[str, Check] = {"max_selected_items": whole(1, 100)}
_FILTER = record(
    optional={
        "include": items(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    }
)
_DISPATCH = record({"trigger_actions_on": items(string(50), 2)})


def options_of(element: Json) -> list[Json]:
    """All options of an element, groups opened."""
    grouped = [
        each
        for group in dicts(element.get("option_groups"))
        for each in dicts(group.get("options"))
    ]
    return dicts(element.get("options")) + grouped


def _initial_is_offered(value: object, path: str, findings: Findings) -> None:
    if not isinstance(value, dict):
        return
    offered = [_shown(each) for each in options_of(value)]
    if "initial_option" in value and _shown(value["initial_option"]) not in offered:
        findings.add(f"{path}/initial_option", "must be one of the options")
    for place, each in enumerate(dicts(value.get("initial_options"))):
        if _shown(each) not in offered:
            findings.add(f"{path}/initial_options/{place}", "must be one of the options")


def _shown(option: object) -> tuple[object, object]:
    if not isinstance(option, dict):
        return (None, None)
    label = option.get("text")
    return (option.get("value"), label.get("text") if isinstance(label, dict) else None)


def _offering(check: Check) -> Check:
    return both(check, _initial_is_offered)


def _typing(
    kind: str, extra: Mapping[str, Check], required: Mapping[str, Check] | None = None
) -> Check:
    return typed(
        kind,
        required,
        {"dispatch_action_config": _DISPATCH, "initial_value": string(3000, 0), **_PICKER, **extra},
    )


def _lists(kind: str, most: int, initial: Mapping[str, Check]) -> Check:
    return _offering(typed(kind, {"options": items(LISTED_OPTION, most)}, {**_BASE, **initial}))


_LENGTHS: dict[str, Check] = {"min_length": whole(0, 3000), "max_length": whole(1, 3000)}
_NUMBER: dict[str, Check] = {"min_value": string(64), "max_value": string(64)}
_CONVERSATION: dict[str, Check] = {"default_to_current_conversation": flag, "filter": _FILTER}
_LINKED: dict[str, Check] = {"response_url_enabled": flag}

BUTTON = typed(
    "button",
    {"text": plain(75)},
    {
        "action_id": string(255),
        "url": URL,
        "value": string(2000),
        "style": choice("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
IMAGE = typed(
    "image",
    {"alt_text": string(2000)},
    {"image_url": URL, "slack_file": record(optional={"id": _SLACK_ID, "url": URL})},
    one_of=("image_url", "slack_file"),
)
_SELECTS: dict[str, Check] = {
    "static_select": _offering(
        typed(
            "static_select",
            optional={**_PICKER, **_SOURCES, "initial_option": SELECT_OPTION},
            one_of=("options", "option_groups"),
        )
    ),
    "users_select": typed("users_select", optional={**_PICKER, "initial_user": _SLACK_ID}),
    "conversations_select": typed(
        "conversations_select",
        optional={**_PICKER, **_CONVERSATION, **_LINKED, "initial_conversation": _SLACK_ID},
    ),
    "channels_select": typed(
        "channels_select", optional={**_PICKER, **_LINKED, "initial_channel": _SLACK_ID}
    ),
}
_MULTIPLE: dict[str, Check] = {
    "multi_static_select": _offering(
        typed(
            "multi_static_select",
            optional={**_PICKER, **_SOURCES, **_MOST, "initial_options": items(SELECT_OPTION, 100)},
            one_of=("options", "option_groups"),
        )
    ),
    "multi_users_select": typed(
        "multi_users_select",
        optional={**_PICKER, **_MOST, "initial_users": items(_SLACK_ID, 100)},
    ),
    "multi_conversations_select": typed(
        "multi_conversations_select",
        optional={
            **_PICKER,
            **_MOST,
            **_CONVERSATION,
            "initial_conversations": items(_SLACK_ID, 100),
        },
    ),
    "multi_channels_select": typed(
        "multi_channels_select",
        optional={**_PICKER, **_MOST, "initial_channels": items(_SLACK_ID, 100)},
    ),
}
_CHOICES: dict[str, Check] = {
    "checkboxes": _lists("checkboxes", 10, {"initial_options": items(LISTED_OPTION, 10)}),
    "radio_buttons": _lists("radio_buttons", 10, {"initial_option": LISTED_OPTION}),
    "datepicker": typed("datepicker", optional={**_PICKER, "initial_date": _DATE}),
    "timepicker": typed(
        "timepicker", optional={**_PICKER, "initial_time": _TIME, "timezone": string(64)}
    ),
}
_MOMENT = {
    "datetimepicker": typed(
        "datetimepicker", optional={**_BASE, "initial_date_time": whole(10**9, 10**10 - 1)}
    )
}
_OVERFLOW = {
    "overflow": typed("overflow", {"options": items(MENU_OPTION, 5)}, {**_BASE}),
}
_TYPED: dict[str, Check] = {
    "plain_text_input": _typing("plain_text_input", {**_LENGTHS, "multiline": flag}),
    "email_text_input": _typing("email_text_input", {}),
    "url_text_input": _typing("url_text_input", {}),
    "number_input": _typing("number_input", _NUMBER, {"is_decimal_allowed": flag}),
    "rich_text_input": typed("rich_text_input", optional={**_PICKER}),
}

ELEMENTS: dict[str, Check] = {
    "button": BUTTON,
    **_SELECTS,
    **_MULTIPLE,
    **_CHOICES,
    **_MOMENT,
    **_OVERFLOW,
    **_TYPED,
}


def _those(names: Iterable[str]) -> dict[str, Check]:
    return {name: ELEMENTS[name] for name in names}


IN_ACTIONS = tagged(_those(["button", "overflow", *_SELECTS, *_CHOICES, *_MOMENT]))
IN_INPUT = tagged(_those([*_SELECTS, *_MULTIPLE, *_CHOICES, *_MOMENT, *_TYPED]))
IN_SECTION = tagged(
    {**_those(["button", "overflow", *_SELECTS, *_MULTIPLE, *_CHOICES]), "image": IMAGE}
)
IN_CONTEXT = tagged({"image": IMAGE, "plain_text": plain(2000), "mrkdwn": mrkdwn(2000)})
