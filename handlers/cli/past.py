"""A file of past outputs of which the truth is known, one JSON object a line."""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from bot.domain.backtests import Past
from bot.domain.intake import instant_of
from bot.domain.outputs import Output, category_of
from handlers.cli.parts import Failed

MAX_OUTPUTS: Final = 1_000_000
EARLIEST: Final = datetime(2005, 1, 1, tzinfo=UTC)
_NOTED_EVERY: Final = 1_000


def _not_too_early(instant: datetime) -> datetime:
    if instant < EARLIEST:
        raise ValueError(f"must be a time in {EARLIEST:%Y} or later")
    return instant


Said = Annotated[str | bool | int | float, Field(union_mode="left_to_right")]


class PastLine(BaseModel):
    """What a line has to say; whatever else it says is not read."""

    model_config = ConfigDict(frozen=True, strict=True, allow_inf_nan=False)

    output_id: str
    produced_at: Annotated[datetime, BeforeValidator(instant_of), AfterValidator(_not_too_early)]
    prediction: Said
    truth: Said
    category: str | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None

    @property
    def is_wrong(self) -> bool:
        """Tell whether the prediction was another one; true is not 1 here, but 1.0 is."""
        return self.prediction != self.truth or isinstance(self.prediction, bool) is not isinstance(
            self.truth, bool
        )

    def output(self) -> Output:
        confidence = "" if self.confidence is None else str(self.confidence)
        return Output(
            self.output_id, self.produced_at, category_of(self.category or ""), confidence
        )


_LINE: Final = TypeAdapter(PastLine)


def read_past(name: str, lines: Iterable[bytes], noted: Callable[[int], None]) -> list[Past]:
    """Give the outputs of a file, each once; `noted` is told how many lines more are read.

    Raises Failed, naming the line, at the first that does not tell of one.
    """
    found: dict[str, Past] = {}
    for number, line in enumerate(lines, start=1):
        if number % _NOTED_EVERY == 0:
            noted(_NOTED_EVERY)
        text = line.removeprefix(BOM_UTF8) if number == 1 else line
        if text.strip():
            _keep(found, _past(name, number, text), name)
        if len(found) > MAX_OUTPUTS:
            raise Failed(
                f"{name} holds more than {MAX_OUTPUTS:,} outputs: play a part of it at a time"
            )
    if not found:
        raise Failed(f"{name} holds no lines: there is nothing to play")
    return list(found.values())


def _keep(found: dict[str, Past], past: Past, name: str) -> None:
    known = found.setdefault(past.output.output_id, past)
    if (known.output, known.is_wrong) != (past.output, past.is_wrong):
        raise Failed(
            f"{name}: line {past.line}: output_id is that of line {known.line}, which tells of "
            "another output: give each its own"
        )


def _past(name: str, number: int, text: bytes) -> Past:
    try:
        line = _LINE.validate_json(text)
    except ValidationError as error:
        raise Failed(f"{name}: line {number}{_fault(error)}") from None
    return Past(number, line.output(), line.is_wrong)


def _fault(error: ValidationError) -> str:
    """Say what is wrong with a line, after its number."""
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "json_invalid":
        return f" is not JSON: {first['ctx']['error']}"
    if not first["loc"]:
        return ": must be a JSON object"
    field = str(first["loc"][0])
    if first["type"] == "missing":
        return f": {field} is missing"
    return f": {field} {_SENTENCES.get(field) or first['msg'].removeprefix('Value error, ')}"


_SENTENCES: Final = {
    "output_id": "must be text",
    "prediction": "must be text, a number, true or false",
    "truth": "must be what was right, as text, a number, true or false",
    "category": "must be text",
    "confidence": "must be a number from 0 to 1",
}
