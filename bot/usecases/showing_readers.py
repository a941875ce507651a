"""What a message is to whoever reads it: what is asked of them, and how they may answer.

Who reads it is not always who is asked: roles pass on, absences end, channels are lost.
"""

from dataclasses import asdict, replace
from typing import TypeVar

from bot.domain.authority import WHO, Act
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import Obligation, ObligationKind, obligation_id
from bot.domain.other_ways import may_pause, other_way
from bot.domain.people import Actor, Circle, Origin
from bot.domain.registry import WorkflowState, roles_of
from bot.rendering import views
from bot.usecases import Deps, showing_gates
from bot.usecases.steps.breaches import owed_next
from bot.usecases.steps.endings import settled_as
from bot.usecases.steps.independence import barred_from
from bot.usecases.steps.proofs import held_by, known_held, known_next, proof_of
from bot.usecases.steps.stand_ins import away_until, is_asked, stood_in_for
from bot.usecases.steps.waiting import due_for, may_answer_now
from store.reading import Reading

_Asked = TypeVar("_Asked", bound=views.RoundRequest)
_Told = TypeVar("_Told", bound=views.Reminder | views.DutyRequest)


def is_for_reader(deps: Deps, reading: Reading, message: Message, owed: Obligation) -> bool:
    """Tell whether what is asked is asked of who reads it: roles pass on, absences end."""
    is_of_share = message.kind is MessageKind.SHARE_REQUEST  # it says itself what is by now
    if is_of_share or message.place is not Place.PERSON or message.sentence:
        return True  # what could not reach its channel is as it would be there
    workflow = reading.workflows.get(owed.workflow)
    if message.kind is MessageKind.BREACH_CARD:  # whoever owes the next step, now or later
        is_named = message.to in asdict(workflow.roles).values()
        return is_named or (owed.is_open and _is_asked_now(deps, reading, message, owed))
    if not owed.is_open:
        return True  # it says itself how it ended
    if message.kind is MessageKind.HANDOVER_REQUEST and _has_proposed(reading, message):
        return True  # whom they proposed has left
    return _is_asked_now(deps, reading, message, owed)


def _is_asked_now(deps: Deps, reading: Reading, message: Message, owed: Obligation) -> bool:
    workflow, now = reading.workflows.get(owed.workflow), deps.store.clock.now()
    return is_asked(reading, deps.circle, message.to, workflow, owed, now)


def _has_proposed(reading: Reading, message: Message) -> bool:
    handover = reading.handovers.find(message.workflow, message.subject)
    return handover is not None and handover.proposed_by == message.to


def not_yours(deps: Deps, reading: Reading, message: Message, owed: Obligation) -> views.NotYours:
    """Give who is asked instead, to somebody of whom nothing is asked any more.

    Nobody is named who is only told of it, and may not answer it themselves.
    """
    held = held_by(reading, owed)
    asked = held.is_with if held else owed.owed_by
    is_there = asked and asked not in reading.people.gone()
    now = deps.store.clock.now()
    may = is_there and may_answer_now(reading, deps.circle, asked, owed, now)
    return views.NotYours(
        kind=owed.kind,
        workflow=owed.workflow,
        subject=owed.subject,
        asked=asked if may else "",
        proof=proof_of(reading, message.entry),
        was=message.kind,
        reviewer=_reviewer(reading, message),
        state=owed.state,
        settled=settled_as(reading, owed),
    )


def _reviewer(reading: Reading, message: Message) -> str:
    """Give of which reviewer a message tells; "" if it tells of none."""
    if message.kind is not MessageKind.REVIEWER_NOTICE:
        return ""
    return reading.shares.get(message.workflow, message.subject).reviewer


