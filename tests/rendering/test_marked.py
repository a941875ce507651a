"""Every button and every window that is handed in carries a mark: I4."""

import pytest

from bot.domain.marks import mark_of
from bot.rendering.marked import marked_message, marked_view
from bot.rendering.render import message, modal
from bot.rendering.views import MessageView, ModalView, NoticePage
from tests.rendering.judge import Json, judge_message, judge_modal, objects
from tests.rendering.samples import MESSAGES, MODALS

MARK = mark_of(10**9, "z" * 24)


def values(shown: object) -> list[str]:
    return [str(each["value"]) for each in objects(shown) if each.get("type") == "button"]


@pytest.mark.parametrize("view", MESSAGES.values(), ids=MESSAGES)
def test_i4_every_button_of_a_message_is_marked(view: MessageView) -> None:
    bare = message(view)
    marked = marked_message(bare, lambda: MARK)
    judge_message(marked)
    assert values(marked.blocks) == [f"{MARK}#{each}" for each in values(bare.blocks)]
    assert marked.text == bare.text


@pytest.mark.parametrize("view", MODALS.values(), ids=MODALS)
def test_i4_every_button_of_a_window_is_marked_and_all_that_it_hands_in(view: ModalView) -> None:
    bare: Json = modal(view)
    marked: Json = marked_view(bare, lambda: MARK)
    judge_modal(marked)
    assert values(marked) == [f"{MARK}#{each}" for each in values(bare)]
    about = bare["private_metadata"]
    assert marked["private_metadata"] == (f"{MARK}#{about}" if "submit" in bare else about)


def test_what_only_shows_something_asks_for_no_mark() -> None:
    def nobody() -> str:
        raise AssertionError("it was asked for")

    notice = modal(NoticePage("Recorded", "It is."))
    assert marked_view(notice, nobody) == notice
