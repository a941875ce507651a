"""Read-only: what a message shows, as of now. Each kind of message has its view."""

from collections.abc import Callable
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.authority import WHO, Act
from bot.domain.cadences import in_words
from bot.domain.escalation import LADDER, LATE, may_answer, pauses_next, people_asked
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import Obligation, ObligationKind, obligation_id
from bot.domain.other_ways import OtherWay, other_way
from bot.domain.outlook import cost_in_words, sight_in_words
from bot.domain.people import Actor, Circle, Origin, Role
from bot.domain.record import Entry
from bot.domain.registry import Roles, Workflow, roles_of
from bot.rendering import views
from bot.usecases import (
    Deps,
    showing_breaches,
    showing_gates,
    showing_people,
    showing_reports,
    showing_requests,
    showing_rounds,
    showing_shares,
)
from bot.usecases.steps.breaches import owed_next
from bot.usecases.steps.drills import gate_in_earnest
from bot.usecases.steps.holders import holders_of
from bot.usecases.steps.owners import brings_stop
from bot.usecases.steps.proofs import (
    brought_by,
    known_admins,
    known_next,
    next_of,
    owner_back,
    proof_of,
)
from bot.usecases.steps.stand_ins import (
    alone_until,
    is_asked,
    lent_to,
    presence_for,
    stands_in_else,
)
from bot.usecases.steps.time_taken import outlook_for
from bot.usecases.steps.vacancies import vacancies
from bot.usecases.steps.waiting import confirming, due_for, may_answer_now
from store.reading import Reading


def view_of(deps: Deps, message: Message) -> views.MessageView:
    """Give what a message shows, from what is true now."""
    with deps.store.read(deps.workspace) as reading:
        if message.kind is MessageKind.NOTICE:
            return _notice(reading, message, deps.circle)
        if message.kind is MessageKind.VACANCY_NOTICE:
            return _vacancy_notice(reading, message, deps.circle)
        owed = reading.obligations.find(message.obligation) if message.obligation else None
        if owed and not _is_for_reader(deps, reading, message, owed):
            return _not_yours(reading, message, owed)
        shown = _VIEWS[message.kind](reading, message)
        if isinstance(shown, views.Reminder) and owed and _is_copy(message):
            shown = _addressed(deps, reading, message, owed, shown)
        if isinstance(shown, views.Answerable) and message.place is Place.PERSON:
            shown = _with_own_button(deps, reading, message, shown)
        if isinstance(shown, views.Reminder | views.DutyRequest) and not shown.may_answer:
            way = _other_way(deps.circle, reading, message, shown)
            shown = replace(shown, other_way=way)
        return _with_whoever_is_there(deps.circle, reading, message, shown)


def _with_whoever_is_there(
    circle: Circle, reading: Reading, message: Message, shown: views.MessageView
) -> views.MessageView:
    """Give the same, but where no admin is there to be asked it says of none that they are."""
    if isinstance(shown, views.GateNotice):
        return showing_gates.with_namers(reading, shown, circle)
    if isinstance(shown, views.OwnerNeeded):
        shown = replace(shown, has_admins=bool(circle.admins - reading.people.gone().keys()))
    says_who = views.Climbing | views.RoundCard
    owed = _owed(reading, message, shown) if isinstance(shown, says_who) else None
    if owed is None or not isinstance(shown, says_who):
        return shown
    if isinstance(shown, views.BreachCard | views.RoundCard) and shown.held:
        shown = replace(shown, held=known_admins(reading, circle, owed, shown.held))
    if isinstance(shown, views.RoundCard) or shown.next is None:
        return shown
    following = known_next(reading, circle, owed, shown.next)
    is_said = isinstance(shown, views.BreachCard) and shown.held and shown.held.has_nobody
    return replace(shown, next=None if is_said and following.is_nobody else following)


