"""What every message shows beside its matter: its place in the record, and who is asked next."""

from datetime import datetime

from bot.domain.escalation import LAST, next_rung
from bot.domain.obligations import Obligation, ObligationState
from bot.domain.proof import Proof
from bot.rendering import views
from store.reading import Reading


def proof_of(reading: Reading, entry: int) -> Proof:
    """Give the place of an entry in the record, with the first root that covers it."""
    return Proof(entry, reading.log.proof_of(entry).root)


def is_of_sandbox(reading: Reading) -> bool:
    """Tell whether the record goes by a sandbox's clock, which stands still unless it is moved."""
    return reading.log.entry(0).facts.get("clock") == "sandbox"


def next_of(owed: Obligation, now: datetime) -> views.Next | None:
    """Say whom silence reaches next and when.

    That is nobody once the obligation has ended, and none who are to be asked this very moment.
    """
    if owed.state is not ObligationState.OPEN or owed.climbs_at <= now:
        return None
    return views.Next(next_rung(owed).role, owed.climbs_at, is_again=owed.rung == LAST)
