"""The blocks, and what holds for all blocks of one message or view together."""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from json import dumps, loads

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from sandbox.limits.check import (
    Check,
    Findings,
    any_object,
    choice,
    dicts,
    flag,
    items,
    plain,
    record,
    string,
    tagged,
    text,
    typed,
)
from sandbox.limits.elements import (
    IN_ACTIONS,
    IN_CONTEXT,
    IN_INPUT,
    IN_SECTION,
    URL,
)
from sandbox.limits.rich_text import RICH_TEXT
from sandbox.wire import Json

MOST_IN_MESSAGE = 50
MOST_IN_VIEW = 100
_COUNTED = frozenset({"text", "value"})
_TABLE_ROWS, _TABLE_CELLS = 100, 20
_MARKDOWN_TOTAL = 12_000

_ID: dict[str, Check] = {"block_id": string(255)}
_CELL = tagged({"raw_text": typed("raw_text", {"text": string(3000)}), "rich_text": RICH_TEXT})
_COLUMN = record(optional={"align": choice("left", "center", "right"), "is_wrapped": flag})

EVERYWHERE: dict[str, Check] = {
    "section": typed(
        "section",
        optional={
            **_ID,
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": IN_SECTION,
            "expand": flag,
        },
    ),
    "divider": typed("divider", optional=_ID),
    "header": typed("header", {"text": plain(150)}, _ID),
    "image": typed(
        "image",
        {"alt_text": string(2000)},
        {**_ID, "title": plain(2000), "image_url": URL, "slack_file": any_object},
        one_of=("image_url", "slack_file"),
    ),
    "actions": typed("actions", {"elements": items(IN_ACTIONS, 25)}, _ID),
    "context": typed("context", {"elements": items(IN_CONTEXT, 10)}, _ID),
    "input": typed(
        "input",
        {"label": plain(2000), "element": IN_INPUT},
        {**_ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": RICH_TEXT,
}
IN_MESSAGES: dict[str, Check] = {
    **EVERYWHERE,
    "markdown": typed("markdown", {"text": string(_MARKDOWN_TOTAL)}, _ID),
    "table": typed(
        "table",
        {"rows": items(items(_CELL, _TABLE_CELLS), _TABLE_ROWS)},
        {**_ID, "column_settings": items(_COLUMN, _TABLE_CELLS)},
    ),
}


def check_message(blocks: object) -> list[str]:
    """Return what Slack would refuse in the blocks of a message."""
    findings = Findings()
    items(tagged(IN_MESSAGES), MOST_IN_MESSAGE, least=0)(blocks, "/blocks", findings)
    _check_together(dicts(blocks), "/blocks", findings)
    _check_message_only(dicts(blocks), findings)
    return _second_opinion(dicts(blocks), findings)


def check_in_view(blocks: object, path: str, findings: Findings) -> None:
    """Write down what Slack would refuse in the blocks of a modal or a Home tab."""
    items(tagged(EVERYWHERE), MOST_IN_VIEW, least=1)(blocks, path, findings)
    _check_together(dicts(blocks), path, findings)
    if not findings.messages:
        findings.messages = _second_opinion(dicts(blocks), findings)


def elements_of(block: Json) -> Iterator[tuple[str, Json]]:
    """Yield the elements of a block, each with its place."""
    for name in ("element", "accessory"):
        if isinstance(block.get(name), dict):
            yield name, block[name]
    if block.get("type") == "actions":
        for place, element in enumerate(dicts(block.get("elements"))):
            yield f"elements/{place}", element


def _check_together(blocks: list[Json], path: str, findings: Findings) -> None:
    ids = Counter(each["block_id"] for each in blocks if "block_id" in each)
    focused = 0
    for place, block in enumerate(blocks):
        where = f"{path}/{place}"
        if ids[block.get("block_id")] > 1:
            findings.add(where, f"`block_id` already exists: {block['block_id']}")
        seen: set[object] = set()
        for name, element in elements_of(block):
            action = element.get("action_id")
            if action is not None and action in seen:
                findings.add(f"{where}/{name}", f"`action_id` already exists: {action}")
            seen.add(action)
            focused += element.get("focus_on_load") is True
    if focused > 1:
        findings.add(path, "`focus_on_load` may be true for one element only")


def _check_message_only(blocks: list[Json], findings: Findings) -> None:
    if sum(each.get("type") == "table" for each in blocks) > 1:
        findings.add("/blocks", "only one table is allowed in a message")
    written = [each.get("text") for each in blocks if each.get("type") == "markdown"]
    if sum(len(each) for each in written if isinstance(each, str)) > _MARKDOWN_TOTAL:
        findings.add(
            "/blocks", f"markdown must be less than {_MARKDOWN_TOTAL + 1} characters in all"
        )


def _second_opinion(blocks: list[Json], findings: Findings) -> list[str]:
    """Ask Slack's own models too, once our rules have nothing to say."""
    if findings.messages:
        return findings.messages
    for place, block in enumerate(blocks):
        unnamed = {name: value for name, value in block.items() if name != "block_id"}
        if objection := _objection(dumps(unnamed)):
            findings.add(f"/blocks/{place}", objection)
    return findings.messages


@lru_cache(maxsize=1024)
def _objection(block: str) -> str:
    """Give what Slack's models have against a block, its name apart, or nothing.

    Apps show the same questions again and again, and the models take their time.
    """
    return _objection_to_outline(dumps(_outline(loads(block))))


def _outline(value: object) -> object:
    """Give a block with other texts of the same length: the models only count the letters."""
    match value:
        case dict():
            return {
                name: "x" * len(each)
                if name in _COUNTED and isinstance(each, str)
                else _outline(each)
                for name, each in value.items()
            }
        case list():
            return [_outline(each) for each in value]
    return value


@lru_cache(maxsize=1024)
def _objection_to_outline(outline: str) -> str:
    try:
        parsed = Block.parse(loads(outline))
        if parsed is not None:
            parsed.validate_json()
    except SlackObjectFormationError as error:
        return str(error)
    return ""
