"""What every message shows beside its matter: its place in the record, and who is asked next."""

from bot.domain.escalation import next_rung
from bot.domain.obligations import Obligation, ObligationState
from bot.domain.proof import Proof
from bot.rendering import views
from store.reading import Reading


def proof_of(reading: Reading, entry: int) -> Proof:
    """Give the place of an entry in the record, with the first root that covers it."""
    return Proof(entry, reading.log.proof_of(entry).root)


def next_of(owed: Obligation) -> views.Next | None:
    """Say whom silence reaches next; nobody once the obligation has ended."""
    if owed.state is not ObligationState.OPEN:
        return None
    return views.Next(next_rung(owed).role, owed.climbs_at)
