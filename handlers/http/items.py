"""What pipelines hand in, read item by item, so that a bad one spoils no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ValidationError,
    WithJsonSchema,
)

from bot.domain.intake import Rejected, instant_of
from handlers.http.problems import Problem, shown

MAX_ITEMS: Final = 1_000


def _storable(text: str) -> str:
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise ValueError("contains a NUL character or half a surrogate pair")
    return text


Text = Annotated[str, AfterValidator(_storable)]
Instant = Annotated[
    datetime,
    BeforeValidator(instant_of),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class Sent(BaseModel):
    """One item as it is sent: the fields that are named, and no other."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    workflow: Text


Form = TypeVar("Form", bound=Sent)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Sorted(Generic[Item]):
    """What of a request can be put to the store, each with its place in it, and what cannot."""

    items: Sequence[tuple[int, Item]]
    rejected: Sequence[Rejected]


def items_of(sent: object, noun: str) -> Sequence[object]:
    """Give the items of a request, as sent: one object is a list of one."""
    items = [sent] if isinstance(sent, dict) else sent
    if not isinstance(items, list):
        raise Problem(422, f"Send one {noun} as a JSON object, or an array of them.")
    if not items:
        raise Problem(422, f"The array is empty: send at least one {noun}.")
    if len(items) > MAX_ITEMS:
        raise Problem(
            422, f"The array has {len(items):,} {noun}s: send at most {MAX_ITEMS:,} at a time."
        )
    return items


def sort(
    sent: Sequence[object], workflow: str, form: type[Form], item_of: Callable[[Form], Item]
) -> Sorted[Item]:
    """Tell the items of `workflow` from what is none, each by its place."""
    items: list[tuple[int, Item]] = []
    rejected: list[Rejected] = []
    for index, each in enumerate(sent):
        try:
            items.append((index, item_of(_filled_in(each, workflow, form))))
        except _Unfit as unfit:
            rejected.append(Rejected(index, str(unfit)))
    return Sorted(items, rejected)


class _Unfit(Exception):  # noqa: N818 -- a finding about one item
    """Why an item is none of this workflow's."""


def _filled_in(item: object, workflow: str, form: type[Form]) -> Form:
    if not isinstance(item, dict):
        raise _Unfit("must be a JSON object")
    if unknown := [shown(name) for name in item if name not in form.model_fields]:
        raise _Unfit(f"unknown field: {', '.join(unknown[:3])}")
    try:
        # A field that is null is a field that was left out: many producers send both.
        filled = form.model_validate({k: v for k, v in item.items() if v is not None})
    except ValidationError as error:
        raise _Unfit(_sentence(error)) from None
    if filled.workflow != workflow:
        # The same whether there is such a workflow or not, and true of a token and of the console.
        raise _Unfit(
            f"it is of workflow {shown(filled.workflow)}: only what is of {workflow} is taken here"
        )
    return filled


def _sentence(error: ValidationError) -> str:
    """Name each field and what is wrong with it; never the value, which may be personal."""
    return "; ".join(
        f"{each['loc'][0]}: {each['msg'].removeprefix('Value error, ')}"
        for each in error.errors(include_input=False, include_url=False, include_context=False)
    )
