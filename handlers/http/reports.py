"""Outputs as a pipeline reports them: read one by one, so that a bad one spoils no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    WithJsonSchema,
)

from bot.domain.outputs import (
    MAX_CATEGORY,
    OUTPUT_ID,
    OUTPUT_ID_RULE,
    UNCATEGORISED,
    Output,
    Rejected,
)
from handlers.http.bodies import Figure
from handlers.http.problems import Problem, shown

MAX_ITEMS: Final = 1_000
MAX_NAME: Final = 128
MAX_URL: Final = 2_048
MAX_FIGURE: Final = 40


def _storable(text: str) -> str:
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError("contains a NUL character or half a surrogate pair")
    return text


def _output_id(text: str) -> str:
    if not OUTPUT_ID.fullmatch(text):
        raise ValueError(f"must be {OUTPUT_ID_RULE}")
    return text


def _instant(value: object) -> datetime:
    try:
        instant = datetime.fromisoformat(value if isinstance(value, str) else "")
        if instant.tzinfo:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("must be an ISO 8601 time with a zone, such as 2026-11-21T09:30:00Z")


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


Text = Annotated[str, AfterValidator(_storable)]
Instant = Annotated[
    datetime,
    BeforeValidator(_instant),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
Share = Annotated[
    str,
    BeforeValidator(_share),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 1}),
]


class Report(BaseModel):
    """One output. Prefer `url` and `digest` to `text`: what is not sent cannot leak."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    workflow: Text
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
        return Output(category=self.category or UNCATEGORISED, **facts)


@dataclass(frozen=True, slots=True)
class Sorted:
    """What of a request can be put to the store, each with its place in it, and what cannot."""

    outputs: Sequence[tuple[int, Output]]
    rejected: Sequence[Rejected]


def items_of(sent: object) -> Sequence[object]:
    """Give the outputs of a request, as sent: one object is a list of one."""
    items = [sent] if isinstance(sent, dict) else sent
    if not isinstance(items, list):
        raise Problem(422, "Send one output as a JSON object, or an array of them.")
    if not items:
        raise Problem(422, "The array is empty: send at least one output.")
    if len(items) > MAX_ITEMS:
        raise Problem(
            422, f"The array has {len(items):,} outputs: send at most {MAX_ITEMS:,} at a time."
        )
    return items


def sort(items: Sequence[object], workflow: str) -> Sorted:
    """Tell the outputs of `workflow` from what is not one, each by its place."""
    outputs: list[tuple[int, Output]] = []
    rejected: list[Rejected] = []
    for index, item in enumerate(items):
        try:
            outputs.append((index, _output(item, workflow)))
        except _Unfit as unfit:
            rejected.append(Rejected(index, str(unfit)))
    return Sorted(outputs, rejected)


class _Unfit(Exception):  # noqa: N818 -- a finding about one item
    """Why an item is no output of this workflow."""


def _output(item: object, workflow: str) -> Output:
    if not isinstance(item, dict):
        raise _Unfit("must be a JSON object")
    if unknown := [shown(name) for name in item if name not in Report.model_fields]:
        raise _Unfit(f"unknown field: {', '.join(unknown[:3])}")
    try:
        # A field that is null is a field that was left out: many producers send both.
        report = Report.model_validate({k: v for k, v in item.items() if v is not None})
    except ValidationError as error:
        raise _Unfit(_sentence(error)) from None
    if report.workflow != workflow:
        raise _Unfit(f"workflow {shown(report.workflow)} is not known to this token")
    return report.output()


def _sentence(error: ValidationError) -> str:
    """Name each field and what is wrong with it; never the value, which may be personal."""
    return "; ".join(
        f"{each['loc'][0]}: {each['msg'].removeprefix('Value error, ')}"
        for each in error.errors(include_input=False, include_url=False, include_context=False)
    )
