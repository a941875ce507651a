"""Modals: the forms, a review's pages, and what handing in has brought."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.breaches import Cause, Decision
from bot.domain.evidence import Grade, Result
from bot.domain.gate import GateState
from bot.domain.outputs import Output
from bot.domain.proof import Proof


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """The registration, as first shown: who asked, and in which channel."""

    user: str
    channel: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """One drawn output of a round to answer; `position` counts from 0, `total` the drawn outputs.

    `last` makes the submit button say *Hand in*.
    """

    workflow: str
    number: int
    position: int
    total: int
    done: int
    output: Output
    due_at: datetime
    last: bool


@dataclass(frozen=True, slots=True)
class ReviewDone:
    """What handing in has brought, in one sentence, and what happens next."""

    workflow: str
    number: int
    result: Result
    grade: Grade | None
    is_late: bool
    breach: int | None
    proof: Proof


@dataclass(frozen=True, slots=True)
class DecideForm:
    """The decision on a breach, with a reason and, for a person's work, the date it is done by."""

    workflow: str
    number: int
    cause: Cause
    detail: str
    earliest: datetime


@dataclass(frozen=True, slots=True)
class PauseForm:
    workflow: str
    gate: GateState


@dataclass(frozen=True, slots=True)
class ResumeForm:
    workflow: str
    gate: GateState


@dataclass(frozen=True, slots=True)
class CarryOutForm:
    """Evidence that a decision was carried out."""

    workflow: str
    number: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A modal that holds one sentence and a close button."""

    title: str
    sentence: str
    proof: Proof | None = None
