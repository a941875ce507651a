"""Words for the record: there, not too long, and such as can be kept."""

import pytest

from bot.domain.reasons import MAX_REASON, optional_words, require_words
from bot.domain.refusals import Invalid

UNSEEN = ("\u200b \u2063", "\u202e", "\u3164", "\u2800", "\uffa0\u115f\u1160", "\ufe0f\u0301")


def test_words_are_kept_without_the_blanks_around_them() -> None:
    assert require_words("  it misbehaves\n") == "it misbehaves"
    assert len(require_words("x" * MAX_REASON)) == MAX_REASON


@pytest.mark.parametrize("words", ["\u05d0\u200f", "\u0915\u094d\u200d", "\U0001f44d\ufe0f", "."])
def test_letters_that_are_seen_may_stand_beside_unseen_ones(words: str) -> None:
    assert require_words(words) == words


@pytest.mark.parametrize("words", ["", " \n", "x" * (MAX_REASON + 1), "half \ud83d", *UNSEEN])
def test_what_cannot_be_kept_is_said_at_its_field(words: str) -> None:
    with pytest.raises(Invalid) as invalid:
        require_words(words, "evidence")
    assert list(invalid.value.errors) == ["evidence"]


@pytest.mark.parametrize("words", ["", *UNSEEN])
def test_words_that_need_not_be_said_are_none_if_nobody_sees_them(words: str) -> None:
    assert optional_words(words) == ""
    assert optional_words(" all is well ") == "all is well"
    with pytest.raises(Invalid):
        optional_words("x" * (MAX_REASON + 1))