def for_reader(
    deps: Deps,
    reading: Reading,
    message: Message,
    owed: Obligation | None,
    shown: views.MessageView,
) -> views.MessageView:
    """Give what is shown with the answers that are this reader's, and what they can do else."""
    if isinstance(shown, views.DutyRequest) and owed and owed.is_open and shown.away:
        shown = _as_asked_now(deps, reading, message, owed, shown)
    if isinstance(shown, views.RoundRequest) and owed and owed.is_open:
        shown = _as_who_they_are(deps, reading, message, owed, shown)
    if isinstance(shown, views.Reminder) and owed and owed.is_open and shown.away:
        lent = _in_whose_place(deps, reading, owed, shown.asked)
        shown = replace(shown, away=tuple(each for each in shown.away if each in lent))
    if isinstance(shown, views.Reminder) and owed and _is_copy(message):
        shown = _addressed(deps, reading, message, owed, shown)
    if isinstance(shown, views.Reminder) and owed and owed.is_open and not shown.may_answer:
        shown = _told_apart(deps, reading, message, owed, shown)
    if isinstance(shown, views.Answerable) and message.place is Place.PERSON:
        shown = _with_own_button(deps, reading, message, shown)
    if isinstance(shown, views.Reminder | views.DutyRequest) and not shown.may_answer:
        shown = _with_other_way(deps.circle, reading, message, shown)
    return _with_whoever_is_there(deps.circle, reading, message, shown)


def _as_asked_now(
    deps: Deps, reading: Reading, message: Message, owed: Obligation, shown: views.DutyRequest
) -> views.DutyRequest:
    """Give what asked somebody in another's place with whose that is by now: roles pass on.

    Whoever stands in for nobody any more is asked as what they are: if a reminder has come to them
    since, it is there.
    """
    theirs = _in_whose_place(deps, reading, owed, (message.to,))
    if theirs:
        lent = _lent(reading, owed, theirs, shown.away)
        return replace(shown, away=lent.person, until=lent.until)
    is_asked_anew = shown.is_asked_anew or reading.outbox.is_reminded_since(message)
    return replace(shown, away="", until=None, is_asked_anew=is_asked_anew)


def _as_who_they_are(
    deps: Deps, reading: Reading, message: Message, owed: Obligation, shown: _Asked
) -> _Asked:
    """Give what asked whoever owed it then with why it asks them by now, if another owes it."""
    if message.to == owed.owed_by:
        return shown
    theirs = _in_whose_place(deps, reading, owed, (message.to,))
    lent = _lent(reading, owed, theirs, owed.owed_by) if theirs else None
    return replace(shown, lent=lent, has_climbed=lent is None)


def _lent(reading: Reading, owed: Obligation, theirs: frozenset[str], first: str) -> views.Lent:
    """Give one of those in whose place somebody is asked: this one, if it is among them."""
    away = first if first in theirs else min(theirs)
    return views.Lent(away, away_until(reading)[away], stays=away == owed.owed_by)


def _is_copy(message: Message) -> bool:
    """Tell whether this reaches a person because it could not reach its channel."""
    return message.place is Place.PERSON and bool(message.sentence)


def _addressed(
    deps: Deps, reading: Reading, message: Message, owed: Obligation, shown: views.Reminder
) -> views.Reminder:
    """Give what was to ask others in the channel as who reads it instead is told of it."""
    if message.to in shown.asked:
        return shown
    due = due_for(reading, deps.circle, message.to, owed, deps.store.clock.now())
    may = due is not None and due.may_answer
    passed = shown.passed if due is None else ""  # nobody else may have been: this one is
    shown = replace(shown, asked=(message.to,), away=(), passed=passed)
    return replace(shown, may_answer=may, is_for_one=False)


def _told_apart(
    deps: Deps, reading: Reading, message: Message, owed: Obligation, shown: views.Reminder
) -> views.Reminder:
    """Give what tells several who may not answer without those of them who stand in and so may.

    To each of these alone, and to them where nobody else was asked, it is a request.
    """
    now = deps.store.clock.now()
    able = [each for each in shown.asked if may_answer_now(reading, deps.circle, each, owed, now)]
    others = tuple(each for each in shown.asked if each not in able)
    is_alone = message.place is Place.PERSON
    if others and not (is_alone and message.to in able):
        return replace(shown, asked=others, able=() if is_alone else tuple(able))
    if not able:
        return shown
    asked = (message.to,) if is_alone else tuple(able)
    away = tuple(sorted(_in_whose_place(deps, reading, owed, asked)))
    return replace(shown, asked=asked, away=away, may_answer=True)


