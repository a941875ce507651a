"""Read-only: what a message shows, as of now. Each kind of message has its view."""

from collections.abc import Callable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Final

from bot.domain.cadences import in_words
from bot.domain.escalation import LADDER, LATE, may_answer, pauses_next
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import Obligation, ObligationKind, obligation_id
from bot.domain.outlook import cost_in_words, sight_in_words
from bot.domain.people import Circle, Role
from bot.domain.record import Entry, Kind
from bot.domain.registry import Roles, Workflow
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
from bot.usecases.showing_readers import for_reader, is_for_reader, not_yours
from bot.usecases.steps.drills import gate_in_earnest
from bot.usecases.steps.endings import settled_as
from bot.usecases.steps.holders import holders_of
from bot.usecases.steps.owners import brings_stop
from bot.usecases.steps.proofs import brought_by, held_by, next_of, owner_back, proof_of
from bot.usecases.steps.stand_ins import lent_to
from bot.usecases.steps.time_taken import outlook_for
from bot.usecases.steps.vacancies import back_since, is_for_others, vacancies
from bot.usecases.steps.waiting import confirming
from store.reading import Reading


def view_of(deps: Deps, message: Message) -> views.MessageView:
    """Give what a message shows, from what is true now."""
    with deps.store.read(deps.workspace) as reading:
        if message.kind is MessageKind.NOTICE:
            return _notice(reading, message, deps.circle)
        if message.kind is MessageKind.VACANCY_NOTICE:
            return _vacancy_notice(reading, message, deps.circle)
        owed = reading.obligations.find(message.obligation) if message.obligation else None
        if owed and not is_for_reader(deps, reading, message, owed):
            return not_yours(deps, reading, message, owed)
        shown = _VIEWS[message.kind](reading, message)
        return for_reader(deps, reading, message, owed, shown)


def _accept_request(reading: Reading, message: Message) -> views.AcceptRequest:
    workflow = reading.workflows.get(message.workflow)
    policy = reading.workflows.policy(workflow.key, workflow.policy)
    owed = reading.obligations.get(obligation_id(ObligationKind.ACCEPT, workflow.key, 0))
    naming = _naming(reading, workflow, owed)
    outlook = outlook_for(reading, workflow.key, policy)
    return views.AcceptRequest(
        workflow=workflow.key,
        purpose=reading.log.words(workflow.entry, "purpose"),
        roles=_roles_in(reading, naming),
        requested_by=reading.people.user_of(naming.actor),
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
        is_overdue=owed.is_overdue(reading.now),
        has_left=owed.owed_by in reading.people.gone(),
    )


def _naming(reading: Reading, workflow: Workflow, owed: Obligation) -> Entry:
    """Give what named whoever is to accept: the registration, or a change of the draft since."""
    accepted = reading.log.last_of(Kind.OBLIGATION_ANSWERED, f"obligation/{owed.id}")
    naming = reading.log.entry(workflow.entry)
    owner = reading.log.words(naming.seq, "owner")
    for each in reading.log.entries_of(Kind.ROLES_CHANGED, workflow.name):
        following = reading.log.words(each.seq, "owner")
        if following != owner and (accepted is None or each.seq < accepted.seq):
            naming, owner = each, following
    return naming


def _roles_in(reading: Reading, naming: Entry) -> Roles:
    """Give the people as they were named then: who has come since was not named in this."""
    return Roles(*(reading.log.words(naming.seq, field.name) for field in fields(Roles)))


def _reminder(reading: Reading, message: Message) -> views.Reminder:
    climbed = reading.log.entry(message.entry)
    facts = climbed.facts
    # One that stands there by Slack's word alone names none until it is on record as shown.
    owed = reading.obligations.get(str(facts["obligation"]))
    workflow = reading.workflows.get(owed.workflow)
    named = reading.log.words(message.entry, "asked").split() if "asked_c" in facts else []
    gone = reading.people.gone()
    asked = tuple(each for each in named if each not in gone)
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
        asked=asked,
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
        has_left=owed.owed_by in gone,
        left=tuple(each for each in named if each in gone and each != owed.owed_by),
        stands=gate_in_earnest(reading, workflow),
        brings_stop=brings_stop(reading, workflow, owed),
        brought=brought_by(reading, owed),
        pauses_next=pauses_next(owed),
        back=owner_back(reading, owed),
        held=held_by(reading, owed) if owed.rung > 0 else None,
        settled=settled_as(reading, owed),
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


def _notice(reading: Reading, message: Message, circle: Circle) -> views.Notice:
    takes = {Role(each) for each in message.takes.split(",") if each}
    said = reading.log.entry(message.entry)
    held = holders_of(reading, circle, takes, said.on, str(said.facts.get("rule", "")))
    moved_to = said.facts["to"] if message.place is Place.CHANNEL else ""  # only a move is said so
    # Only that a file does not come is said to a person: what was asked for has had its receipt,
    # and its number would stand beside that of a damaged entry.
    proof = None if message.place is Place.PERSON else proof_of(reading, message.entry)
    return views.Notice(message.sentence, proof, held, moved_to=str(moved_to))


def _vacancy_notice(reading: Reading, message: Message, circle: Circle) -> views.VacancyNotice:
    left = reading.log.entry(message.entry)
    person = reading.people.user_of(left.on.removeprefix("person/"))
    back = back_since(reading, left)
    vacant = () if back else vacancies(reading, circle, person, message.to)
    return views.VacancyNotice(
        person,
        vacant,
        proof_of(reading, message.entry),
        back,
        is_for_others=not back and not vacant and is_for_others(reading, circle, person),
    )


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
