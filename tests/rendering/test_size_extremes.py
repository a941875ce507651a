"""Whatever its size, a view gives something Slack accepts."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

import pytest

from bot.domain.breaches import BreachState, Cause
from bot.rendering.render import message, modal, together
from bot.rendering.views import Dues, Help, OpenBreach, Verb, WorkflowList
from handlers.delivery import MOST_TOGETHER
from tests.rendering.judge import buttons, judge_message, judge_modal, texts
from tests.rendering.samples import (
    DUE,
    LAST_REMINDER,
    LISTED,
    MESSAGES,
    MODALS,
    REVIEW_PAGE,
    SHEET,
    filled,
)

LONG = (
    "<" * 2_000,
    "&" * 20_000,
    "\u202e" * 2_000,
    "\U0001d4b3" * 2_000,
    "\n" * 2_000,
    " ",
    "a" * 50_000,
)
HUGE = 10**15
# All that a reminder can say at once.
WORST_REMINDER = replace(
    LAST_REMINDER, passed="nobody is there", was_due_at=LAST_REMINDER.due_at, away=("UBEN",)
)


def sized(value: Any, number: int) -> Any:  # noqa: ANN401 -- any value of a view
    """Give the value with every number within it replaced."""
    if isinstance(value, int) and not isinstance(value, bool | Enum):
        return number
    if isinstance(value, tuple):
        return tuple(sized(each, number) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{each.name: sized(getattr(value, each.name), number) for each in fields(value)},
        )
    return value


@pytest.mark.parametrize("text", LONG, ids=lambda text: f"{len(text)} x {text[0]!a}")
def test_as_many_reminders_as_go_together_are_one_message_that_is_accepted(text: str) -> None:
    worst = sized(filled(WORST_REMINDER, each_of(text)), HUGE)
    post = together([message(worst, text)] * MOST_TOGETHER)

    judge_message(post)
    assert len(buttons(post)) == MOST_TOGETHER


def each_of(text: str) -> Callable[[], str]:
    return lambda: text


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_of_long_texts_is_accepted(name: str) -> None:
    for text in LONG:
        judge_message(message(sized(filled(MESSAGES[name], each_of(text)), HUGE), text))


@pytest.mark.parametrize("name", MODALS)
def test_a_modal_of_long_texts_is_accepted(name: str) -> None:
    for text in (*LONG, ""):
        judge_modal(modal(sized(filled(MODALS[name], each_of(text)), HUGE)))


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_of_empty_texts_and_small_numbers_is_accepted(name: str) -> None:
    for number in (0, -1):
        judge_message(message(sized(filled(MESSAGES[name], each_of("")), number)))


def test_a_list_of_500_workflows_shows_what_fits_and_counts_the_rest() -> None:
    rows = tuple(replace(LISTED, key=f"workflow-{n:03}-" + "k" * 50) for n in range(500))
    rendered = message(WorkflowList(rows, more=7))
    judge_message(rendered)
    shown = "\n".join(texts(rendered.blocks, "mrkdwn"))
    lines = sum(f"workflow-{n:03}-" in shown for n in range(500))
    assert lines > 50
    assert f"and {507 - lines:,} more" in shown
    assert "507" in rendered.text


def test_500_dues_are_shown_as_far_as_they_fit() -> None:
    rendered = message(Dues((DUE,) * 500, more=0))
    judge_message(rendered)
    shown = "\n".join(texts(rendered.blocks, "mrkdwn"))
    assert f"and {500 - shown.count('*Overdue*'):,} more" in shown


def test_500_breaches_leave_room_for_the_rest_of_the_sheet() -> None:
    breach = OpenBreach(10**9, Cause.VOLUME, BreachState.ACKNOWLEDGED)
    rendered = message(replace(SHEET, breaches=(breach,) * 500, purpose="<" * 500))
    judge_message(rendered)
    assert any("and 470 more open breaches" in text for text in texts(rendered.blocks, "mrkdwn"))


def test_500_people_asked_are_named_as_far_as_they_fit() -> None:
    judge_message(message(replace(LAST_REMINDER, asked=("U0123456789",) * 500)))


def test_500_verbs_are_shown_as_far_as_they_fit() -> None:
    rendered = message(Help((Verb("verb", "verb KEY", "does it. " * 50),) * 500))
    judge_message(rendered)
    shown = "\n".join(texts(rendered.blocks, "mrkdwn"))
    assert f"and {500 - shown.count('verb KEY'):,} more" in shown


def test_a_text_of_the_longest_allowed_length_is_shown_whole() -> None:
    for letter in ("<", "&", "\u202e"):
        text = letter * 2_000
        page = modal(replace(REVIEW_PAGE, output=replace(REVIEW_PAGE.output, text=text, digest="")))
        judge_modal(page)
        assert not any(shown.endswith("…") for shown in texts(page["blocks"], "text"))
