"""Measurements come in."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from bot.domain.figures import read_figure
from bot.domain.measurements import Measurement
from bot.domain.tokens import Scope
from bot.usecases.measurements import receive_measurements
from handlers.http import items
from handlers.http.bodies import Figure
from handlers.http.intake import Desk
from handlers.http.items import Instant, Sent, Sorted, Text

MAX_NAME: Final = 40


def _value(value: object) -> Decimal:
    """Give the number exactly as it was written, be it a JSON number or one as text."""
    return read_figure(value.text if isinstance(value, Figure) else _text(value))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


Value = Annotated[
    Decimal,
    BeforeValidator(_value),
    WithJsonSchema({"oneOf": [{"type": "number"}, {"type": "string"}]}),
]


class Reading(Sent):
    """One value of a measurement that the workflow's policy names."""

    name: Text = Field(max_length=MAX_NAME)
    value: Value
    observed_at: Instant

    def measurement(self) -> Measurement:
        return Measurement(self.name, self.observed_at, self.value)


def sort(sent: Sequence[object], workflow: str) -> Sorted[Measurement]:
    """Tell the measurements of `workflow` from what is not one, each by its place."""
    return items.sort(sent, workflow, Reading, Reading.measurement)


MEASUREMENTS: Final[Desk[Measurement]] = Desk(
    path="/v1/measurements",
    noun="measurement",
    sentence="Report one value or up to 1,000; the same one sent again is a duplicate, no fault.",
    scope=Scope.MEASUREMENTS_WRITE,
    form=Reading,
    sort=sort,
    take=receive_measurements,
)
