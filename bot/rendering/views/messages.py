"""Messages: posted, and updated in place."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.endings import Settled
from bot.domain.gate import GateState
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.other_ways import OtherWay
from bot.domain.people import Role
from bot.domain.proof import Proof
from bot.domain.registry import Roles


@dataclass(frozen=True, slots=True)
class Next:
    """Whom silence reaches next, and when: who has this role, for another time if `is_again`.

    `is_nobody`: as far as is known now, none of them is there to be asked then. `is_lapse`: nobody
    is asked any more, for it lapses then. `is_told`: they may not answer, and are told of it.
    """

    role: Role
    at: datetime
    is_again: bool = False
    is_nobody: bool = False
    is_lapse: bool = False
    is_told: bool = False

    @property
    def whom(self) -> str:
        if self.is_lapse:
            return "nobody, it lapses"
        if self.is_nobody:
            return "nobody"
        whom = f"{self.role} again" if self.is_again else str(self.role)
        return f"{whom}, told" if self.is_told else whom


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who may answer, and who may while they are away `until` then; "" if nobody does by now."""

    person: str
    until: datetime | None = None
    stand_in: str = ""


@dataclass(frozen=True, slots=True)
class Alone:
    """Whoever owes something is away until then, and nobody is there who may answer it for them.

    `stands_in` does so for them in all else; "" if nobody does. `is_own_word`: nobody could here.
    """

    person: str
    until: datetime
    stands_in: str = ""
    is_own_word: bool = False


@dataclass(frozen=True, slots=True)
class Barred:
    """Whoever owes something of this kind and may not answer it, because of what they did."""

    person: str
    kind: ObligationKind


@dataclass(frozen=True, slots=True)
class Lent:
    """Somebody in whose place the reader is asked; `stays`: they owe it, and are answerable."""

    person: str
    until: datetime
    stays: bool


@dataclass(frozen=True, slots=True)
class Held:
    """With whom something is now: whom silence has reached, and who is asked in their place.

    `person` is empty for the admins together, who are away if all of them are and nobody stands in;
    one person is so `until` then. `stand_in` is empty if they are there or nobody stands in.
    `is_nobody` tells that it has climbed to the admins and there are none. `others` were asked
    before and may answer as ever. It is with them `since` then, where that is told. `is_told`: they
    may not answer, and are told of it. `alone`: whoever owes it is away with nobody in their place.
    `barred`: whoever owes it may not answer it.
    """

    person: str
    has_climbed: bool
    is_away: bool = False
    stand_in: str = ""
    is_nobody: bool = False
    others: tuple[Answerer, ...] = ()
    since: datetime | None = None
    is_told: bool = False
    alone: Alone | None = None
    until: datetime | None = None
    barred: Barred | None = None

    @property
    def is_with(self) -> str:
        """Give who is asked: whoever stands in for who is away; "" if that is nobody by name."""
        return self.stand_in if self.is_away else self.person

    @property
    def has_nobody(self) -> bool:
        """Tell whether it is with the admins and none of them is there."""
        return self.is_nobody or (self.is_away and not self.person)


