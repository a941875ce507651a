"""What time brings: everything that has fallen due, and what handles each of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.usecases import (
    Deps,
    absences,
    attesting,
    digests,
    drills,
    escalation,
    measurements,
    sampling,
)
from store.reading import Reading


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that is due. Whoever handles it looks again, and tells whether it still was."""

    name: str
    handle: Callable[[Deps, str], bool]


_Named = Callable[[Reading, datetime], tuple[str, ...]]
_Handled = Callable[[Deps, str], bool]

# In the order in which they are handled. What one stage brings about may be due by now, too.
_STAGES: Final[tuple[tuple[tuple[_Named, _Handled], ...], ...]] = (
    (
        (drills.drills_over, drills.end_unheard),
        (absences.absences_due, absences.turn_absence),
        (escalation.obligations_due, escalation.climb_obligation),
        (sampling.rounds_due, sampling.turn_round),
        (attesting.attestations_due, attesting.ask_to_attest),
        (drills.drills_due, drills.ask_to_drill),
        (measurements.measurements_due, measurements.notice_silence),
    ),
    # Last of all: a digest says how things stand, and after a pause they do not stand yet.
    ((digests.digests_due, digests.write_digest),),
)


def stages_due(deps: Deps, now: datetime) -> tuple[tuple[Due, ...], ...]:
    """Give what is due, found in one look: each stage is for when nothing came of those before."""
    with deps.store.read(deps.workspace) as reading:
        return tuple(
            tuple(Due(name, handle) for named, handle in stage for name in named(reading, now))
            for stage in _STAGES
        )
