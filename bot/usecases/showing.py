"""Read-only: what a message shows, as of now. Each kind of message has its view."""

from collections.abc import Callable
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from bot.domain.cadences import in_words
from bot.domain.escalation import LADDER, LATE, OtherWay, may_answer, other_way
from bot.domain.evidence import (
    Result,
    best_bound,
    judged_later,
    rate_bound,
    result_of,
    worst_rate,
)
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import Obligation, ObligationKind, ObligationState, obligation_id
from bot.domain.outlook import cost_in_words, sight_in_words
from bot.domain.people import Actor, Circle, Origin
from bot.domain.policy import Policy
from bot.domain.record import Entry
from bot.domain.registry import Roles, Workflow, roles_of
from bot.domain.rounds import DrawnItem, Look, Round, RoundState
from bot.domain.second_looks import looked_at_twice
from bot.domain.series import category_of, speaks_against
from bot.domain.skips import skippers
from bot.rendering import views
from bot.usecases import (
    Deps,
    showing_breaches,
    showing_gates,
    showing_people,
    showing_reports,
    showing_requests,
    showing_shares,
)
from bot.usecases.steps.looks import both_looks, differences
from bot.usecases.steps.proofs import next_of, proof_of
from bot.usecases.steps.series import stood_since
from bot.usecases.steps.skips import to_judge
from bot.usecases.steps.stand_ins import is_asked
from bot.usecases.steps.time_taken import outlook_for
from store.reading import Reading

_Asked = TypeVar("_Asked", bound=views.RoundRequest)


def view_of(deps: Deps, message: Message) -> views.MessageView:
    """Give what a message shows, from what is true now."""
    with deps.store.read(deps.workspace) as reading:
        owed = reading.obligations.find(message.obligation) if message.obligation else None
        if owed and owed.is_open and not _is_for_reader(deps, reading, message, owed):
            return _not_yours(reading, message, owed)
        shown = _VIEWS[message.kind](reading, message)
        if isinstance(shown, views.Reminder) and not shown.may_answer:
            way = _other_way(deps.circle, reading, message, shown)
            return replace(shown, other_way=way)
        return shown


def _is_for_reader(deps: Deps, reading: Reading, message: Message, owed: Obligation) -> bool:
    """Tell whether what is asked is asked of who reads it: roles pass on, absences end."""
    is_of_share = message.kind is MessageKind.SHARE_REQUEST  # it says itself what is by now
    if is_of_share or message.place is not Place.PERSON or message.sentence:
        return True  # what could not reach its channel is as it would be there
    workflow = reading.workflows.get(owed.workflow)
    if message.kind is MessageKind.BREACH_CARD and message.to in asdict(workflow.roles).values():
        return True  # whoever owes the next step
    now = deps.store.clock.now()
    return is_asked(reading, deps.circle, message.to, workflow, owed, now)


def _not_yours(reading: Reading, message: Message, owed: Obligation) -> views.NotYours:
    return views.NotYours(
        kind=owed.kind,
        workflow=owed.workflow,
        subject=owed.subject,
        owed_by="" if owed.owed_by == message.to else owed.owed_by,
        proof=proof_of(reading, message.entry),
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
        next=next_of(owed, reading.now),
        proof=proof_of(reading, message.entry),
        limits=tuple(map(str, policy.limits)),
    )


def _roles_to_accept(reading: Reading, workflow: Workflow, owed: Obligation) -> Roles:
    """Give the people as they were registered: who has come since was not named in this."""
    named = (field.name for field in fields(Roles))
    registered = Roles(*(reading.log.words(workflow.entry, name) for name in named))
    return registered if registered.owner == owed.owed_by else workflow.roles