def _owed(reading: Reading, message: Message, shown: views.MessageView) -> Obligation | None:
    """Give what a message asks for; None if it asks for nothing, or for nothing any more."""
    if isinstance(shown, views.BreachCard):  # one card for each of its steps
        return owed_next(reading, reading.breaches.get(shown.workflow, shown.number))
    if isinstance(shown, views.RoundCard):  # which is told of without it, too
        review = obligation_id(ObligationKind.REVIEW, shown.workflow, shown.number)
        return reading.obligations.find(review)
    return reading.obligations.find(message.obligation) if message.obligation else None


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


def _is_for_reader(deps: Deps, reading: Reading, message: Message, owed: Obligation) -> bool:
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
    return replace(shown, asked=(message.to,), away=(), may_answer=may, is_for_one=False)


def _not_yours(reading: Reading, message: Message, owed: Obligation) -> views.NotYours:
    workflow = reading.workflows.get(owed.workflow)
    presence = presence_for(reading, workflow, owed)
    # Below the last rung one alone is asked; of the admins none in particular.
    asked = presence.there(people_asked(owed, workflow.roles, Circle()))
    return views.NotYours(
        kind=owed.kind,
        workflow=owed.workflow,
        subject=owed.subject,
        asked=asked[0] if asked else "",
        proof=proof_of(reading, message.entry),
        state=owed.state,
    )


def _accept_request(reading: Reading, message: Message) -> views.AcceptRequest:
    workflow = reading.workflows.get(message.workflow)
    policy = reading.workflows.policy(workflow.key, workflow.policy)
    owed = reading.obligations.get(obligation_id(ObligationKind.ACCEPT, workflow.key, 0))
    registered = reading.log.entry(workflow.entry)
    outlook = outlook_for(reading, workflow.key, policy)
    return views.AcceptRequest(
        workflow=workflow.key,
        purpose=reading.log.words(workflow.entry, "purpose"),
        roles=_roles_to_accept(reading, workflow, owed),
        requested_by=reading.people.user_of(registered.actor),
        plan=policy.plan.in_words,
        cost=cost_in_words(outlook),
        sight=sight_in_words(outlook),
        cadence=in_words(policy.cadence),
        zone=policy.zone,
        hours=policy.hours,
        limit_bp=policy.limit_bp,
        due_at=owed.due_at,
        state=owed.state,
        next=next_of(reading, owed),
        proof=proof_of(reading, message.entry),
        limits=tuple(map(str, policy.limits)),
    )


def _roles_to_accept(reading: Reading, workflow: Workflow, owed: Obligation) -> Roles:
    """Give the people as they were registered: who has come since was not named in this."""
    named = (field.name for field in fields(Roles))
    registered = Roles(*(reading.log.words(workflow.entry, name) for name in named))
    return registered if registered.owner == owed.owed_by else workflow.roles


def _reminder(reading: Reading, message: Message) -> views.Reminder:
    climbed = reading.log.entry(message.entry)
    facts = climbed.facts
    # One that stands there by Slack's word alone names none until it is on record as shown.
    owed = reading.obligations.get(str(facts["obligation"]))
    workflow = reading.workflows.get(owed.workflow)
    asked = reading.log.words(message.entry, "asked") if "asked_c" in facts else ""
    # Whoever took a role since was asked by it alone: that was no step, and brought nothing.
    rung = int(str(facts["rung"]))
    has_climbed_on = (owed.rung, owed.repeats) != (facts["rung"], facts["repeats"])
    return views.Reminder(
        kind=owed.kind,
        workflow=owed.workflow,
        subject=owed.subject,
        rung=rung,
        steps=len(LADDER),
        owed_by=owed.owed_by,
        asked=tuple(asked.split()),
        away=_in_whose_place(reading, workflow, owed, climbed),
        may_answer=rung == 0
        or not asked
        or may_answer(owed, LADDER[rung].role, confirming(reading, owed)),
        due_at=owed.due_at,
        is_overdue=reading.now >= owed.due_at,
        state=owed.state,
        passed=str(facts.get("passed") or ""),
        consequence=str(facts.get("consequence") or ""),
        next=None if has_climbed_on else next_of(reading, owed),
        proof=proof_of(reading, message.entry),
        has_climbed_on=has_climbed_on,
        is_for_one=message.place is Place.PERSON,
        was_due_at=_was_due_at(climbed),
        has_left=owed.owed_by in reading.people.gone(),
        stands=gate_in_earnest(reading, workflow),
        brings_stop=brings_stop(reading, workflow, owed),
        brought=brought_by(reading, owed),
        alone_until=alone_until(reading, workflow, owed),
        stands_in_else=stands_in_else(reading, workflow, owed),
        pauses_next=pauses_next(owed),
        back=owner_back(reading, owed),
    )


