"""Words for the record: there, not too long, and such as can be kept."""

import pytest

from bot.domain.reasons import MAX_REASON, require_words
from bot.domain.refusals import Invalid


def test_words_are_kept_without_the_blanks_around_them() -> None:
    assert require_words("  it misbehaves\n") == "it misbehaves"
    assert len(require_words("x" * MAX_REASON)) == MAX_REASON


@pytest.mark.parametrize("words", ["", " \n", "x" * (MAX_REASON + 1), "half \ud83d"])
def test_what_cannot_be_kept_is_said_at_its_field(words: str) -> None:
    with pytest.raises(Invalid) as invalid:
        require_words(words, "evidence")
    assert list(invalid.value.errors) == ["evidence"]
