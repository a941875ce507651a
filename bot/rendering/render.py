"""From a view to what Slack is sent. Pure: the same view gives the same bytes.

A template is JSON with values in it. Each value becomes JSON by itself, and plain text is escaped
on the way, so a template can neither break the JSON nor let markup through. Whatever is `null`
in a template is left out of the result.
"""

import json
import re
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Undefined
from markupsafe import Markup

from bot.domain.breaches import WORK
from bot.domain.figures import percent
from bot.domain.moments import day_text, local_text
from bot.domain.obligations import ENDED
from bot.domain.reasons import MAX_REASON
from bot.domain.registry import MAX_PURPOSE
from bot.domain.shares import MOST_REVIEWERS
from bot.domain.verdicts import MAX_CORRECTION
from bot.rendering.charts import picture, svg
from bot.rendering.mrkdwn import (
    Literal,
    Mrkdwn,
    clip,
    counted,
    escape,
    fit,
    join,
    literal,
    plain,
    prose,
    say,
    share,
    size,
    some,
    words,
)
from bot.rendering.roles import (
    alone_now,
    holders,
    mentions,
    settled,
    stands_in,
    whoever,
    why_asked,
    with_whom,
)
from bot.rendering.views import ChartView, Digest, HomeView, MessageView, ModalView, Report

_WORD_START: Final = re.compile(r"(?<!^)(?=[A-Z])")
_LINES_IN_SECTION: Final = 2_900
_LINES_IN_MESSAGE: Final = 10_500
_ASIDE: Final = 600
_TOGETHER: Final = 3_000
_STACKED: Final = 12_000
_CORE: Final = frozenset({"what", "actions", "record"})


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart to be drawn, with the words for who cannot see it."""

    chart: ChartView
    title: str
    alt: str

    def png(self) -> bytes:
        return picture(self.chart)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message: its blocks, and the text that says the same where blocks are not shown.

    One with pictures is shown as its text, above them.
    """

    text: str
    blocks: list[dict[str, object]]
    pictures: tuple[Picture, ...] = ()


def message(view: MessageView, aside: str = "") -> Rendered:
    """Give the message that shows this view, with a sentence about the message itself below it."""
    shown = _filled(view)
    text, blocks = shown["text"], shown["blocks"]
    if not isinstance(text, str) or not isinstance(blocks, list):
        raise TypeError(f"the template of {type(view).__name__} gives no text with blocks")
    if said := fit(prose(aside), _ASIDE):
        below = {"type": "mrkdwn", "text": said, "verbatim": True}
        text = f"{text} {said}"
        blocks = [*blocks, {"type": "context", "block_id": "aside", "elements": [below]}]
    return Rendered(text, blocks, _pictures(view, shown.get("pictures")))


def together(messages: Sequence[Rendered]) -> Rendered:
    """Give one post of several messages, one below the other; of a single one, just that.

    If all of it is more than Slack takes, each keeps what it is about, its buttons and its proof.
    """
    if len(messages) == 1:
        return messages[0]
    text = messages[0].text
    for each in messages[1:]:  # whole ones: half a mention is something else
        text += f"\n{each.text}" if len(text) + len(each.text) < _TOGETHER else ""
    blocks = _stacked([each.blocks for each in messages])
    if len(json.dumps(blocks, ensure_ascii=False)) > _STACKED:
        blocks = _stacked([_core(each.blocks) for each in messages])
    return Rendered(text, blocks)


def _stacked(messages: Sequence[list[dict[str, object]]]) -> list[dict[str, object]]:
    stacked: list[dict[str, object]] = []
    for number, blocks in enumerate(messages, start=1):
        stacked += [{"type": "divider"}] if stacked else []
        # A block's id is its own in a post; what is pressed is told by its value.
        stacked += [{**block, "block_id": f"{block['block_id']}:{number}"} for block in blocks]
    return stacked


def _core(blocks: list[dict[str, object]]) -> list[dict[str, object]]:
    return [block for block in blocks if block["block_id"] in _CORE]


def modal(view: ModalView) -> dict[str, object]:
    """Give the modal that shows this view, complete."""
    return _filled(view)


def home(view: HomeView) -> dict[str, object]:
    """Give the Home tab that shows this view, complete."""
    return _filled(view)


def digest(rendered: Rendered) -> str:
    """Give the SHA-256, in hex, of the canonical JSON of what is shown.

    That is the text and the blocks, or the text and the pictures, each as the SVG it is drawn from.
    """
    shown: dict[str, object] = {"blocks": rendered.blocks, "text": rendered.text}
    if rendered.pictures:
        pictures = [{"alt": each.alt, "svg": svg(each.chart)} for each in rendered.pictures]
        shown = {"pictures": pictures, "text": rendered.text}
    canonical = json.dumps(shown, sort_keys=True, separators=(",", ":"))
    return sha256(canonical.encode("ascii")).hexdigest()


