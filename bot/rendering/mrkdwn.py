"""Slack's own markup, and how text from outside is kept out of it.

There are three kinds of text. `Mrkdwn` is markup we made: everything in it that came from outside
is escaped. `Literal` goes where Slack reads no markup at all (rich text, plain text, ids, what a
field holds).
Any other `str` counts as hostile.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from enum import Enum
from math import floor
from string import Formatter
from typing import Final, TypeVar

from bot.domain import figures
from bot.domain.moments import UTC_TEXT, day_text, read_utc_text, utc_text
from bot.domain.unseen import is_unseen

LONGEST_VALUE: Final = 200
LONGEST_PROSE: Final = 2_500

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_USER: Final = re.compile(r"[UW][A-Z0-9]{1,30}")
_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{1,30}")
# A command of ours, in Slack or at the console, Slack's to let us in, or a name such as
# latency_p95: letters that somebody may type back. Or a time.
_FOUND: Final = re.compile(
    r"`(/?answerable(?: [A-Za-z0-9-]+)*|/invite @Answerable|[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+)`"
    r"|(?<![A-Za-z0-9_])([A-Za-z0-9]+(?:_[A-Za-z0-9]+)+)(?![\w])"
    rf"|({UTC_TEXT.pattern})"
)
# What must not be cut in markup: a token of Slack's, an escaped character.
_TOKEN: Final = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);")

_CONTROL: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# mrkdwn has no way to escape its marks, so each becomes the character that looks most like it.
_MARKS: Final = str.maketrans({"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ"})  # noqa: RUF001
_BACKTICK: Final = {ord("`"): _MARKS[ord("`")]}
_UNMARKED: Final = str.maketrans({shown: chr(mark) for mark, shown in _MARKS.items()})
# That plain text is never read as markup is Slack's word; what could begin a mention is no
# angle bracket all the same.
_ENTITIES: Final = {"&lt;": "‹", "&gt;": "›", "&amp;": "&"}  # noqa: RUF001
_ENTITY: Final = re.compile("|".join(_ENTITIES))
_EMOJI_OR_LINK: Final = re.compile(r":(?=[\w+'-]+:|//)")
_COLON: Final = "꞉"  # noqa: RUF001


class Mrkdwn(str):
    """Markup of ours, safe to stand in a mrkdwn field as it is."""

    __slots__ = ()


class Literal(str):
    """Text that is shown or kept letter by letter, where Slack looks for no markup."""

    __slots__ = ()


_Text = TypeVar("_Text", Mrkdwn, Literal)


def escape(text: str) -> Mrkdwn:
    """Give text from outside as one line that cannot mention, link, format or hide anything."""
    one_line = " ".join(text.split())
    return Mrkdwn(
        _EMOJI_OR_LINK.sub(_COLON, visible(one_line)).translate(_MARKS).translate(_CONTROL)
    )


def code(text: str) -> Mrkdwn:
    """Give text from outside in a code span, letter by letter but for the backtick."""
    shown = visible(" ".join(text.split())).translate(_BACKTICK).translate(_CONTROL)
    return Mrkdwn(f"`{clip(Mrkdwn(shown), LONGEST_VALUE) or ' '}`")


def prose(text: str) -> Mrkdwn:
    """Give a sentence escaped, but with what is typed back in code, letter by letter.

    That is a command of ours that stands in backticks, and a name with underscores in it. A time
    in UTC is shown as any other.
    """
    shown: list[str] = []
    end = 0
    for found in _FOUND.finditer(text):
        typed = found[1] or found[2]
        shown += _inner(text[end : found.start()]), f"`{typed}`" if typed else _when_found(found[3])
        end = found.end()
    return clip(Mrkdwn("".join([*shown, _inner(text[end:])]).strip()), LONGEST_PROSE)


def plain(text: str, most: int) -> Literal:
    """Give the text for a field in which Slack reads no markup: every mark as it is typed."""
    marked = text if isinstance(text, Mrkdwn) else escape(text)
    bare = _ENTITY.sub(lambda found: _ENTITIES[found[0]], marked.translate(_UNMARKED))
    return clip(Literal(bare), most)


def mention(user_id: str) -> Mrkdwn:
    """Give a mention of this person; what cannot be a user id is shown as the text it is."""
    if not user_id:
        return Mrkdwn("nobody")
    return Mrkdwn(f"<@{user_id}>") if _USER.fullmatch(user_id) else _value(user_id)


def channel(channel_id: str) -> Mrkdwn:
    """Give a reference to this channel; what cannot be a channel id is shown as the text it is."""
    if not channel_id:
        return Mrkdwn("no channel")
    return Mrkdwn(f"<#{channel_id}>") if _CHANNEL.fullmatch(channel_id) else _value(channel_id)


def when(moment: datetime) -> Mrkdwn:
    """Give a time that each reader sees in their own zone, and in UTC where that is impossible."""
    seconds = (moment - _EPOCH).total_seconds() // 1
    return Mrkdwn(f"<!date^{seconds:.0f}^{{date_short_pretty}} at {{time}}|{utc_text(moment)}>")


def say(sentence: str, /, **values: object) -> Mrkdwn:
    """Give a sentence of ours with values in it: escaped, unless they are markup already.

    Times, choices and numbers are written as people read them. Three formats are ours:
    `{user:person}`, `{id:channel}` and `{text:code}`.
    """
    return Mrkdwn(_Sentence().vformat(sentence, (), values))


def counted(number: int, noun: str) -> Mrkdwn:
    """Give a number of something as people write it: 1 output, 2 outputs."""
    return escape(figures.counted(number, noun))


def share(part: float, whole: int = 1) -> str:
    """Give a part of a whole as people write a percentage: to a tenth, halves upwards.

    Texts and charts have it from here, or one would say another figure than the other.
    """
    if not whole:
        return "no share"
    tenths = floor(1_000 * part / whole + 0.5)
    if part and not tenths:
        return "< 0.1 %"  # what is not nothing is not shown as nothing
    return f"{tenths / 10:.1f}".removesuffix(".0") + " %"


def join(parts: Iterable[Mrkdwn | None], by: str = " ") -> Mrkdwn:
    """Give what is there of the parts, in one text."""
    return Mrkdwn(by.join(part for part in parts if part))


def some(parts: Sequence[str], most: int = 6) -> Mrkdwn:
    """Give the first of these, and how many there are besides."""
    shown = [each if isinstance(each, Mrkdwn) else escape(each) for each in parts[:most]]
    left = len(parts) - len(shown)
    return join([*shown, say("and {left:,} more", left=left) if left else None], ", ")


def literal(text: str, most: int) -> Literal:
    """Give text from outside letter by letter, its hidden characters made visible, cut to fit."""
    return clip(Literal(visible(text, keep="\n\t")), most)


def fit(text: str, most: int) -> Mrkdwn:
    """Give the text as markup of at most this length; an escaped character counts as all of it."""
    return clip(text if isinstance(text, Mrkdwn) else escape(text), most)


def clip(text: _Text, most: int) -> _Text:
    """Give the text cut to this length, an ellipsis where it was cut, never amid a token.

    Lengths are in UTF-16 code units, the strictest way in which Slack may count.
    """
    if size(text) <= most:
        return text
    kept = _beginning(text, most - 1)
    if isinstance(text, Mrkdwn):
        kept = kept[: _last_seam(text, len(kept))]
    return type(text)(f"{kept}…")


def size(text: str) -> int:
    """Give the length as Slack counts at its strictest: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def visible(text: str, keep: str = "") -> str:
    """Give the text with every character that hides or reorders others shown as an escape."""
    unseen = [letter for letter in set(text) if is_unseen(letter) and letter not in keep]
    return text.translate({ord(letter): _escaped(letter) for letter in unseen}) if unseen else text


