"""Judges a rendering: by Slack's own models, by the sandbox, and by rules of ours."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from unicodedata import category

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.rendering.mrkdwn import size
from bot.rendering.render import Rendered
from sandbox.limits.messages import check_content
from sandbox.limits.views import check_view

OUR_TOKENS = re.compile(
    r"<@[UW][A-Z0-9]{1,30}>|<#[CG][A-Z0-9]{1,30}>"
    r"|<!date\^-?\d+\^\{date_short_pretty\} at \{time\}\|\d{4}-\d\d-\d\d \d\d:\d\d UTC>"
)
LONGEST_EDIT = 4_000
ID = re.compile(r"[a-z_]+(:\d+)?")
ACTIONS = {
    *("accept", "review", "second_review", "settle", "judge", "acknowledge"),
    *("hand_out", "share", "take_back"),
    *("see_outputs", "outputs", "review_back", "second_back", "share_back"),
    *("review_precedents", "second_precedents", "share_precedents"),
    *("decide", "pause", "carry_out", "confirm", "decline_request"),
    "withdraw_request",
    *("announce", "end_absence", "hand_over", "take_over", "attest", "drill"),
    *("decline", "withdraw"),
    *("show", "register", "earlier", "later"),
    *("read_accept", "read_confirm", "read_take_over"),
}

Json = dict[str, object]


def objects(value: object) -> Iterator[Json]:
    """Yield every object within, the outermost first."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from objects(each)


def texts(value: object, kind: str) -> list[str]:
    """Give the texts of all objects of one type, `mrkdwn` or `plain_text` or `text`."""
    return [str(each["text"]) for each in objects(value) if each.get("type") == kind]


def hidden(text: str, keep: str = "") -> list[str]:
    """Give the characters that a reader cannot see or that reorder others, by their names."""
    unseen = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return [f"{ord(each):x}" for each in text if category(each) in unseen and each not in keep]


def judge_message(rendered: Rendered) -> None:
    for block in Block.parse_all(rendered.blocks):
        block.validate_json()
    check_content(rendered.text, rendered.blocks, longest=LONGEST_EDIT)
    assert rendered.text.strip()
    assert 0 < len(rendered.blocks) <= 50
    # Rows do the same for many things: within a block each does something else.
    _judge_blocks(rendered.blocks, unique=["block_id"])
    for block in rendered.blocks:
        _judge_blocks([block])
    _judge_markup(rendered.text)
    assert {str(each["action_id"]).partition(":")[0] for each in buttons(rendered)} <= ACTIONS


def judge_modal(view: Json) -> None:
    View(**view).validate_json()
    check_view(view, "modal")
    assert size(str(view["title"]["text"])) <= 24
    has_input = any(block["type"] == "input" for block in view["blocks"])
    assert has_input == ("submit" in view)
    assert has_input == (view["callback_id"] != "notice")
    _judge_blocks(view["blocks"])


def judge_home(view: Json) -> None:
    """Judge a Home tab: each of its rows has a button, and many of them do the same."""
    View(**view).validate_json()
    check_view(view, "home")
    blocks = view["blocks"]
    assert 0 < len(blocks) < 100
    _judge_blocks(blocks, unique=["block_id"])
    pressed = [each for each in objects(blocks) if each.get("type") == "button"]
    assert {str(each["action_id"]) for each in pressed} <= ACTIONS


def buttons(rendered: Rendered) -> list[Json]:
    return [each for each in objects(rendered.blocks) if each.get("type") == "button"]


def inputs(view: Json) -> dict[str, Json]:
    """Give the elements of a modal's inputs by their action id."""
    found = (block["element"] for block in view["blocks"] if block["type"] == "input")
    return {str(element["action_id"]): element for element in found}


def _judge_blocks(blocks: list[Json], unique: Sequence[str] = ("block_id", "action_id")) -> None:
    for name in unique:
        ids = Counter(str(each[name]) for each in objects(blocks) if name in each)
        assert all(ID.fullmatch(each) for each in ids), ids
        assert set(ids.values()) <= {1}, ids
    for each in objects(blocks):
        assert "url" not in each
        assert each.get("type") not in {"link", "user", "channel", "broadcast", "emoji"}
        assert each.get("type") != "mrkdwn" or each["verbatim"] is True
    for text in texts(blocks, "mrkdwn"):
        _judge_markup(text)
    for text in texts(blocks, "plain_text"):
        assert not set("<>") & set(text)
        assert hidden(text) == []
    for text in texts(blocks, "text"):
        assert hidden(text, keep="\n\t") == []


def _judge_markup(text: str) -> None:
    rest = OUR_TOKENS.sub("", text)
    assert "<" not in rest
    assert ">" not in rest
    assert re.sub(r"&(amp|lt|gt);", "", rest).count("&") == 0
    assert hidden(rest, keep="\n") == []
