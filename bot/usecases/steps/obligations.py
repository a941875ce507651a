"""What people owe: opened, ended, hastened, put off."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from bot.domain import obligations
from bot.domain.escalation import LAST, is_left_to_admins, people_reached, undelivered
from bot.domain.messages import OF_SHARES, Message, MessageKind, Place
from bot.domain.obligations import Moved, Obligation, ObligationKind, ObligationState
from bot.domain.people import Circle, Role
from bot.domain.policy import Policy
from bot.domain.record import Entry, Kind
from bot.domain.registry import Workflow
from bot.usecases.steps.independence import barred_from
from bot.usecases.steps.messages import ask, asking
from bot.usecases.steps.shares import take_all_back, tell_owner
from bot.usecases.steps.stand_ins import presence_for
from store.unit_of_work import Work, timestamp

_END = {
    ObligationState.ANSWERED: Kind.OBLIGATION_ANSWERED,
    ObligationState.SUPERSEDED: Kind.OBLIGATION_SUPERSEDED,
    ObligationState.LAPSED: Kind.OBLIGATION_LAPSED,
}


def owe(
    work: Work,
    workflow: Workflow,
    kind: ObligationKind,
    subject: int,
    owed_by: str,
    *,
    due_at: datetime | None = None,
    is_critical: bool = False,
) -> Obligation:
    """Open an obligation, on record; its time is counted in the calendar of the policy in force."""
    obligation = obligations.owe(
        kind,
        workflow.key,
        subject,
        owed_by,
        work.now,
        policy_of(work, workflow).working,
        due_at=due_at,
        is_critical=is_critical,
    )
    work.obligations.add(obligation)
    allowed = obligations.allowed_time(kind, is_critical=is_critical)
    work.record(
        Kind.OBLIGATION_OPENED,
        f"obligation/{obligation.id}",
        {
            "obligation": obligation.id,
            "kind": kind,
            "workflow": workflow.key,
            "subject": subject,
            "due_at": timestamp(obligation.due_at),
            "allowed": None if due_at else str(allowed),
            "critical": is_critical,
        },
        words={"owed_by": owed_by},
        policy=workflow.policy,
    )
    ask_in_place_of(work, workflow, obligation, owed_by)
    return work.obligations.get(obligation.id)


def ask_in_place_of(work: Work, workflow: Workflow, owed: Obligation, user_id: str) -> None:
    """Ask whoever stands in for somebody who is away; if nobody does, or they left, climb at once.

    So does what they are barred from. Nothing happens if they are there.
    """
    presence = presence_for(work, workflow, owed)
    if user_id not in {*presence.gone, *presence.absent, *presence.barred}:
        return
    if stand_in := presence.there([user_id]):
        _delegate(work, workflow, owed, user_id, stand_in[0])
    else:
        hasten(work, owed.id)


def ask_also_in_place_of(
    work: Work, workflow: Workflow, owed: Obligation, user_id: str, reached: frozenset[str]
) -> None:
    """Ask whoever stands in for somebody whom it has climbed past: it is theirs to answer, too.

    Nothing is hastened if nobody does, and nobody is asked whom it has `reached` by now.
    """
    presence = presence_for(work, workflow, owed)
    if user_id in presence.absent:
        for stand_in in set(presence.there([user_id])) - reached:
            _delegate(work, workflow, owed, user_id, stand_in)


def _delegate(
    work: Work, workflow: Workflow, owed: Obligation, user_id: str, stand_in: str
) -> None:
    """Have somebody asked who stands in. Whoever is away owes it as before, and may answer it.

    Nobody is asked again while whoever they were asked for is away: of several absences that begin
    at once the first to be noticed finds who stands in at the end, and the others find the same
    person again. For a former holder they were asked of what was theirs then.
    """
    reached = people_reached(owed, workflow.roles, Circle()) | {user_id}
    known = {
        each.number
        for each in work.absences.in_force(work.now)
        if owed.rung == LAST or each.person in reached  # on the last rung it may be an admin
    }
    if _is_asked(work, owed, stand_in, known):
        work.outbox.show_anew(owed.id)  # the cards say who is away
    else:
        delegate(work, workflow, owed, user_id, stand_in)


def delegate(work: Work, workflow: Workflow, owed: Obligation, user_id: str, stand_in: str) -> None:
    """Have somebody asked in the place of who is away, on record, be they asked before or not."""
    away = next(each for each in work.absences.in_force(work.now) if each.person == user_id)
    seq = work.record(
        Kind.OBLIGATION_DELEGATED,
        f"obligation/{owed.id}",
        {"obligation": owed.id, "absence": away.number},
        words={"away": user_id, "asked": stand_in},
        policy=workflow.policy,
        prior=away.entry,
    )
    ask(work, workflow, owed, stand_in, seq)
    work.outbox.refresh_cards(owed.id, seq)


def _is_asked(work: Work, owed: Obligation, stand_in: str, absences: AbstractSet[int]) -> bool:
    """Tell whether somebody was the last to be asked because of one of these absences."""
    about = f"obligation/{owed.id}"
    delegated = work.entries_of(Kind.OBLIGATION_DELEGATED, about)
    climbed = work.entries_of(Kind.OBLIGATION_CLIMBED, about)
    last: dict[object, int] = {}
    for each in sorted((*delegated, *climbed), key=lambda entry: entry.seq):
        if "asked_c" in each.facts:
            last |= dict.fromkeys(because_of(each), each.seq)
    asked = {last[number] for number in absences & last.keys()}
    return any(stand_in in work.words_of(seq, "asked").split() for seq in asked)


def because_of(asked: Entry) -> Sequence[object]:
    """Give the absences, by number, because of which somebody was asked."""
    one, several = asked.facts.get("absence"), asked.facts.get("absences")
    return several if isinstance(several, Sequence) else (one,)


def pass_on(work: Work, workflow: Workflow, owed: Obligation, to: str, because: int) -> None:
    """Make an obligation another person's, on record, as it stands: its time runs on.

    Whoever is barred from it by what they answered before is not asked: it climbs at once, unless
    it has climbed to somebody who is there.
    """
    moved = replace(owed, owed_by=to)
    work.obligations.save(moved)
    seq = work.record(
        Kind.OBLIGATION_PASSED_ON,
        f"obligation/{owed.id}",
        {"obligation": owed.id, "workflow": workflow.key},
        words={"owed_by": to},
        policy=workflow.policy,
        prior=because,
    )
    if to not in barred_from(work, workflow, moved):
        ask(work, workflow, owed, to, seq)
    work.outbox.refresh(owed.id, seq)
    is_shared = moved.kind is ObligationKind.REVIEW and work.shares.of_round(
        workflow.key, owed.subject
    )
    if is_shared:
        tell_owner(work, workflow, owed.subject, seq)
    if moved.rung > 0:  # others were asked since, who may be there
        reached = people_reached(moved, workflow.roles, Circle())
        ask_also_in_place_of(work, workflow, moved, to, reached)
        hasten_if_left(work, workflow, moved)
    else:
        ask_in_place_of(work, workflow, moved, to)


def end(
    work: Work,
    obligation: Obligation,
    state: ObligationState = ObligationState.ANSWERED,
    *,
    role: Role | None = None,
    because: int | None = None,
) -> int:
    """End an obligation, on record, and spend the buttons of every message that asked for it.

    With a review ends what reviewers still have of it.
    """
    if obligation.kind is ObligationKind.REVIEW:
        take_all_back(work, obligation, role or "")
    work.obligations.save(obligations.ended(obligation, state))
    seq = work.record(
        _END[state],
        f"obligation/{obligation.id}",
        {"obligation": obligation.id},
        role=role or "",
        prior=because,
    )
    work.outbox.refresh(obligation.id, seq)
    return seq


def end_if_open(
    work: Work,
    obligation_id: str,
    state: ObligationState = ObligationState.ANSWERED,
    *,
    role: Role | None = None,
    because: int | None = None,
) -> None:
    obligation = work.obligations.find(obligation_id)
    if obligation and obligation.is_open:
        end(work, obligation, state, role=role, because=because)


def hasten(work: Work, obligation_id: str, *, without: str = "") -> None:
    """Make an obligation climb at once: whom it has reached cannot answer. The last rung waits.

    `without` is somebody whose answer does not count because of what this transaction records.
    """
    owed = work.obligations.find(obligation_id)
    if owed and owed.is_open:
        workflow = work.workflows.get(owed.workflow)
        presence = presence_for(work, workflow, owed, without=without)
        work.obligations.save(undelivered(owed, workflow.roles, presence, work.now))


def hasten_if_left(work: Work, workflow: Workflow, owed: Obligation) -> None:
    """Make an obligation climb at once if nobody but an admin can answer it any more."""
    presence = presence_for(work, workflow, owed)
    if owed.is_open and is_left_to_admins(owed, workflow.roles, presence):
        hasten(work, owed.id)


def hasten_undelivered(work: Work, message: Message) -> None:
    """Hasten an obligation whose request could not be delivered to whom it has reached.

    That it did not reach anybody else is no reason, nor is a copy of what was for the channel.
    """
    owed = work.obligations.find(message.obligation)
    if owed and _asks_now(work, owed, message):
        hasten(work, owed.id)


def _asks_now(work: Work, owed: Obligation, message: Message) -> bool:
    if message.kind in OF_SHARES:
        return False
    is_copy = bool(message.sentence)  # whose reader may have asked for it, or only be told
    if owed.rung <= 0:
        is_asking = message.place is Place.PERSON and message.kind is asking(owed)
        return message.to == owed.owed_by or (is_asking and not is_copy)
    is_reminder = message.kind is MessageKind.REMINDER
    return is_reminder and not is_copy and work.entry(message.entry).facts["rung"] == owed.rung


def grant_grace(work: Work, message: Message, row_id: int) -> Moved | None:
    """Move what is owed by as much as its request came late, within the policy's grace.

    Gives what was moved, or None if nothing is. Only the first showing of a request counts.
    """
    is_request = message.obligation and message.kind not in OF_SHARES
    owed = work.obligations.find(message.obligation) if is_request else None
    if owed is None or not owed.is_open or work.outbox.has_shown(owed.id):
        return None
    policy = policy_under(work, owed)
    moved = obligations.delivered_late(owed, work.now, policy.delivery_grace, policy.working)
    if moved is owed or work.outbox.was_shown(owed.id, but=row_id):
        return None
    work.obligations.save(moved)
    return Moved(owed.due_at, moved.due_at)


def policy_under(work: Work, owed: Obligation) -> Policy:
    """Give the policy that was in force when this was opened: it is counted in that to its end."""
    opened = work.log.last_of(Kind.OBLIGATION_OPENED, f"obligation/{owed.id}")
    if opened is None or opened.policy is None:
        raise LookupError(f"{owed.id} was opened under no policy")
    return work.workflows.policy(owed.workflow, opened.policy)


def policy_of(work: Work, workflow: Workflow) -> Policy:
    """Give the policy in force."""
    return work.workflows.policy(workflow.key, workflow.policy)
