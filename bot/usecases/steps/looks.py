"""The second look at a round: asked for, released, and compared with the first."""

from typing import Final

from bot.domain.escalation import people_asked
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState, obligation_id
from bot.domain.people import Actor, Circle, Role
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.domain.rounds import DrawnItem, Look, Round
from bot.domain.second_looks import Disagreement, disagreements, second_person
from bot.usecases.steps.independence import judges_of_both
from bot.usecases.steps.messages import tell_person
from bot.usecases.steps.obligations import hasten, hasten_if_left, owe
from bot.usecases.steps.shares import review_of
from bot.usecases.steps.stand_ins import presence_for
from store.reading import Reading
from store.unit_of_work import Work

OTHER_LOOK: Final = {
    Look.FIRST: (Look.SECOND, ObligationKind.SECOND_REVIEW),
    Look.SECOND: (Look.FIRST, ObligationKind.REVIEW),
}


def ask_for_second_look(work: Work, workflow: Workflow, round_: Round, entry: int) -> None:
    """Have a second person owe a look at a drawn round; nobody if there is no such person."""
    second = second_person(workflow.roles)
    if not second:
        return
    owed = owe(work, workflow, ObligationKind.SECOND_REVIEW, round_.number, second)
    kind = MessageKind.SECOND_REQUEST
    tell_person(work, kind, second, workflow, round_.number, entry, owed.id)


def leave_first_look(work: Work, workflow: Workflow, round_: Round) -> None:
    """Have the first look go to the admins if whoever gave the second was the last to give it.

    It is not with them any more, and what shows with whom it is says so.
    """
    owed = work.obligations.find(review_of(round_.workflow, round_.number))
    if owed:
        hasten_if_left(work, workflow, owed)
    if owed and owed.is_open and owed.rung > 0:
        work.outbox.show_anew(owed.id)


def pass_look_on(work: Work, circle: Circle, actor: Actor, owed_id: str) -> None:
    """Have a look climb at once if nobody is left of whom it is asked without this person.

    They are giving the other look or saw what was wrong in it: theirs would not be blind.
    """
    owed = work.obligations.find(owed_id)
    if owed is None or not owed.is_open:
        return
    workflow = work.workflows.get(owed.workflow)
    presence = presence_for(work, workflow, owed, without=actor.user_id)
    if not presence.there(people_asked(owed, workflow.roles, circle)):
        hasten(work, owed.id, without=actor.user_id)


def note_seen(
    work: Work,
    circle: Circle,
    actor: Actor,
    role: Role,
    round_: Round,
    look: Look,
    breach: int | None = None,
) -> None:
    """Put on record, once, that this person was shown a look, on a breach if it was on one.

    The other look passes on to whoever has not seen it.
    """
    facts: dict[str, object] = {"workflow": round_.workflow, "round": round_.number, "look": look}
    if breach is not None:
        facts["breach"] = breach
    me = work.pseudonym_of(actor.user_id)
    shown = work.log.entries_of(Kind.OUTPUTS_SEEN, round_.name)
    if any(each.actor == me and each.facts == facts for each in shown):
        return
    work.record(Kind.OUTPUTS_SEEN, round_.name, facts, role=role, policy=round_.policy)
    _, kind = OTHER_LOOK[look]
    pass_look_on(work, circle, actor, obligation_id(kind, round_.workflow, round_.number))


def differences(reading: Reading, round_: Round) -> tuple[Disagreement, ...]:
    """Give what the two looks at a round see differently; nothing until both are handed in."""
    policy = reading.workflows.policy(round_.workflow, round_.policy)
    first, second = both_looks(reading, round_)
    return disagreements(first, second, policy.error_whys)


def both_looks(
    reading: Reading, round_: Round
) -> tuple[tuple[DrawnItem, ...], tuple[DrawnItem, ...]]:
    """Give the items of both looks; the first's only once the round is handed in.

    Reviewers hand their shares in before that: neither look is to know of the other by them. What
    was judged later by a second person, since whoever handed in could not, is no first look.
    """
    since = reading.log.entries_of(Kind.OUTPUT_JUDGED, round_.name)
    judged_since = {each.facts["output"] for each in since}
    items = reading.rounds.items(round_.workflow, round_.number)
    first = tuple(each for each in items if each.output.output_id not in judged_since)
    second = reading.rounds.items(round_.workflow, round_.number, Look.SECOND)
    owed = reading.obligations.find(review_of(round_.workflow, round_.number))
    is_handed_in = owed is not None and owed.state is ObligationState.ANSWERED
    return first if is_handed_in else (), second


def ask_to_settle(work: Work, circle: Circle, workflow: Workflow, round_: Round) -> None:
    """Have somebody who gave neither verdict settle what the two looks see differently, if any."""
    if not differences(work, round_):
        return
    settler = _settler(work, circle, workflow, round_)
    owed = owe(work, workflow, ObligationKind.SETTLE, round_.number, settler)
    kind = MessageKind.SETTLE_REQUEST
    tell_person(work, kind, settler, workflow, round_.number, work.last_number, owed.id)


def _settler(work: Work, circle: Circle, workflow: Workflow, round_: Round) -> str:
    """Give the steward, or an admin besides the owner if the steward gave one of the verdicts.

    If nobody is left it stays with the steward, who is passed on record, and climbs.
    """
    judges = judges_of_both(work, workflow.key, round_.number) | {workflow.roles.owner}
    steward = workflow.roles.steward
    free = [user_id for user_id in (steward, *sorted(circle.admins)) if user_id not in judges]
    return free[0] if free else steward
