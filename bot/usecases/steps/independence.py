"""Who may not answer because of what they answered before: two looks are two people's."""

from typing import Final

from bot.domain.authority import WHO, Act
from bot.domain.obligations import Obligation, ObligationKind
from bot.domain.people import Actor
from bot.domain.record import Kind
from bot.domain.refusals import Refused, require_not_over
from bot.domain.registry import Workflow
from bot.domain.requests import barred_from_confirming
from bot.domain.rounds import Look, round_name
from bot.domain.skips import skippers, unsettled
from store.reading import Reading


def barred_from(reading: Reading, workflow: Workflow, owed: Obligation) -> frozenset[str]:
    """Give everybody whose answer to this obligation would not be independent."""
    match owed.kind:
        case ObligationKind.REVIEW:
            of_round = workflow.key, owed.subject
            return second_hands(reading, *of_round) | who_saw(reading, *of_round, Look.SECOND)
        case ObligationKind.SECOND_REVIEW:
            of_round = workflow.key, owed.subject
            saw = who_saw(reading, *of_round, Look.FIRST)
            return first_hands(reading, *of_round) | saw | {workflow.roles.owner}
        case ObligationKind.CONFIRM:
            request = reading.requests.get(workflow.key, owed.subject)
            return barred_from_confirming(request, workflow.roles)
        case ObligationKind.DECIDE if owed.is_critical:
            return frozenset({workflow.roles.owner})
        case ObligationKind.SETTLE | ObligationKind.JUDGE:
            return _who_spoke(reading, workflow, owed)
        case _:
            return frozenset()


def barred_in_role(reading: Reading, workflow: Workflow, owed: Obligation) -> frozenset[str]:
    """Give those of them from whom no answer would be taken, though a role of theirs may give it.

    Whoever could not judge something is not asked for it, and may judge it all the same.
    """
    if owed.kind is ObligationKind.JUDGE:
        return frozenset()
    return barred_from(reading, workflow, owed)


def _who_spoke(reading: Reading, workflow: Workflow, owed: Obligation) -> frozenset[str]:
    """Give those whose own word this would be about."""
    if owed.kind is ObligationKind.JUDGE:
        return who_skipped(reading, workflow.key, owed.subject)
    return judges_of_both(reading, workflow.key, owed.subject) | {workflow.roles.owner}


def who_skipped(reading: Reading, workflow: str, number: int) -> frozenset[str]:
    """Give whoever handed a round in with what they could not judge: a second person has to say."""
    skips = reading.skips.of_round(workflow, number)
    left = unsettled(reading.rounds.items(workflow, number), skips)
    by_output = skippers(skips)
    return frozenset().union(*(by_output[each.output.output_id] for each in left))


def judges_of_both(reading: Reading, workflow: str, number: int) -> frozenset[str]:
    """Give everybody who has handed in verdicts on a round, in whichever look."""
    return reading.rounds.judges(workflow, number, Look.FIRST) | reading.rounds.judges(
        workflow, number, Look.SECOND
    )


def first_hands(reading: Reading, workflow: str, number: int) -> frozenset[str]:
    """Give everybody who has ever drafted a first verdict on a round.

    The record says so: in the tables a draft gives way to the next person's.
    """
    drafters = reading.log.actors_of(Kind.DRAFT_SAVED, round_name(workflow, number))
    return frozenset(reading.people.user_of(drafter) for drafter in drafters)


def second_hands(reading: Reading, workflow: str, number: int) -> frozenset[str]:
    """Give everybody who has handed in second verdicts on a round."""
    return reading.rounds.judges(workflow, number, Look.SECOND)


def who_saw(reading: Reading, workflow: str, number: int, look: Look) -> frozenset[str]:
    """Give everybody who was shown what a look at a round says: blind to it they are no more."""
    shown = reading.log.entries_of(Kind.OUTPUTS_SEEN, round_name(workflow, number))
    seers = {entry.actor for entry in shown if entry.facts["look"] == look}
    return frozenset(reading.people.user_of(each) for each in seers)


def require_independent(
    reading: Reading,
    actor: Actor,
    workflow: Workflow,
    owed: Obligation,
    on: str,
    over: Refused | None,
) -> None:
    """Refuse whoever is barred from answering this; where it has ended `over` says how to them."""
    if actor.user_id not in barred_from(reading, workflow, owed):
        return
    require_not_over(over)
    is_owner = actor.user_id == workflow.roles.owner
    rule, sentence = _WHY_NOT[owed.kind, is_owner]
    if (rule, sentence) == _BOTH_LOOKS and not _has_answered_other(reading, actor, owed):
        rule, sentence = _HAS_SEEN
    raise Refused(rule, sentence, on=on, takes=_TAKES.get(owed.kind, frozenset()))


def _has_answered_other(reading: Reading, actor: Actor, owed: Obligation) -> bool:
    hands = second_hands if owed.kind is ObligationKind.REVIEW else first_hands
    return actor.user_id in hands(reading, owed.workflow, owed.subject)


_BOTH_LOOKS: Final = (
    "may not take both looks",
    "You have answered the other look at this round: each of the two takes its own person.",
)
_HAS_SEEN: Final = (
    "has seen the other look",
    "It is on record that you opened what the other look says: somebody else has to take this one.",
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
# Who may instead, where that is the same person however far it has climbed.
_TAKES: Final = {ObligationKind.DECIDE: WHO[Act.DECIDE_CRITICAL]}
