"""Whether a round has to prove its limit, as it stands in this transaction."""

from datetime import datetime

from bot.domain.gate import RESUMED
from bot.domain.policy import Policy
from bot.domain.proving import is_proven
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.domain.rounds import Round
from store.reading import Reading


def to_prove(reading: Reading, workflow: Workflow, policy: Policy, number: int) -> int:
    """Give how many a round that is opened now draws at least to prove its limit; 0 if none.

    None has to once one that was opened since the last resume has done so.
    """
    if not policy.proves_first:
        return 0
    closed = [
        (each, reading.workflows.policy(workflow.key, each.policy).limit_bp)
        for each in reading.rounds.closed(workflow.key, number)
    ]
    since = _resumed_at(reading, workflow)
    return 0 if is_proven(closed, policy.limit_bp, since) else policy.to_prove


def said_to_prove(reading: Reading, round_: Round, policy: Policy) -> int:
    """Give how many a round draws at least to prove its limit, as its opening says; 0 if none."""
    if not policy.proves_first:
        return 0
    opened = reading.log.last_of(Kind.ROUND_OPENED, round_.name)
    said = opened.facts["to_prove"] if opened else None
    return said if isinstance(said, int) else 0


def _resumed_at(reading: Reading, workflow: Workflow) -> datetime | None:
    moves = reading.log.entries_of(Kind.GATE_CHANGED, workflow.name)
    resumed = [each.ts for each in moves if each.facts["cause"] == RESUMED]
    return datetime.fromisoformat(resumed[-1]) if resumed else None
