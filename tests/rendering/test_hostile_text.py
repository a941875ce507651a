"""I11 said: text from outside never becomes a mention, a link, a formula or markup."""

from collections import Counter
from dataclasses import replace
from functools import partial
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rendering.render import Rendered, message, modal
from tests.rendering.judge import judge_message, judge_modal, objects, texts
from tests.rendering.samples import MESSAGES, MODALS, filled

SNIPPETS = (
    *("<!channel>", "<!here|all>", "<@U123>", "<#C123>", "<https://evil.example|bank>"),
    *("https://evil.example", "<!date^0^{date}|x>", "&lt;!here&gt;", "&amp;lt;", "*b* _i_ ~s~ `c`"),
    *('"}]', "\\", "\\u202e", "{{ view }}", "{v.proof}", "{0}", "%s", "```", "\n> quote"),
    *(
        "\u202e",
        "\u200b",
        "\u2028",
        "\u2029",
        "\x00",
        "\ud800",
        "\U000e0041",
        ":tada:",
        "\U0001d4b3",
    ),
    *("`/answerable list`", "<" * 300, "\u202e" * 300, "null", "U123", "C123"),
)
HOSTILE = st.lists(st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=20)), max_size=8).map(
    "".join
)
# What the places of one view say, one after the other and over again: some have hundreds.
SPEECHES = st.lists(HOSTILE, min_size=1, max_size=9)
# A metamorphic pair: the same places filled with letters, and with marks.
HARMLESS, MARKS = "x", "*_~`:x://"


@pytest.mark.parametrize("name", MESSAGES)
@given(words=SPEECHES)
@settings(max_examples=10, deadline=None)
def test_a_message_of_hostile_texts_is_accepted_and_inert(name: str, words: list[str]) -> None:
    judge_message(message(filled(MESSAGES[name], partial(next, cycle(words)))))


@pytest.mark.parametrize("name", MODALS)
@given(words=SPEECHES)
@settings(max_examples=10, deadline=None)
def test_a_modal_of_hostile_texts_is_accepted_and_inert(name: str, words: list[str]) -> None:
    judge_modal(modal(filled(MODALS[name], partial(next, cycle(words)))))


def marks(rendered: Rendered) -> Counter[str]:
    shown = [rendered.text, *texts(rendered.blocks, "mrkdwn")]
    return Counter(letter for text in shown for letter in text if letter in "*_~`")


@pytest.mark.parametrize("name", MESSAGES)
def test_marks_from_outside_format_nothing(name: str) -> None:
    harmless = message(filled(MESSAGES[name], lambda: HARMLESS))
    hostile = message(filled(MESSAGES[name], lambda: MARKS))
    in_code = sum(text.count("`") // 2 for text in texts(hostile.blocks, "mrkdwn"))
    surplus = marks(hostile) - marks(harmless)
    # A code span keeps what it holds letter by letter; nothing in it is read as a mark.
    assert set(surplus) <= set("*_~")
    assert all(count <= 2 * in_code for count in surplus.values())


@pytest.mark.parametrize("name", MESSAGES)
def test_an_address_from_outside_is_no_link(name: str) -> None:
    rendered = message(filled(MESSAGES[name], lambda: "https://evil.example"))
    for text in [rendered.text, *texts(rendered.blocks, "mrkdwn")]:
        assert "://" not in "".join(text.split("`")[::2])


def test_what_somebody_typed_stands_in_rich_text_letter_by_letter() -> None:
    typed = "*a* <!here> & <https://evil.example|bank>\n> b"
    for name, field in (
        ("accept request", "purpose"),
        ("gate notice", "reason"),
        ("resume request", "reason"),
        ("decided breach", "reason"),
        ("closed breach", "evidence"),
    ):
        rendered = message(replace(MESSAGES[name], **{field: typed}))
        assert typed in texts(rendered.blocks, "text")
        assert not any("evil" in text for text in texts(rendered.blocks, "mrkdwn"))
        assert "evil" not in rendered.text


def test_a_template_in_a_value_is_not_run() -> None:
    rendered = message(replace(MESSAGES["notice"], sentence="{{ 7 * 7 }} {% raw %}"))
    assert "49" not in rendered.text
    assert any("{{ 7" in text for text in texts(rendered.blocks, "mrkdwn"))
    assert all(each.get("type") for each in objects(rendered.blocks) if "block_id" in each)
