"""As strict as Slack's documents: at the limit yes, one beyond no."""

from typing import Any

import pytest

from sandbox.limits.blocks import check_message
from sandbox.limits.messages import LONGEST_BLOCK_TEXT, check_content, check_metadata
from sandbox.limits.views import check_view
from sandbox.wire import SlackError

Json = dict[str, Any]


def plain(length: int = 1) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int = 1) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def section(**parts: object) -> Json:
    return {"type": "section", **(parts or {"text": mrkdwn()})}


def button(**parts: object) -> Json:
    return {"type": "button", "text": plain(), "action_id": "a", **parts}


def actions(*elements: Json, **parts: object) -> Json:
    return {"type": "actions", "elements": list(elements), **parts}


def option(value: str = "v", length: int = 1) -> Json:
    return {"text": plain(length), "value": value}


def select(**parts: object) -> Json:
    return {"type": "static_select", "action_id": "s", "options": [option()], **parts}


def form(element: Json, **parts: object) -> Json:
    return {"type": "input", "label": plain(), "element": element, **parts}


def numbered(count: int, **parts: object) -> list[Json]:
    return [button(action_id=f"a{n}", **parts) for n in range(count)]


AT_THE_LIMIT: list[tuple[str, Json, Json]] = [
    ("section text 3000", section(text=mrkdwn(3000)), section(text=mrkdwn(3001))),
    ("text of at least 1", section(text=mrkdwn(1)), section(text=mrkdwn(0))),
    ("10 fields", section(fields=[mrkdwn()] * 10), section(fields=[mrkdwn()] * 11)),
    ("field 2000", section(fields=[mrkdwn(2000)]), section(fields=[mrkdwn(2001)])),
    (
        "header 150",
        {"type": "header", "text": plain(150)},
        {"type": "header", "text": plain(151)},
    ),
    ("header is plain", {"type": "header", "text": plain()}, {"type": "header", "text": mrkdwn()}),
    ("button text 75", actions(button(text=plain(75))), actions(button(text=plain(76)))),
    ("button value 2000", actions(button(value="x" * 2000)), actions(button(value="x" * 2001))),
    ("action_id 255", actions(button(action_id="x" * 255)), actions(button(action_id="x" * 256))),
    ("button style", actions(button(style="danger")), actions(button(style="loud"))),
    ("25 elements", actions(*numbered(25)), actions(*numbered(26))),
    ("distinct action_id", actions(*numbered(2)), actions(button(), button())),
    ("block_id 255", section(text=mrkdwn(), block_id="x" * 255), section(block_id="x" * 256)),
    (
        "10 in a context",
        {"type": "context", "elements": [mrkdwn()] * 10},
        {"type": "context", "elements": [mrkdwn()] * 11},
    ),
    (
        "100 options",
        actions(select(options=[option(str(n)) for n in range(100)])),
        actions(select(options=[option(str(n)) for n in range(101)])),
    ),
    (
        "option value 150",
        actions(select(options=[option("x" * 150)])),
        actions(select(options=[option("x" * 151)])),
    ),
    (
        "option text 75",
        actions(select(options=[option("v", 75)])),
        actions(select(options=[option("v", 76)])),
    ),
    (
        "initial option is offered",
        actions(select(initial_option=option())),
        actions(select(initial_option=option("w"))),
    ),
    (
        "placeholder 150",
        actions(select(placeholder=plain(150))),
        actions(select(placeholder=plain(151))),
    ),
    ("input label 2000", form(select(), label=plain(2000)), form(select(), label=plain(2001))),
    ("no button in an input", form(select()), form(button())),
    (
        "no image in actions",
        actions(button()),
        actions({"type": "image", "image_url": "u", "alt_text": "a"}),
    ),
    (
        "10 radio buttons",
        form({"type": "radio_buttons", "options": [option(str(n)) for n in range(10)]}),
        form({"type": "radio_buttons", "options": [option(str(n)) for n in range(11)]}),
    ),
    (
        "5 in an overflow",
        actions({"type": "overflow", "options": [option(str(n)) for n in range(5)]}),
        actions({"type": "overflow", "options": [option(str(n)) for n in range(6)]}),
    ),
    (
        "alt text 2000",
        {"type": "image", "image_url": "http://x", "alt_text": "x" * 2000},
        {"type": "image", "image_url": "http://x", "alt_text": "x" * 2001},
    ),
    (
        "100 table rows",
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 100},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101},
    ),
    ("a known block", section(), {"type": "nope"}),
    ("no unknown property", section(), section(text=mrkdwn(), colour="red")),
    (
        "emoji is for plain text",
        section(text={**plain(), "emoji": True}),
        section(text={**mrkdwn(), "emoji": True}),
    ),
    ("a section says something", section(), {"type": "section", "block_id": "empty"}),
    (
        "date",
        form({"type": "datepicker", "initial_date": "2026-06-01"}),
        form({"type": "datepicker", "initial_date": "1.6.2026"}),
    ),
    (
        "rich text runs",
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}
            ],
        },
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "shout", "text": "x"}]}
            ],
        },
    ),
]


