"""What the owner of a workflow hands to reviewers of a round; the owner stays answerable for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MOST_REVIEWERS: Final = 5


class ShareState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Share:
    """Outputs of one round that one reviewer was handed at one time. Its outputs name it.

    `number` counts within the workflow.
    """

    workflow: str
    number: int
    round: int
    reviewer: str
    state: ShareState = ShareState.OPEN
    entry: int = -1

    @property
    def name(self) -> str:
        return f"share/{self.workflow}/{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state is ShareState.OPEN


def dealt(
    positions: Sequence[int], reviewers: Sequence[str], *, owner_keeps: bool
) -> Mapping[str, tuple[int, ...]]:
    """Give who gets which outputs: one after the other in the order of the draw, evenly.

    What falls to the owner, who comes last, is in nobody's share.
    """
    takers = len(reviewers) + owner_keeps
    return {reviewer: tuple(positions[place::takers]) for place, reviewer in enumerate(reviewers)}


def hand_faults(
    owner: str, reviewers: Sequence[str], free: int, *, owner_keeps: bool
) -> Mapping[str, str]:
    """Give a sentence for each field of a handing that cannot be: empty if it is sound."""
    if not reviewers:
        return {"reviewers": "Choose who is to review."}
    if len(set(reviewers)) > MOST_REVIEWERS:
        return {"reviewers": f"Choose {MOST_REVIEWERS} people at most."}
    if owner in reviewers:
        return {"reviewers": "Choose others: what you keep is yours without being handed to you."}
    if len(set(reviewers)) + owner_keeps > free:
        outputs = f"{free} output{' waits' if free == 1 else 's wait'}"
        return {"reviewers": f"Only {outputs}: choose fewer people, so that each gets one."}
    return {}
