"""The sampling plan that a backtest tries: from the options, and from a file of a policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final

import click
import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.domain.cadences import read_cadence
from bot.domain.figures import WHOLE_BP
from bot.domain.hours import ALWAYS
from bot.domain.plans import MAX_TIGHTEN
from bot.domain.policy import LimitBasis, Policy, policy_faults
from handlers.cli.parts import Failed

MAX_FILE: Final = 8_192
_LEAST, _MOST = Decimal("0.0001"), Decimal(100)  # what a limit may be written as
_LIMIT_RULE: Final = "a share such as 0.05, or a percentage such as 5%, above 0 and below 1"
MONDAYS: Final = "FREQ=WEEKLY;BYDAY=MO;BYHOUR=0;BYMINUTE=0;BYSECOND=0"
MOST_OUTPUTS: Final = 100_000_000


def limit_of(value: object) -> int:
    """Give a limit in basis points. Raises ValueError, in words that follow “must be”."""
    text = f"{value:.17g}" if isinstance(value, float) else str(value)
    figure = text.strip().removesuffix("%").strip()
    try:
        written = Decimal(figure)
    except InvalidOperation:
        raise ValueError(_LIMIT_RULE) from None
    if not (written.is_finite() and _LEAST <= written < _MOST):
        raise ValueError(_LIMIT_RULE)
    # No share is above 1: whoever writes 20 means 20 %.
    share = written / 100 if "%" in text or written > 1 else written
    basis_points = share * WHOLE_BP
    if share >= 1 or basis_points != int(basis_points):
        raise ValueError(f"{_LIMIT_RULE}, in steps of a hundredth of a percent")
    return int(basis_points)


def _limit(value: object) -> int:
    try:
        return limit_of(value)
    except ValueError as error:
        raise ValueError(f"must be {error}") from None


def _basis(value: object) -> LimitBasis:
    try:
        return LimitBasis(str(value))
    except ValueError:
        raise ValueError(f"must be one of {', '.join(LimitBasis)}") from None


def _rule(text: str) -> str:
    return read_cadence(text).rule


class PlanFile(BaseModel):
    """The fields of a policy that a backtest goes by."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    limit_bp: Annotated[int, BeforeValidator(_limit)] = Field(default=500, alias="limit")
    sample: int = 20
    floor: int = 0
    tighten: int = MAX_TIGHTEN
    cadence: Annotated[str, AfterValidator(_rule)] = MONDAYS
    zone: str = "UTC"
    volume_min: int = 1
    volume_max: int = MOST_OUTPUTS
    limit_basis: Annotated[LimitBasis, BeforeValidator(_basis)] = LimitBasis.PER_WEEK


KNOWN: Final = tuple(field.alias or name for name, field in PlanFile.model_fields.items())


@dataclass(frozen=True, slots=True)
class Wished:
    """What the options say of the plan; what they leave out is the file's, or usual."""

    limit_bp: int | None
    sample: int | None


def read_plan(wished: Wished, name: str = "", text: bytes | None = None) -> Policy:
    """Give the policy that is tried, from a file's text if there is one.

    Raises Failed, naming the field that cannot be.
    """
    plan = PlanFile() if text is None else _filled(name, _fields(name, text))
    chosen = plan.model_dump() | {
        field: value
        for field, value in (("limit_bp", wished.limit_bp), ("sample", wished.sample))
        if value is not None
    }
    policy = Policy(number=1, hours=ALWAYS, **chosen)
    for field, fault in policy_faults(policy).items():
        raise Failed(f"{name}: {field}: {fault}" if name else f"{field}: {fault}")
    return policy


def _fields(name: str, text: bytes) -> Mapping[str, Any]:
    if len(text) > MAX_FILE:
        raise Failed(f"{name} is longer than {MAX_FILE:,} bytes: that is no policy")
    try:
        found = yaml.safe_load(text)
        written = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1} of it " if mark else "it "
        raise Failed(f"{name}: {where}is not YAML") from error
    if not isinstance(found, dict):
        raise Failed(
            f"{name} does not name the fields of a policy: write `limit: 0.05`, a line each"
        )
    _require_each_once(name, written)
    return found


def _require_each_once(name: str, written: yaml.Node | None) -> None:
    """Refuse a field that is there twice: YAML goes by the last one and says nothing."""
    pairs = written.value if isinstance(written, yaml.MappingNode) else []
    fields = [str(field.value) for field, _ in pairs]
    twice = next((each for each in fields if fields.count(each) > 1), None)
    if twice is not None:
        raise Failed(f"{name}: {twice} is there twice: say it once")


def _filled(name: str, fields: Mapping[str, Any]) -> PlanFile:
    try:
        return PlanFile.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = str(first["loc"][0]) if first["loc"] else "a field"
        if first["type"] in {"extra_forbidden", "invalid_key"}:
            raise Failed(
                f"{name}: {field[:60]!r} is no field that a backtest goes by; there are "
                f"{', '.join(KNOWN)}"
            ) from None
        said = first["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
        raise Failed(f"{name}: {field}: {said}") from None


def limit_option(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> int | None:
    """Give a limit as it is typed on the command line, in basis points."""
    try:
        return None if value is None else limit_of(value)
    except ValueError as error:
        raise click.BadParameter(f"must be {error}") from None
