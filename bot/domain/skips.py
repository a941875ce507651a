"""What cannot be judged: owed until it has a verdict, or a second person says so too."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.registry import Roles
from bot.domain.rounds import DrawnItem, Look


@dataclass(frozen=True, slots=True)
class Skip:
    """That one person cannot judge one output. `entry` holds the reason."""

    workflow: str
    round: int
    look: Look
    output_id: str
    skipped_by: str
    entry: int


def unsettled(items: Iterable[DrawnItem], skips: Iterable[Skip]) -> tuple[DrawnItem, ...]:
    """Give what has no verdict and one person alone has said of that it cannot be judged."""
    who = skippers(skips)
    return tuple(
        each
        for each in items
        if each.verdict is None and len(who.get(each.output.output_id, ())) == 1
    )


def skippers(skips: Iterable[Skip]) -> dict[str, frozenset[str]]:
    """Give by output who could not judge it in a first look."""
    found: dict[str, frozenset[str]] = {}
    for each in skips:
        if each.look is Look.FIRST:
            found[each.output_id] = found.get(each.output_id, frozenset()) | {each.skipped_by}
    return found


def asked_to_judge(roles: Roles, skipped_by: str) -> str:
    """Give who is asked about what somebody could not judge: the first named besides them.

    If nobody else is named it is with the owner, who is passed on record, and climbs.
    """
    named = (roles.backup, roles.steward, roles.technical_owner, roles.owner)
    return next((each for each in named if each not in {"", skipped_by}), roles.owner)
