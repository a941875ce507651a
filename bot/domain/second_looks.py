"""A second look: a tenth of each round is judged again, blind, by somebody besides the owner."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.registry import Roles
from bot.domain.rounds import DrawnItem, Look
from bot.domain.verdicts import Answer, Judgement, Why


class NoSecondLook(StrEnum):
    """Why nobody owes a second look at a round."""

    NOTHING_DRAWN = "nothing was drawn"
    RETIRED = "the workflow is retired"
    NOBODY = "nobody besides the owner holds a role"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One output of which the two looks say different things. Both have their verdict."""

    first: DrawnItem
    second: DrawnItem

    @property
    def output_id(self) -> str:
        return self.second.output.output_id


@dataclass(frozen=True, slots=True)
class Settlement:
    """Which of the two looks at an output stands. `entry` holds the reason."""

    workflow: str
    round: int
    output_id: str
    stands: Look
    settled_by: str
    entry: int


def second_person(roles: Roles) -> str:
    """Give who owes the second look: the first besides the owner, or an empty string if none is."""
    named = (roles.backup, roles.steward, roles.technical_owner)
    return next((user_id for user_id in named if user_id not in {"", roles.owner}), "")


def looked_at_twice(first: Iterable[DrawnItem], second: Iterable[DrawnItem]) -> int:
    """Count the outputs of which both looks have handed in a verdict."""
    return len(judged_by_both(first, second))


def disagreements(
    first: Iterable[DrawnItem], second: Iterable[DrawnItem], error_whys: tuple[Why, ...]
) -> tuple[Disagreement, ...]:
    """Give what the two looks see differently, in the order of the second."""
    return tuple(
        Disagreement(one, other)
        for one, other in judged_by_both(first, second)
        if one.verdict and other.verdict and _differ(one.verdict, other.verdict, error_whys)
    )


def judged_by_both(
    first: Iterable[DrawnItem], second: Iterable[DrawnItem]
) -> tuple[tuple[DrawnItem, DrawnItem], ...]:
    """Give the outputs of which both looks have handed in a verdict, in the order of the second."""
    judged = {item.output.output_id: item for item in first if item.verdict}
    return tuple(
        (judged[item.output.output_id], item)
        for item in second
        if item.verdict and item.output.output_id in judged
    )


def _differ(one: Judgement, other: Judgement, error_whys: tuple[Why, ...]) -> bool:
    if (one.answer is Answer.CORRECT) is not (other.answer is Answer.CORRECT):
        return True
    return one.is_error(error_whys) is not other.is_error(error_whys)
