"""People away, stood in for, and handing over: what they and the others are shown."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.absences import AbsenceState
from bot.domain.endings import Settled
from bot.domain.gate import GateState
from bot.domain.handovers import HandoverState
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.other_ways import OtherWay
from bot.domain.people import Role
from bot.domain.proof import Proof
from bot.domain.registry import Roles
from bot.rendering.views.messages import Alone, Held, Next


@dataclass(frozen=True, slots=True)
class DutyRequest:
    """Somebody is asked in another's place, or has become the one who owes it, in a DM.

    `away` is who they stand in for, `until` when that ends; both are empty for what was passed on,
    and where they stand in for nobody by now, but it has climbed to them.
    The button has the action id of its kind. `stands` is where the gate is, a drill apart. Where
    they may not answer, `other_way` is what they can do besides seeing that others do; `may_pause`
    tells whether they could pause it. `brought` is the number of the breach that silence has
    opened, 0 while it has not; `pauses_next` tells that silence pauses the workflow next. `back`:
    see the owner needed. `was_missed`: others were asked while who reads it could not be. `is_own`:
    who reads it owes it. `is_asked_anew`: a newer message asks who reads it for the same.
    """

    kind: ObligationKind
    workflow: str
    subject: int
    owed_by: str
    away: str
    until: datetime | None
    due_at: datetime
    state: ObligationState
    next: Next | None
    proof: Proof
    stands: GateState = GateState.RUN
    may_answer: bool = True
    other_way: OtherWay = OtherWay.NONE
    may_pause: bool = True
    brought: int = 0
    pauses_next: bool = False
    back: int = 0
    is_overdue: bool = False
    was_missed: bool = False
    is_own: bool = False
    is_asked_anew: bool = False


@dataclass(frozen=True, slots=True)
class NotYours:
    """What somebody was asked or told in a DM is with others by now: no button is left to them.

    `was` is what that was: not all asked whoever read it. `reviewer`: of whom it told, if it did.
    `asked` is who is asked now, empty if that is nobody in particular, or nobody who may answer.
    Once it has ended, as `state` says, nobody is named: what follows may be with others again.
    `settled` is what took its place, if anything did.
    """

    kind: ObligationKind
    workflow: str
    subject: int
    asked: str
    proof: Proof
    was: MessageKind
    reviewer: str = ""
    state: ObligationState = ObligationState.OPEN
    settled: Settled | None = None


@dataclass(frozen=True, slots=True)
class AwayToo:
    """Whoever is to stand in is away as well; until then `stand_in` does, or nobody if empty.

    So it is from `since` on, or from the first if that is None.
    """

    until: datetime
    stand_in: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class AbsenceNotice:
    """An absence, as its person and who stands in are told of it; `delegate` may be nobody.

    `is_taken_back`: it was ended before it began. `was_to_stand_in` says that the reader is away
    too, and has named this very person to stand in. `has_left` says that who was away is not back,
    `stand_in_left` that the delegate cannot stand in, `away_too` that they cannot yet. `is_own`:
    the reader's. `is_away_on`: this one began as the one before it ended, in which `former` stood
    in, empty if that was nobody or is who does so now. `is_again`: the delegate, who had left, is a
    full member again. `not_for` are workflows whose technical owner is to stand in, and does for
    nobody there. `has_shares`: the one away has outputs to review that were handed to them.
    """

    person: str
    delegate: str
    begins_at: datetime
    ends_at: datetime
    state: AbsenceState
    reason: str
    proof: Proof
    was_to_stand_in: bool = False
    has_left: bool = False
    stand_in_left: bool = False
    is_own: bool = False
    is_taken_back: bool = False
    away_too: AwayToo | None = None
    is_away_on: bool = False
    former: str = ""
    is_again: bool = False
    not_for: tuple[str, ...] = ()
    has_shares: bool = False


@dataclass(frozen=True, slots=True)
class LossNotice:
    """That an older backup is in the record's place; `lost` are the entries known to be gone.

    It is 0 where the record is another one, not a shorter one: then nobody can tell how many.
    """

    lost: int
    reason: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class StandingAbsence:
    """An absence that is not over. `stand_in_left`: whoever was to stand in cannot any more.

    `away_too`: they cannot yet. `not_for`: see the notice.
    """

    number: int
    delegate: str
    begins_at: datetime
    ends_at: datetime
    stand_in_left: bool = False
    away_too: AwayToo | None = None
    not_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Absences:
    """Somebody's own absences, each with a button that ends it; another can be announced."""

    absences: tuple[StandingAbsence, ...]


