"""What stands in messages and modals, as a person would read it."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from sandbox.wire import Json

OUTPUT_LABEL: Final = "Output: "
PAGES: Final = ("review_page", "second_page")
_HASH: Final = r"[0-9a-f]{64}"
_TOKENS: Final = (
    (r"<!date\^\d+\^[^|>]*\|([^>]*)>", r"\1"),
    (r"<!date\^\d+\^[^>]*>", "…"),
    (r"[*`]", ""),
    (r"\s+", " "),
)


def readable(text: str, names: dict[str, str]) -> str:
    """Give a message's text as Slack shows it, with people by name."""
    text = re.sub(r"<[@#](\w+)[^>]*>", lambda found: names.get(found[1], found[1]), text)
    for pattern, shown in _TOKENS:
        text = re.sub(pattern, shown, text)
    return unescape(text).strip()


def says(message: Json, words: str) -> bool:
    """Tell whether these words stand anywhere in a message, in small letters or large."""
    shown = " ".join([message["text"], *texts(message["blocks"])])
    return words.casefold() in shown.casefold()


def label_of(message: Json, action_id: str) -> str:
    """Give what stands on a button of a message, empty if there is no such button."""
    for block in message["blocks"]:
        for element in block["elements"] if block["type"] == "actions" else ():
            if element.get("action_id") == action_id:
                return str(element["text"]["text"])
    return ""


def hash_after(word: str, message: Json) -> str:
    """Give the 64 hexadecimal digits that follow a word in a message, empty if there are none."""
    found = re.search(rf"{word}\W+({_HASH})", json.dumps(message["blocks"]))
    return found[1] if found else ""


def texts(part: object) -> Iterator[str]:
    """Give every text in a message or a modal, in reading order."""
    if isinstance(part, list):
        for each in part:
            yield from texts(each)
    elif isinstance(part, dict):
        text = part.get("text")
        if isinstance(text, str):
            yield text
        for name, inside in part.items():
            if not (name == "text" and isinstance(text, str)):
                yield from texts(inside)


def output_on(page: Json) -> str:
    """Give the id of the output that a page of a review is about."""
    shown = list(texts(page["blocks"]))
    return shown[shown.index(OUTPUT_LABEL) + 1] if OUTPUT_LABEL in shown else ""


def place_on(page: Json) -> str:
    """Give the place of a page within its review: the ending of its inputs' names."""
    return str(page["private_metadata"]).rpartition("/")[2]


def is_page(view: Json | None) -> bool:
    return view is not None and view["callback_id"] in PAGES
