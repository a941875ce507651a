"""Outputs of a round in the hands of reviewers: what they and its owner are shown."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.obligations import ObligationState
from bot.domain.proof import Proof
from bot.domain.shares import ShareState
from bot.rendering.views.modals import Said


@dataclass(frozen=True, slots=True)
class ShareRequest:
    """A reviewer is asked for their share of a round, in a DM. The button goes once it is spent.

    `number` is the share's. `is_owed` tells whether the round still is; `is_barred` that they have
    taken its second look, and so cannot answer this. `skipped` of the round they could not judge.
    `owner` answers for the round, be it since it was `handed_by` another (`has_passed_on`);
    `is_own` says that this is the reader by now.
    `tightened_by` is the round up to which there is cause to have more drawn, 0 if there is none.
    """

    workflow: str
    number: int
    round: int
    owner: str
    items: int
    done: int
    due_at: datetime
    state: ShareState
    is_owed: bool
    is_barred: bool
    proof: Proof
    handed_by: str
    has_passed_on: bool = False
    is_own: bool = False
    skipped: int = 0
    tightened_by: int = 0
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class SharePart:
    """One reviewer's share, as the owner sees it. `number` is the share's.

    `is_gone` says that they have left; `away_until` when they are back, None if they are there;
    `is_barred` that they have taken the second look. `skipped` of the round they could not judge.
    """

    number: int
    reviewer: str
    items: int
    done: int
    state: ShareState
    is_gone: bool
    away_until: datetime | None
    is_barred: bool
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class SharesNotice:
    """How far the reviewers of a round are, in its owner's DM, updated in place.

    `free` counts the outputs that are with nobody and have no verdict; `can_hand_out` whether some
    of them have no answer of the owner's either. `drafted` of them `drafted_by` others have
    answered: those who stand in, or stood in.
    """

    workflow: str
    number: int
    parts: tuple[SharePart, ...]
    items: int
    judged: int
    free: int
    due_at: datetime
    state: ObligationState
    can_hand_out: bool
    proof: Proof
    drafted: int = 0
    drafted_by: tuple[str, ...] = ()
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class SharesIn:
    """An owner is told, in a message of its own, that all reviewers of a round have handed in.

    `left` of its outputs wait for the owner's own answer. `held` are with reviewers again, if some
    were handed out since.
    """

    workflow: str
    number: int
    items: int
    left: int
    held: int
    due_at: datetime
    state: ObligationState
    proof: Proof
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class ReviewerNotice:
    """An owner is told that a reviewer who has outputs of a round cannot answer them now.

    `number` is the share's. `is_unasked` says that no direct message reaches them, `is_barred` that
    they have taken the second look; otherwise `is_gone` that they have left, or `away_until` when
    they are back: None if they are. `is_with` tells whether they have the outputs still,
    `is_told_anew` that a later message tells of the same.
    """

    workflow: str
    number: int
    round: int
    reviewer: str
    items: int
    is_gone: bool
    away_until: datetime | None
    is_with: bool
    is_barred: bool
    is_unasked: bool
    proof: Proof
    is_told_anew: bool = False


@dataclass(frozen=True, slots=True)
class HandItemsForm:
    """Whom the owner hands outputs of a round to; `items` of them wait and are with nobody."""

    workflow: str
    number: int
    items: int
    due_at: datetime
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class AnsweredItem:
    """One output with what was said of it, and by whom."""

    output_id: str
    by: str
    said: Said


@dataclass(frozen=True, slots=True)
class HandInForm:
    """A round that was handed out and is answered in full: its owner looks it over.

    `is_noted` says that it is on record that whoever asked has seen others' answers.
    """

    workflow: str
    number: int
    answers: tuple[AnsweredItem, ...]
    due_at: datetime
    is_overdue: bool = False
    is_noted: bool = False


@dataclass(frozen=True, slots=True)
class HandInShareForm:
    """A share of which every output is answered: its reviewer hands it in. `number` is its own."""

    workflow: str
    number: int
    outputs: int
    due_at: datetime
    is_overdue: bool = False
