"""One sampling period of one workflow: open → drawn → closed."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.outputs import Output
from bot.domain.verdicts import Judgement


class Look(StrEnum):
    """Who looks at an output: its reviewer, or a second person who is not told what they said."""

    FIRST = "first"
    SECOND = "second"


class Grade(StrEnum):
    WITHIN_LIMIT = "within_limit"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    WATCH = "watch"
    BREACH = "breach"


class RoundState(StrEnum):
    OPEN = "open"
    DRAWN = "drawn"
    CLOSED = "closed"


def round_name(workflow: str, number: int) -> str:
    """Give how the record names a round."""
    return f"round/{workflow}/{number}"


@dataclass(frozen=True, slots=True)
class Round:
    """One round. Its population is what arrived between `opened_at` and `drawn_at`.

    `commitment` is public from the opening, `seed` from the draw, `grade` from the close. `policy`
    is the version it was opened under. `sample` is how many outputs are drawn of it, of a share how
    many at most: more than the `usual` ones if round `tightened_by`, 0 if none, was the last of
    those that gave cause to look closer. `points_to` is what its grade is about, of a watch, a
    breach or a proof taken back, and `baseline_bp` the rate of the first rounds that it was held
    against, 0 if there was none yet. `cut_from` is how many were to be drawn, if fewer were for
    want of time; 0 if not.
    """

    workflow: str
    number: int
    state: RoundState
    policy: int
    opened_at: datetime
    period_end: datetime
    commitment: str
    drawn_at: datetime | None = None
    closed_at: datetime | None = None
    population: int = 0
    seed: str = ""
    grade: Grade | None = None
    sample: int = 0
    usual: int = 0
    tightened_by: int = 0
    points_to: str = ""
    baseline_bp: int = 0
    cut_from: int = 0

    @property
    def name(self) -> str:
        return round_name(self.workflow, self.number)


@dataclass(frozen=True, slots=True)
class DrawnItem:
    """One drawn output with what one look has said of it.

    `position` counts within that look. `entry` is the record that holds the words of its draft or
    verdict; a verdict after the close is `late`. `share` is the number under which a reviewer has
    it, or answered it; 0 if it is with whoever owes the round. `turn` is when it is asked; one that
    `is_planted` is wrong on purpose, and in no figure. `copy_of` is the position of an output that
    is the same, whose answer holds for this one; -1 if it is asked itself. `trigger` is why it is
    asked besides the draw, and in no figure; empty if it was drawn.
    """

    position: int
    output: Output
    draft: Judgement | None = None
    draft_by: str = ""
    verdict: Judgement | None = None
    judged_by: str = ""
    is_late: bool = False
    entry: int = -1
    share: int = 0
    turn: int = 0
    is_planted: bool = False
    copy_of: int = -1
    trigger: str = ""

    @property
    def is_copy(self) -> bool:
        return self.copy_of >= 0

    @property
    def in_time(self) -> Judgement | None:
        """Give the verdict that counts: one from before the close (I8)."""
        return None if self.is_late else self.verdict

    def judged(self, said: Judgement, by: str, entry: int, *, is_late: bool) -> "DrawnItem":
        """Give it with what somebody said of it, in place of its draft."""
        return replace(
            self,
            draft=None,
            draft_by="",
            verdict=said,
            judged_by=by,
            is_late=is_late,
            entry=entry,
        )


@dataclass(frozen=True, slots=True)
class NextItem:
    """What one person has to answer next, and how many of a look's items need no answer of theirs.

    Those are the ones they have drafted, and the ones that a reviewer has handed in. What they
    answer holds for its `copies`, so many, as well.
    """

    item: DrawnItem
    drafted: int
    drawn: int
    copies: int