def _round_card(reading: Reading, message: Message) -> views.RoundCard:
    workflow = reading.workflows.get(message.workflow)
    round_ = reading.rounds.get(message.workflow, message.subject)
    policy = reading.workflows.policy(workflow.key, round_.policy)
    owed = reading.obligations.find(
        obligation_id(ObligationKind.REVIEW, workflow.key, round_.number)
    )
    items = reading.rounds.items(workflow.key, round_.number)
    sizes = reading.outputs.sizes(workflow.key, round_.number)
    result = result_of(items, policy, sizes) if round_.state is RoundState.CLOSED else None
    has_evidence = result is not None and result.drawn > 0
    skipped, waiting = _skipped(reading, round_, owed)
    is_against = _speaks_against(round_, result, policy)
    return views.RoundCard(
        workflow=workflow.key,
        number=round_.number,
        state=round_.state,
        owner=workflow.roles.owner,
        commitment=round_.commitment,
        period_end=round_.drawn_at or round_.period_end,
        population=round_.population,
        sample=len(items),
        due_at=owed.due_at if owed else None,
        seed=round_.seed,
        result=result,
        grade=round_.grade,
        limit_bp=policy.limit_bp,
        worst_rate=worst_rate(result) if result and has_evidence else None,
        upper_bound=rate_bound(result) if result and has_evidence else None,
        best_bound=best_bound(result) if result and has_evidence else None,
        is_answerable=owed is not None and owed.is_open,
        is_unrevealed=round_.state is RoundState.CLOSED and not round_.seed,
        looks=_two_looks(reading, round_),
        proof=proof_of(reading, message.entry),
        later=judged_later(items, policy),
        skipped=skipped,
        unjudged=waiting,
        planned=round_.sample,
        usual=round_.usual,
        tightened_by=round_.tightened_by,
        points_to=round_.points_to,
        category=category_of(round_.points_to),
        baseline_bp=round_.baseline_bp,
        speaks_against=is_against,
        stood_since=stood_since(reading, round_) if is_against else 0,
    )


def _speaks_against(round_: Round, result: Result | None, policy: Policy) -> bool:
    about = round_.points_to
    if not about or result is None or not result.judged:
        return False
    return speaks_against(about, result, policy.limit_bp, round_.baseline_bp)


def _skipped(reading: Reading, round_: Round, owed: Obligation | None) -> tuple[int, int]:
    """Count what could not be judged of a round that is handed in, and what of it waits."""
    if owed is None or owed.state is not ObligationState.ANSWERED:
        return 0, 0
    skipped = _skipped_items(reading, round_.workflow, round_.number)
    waiting = to_judge(reading, round_.workflow, round_.number) if skipped else ()
    return sum(not each.verdict for each in skipped), len(waiting)


def _skipped_items(reading: Reading, workflow: str, number: int) -> tuple[DrawnItem, ...]:
    """Give what somebody could not judge and nobody has judged in time."""
    skipped = skippers(reading.skips.of_round(workflow, number))
    items = reading.rounds.items(workflow, number) if skipped else ()
    return tuple(
        each
        for each in items
        if each.output.output_id in skipped and (each.verdict is None or each.is_late)
    )


def _two_looks(reading: Reading, round_: Round) -> views.TwoLooks:
    name = obligation_id(ObligationKind.SECOND_REVIEW, round_.workflow, round_.number)
    if reading.obligations.find(name) is None:
        return views.TwoLooks()
    first, second = both_looks(reading, round_)
    return views.TwoLooks(
        asked=len(second),
        given=looked_at_twice(first, second),
        disagreed=len(differences(reading, round_)),
        settled=len(reading.settlements.of_round(round_.workflow, round_.number)),
    )


def _review_request(reading: Reading, message: Message) -> views.ReviewRequest:
    items = reading.rounds.asked(message.workflow, message.subject)
    done = sum(1 for item in items if item.verdict)
    kind = ObligationKind.REVIEW
    asked = _asked(views.ReviewRequest, kind, reading, message, len(items), done)
    round_ = reading.rounds.get(message.workflow, message.subject)
    return replace(asked, usual=round_.usual, tightened_by=round_.tightened_by)


def _second_request(reading: Reading, message: Message) -> views.SecondRequest:
    items = reading.rounds.items(message.workflow, message.subject, Look.SECOND)
    done = sum(1 for item in items if item.verdict)
    kind = ObligationKind.SECOND_REVIEW
    return _asked(views.SecondRequest, kind, reading, message, len(items), done)