@pytest.mark.parametrize(
    ("allowed", "refused"), [row[1:] for row in AT_THE_LIMIT], ids=[row[0] for row in AT_THE_LIMIT]
)
def test_a_block_is_taken_at_the_limit_and_refused_beyond(allowed: Json, refused: Json) -> None:
    assert check_message([allowed]) == []
    found = check_message([refused])
    assert found
    assert all(each.startswith("[ERROR] ") and "[json-pointer:/blocks" in each for each in found)


def test_a_message_holds_fifty_blocks_and_a_view_a_hundred() -> None:
    assert check_message([section()] * 50) == []
    assert check_message([section()] * 51) == [
        "[ERROR] no more than 50 items allowed [json-pointer:/blocks]"
    ]
    assert check_view(view(blocks=[section()] * 100), "modal")
    assert refusal(view(blocks=[section()] * 101))[0] == "invalid_arguments"
    assert refusal(view(blocks=[]))[0] == "invalid_arguments"


def test_a_block_id_stands_once_in_a_message() -> None:
    twice = [section(text=mrkdwn(), block_id="b"), section(text=mrkdwn(), block_id="b")]
    assert "already exists" in check_message(twice)[0]
    same_action_elsewhere = [actions(button()), actions(button())]
    assert check_message(same_action_elsewhere) == []


def test_a_message_holds_one_table() -> None:
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert "one table" in check_message([table, table])[0]


def test_the_pointer_names_the_place() -> None:
    found = check_message([section(), section(text=mrkdwn(3001))])
    assert found == ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/1/text/text]"]


def view(**parts: object) -> Json:
    return {"type": "modal", "title": plain(), "blocks": [section()], **parts}


def refusal(wrong: Json, kind: str = "modal") -> tuple[str, list[str]]:
    with pytest.raises(SlackError) as caught:
        check_view(wrong, kind)
    return caught.value.code, caught.value.messages


@pytest.mark.parametrize(
    ("allowed", "refused"),
    [
        ({"title": plain(24)}, {"title": plain(25)}),
        ({"submit": plain(24)}, {"submit": plain(25)}),
        ({"close": plain(24)}, {"close": plain(25)}),
        ({"private_metadata": "x" * 3000}, {"private_metadata": "x" * 3001}),
        ({"callback_id": "x" * 255}, {"callback_id": "x" * 256}),
        ({"external_id": "x" * 255}, {"external_id": "x" * 256}),
        ({"blocks": [form(select())], "submit": plain()}, {"blocks": [form(select())]}),
        ({}, {"type": "home"}),
        ({}, {"hash": "1"}),
        ({}, {"blocks": [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}]}),
        (
            {"blocks": [form(select(focus_on_load=True))], "submit": plain()},
            {"blocks": [form(select(focus_on_load=True))] * 2, "submit": plain()},
        ),
    ],
)
def test_a_modal_is_taken_at_the_limit_and_refused_beyond(allowed: Json, refused: Json) -> None:
    assert check_view(view(**allowed), "modal")
    code, messages = refusal(view(**refused))
    assert code == "invalid_arguments"
    assert messages


def test_a_home_tab_has_neither_title_nor_submit() -> None:
    assert check_view({"type": "home", "blocks": [section()]}, "home")
    assert refusal({"type": "home", "blocks": [section()], "submit": plain()}, "home")


def test_a_view_weighs_at_most_250_kilobytes() -> None:
    heavy = [section(fields=[mrkdwn(2000)] * 10)] * 13
    assert refusal(view(blocks=heavy))[0] == "view_too_large"


@pytest.mark.parametrize(
    ("text", "blocks", "code"),
    [
        ("", None, "no_text"),
        ("x" * 40_001, None, "msg_too_long"),
        ("x", {"type": "section"}, "invalid_blocks_format"),
        ("x", [{"type": "nope"}], "invalid_blocks"),
        ("x", [section(text=mrkdwn(2900))] * 5, "msg_blocks_too_long"),
    ],
)
def test_content_slack_refuses(text: str, blocks: object, code: str) -> None:
    assert LONGEST_BLOCK_TEXT < 5 * 2900
    with pytest.raises(SlackError) as caught:
        check_content(text, blocks)
    assert caught.value.code == code


def test_content_slack_only_frowns_at() -> None:
    assert check_content("fine", [section()]) == []
    assert "missing_text" in check_content("", [section()])[0]
    assert "<!channel" in check_content("hello <!channel>", None)[0]
    assert "long_text" in check_content("x" * 4001, None)[0]


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ([], "invalid_metadata_format"),
        ({"event_type": "x"}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"k": "v" * 8000}}, "metadata_too_large"),
    ],
)
def test_metadata_slack_refuses(metadata: object, code: str) -> None:
    with pytest.raises(SlackError) as caught:
        check_metadata(metadata)
    assert caught.value.code == code
    assert check_metadata({}) is None
