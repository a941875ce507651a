"""Who may not answer because of what they answered before: two looks are two people's."""

from typing import Final

from bot.domain.obligations import Obligation, ObligationKind
from bot.domain.people import Actor
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import Workflow
from bot.domain.requests import barred_from_confirming
from bot.domain.rounds import Look, Round
from store.reading import Reading


def barred_from(reading: Reading, workflow: Workflow, owed: Obligation) -> frozenset[str]:
    """Give everybody whose answer to this obligation would not be independent."""
    match owed.kind:
        case ObligationKind.REVIEW:
            return reading.rounds.judges(workflow.key, owed.subject, Look.SECOND)
        case ObligationKind.SECOND_REVIEW:
            round_ = reading.rounds.get(workflow.key, owed.subject)
            return first_hands(reading, round_) | {workflow.roles.owner}
        case ObligationKind.CONFIRM:
            request = reading.requests.get(workflow.key, owed.subject)
            return barred_from_confirming(request, workflow.roles)
        case ObligationKind.DECIDE if owed.is_critical:
            return frozenset({workflow.roles.owner})
        case ObligationKind.SETTLE:
            return judges_of_both(reading, workflow.key, owed.subject) | {workflow.roles.owner}
        case _:
            return frozenset()


def judges_of_both(reading: Reading, workflow: str, number: int) -> frozenset[str]:
    """Give everybody who has handed in verdicts on a round, in whichever look."""
    return reading.rounds.judges(workflow, number, Look.FIRST) | reading.rounds.judges(
        workflow, number, Look.SECOND
    )


def first_hands(reading: Reading, round_: Round) -> frozenset[str]:
    """Give everybody who has ever drafted a first verdict on a round.

    The record says so: in the tables a draft gives way to the next person's.
    """
    drafters = reading.log.actors_of(Kind.DRAFT_SAVED, round_.name)
    return frozenset(reading.people.user_of(drafter) for drafter in drafters)


def require_independent(
    reading: Reading, actor: Actor, workflow: Workflow, owed: Obligation, on: str
) -> None:
    """Refuse whoever is barred from answering this obligation."""
    if actor.user_id not in barred_from(reading, workflow, owed):
        return
    rule, sentence = _WHY_NOT[owed.kind, actor.user_id == workflow.roles.owner]
    raise Refused(rule, sentence, on=on)


_BOTH_LOOKS: Final = (
    "may not take both looks",
    "You have answered the other look at this round: each of the two takes its own person.",
)
# By what is owed, and whether it is the owner who is barred.
_WHY_NOT: Final = {
    (ObligationKind.REVIEW, True): _BOTH_LOOKS,
    (ObligationKind.REVIEW, False): _BOTH_LOOKS,
    (ObligationKind.SECOND_REVIEW, True): (
        "owner may not take the second look",
        "You answer for this workflow: the second look is somebody else's.",
    ),
    (ObligationKind.SECOND_REVIEW, False): _BOTH_LOOKS,
    (ObligationKind.SETTLE, True): (
        "owner may not settle",
        "You answer for this workflow: somebody else has to say which of these answers stands.",
    ),
    (ObligationKind.SETTLE, False): (
        "may not settle own verdict",
        "One of these answers is yours: somebody else has to say which of them stands.",
    ),
    (ObligationKind.DECIDE, True): (
        "owner may not decide a critical breach",
        "You answer for this workflow: a critical breach of it is somebody else's to decide.",
    ),
}