@dataclass(frozen=True, slots=True)
class AcceptRequest:
    """The named owner is asked to accept the duties. Buttons only while the state is open.

    `has_left`: whoever is named is no full member any more, and cannot.
    """

    workflow: str
    purpose: str
    roles: Roles
    requested_by: str
    plan: str
    cost: str
    sight: str
    cadence: str
    zone: str
    hours: str
    limit_bp: int
    due_at: datetime
    state: ObligationState
    next: Next | None
    proof: Proof
    limits: tuple[str, ...] = ()
    may_answer: bool = True
    is_overdue: bool = False
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    """Silence has climbed a rung. `subject` is what the person is asked about, as its number.

    `rung` counts from 0, of `steps`; `is_overdue` tells whether the due time has passed.
    `away` are those in whose place they are asked, or who would have been asked.
    `has_climbed_on` tells that others were asked since, or the same again: those are told what is
    next, and this says only what stays true. `is_for_one` tells that it stands in somebody's own
    direct messages.
    `may_answer` is false where those asked can only see to it that others do, and `other_way` is
    what they themselves can do then, and `may_pause` tells whether they could pause it; `able` were
    asked with them and may, as they stand in for somebody who may. `left` were asked and have left
    since.
    `was_due_at` is when the step was due, if it was taken much later than that.
    `passed` says in words why nobody was asked on this rung (empty if somebody was);
    `consequence` says in words what silence has just brought (empty on all but the last rung).
    The button, if the obligation is still open, has the action id of its kind. `stands` is where
    the gate is, a drill apart. `has_left` tells that who owes it can answer no more, `brings_stop`
    that silence has the workflow paused next: there is nobody left to name another owner.
    `brought` is the number of the breach that silence has opened, 0 while it has not.
    `pauses_next` tells that silence pauses the workflow next. `back`: see the owner needed.
    `held` says with whom it is once it has climbed, `settled` what took the place of a request.
    """

    kind: ObligationKind
    workflow: str
    subject: int
    rung: int
    steps: int
    owed_by: str
    asked: tuple[str, ...]
    away: tuple[str, ...]
    may_answer: bool
    due_at: datetime
    is_overdue: bool
    state: ObligationState
    passed: str
    consequence: str
    next: Next | None
    proof: Proof
    is_for_one: bool = False
    has_climbed_on: bool = False
    was_due_at: datetime | None = None
    other_way: OtherWay = OtherWay.NONE
    may_pause: bool = True
    stands: GateState = GateState.RUN
    has_left: bool = False
    brings_stop: bool = False
    brought: int = 0
    pauses_next: bool = False
    back: int = 0
    held: Held | None = None
    settled: Settled | None = None
    able: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What nobody has answered, so that silence closes the gate again."""

    kind: ObligationKind
    workflow: str
    subject: int


@dataclass(frozen=True, slots=True)
class TooFew:
    """Why the two who open a gate again are not there: of those who may, who is, and who is not.

    `named_by` says in words who can name others; it is empty if nobody is there who can.
    """

    there: tuple[str, ...]
    left: tuple[str, ...]
    away: tuple[str, ...]
    named_by: str = ""


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """A request to resume that waits already: who asked, and who may confirm it by when."""

    requested_by: str
    confirmers: tuple[Answerer, ...]
    due_at: datetime
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class GateNotice:
    """The gate has moved. `by` is empty when no person of the workspace moved it.

    `cause` says why in words of ours; `is_by_operator` that it was done at the console, `is_drill`
    that it goes back by itself. Of a resume `asked_by` is the other of the two; of a drill that is
    done, `seconds` passed until the pipeline was told, and the next is asked on `next_drill`;
    `is_of_sandbox`: by a sandbox's clock. Before anybody resumes, `unanswered` has to be answered;
    `too_few` says why nobody can resume now. Nobody has to ask for that while `request` waits.
    `stands` is where the gate is by now, a drill apart, if that is elsewhere; None if it is not.
    """

    workflow: str
    was: GateState
    now: GateState
    by: str
    is_by_operator: bool
    cause: str
    reason: str
    proof: Proof
    is_drill: bool = False
    asked_by: str = ""
    confirmed_for: str = ""
    seconds: str = ""
    next_drill: datetime | None = None
    is_of_sandbox: bool = False
    unanswered: tuple[Unanswered, ...] = ()
    too_few: TooFew | None = None
    request: ToConfirm | None = None
    stands: GateState | None = None


@dataclass(frozen=True, slots=True)
class ResumeRequest:
    """Somebody asks to resume a workflow; one of `confirmers` confirms with the button.

    `open_breaches` are those that wait for somebody's answer, by number. `away` is in whose place
    the reader is asked, empty if it is in their own. `because` is why `declined_by` declined,
    `settled` what took its place. `is_own`: whoever asked reads it, and can only withdraw it.
    `stands` is where the gate is by now, a drill apart, if one that is confirmed runs no more.
    """

    workflow: str
    number: int
    requested_by: str
    reason: str
    gate: GateState
    confirmers: tuple[Answerer, ...]
    open_breaches: tuple[int, ...]
    due_at: datetime
    state: ObligationState
    confirmed_by: str
    confirmed_for: str
    proof: Proof
    away: str = ""
    declined_by: str = ""
    because: str = ""
    is_withdrawn: bool = False
    settled: Settled | None = None
    in_channel: bool = False
    is_own: bool = False
    may_answer: bool = True
    is_overdue: bool = False
    stands: GateState | None = None
