"""What is said of a round: its card, and what people are asked about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.evidence import Result, Uncounted
from bot.domain.obligations import ObligationState
from bot.domain.proof import Proof
from bot.domain.rounds import Grade, RoundState
from bot.domain.strata import FloorBy
from bot.rendering.views.messages import Held, Lent, Next

_NONE: Final = Uncounted()


@dataclass(frozen=True, slots=True)
class TwoLooks:
    """What a round's second look has come to: outputs asked for, and those of which both are in.

    All but `asked` stay 0 until both looks are handed in: neither is to know of the other.
    """

    asked: int = 0
    given: int = 0
    disagreed: int = 0
    settled: int = 0


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A round in its channel, from its commitment to its result.

    `later` counts the verdicts that came after its close and are in no figure of it; `skipped`
    outputs could not be judged, `unjudged` of them wait for a second person. `planned` outputs are
    drawn at most, where `usual` ones would be had the rounds up to `tightened_by` given no cause to
    look closer. `points_to` is what a watch, a breach or a proof taken back is of, and `category`
    which one if it is one. `speaks_against` tells that this round by itself takes back from that;
    then rounds have pointed there since `stood_since`, 0 if none before it did. So many of what was
    drawn are `copies` of other outputs there; so many are asked besides the draw, `triggered`, and
    `besides` is what was said of these, once the round is closed. `cut_from` outputs were to be
    drawn, where there was no time for all of them; 0 if none was cut. `floor_by` is what each
    output counts by in its rate if the draw was uneven. `to_prove` outputs are drawn at least, so
    that the round proves the limit if none is wrong; 0 if one has done so, or none has to.
    While the review waits, `held` is with whom it is if not with the owner, or if they are away.
    """

    workflow: str
    number: int
    state: RoundState
    owner: str
    commitment: str
    period_end: datetime
    population: int
    sample: int
    due_at: datetime | None
    seed: str
    result: Result | None
    grade: Grade | None
    limit_bp: int
    worst_rate: float | None
    upper_bound: float | None
    best_bound: float | None
    is_answerable: bool
    is_unrevealed: bool
    looks: TwoLooks
    proof: Proof
    later: Uncounted = _NONE
    skipped: int = 0
    unjudged: int = 0
    planned: int = 0
    usual: int = 0
    tightened_by: int = 0
    points_to: str = ""
    category: str = ""
    baseline_bp: int = 0
    speaks_against: bool = False
    stood_since: int = 0
    copies: int = 0
    triggered: int = 0
    besides: Uncounted = _NONE
    cut_from: int = 0
    floor_by: FloorBy = FloorBy.CATEGORY
    to_prove: int = 0
    held: Held | None = None
    has_left: bool = False
    is_overdue: bool = False


@dataclass(frozen=True, slots=True)
class RoundRequest:
    """One person's own prompt about a drawn round, in a DM. The button goes once it is spent.

    `brought` is the number of the breach that silence about it has opened, 0 while it has not.
    Whoever owed it once may be asked for who owes it now: they read it as `lent`, or else, as what
    they are by now, that it `has_climbed` to them.
    """

    workflow: str
    number: int
    items: int
    done: int
    due_at: datetime
    state: ObligationState
    next: Next | None
    proof: Proof
    brought: int = 0
    is_overdue: bool = False
    lent: Lent | None = None
    has_climbed: bool = False


@dataclass(frozen=True, slots=True)
class ReviewRequest(RoundRequest):
    """The owner is asked to review it.

    `tightened_by` is the round after which more than the `usual` outputs are drawn, 0 if there are
    no more. So many `copies` of what is asked were drawn besides. Of the items `triggered` ones are
    asked besides the draw.
    """

    usual: int = 0
    tightened_by: int = 0
    copies: int = 0
    triggered: int = 0


class SecondRequest(RoundRequest):
    """A second person is asked to look again at some of it; nothing here is of the first look."""

    __slots__ = ()


class SettleRequest(RoundRequest):
    """Somebody is asked which of two looks stands, output by output."""

    __slots__ = ()


class JudgeRequest(RoundRequest):
    """A second person is asked about what whoever handed it in could not judge."""

    __slots__ = ()
