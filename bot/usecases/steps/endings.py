"""What took the place of something that was asked: of each kind, as its own card says it."""

from bot.domain.endings import Settled, settled_in_words
from bot.domain.obligations import Obligation, ObligationKind, over
from bot.domain.refusals import Refused
from bot.usecases.steps.proofs import settled
from bot.usecases.steps.proposals import settled_handover
from bot.usecases.steps.requests import WITHOUT_ASKER, settled_request
from store.reading import Reading


def settled_as(reading: Reading, owed: Obligation) -> Settled | None:
    """Give what took its place, or whose word ended it; None if it ended otherwise, or is open."""
    came = _of_its_subject(reading, owed) or settled(reading, owed.id)
    is_of_nobody = came is not None and came.kind in WITHOUT_ASKER and not came.asker
    return None if is_of_nobody else came


def over_as(reading: Reading, owed: Obligation) -> Refused | None:
    """Give what is said of what has ended to who presses too late; None while it is open."""
    came = settled_as(reading, owed)
    return over(owed, settled_in_words(came) if came else "")


def _of_its_subject(reading: Reading, owed: Obligation) -> Settled | None:
    match owed.kind:
        case ObligationKind.CONFIRM:
            request = reading.requests.get(owed.workflow, owed.subject)
            return settled_request(reading, request)
        case ObligationKind.TAKE_OVER:
            proposed = reading.handovers.find(owed.workflow, owed.subject)
            return settled_handover(reading, proposed) if proposed else None
        case _:
            return None
