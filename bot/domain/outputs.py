"""What a workflow produced, as its pipeline reports it."""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.intake import ahead_fault

# A draw names its outputs, a tenth of them twice, and its categories in one entry of the record,
# which holds 65,535 bytes: 360 ids, 36 again and 72 categories of the greatest length fit, since
# nothing in them needs escaping twice. A copy's place takes less than it saves of the tenth.
OUTPUT_ID: Final = re.compile(r"[!#-\[\]-~]{1,128}")
OUTPUT_ID_RULE: Final = "1 to 128 printable ASCII characters without blanks, quotes and backslashes"
UNCATEGORISED: Final = "uncategorised"
MAX_CATEGORY: Final = 60
MAX_CATEGORY_BYTES: Final = 120
MAX_CATEGORIES: Final = 72


@dataclass(frozen=True, slots=True)
class Output:
    """One output, as its producer sent it; `confidence` is their own figure."""

    output_id: str
    produced_at: datetime
    category: str = UNCATEGORISED
    confidence: str = ""
    model_version: str = ""
    text: str = ""
    url: str = ""
    digest: str = ""


def category_of(said: str) -> str:
    """Give the category that a producer named; nothing, or only blanks, is none."""
    return said if said.strip() else UNCATEGORISED


def unsaid(output: Output) -> Output:
    """Give an output without what the AI says besides: for whoever is not to be led by it."""
    return replace(output, category="", confidence="", model_version="")


def output_fault(output: Output, now: datetime) -> str:
    """Give a sentence if no policy lets this output be taken now, else an empty string."""
    if not OUTPUT_ID.fullmatch(output.output_id):
        return f"output_id must be {OUTPUT_ID_RULE}"
    if output.url and not output.url.startswith(("https://", "http://")):
        return "url must start with https:// or http://"
    if len(output.category) > MAX_CATEGORY or _recorded_size(output.category) > MAX_CATEGORY_BYTES:
        return f"category has more than {MAX_CATEGORY} characters or {MAX_CATEGORY_BYTES} bytes"
    if not output.category.isprintable():
        return "category contains a control character"
    return ahead_fault("produced_at", output.produced_at, now)


def clash(output: Output, earlier: Output) -> str:
    """Give a sentence if an id was used before for something else, else an empty string."""
    return "" if output == earlier else "output_id was used before for a different output"


def crowding(output: Output, categories: Collection[str]) -> str:
    """Give a sentence if this output's category is one too many for its round."""
    if output.category in categories or len(categories) < MAX_CATEGORIES:
        return ""
    return f"category is new and the round has {MAX_CATEGORIES} already: use fewer, broader ones"


def _recorded_size(text: str) -> int:
    return len(json.dumps(text, ensure_ascii=False).encode(errors="surrogatepass"))