def words(value: object) -> object:
    """Give a choice as people read it, its underscores as spaces; anything else as it is."""
    return str(value.value).replace("_", " ") if isinstance(value, Enum) else value


class _Sentence(Formatter):
    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, Mrkdwn):
            return value
        match format_spec:
            case "person":
                return mention(str(value))
            case "channel":
                return channel(str(value))
            case "code":
                return code(str(value))
        if isinstance(value, date) and not format_spec:
            return when(value) if isinstance(value, datetime) else Mrkdwn(day_text(value))
        return _value(format(words(value), format_spec))


def _value(text: str) -> Mrkdwn:
    return clip(escape(text), LONGEST_VALUE)


def _when_found(text: str) -> Mrkdwn:
    try:
        return when(read_utc_text(text))
    except ValueError:  # no day of the calendar
        return escape(text)


def _inner(part: str) -> str:
    # Blanks at the seams belong to the sentence, so that code does not stick to its neighbours.
    left = " " if part[:1].isspace() else ""
    right = " " if part[-1:].isspace() else ""
    return f"{left}{escape(part)}{right}"


def _escaped(letter: str) -> str:
    point = ord(letter)
    return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"  # noqa: PLR2004


def _beginning(text: str, room: int) -> str:
    """Give as many whole characters as have room; a pair of code units is not cut."""
    kept = text[:room]
    while (over := size(kept) - room) > 0:
        kept = kept[: -((over + 1) // 2)]  # a character is two units at most
    return kept


def _last_seam(text: str, end: int) -> int:
    """Give where to cut at or before `end`: before the token that would be cut there, if any."""
    for opening in "<&":  # an escaped character may be within a token, and no token within it
        start = text.rfind(opening, 0, end)
        token = _TOKEN.match(text, start) if start >= 0 else None
        if token and token.end() > end:
            return start
    return end
