"""Words that somebody gives for the record: why, or what was done."""

from typing import Final

from bot.domain.refusals import Invalid
from bot.domain.unseen import says_nothing

MAX_REASON: Final = 1_000


def require_words(words: str, field: str = "reason") -> str:
    """Give the words as they go on record; raise Invalid under their field if they cannot."""
    if says_nothing(words):
        raise Invalid({field: "Write a sentence: it goes on record."})
    if len(words) > MAX_REASON:
        raise Invalid({field: f"At most {MAX_REASON:,} characters."})
    if any("\ud800" <= letter <= "\udfff" for letter in words):
        raise Invalid({field: "It holds half a character, which cannot be kept: type it anew."})
    return words.strip()


def optional_words(words: str, field: str = "reason") -> str:
    """Give words that nobody has to say, empty if they say nothing; else as `require_words`."""
    return "" if says_nothing(words) else require_words(words, field)
