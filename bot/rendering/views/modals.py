"""Modals: the forms, a review's pages, and what handing in has brought."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.authority import Holding
from bot.domain.breaches import Cause, Decision
from bot.domain.evidence import Result
from bot.domain.gate import GateState
from bot.domain.outputs import Output
from bot.domain.proof import Proof
from bot.domain.rounds import Grade
from bot.domain.verdicts import Answer, Judgement
from bot.rendering.views.breaches import RaisedConcern


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One drawn output of a round to answer; `position` counts from 0, `total` what is to answer.

    `place` is its place among those of a share, where that is not its position. `share` is the
    number of a reviewer's share, 0 if it is none; `held_by` the reviewer who has the output, where
    somebody else is shown it; `begun_by` whoever else has answered it and not handed it in. `last`
    makes the submit button say *Hand in*; `is_second` says that it is the blind second look,
    `is_link` that the output's address may be followed by a click. `may_hand_out` offers to hand
    what is not answered to reviewers, `has_before` to look back to what is answered. `said` is what
    they have said of it, if they look at it again. `unjudged` is who could not judge it before, and
    why. The answer holds for so many `copies` as well. `trigger` is why the output is asked besides
    the draw, `hidden` if that is not to be told.
    """

    workflow: str
    number: int
    position: int
    total: int
    done: int
    output: Output
    due_at: datetime
    is_overdue: bool
    last: bool
    is_second: bool
    is_link: bool = False
    place: int | None = None
    share: int = 0
    held_by: str = ""
    begun_by: str = ""
    may_hand_out: bool = False
    has_before: bool = False
    said: "Said | None" = None
    unjudged: "Unjudged | None" = None
    copies: int = 0
    trigger: str = ""


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Who could not judge an output, and why."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class JudgePage:
    """One output that somebody could not judge, for a second person; `left` with this one.

    `is_own` says that it is whoever reads this who could not: they can judge it, and no more.
    """

    workflow: str
    number: int
    position: int
    left: int
    output: Output
    unjudged: Unjudged
    due_at: datetime
    is_overdue: bool
    is_link: bool = False
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class ReviewDone:
    """What handing in has brought, in one sentence, and what happens next.

    `skipped` counts what could not be judged and waits for a second person; `others` are the
    reviewers whose verdicts are among those handed in.
    """

    workflow: str
    number: int
    result: Result
    grade: Grade | None
    is_late: bool
    breach: int | None
    proof: Proof
    skipped: int = 0
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """What one look said of an output; why and severity are empty if it was correct.

    `reason` is why it cannot be judged, if that is what was said.
    """

    answer: Answer
    why: str
    severity: str
    correction: str
    reason: str = ""

    @classmethod
    def of(cls, judgement: Judgement) -> "Said":
        return cls(
            judgement.answer,
            judgement.why or "",
            judgement.severity or "",
            judgement.correction,
            judgement.reason,
        )


@dataclass(frozen=True, slots=True)
class SettlePage:
    """One output that two looks see differently. Nobody's name is on it."""

    workflow: str
    number: int
    position: int
    total: int
    done: int
    output: Output
    first: Said
    second: Said
    due_at: datetime
    is_overdue: bool
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class WrongOutput:
    """An output that was judged other than correct, as it may leave for Slack; `by` says so."""

    output: Output
    is_link: bool
    by: str
    said: Said
    is_second: bool


@dataclass(frozen=True, slots=True)
class Precedent:
    """An output of an earlier round that was corrected, as it may leave for Slack."""

    round: int
    output: Output
    is_link: bool
    correction: str


@dataclass(frozen=True, slots=True)
class PrecedentsPage:
    """How outputs of one category were corrected in earlier rounds, the newest first."""

    workflow: str
    category: str
    precedents: tuple[Precedent, ...]


@dataclass(frozen=True, slots=True)
class OutputsPage:
    """A page, counted from 0, of the `total` outputs that a breach is about. `number` is its.

    `is_noted` says that it is on record that whoever asked has seen a look.
    """

    workflow: str
    number: int
    round: int
    page: int
    pages: int
    total: int
    outputs: tuple[WrongOutput, ...]
    is_noted: bool = False


@dataclass(frozen=True, slots=True)
class DecideForm:
    """The decision on a breach, with a reason and, for a person's work, the date it is done by.

    `concern` is what somebody raised, if it is a breach of that, and stands in place of `detail`;
    `has_outputs` says that it is about outputs which can be looked at. `owner` is whose the work
    would be, empty where it is the reader's own. `gate` stands whatever is decided, unless that
    is stricter.
    """

    workflow: str
    number: int
    cause: Cause
    detail: str
    earliest: datetime
    gate: GateState
    concern: RaisedConcern | None = None
    has_outputs: bool = False
    owner: str = ""


@dataclass(frozen=True, slots=True)
class PauseForm:
    workflow: str
    gate: GateState


@dataclass(frozen=True, slots=True)
class ResumeForm:
    """A request to resume; `open_breaches` are those that wait for somebody's answer, by number."""

    workflow: str
    gate: GateState
    open_breaches: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DeclineRequestForm:
    """Why somebody does not confirm a request; `gate` stays so if it is one to resume."""

    workflow: str
    number: int
    requested_by: str
    gate: GateState | None


@dataclass(frozen=True, slots=True)
class CarryOutForm:
    """Evidence that a decision was carried out."""

    workflow: str
    number: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class ConcernForm:
    """A concern about one of these workflows; `chosen` among them if one was named.

    `quoted` is the text of a message that it is about, `author` the name of who wrote that; both
    may be empty.
    `unlisted` counts the live workflows for which there is no room.
    """

    workflows: tuple[str, ...]
    chosen: str
    quoted: str
    author: str
    unlisted: int


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A modal that only says something: a sentence, and in `more` what else there is to know.

    Each of `more` is a paragraph by itself; `held` is as in a `Notice`.
    """

    title: str
    sentence: str
    proof: Proof | None = None
    held: tuple[Holding, ...] = ()
    more: tuple[str, ...] = ()