def _in_whose_place(
    deps: Deps, reading: Reading, owed: Obligation, asked: tuple[str, ...]
) -> frozenset[str]:
    """Give everybody whom this has reached and in whose place one of those asked may answer it."""
    workflow, now = reading.workflows.get(owed.workflow), deps.store.clock.now()
    theirs = (stood_in_for(reading, deps.circle, each, workflow, owed, now) for each in asked)
    return frozenset().union(*theirs)


def _with_own_button(
    deps: Deps, reading: Reading, message: Message, shown: views.Answerable
) -> views.Answerable:
    """Give the same, but to whoever reads it alone it offers no answer that is not theirs."""
    owed = _owed(reading, message, shown)
    if owed is None or not owed.is_open:
        return shown
    now = deps.store.clock.now()
    if isinstance(shown, views.AttestRequest):
        workflow = reading.workflows.get(owed.workflow)
        held = roles_of(Actor(Origin.SLACK, message.to), deps.circle, workflow)
        shown = replace(shown, may_change=not held.isdisjoint(WHO[Act.HAND_OVER]))
    return replace(shown, may_answer=may_answer_now(reading, deps.circle, message.to, owed, now))


def _with_other_way(circle: Circle, reading: Reading, message: Message, told: _Told) -> _Told:
    """Give the same with what all those can do who are told of it and may not answer themselves."""
    owed = reading.obligations.get(obligation_id(told.kind, told.workflow, told.subject))
    workflow = reading.workflows.get(told.workflow)
    asked: tuple[str, ...] = (message.to,)
    if isinstance(told, views.Reminder) and message.place is not Place.PERSON:
        asked = told.asked
    held = (roles_of(Actor(Origin.SLACK, each), circle, workflow) for each in asked)
    in_common = frozenset.intersection(*held)
    gone = reading.people.gone().keys()
    way = other_way(
        owed,
        workflow,
        in_common,
        gone,
        barred_from(reading, workflow, owed),
        is_drilled=reading.drills.running(workflow.key) is not None,
        has_admins=bool(circle.admins - gone),
    )
    is_live = workflow.state is WorkflowState.LIVE
    return replace(told, other_way=way, may_pause=is_live and may_pause(in_common))


def _with_whoever_is_there(
    circle: Circle, reading: Reading, message: Message, shown: views.MessageView
) -> views.MessageView:
    """Give the same, but where no admin is there to be asked it says of none that they are."""
    if isinstance(shown, views.GateNotice):
        return showing_gates.with_namers(reading, shown, circle)
    admins = circle.admins - reading.people.gone().keys()
    if isinstance(shown, views.OwnerNeeded):
        shown = replace(shown, has_admins=bool(admins))
    if isinstance(shown, views.ChangeRequest):
        return replace(shown, has_admins=bool(admins - {shown.requested_by}))
    says_who = views.Climbing | views.RoundCard
    owed = _owed(reading, message, shown) if isinstance(shown, says_who) else None
    if owed is None or not isinstance(shown, says_who):
        return shown
    if isinstance(shown, views.HoldingCard | views.Reminder) and shown.held:
        shown = replace(shown, held=known_held(reading, circle, owed, shown.held))
    if isinstance(shown, views.RoundCard) or shown.next is None:
        return shown
    following = known_next(reading, circle, owed, shown.next)
    is_said = isinstance(shown, views.HoldingCard) and shown.held and shown.held.has_nobody
    return replace(shown, next=None if is_said and following.is_nobody else following)


def _owed(reading: Reading, message: Message, shown: views.MessageView) -> Obligation | None:
    """Give what a message asks for; None if it asks for nothing, or for nothing any more."""
    if isinstance(shown, views.BreachCard):  # one card for each of its steps
        return owed_next(reading, reading.breaches.get(shown.workflow, shown.number))
    if isinstance(shown, views.RoundCard):  # which is told of without it, too
        review = obligation_id(ObligationKind.REVIEW, shown.workflow, shown.number)
        return reading.obligations.find(review)
    return reading.obligations.find(message.obligation) if message.obligation else None