def template_name(view: type) -> str:
    """Give the file name of this view's template: the name of the view in snake case."""
    return f"{_WORD_START.sub('_', view.__name__).lower()}.json.j2"


def template_of(view: object) -> Literal:
    """Give the file name of the template of a view that stands within another."""
    return Literal(template_name(type(view)))


class _Templates(Environment):
    """Templates that all have the same globals, in one dict that is copied with each of them.

    Jinja's own map of two layers is walked name by name, once for each template and each import.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Give the one environment, in which every template is compiled once."""
    templates = _Templates(
        loader=PackageLoader("bot.rendering"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_as_json,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
    )
    templates.globals = {
        "say": say,
        "counted": counted,
        "day_text": day_text,
        "local_text": local_text,
        "fit": fit,
        "join": join,
        "some": some,
        "prose": prose,
        "words": words,
        "literal": literal,
        "exact": exact,
        "unmarked": plain,
        "pack": pack,
        "percent": percent,
        "share": share,
        "holders": holders,
        "mentions": mentions,
        "whoever": whoever,
        "with_whom": with_whom,
        "alone_now": alone_now,
        "why_asked": why_asked,
        "stands_in": stands_in,
        "blocks_of": blocks_of,
        "template_of": template_of,
        "settled": settled,
        "ended": ENDED,
        "work": WORK,
        "most": {
            "purpose": MAX_PURPOSE,
            "correction": MAX_CORRECTION,
            "reason": MAX_REASON,
            "reviewers": MOST_REVIEWERS,
        },
    }
    return templates


def exact(text: str, most: int) -> Literal:
    """Give text that is not shown but handed back to us or to its author: as it is, cut to fit."""
    # Half a surrogate pair cannot be sent at all: no encoding of UTF-8 has it.
    sendable = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return clip(Literal(sendable), most)


def pack(lines: list[Mrkdwn], most: int = _LINES_IN_MESSAGE) -> tuple[list[Mrkdwn], int]:
    """Give the lines as texts, each fit for a section and all for one message, or for `most` of it.

    The number is of the lines that were left over.
    """
    sections: list[list[Mrkdwn]] = [[]]
    in_section = in_message = 0
    for place, line in enumerate(lines):
        needed = size(line) + 1
        if in_message + needed > most:
            return _joined(sections), len(lines) - place
        if in_section + needed > _LINES_IN_SECTION:
            sections.append([])
            in_section = 0
        sections[-1].append(line)
        in_section += needed
        in_message += needed
    return _joined(sections), 0


def blocks_of(shown: Markup) -> Markup:
    """Give the blocks of a message that another template has made, to stand in one's own list."""
    return Markup(", ").join(_json(each) for each in json.loads(shown)["blocks"])


def _joined(sections: list[list[Mrkdwn]]) -> list[Mrkdwn]:
    return [join(lines, by="\n") for lines in sections if lines]


def _filled(view: MessageView | ModalView | HomeView) -> dict[str, object]:
    template = environment().get_template(template_name(type(view)))
    shown = _present(json.loads(template.render(view=view)))
    if not isinstance(shown, dict):
        raise TypeError(f"the template of {type(view).__name__} gives no object")
    return shown


def _pictures(view: MessageView, words: object) -> tuple[Picture, ...]:
    """Give the charts of a view; the template says in words what each of them shows."""
    if not isinstance(view, Digest | Report) or not isinstance(words, list):
        return ()
    return tuple(
        Picture(chart, said["title"], said["alt"])
        for chart, said in zip(view.charts, words, strict=True)
    )


def _present(value: object) -> object:
    if isinstance(value, dict):
        return {name: _present(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return [_present(each) for each in value if each is not None]
    return value


def _as_json(value: object) -> Markup:
    """Give one value of a template as JSON; what a macro made is JSON already."""
    match value:
        case Markup():
            return value
        case Undefined():
            raise TypeError(str(value))  # str() of it raises, and names what is missing
        case Mrkdwn() | Literal() | bool() | int() | None:
            return _json(value)
        case str():
            return _json(escape(value))
    raise TypeError(f"a template cannot show {type(value).__name__}")


def _json(value: object) -> Markup:
    return Markup(json.dumps(value))  # noqa: S704 -- JSON, not HTML: this is the escaping