def _in_whose_place(
    reading: Reading, workflow: Workflow, owed: Obligation, climbed: Entry
) -> tuple[str, ...]:
    """Give whose stand-ins a step asked. Others of its rung may be away, and nobody stand in."""
    if not {"asked_c", "away_c"} <= climbed.facts.keys():
        return ()
    asked, away = (reading.log.words(climbed.seq, each).split() for each in ("asked", "away"))
    at = datetime.fromisoformat(climbed.ts)
    lent = lent_to(reading, workflow, owed, asked, at)
    return tuple(each for each in away if each in lent)


def _was_due_at(climbed: Entry) -> datetime | None:
    """Give when a step was due that was taken late enough to be told, else None."""
    late = timedelta(seconds=int(str(climbed.facts.get("late_seconds", 0))))
    return datetime.fromisoformat(climbed.ts) - late if late >= LATE else None


def _other_way(
    circle: Circle, reading: Reading, message: Message, told: views.Reminder | views.DutyRequest
) -> OtherWay:
    """Give what all those can do who are told of something and may not answer it themselves."""
    owed = reading.obligations.get(obligation_id(told.kind, told.workflow, told.subject))
    workflow = reading.workflows.get(told.workflow)
    is_drilled = reading.drills.running(workflow.key) is not None
    asked: tuple[str, ...] = (message.to,)
    if isinstance(told, views.Reminder) and message.place is not Place.PERSON:
        asked = told.asked
    held = (roles_of(Actor(Origin.SLACK, each), circle, workflow) for each in asked)
    in_common = frozenset.intersection(*held)
    gone = reading.people.gone().keys()
    has_admins = bool(circle.admins - gone)
    return other_way(owed, workflow, in_common, gone, is_drilled=is_drilled, has_admins=has_admins)


def _notice(reading: Reading, message: Message, circle: Circle) -> views.Notice:
    takes = {Role(each) for each in message.takes.split(",") if each}
    said = reading.log.entry(message.entry)
    held = holders_of(reading, circle, takes, said.on, str(said.facts.get("rule", "")))
    moved_to = said.facts["to"] if message.place is Place.CHANNEL else ""  # only a move is said so
    return views.Notice(
        message.sentence, proof_of(reading, message.entry), held, moved_to=str(moved_to)
    )


def _vacancy_notice(reading: Reading, message: Message, circle: Circle) -> views.VacancyNotice:
    left = reading.log.entry(message.entry)
    person = reading.people.user_of(left.on.removeprefix("person/"))
    vacant = vacancies(reading, circle, person, message.to)
    return views.VacancyNotice(person, vacant, proof_of(reading, message.entry))


def _export(reading: Reading, message: Message) -> views.Notice:
    return views.Notice(message.sentence, proof_of(reading, message.entry))


_VIEWS: Final[dict[MessageKind, Callable[[Reading, Message], views.MessageView]]] = {
    MessageKind.ACCEPT_REQUEST: _accept_request,
    MessageKind.REMINDER: _reminder,
    MessageKind.EXPORT: _export,
    **showing_breaches.VIEWS,
    **showing_gates.VIEWS,
    **showing_people.VIEWS,
    **showing_reports.VIEWS,
    **showing_requests.VIEWS,
    **showing_rounds.VIEWS,
    **showing_shares.VIEWS,
}