def _settle_request(reading: Reading, message: Message) -> views.SettleRequest:
    round_ = reading.rounds.get(message.workflow, message.subject)
    found = len(differences(reading, round_))
    done = len(reading.settlements.of_round(message.workflow, message.subject))
    return _asked(views.SettleRequest, ObligationKind.SETTLE, reading, message, found, done)


def _judge_request(reading: Reading, message: Message) -> views.JudgeRequest:
    waiting = len(to_judge(reading, message.workflow, message.subject))
    asked = len(_skipped_items(reading, message.workflow, message.subject))
    kind = ObligationKind.JUDGE
    return _asked(views.JudgeRequest, kind, reading, message, asked, asked - waiting)


def _asked(
    view: type[_Asked],
    kind: ObligationKind,
    reading: Reading,
    message: Message,
    items: int,
    done: int,
) -> _Asked:
    owed = reading.obligations.get(obligation_id(kind, message.workflow, message.subject))
    return view(
        workflow=message.workflow,
        number=message.subject,
        items=items,
        done=done,
        due_at=owed.due_at,
        state=owed.state,
        next=next_of(owed, reading.now),
        proof=proof_of(reading, message.entry),
    )


def _reminder(reading: Reading, message: Message) -> views.Reminder:
    owed = reading.obligations.get(message.obligation)
    climbed = reading.log.entry(message.entry)
    facts = climbed.facts
    asked = reading.log.words(message.entry, "asked") if "asked_c" in facts else ""
    absent = reading.log.words(message.entry, "away") if "away_c" in facts else ""
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
        away=tuple(absent.split()),
        may_answer=rung == 0 or not asked or may_answer(owed, LADDER[rung].role),
        due_at=owed.due_at,
        is_overdue=datetime.fromisoformat(climbed.ts) >= owed.due_at,
        state=owed.state,
        passed=str(facts["passed"] or ""),
        consequence=str(facts["consequence"] or ""),
        next=None if has_climbed_on else next_of(owed, reading.now),
        proof=proof_of(reading, message.entry),
        has_climbed_on=has_climbed_on,
        is_for_one=message.place is Place.PERSON,
        was_due_at=_was_due_at(climbed),
    )


def _was_due_at(climbed: Entry) -> datetime | None:
    """Give when a step was due that was taken late enough to be told, else None."""
    late = timedelta(seconds=int(str(climbed.facts["late_seconds"])))
    return datetime.fromisoformat(climbed.ts) - late if late >= LATE else None


def _other_way(
    circle: Circle, reading: Reading, message: Message, reminder: views.Reminder
) -> OtherWay:
    """Give what all those can do whom a reminder asks and who may not answer themselves."""
    workflow = reading.workflows.get(reminder.workflow)
    is_drilled = reading.drills.running(workflow.key) is not None
    asked = (message.to,) if message.place is Place.PERSON else reminder.asked
    held = (roles_of(Actor(Origin.SLACK, each), circle, workflow) for each in asked)
    return other_way(workflow, frozenset.intersection(*held), is_drilled=is_drilled)


def _notice(reading: Reading, message: Message) -> views.Notice:
    return views.Notice(message.sentence, proof_of(reading, message.entry))


_VIEWS: Final[dict[MessageKind, Callable[[Reading, Message], views.MessageView]]] = {
    MessageKind.ACCEPT_REQUEST: _accept_request,
    MessageKind.ROUND_CARD: _round_card,
    MessageKind.REVIEW_REQUEST: _review_request,
    MessageKind.SECOND_REQUEST: _second_request,
    MessageKind.SETTLE_REQUEST: _settle_request,
    MessageKind.JUDGE_REQUEST: _judge_request,
    MessageKind.REMINDER: _reminder,
    MessageKind.NOTICE: _notice,
    MessageKind.EXPORT: _notice,
    **showing_breaches.VIEWS,
    **showing_gates.VIEWS,
    **showing_people.VIEWS,
    **showing_reports.VIEWS,
    **showing_requests.VIEWS,
    **showing_shares.VIEWS,
}
