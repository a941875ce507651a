"""Outputs as a pipeline reports them."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from bot.domain.outputs import MAX_CATEGORY, OUTPUT_ID, OUTPUT_ID_RULE, Output, category_of
from handlers.http import items
from handlers.http.bodies import Figure
from handlers.http.items import Instant, Sent, Sorted, Text

MAX_NAME: Final = 128
MAX_URL: Final = 2_048
MAX_FIGURE: Final = 40


def _output_id(text: str) -> str:
    if not OUTPUT_ID.fullmatch(text):
        raise ValueError(f"must be {OUTPUT_ID_RULE}")
    return text


def _share(value: object) -> str:
    """Give the figure as it was written: it is the producer's claim, not ours to round."""
    try:
        if isinstance(value, Figure) and len(value.text) <= MAX_FIGURE:
            share = Decimal(value.text)
            if share.is_finite() and 0 <= share <= 1:
                return value.text
    except InvalidOperation:
        pass
    raise ValueError(f"must be a number from 0 to 1 of at most {MAX_FIGURE} characters")


Share = Annotated[
    str,
    BeforeValidator(_share),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1}),
]


class Report(Sent):
    """One output. Prefer `url` and `digest` to `text`: what is not sent cannot leak."""

    output_id: Annotated[
        Text, AfterValidator(_output_id), WithJsonSchema({"type": "string", "maxLength": 128})
    ]
    produced_at: Instant
    category: Text = Field("", max_length=MAX_CATEGORY)
    confidence: Share = Field("", validate_default=False)
    model_version: Text = Field("", max_length=MAX_NAME)
    text: Text = ""
    url: Text = Field("", max_length=MAX_URL)
    digest: Text = Field("", max_length=MAX_NAME)

    def output(self) -> Output:
        facts = self.model_dump(exclude={"workflow", "category"})
        return Output(category=category_of(self.category), **facts)


def sort(sent: Sequence[object], workflow: str) -> Sorted[Output]:
    """Tell the outputs of `workflow` from what is not one, each by its place."""
    return items.sort(sent, workflow, Report, Report.output)