@dataclass(frozen=True, slots=True)
class DelegateForm:
    """An absence to be announced. Its days are those of `zone`."""

    today: date
    zone: str


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Who is asked for what an owner owes who has left; `is_lent` if by whoever stands in."""

    role: Role
    is_lent: bool = False


@dataclass(frozen=True, slots=True)
class OwnerNeeded:
    """A workflow's owner has left: the steward names another. The button opens the form.

    `steward` and `backup` are empty if they have left as well. `meanwhile` is who is asked for
    what the owner owes. `stands` is where the gate is, a drill apart. `has_admins` tells whether
    anybody is an admin. `back` is the entry by which the owner was a full member again, so that
    no other is named; 0 if that is not how it ended. `held` tells with whom it is, where that is
    not the steward.
    """

    workflow: str
    number: int
    owner: str
    steward: str
    backup: str
    due_at: datetime
    state: ObligationState
    next: Next | None
    proof: Proof
    meanwhile: Meanwhile
    stands: GateState = GateState.RUN
    has_admins: bool = True
    may_answer: bool = True
    back: int = 0
    is_overdue: bool = False
    held: Held | None = None


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A role of a workflow whose holder has left.

    `may_name` tells that the reader may name another, `by_nobody` that nobody who is left may.
    `asks_next` is, of a backup, who is asked for what the owner does not answer; None: nobody.
    """

    workflow: str
    role: Role
    may_name: bool
    by_nobody: bool = False
    asks_next: Role | None = None


@dataclass(frozen=True, slots=True)
class VacancyNotice:
    """Somebody has left who was a backup or a steward, or to accept a draft: who can act is told.

    `vacant` is what is still so, of what the reader has to know; `back` is the entry by which they
    were a full member again, or 0. `is_for_others`: all that is still so, others are told of.
    """

    person: str
    vacant: tuple[Vacancy, ...]
    proof: Proof
    back: int = 0
    is_for_others: bool = False


@dataclass(frozen=True, slots=True)
class HandoverRequest:
    """Somebody is asked to become the owner; until they accept, the old one is answerable.

    `because` is why they declined. Who proposed it withdraws it, in the channel or where it
    `is_own`. `has_left` says that the old owner cannot answer any more,
    `successor_left` that whoever was proposed cannot accept, `alone` that they are away, `settled`
    what took its place, `is_overdue` that the time to accept has passed.
    """

    workflow: str
    number: int
    proposed_by: str
    was_owner: str
    roles: Roles
    reason: str
    due_at: datetime
    state: ObligationState
    next: Next | None
    proof: Proof
    outcome: HandoverState = HandoverState.OPEN
    because: str = ""
    in_channel: bool = False
    has_left: bool = False
    is_own: bool = False
    successor_left: bool = False
    may_answer: bool = True
    settled: Settled | None = None
    is_overdue: bool = False
    alone: Alone | None = None


@dataclass(frozen=True, slots=True)
class DeclineForm:
    """Why somebody does not take a workflow over."""

    workflow: str
    number: int
    was_owner: str


@dataclass(frozen=True, slots=True)
class RolesNotice:
    """Roles of a workflow have changed hands. `roles` are all four since then.

    If it took two people, `proposed_by` did and `by` accepted.
    """

    workflow: str
    by: str
    changed: tuple[str, ...]
    roles: Roles
    reason: str
    proof: Proof
    proposed_by: str = ""


@dataclass(frozen=True, slots=True)
class WaitingProposal:
    """A proposal of an owner that waits for its successor; `is_own`: of who reads it.

    `successor_left` says that whoever was proposed cannot accept.
    """

    proposed_by: str
    successor: str
    due_at: datetime
    is_overdue: bool
    is_own: bool
    successor_left: bool = False


@dataclass(frozen=True, slots=True)
class HandoverForm:
    """The four people of a workflow, to be changed. `is_owner_there` says who may change what.

    It carries `entry`, the newest by which people were named or an open proposal was made.
    Nobody answers for a draft yet: there a change takes effect at once. `waiting` is the proposal
    whose place any change takes, None if none waits.
    """

    workflow: str
    entry: int
    roles: Roles
    is_owner_there: bool
    is_draft: bool = False
    waiting: WaitingProposal | None = None
