"""Outputs that are planted among those of a round, wrong on purpose, to see who notices.

They are in no draw, no rate and no evidence. Which they are is committed to before, and on record
once their round is closed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from bot.domain.record import canonical, commit
from bot.domain.sampling import Drawn, keyed, rank_of

SALT_LABEL: Final = b"answerable planted v1"
ONE_PLANTED_OF: Final = 10
LEAST_PLANTED: Final = 2
WAITING: Final = 0


@dataclass(frozen=True, slots=True)
class Plant:
    """One planted output, the entry that commits to it, and the round it was mixed into.

    `round` is `WAITING` until then. `salt`, in hex, opens the commitment.
    """

    workflow: str
    number: int
    output_id: str
    salt: str
    entry: int
    round: int = WAITING
    position: int = -1

    @property
    def name(self) -> str:
        """Give how the record names it."""
        return f"plant/{self.workflow}/{self.number}"

    @property
    def commitment(self) -> str:
        """Give what stands for it on record until it is revealed."""
        named = canonical([self.workflow, self.output_id]).decode()
        return commit(bytes.fromhex(self.salt), named)


def salt_for(key: bytes, workspace: str, workflow: str, output_id: str) -> str:
    """Give the salt of a planted output's commitment, in hex, from the key that draws are made by.

    It is HMAC-SHA256 over label, workspace, workflow and id with a zero byte between them.
    """
    return keyed(key, SALT_LABEL, workspace, workflow, output_id).hex()


def most_planted(drawn: int) -> int:
    """Give how many a round of so many drawn outputs takes: a tenth, but two; none into none."""
    return max(LEAST_PLANTED, -(-drawn // ONE_PLANTED_OF)) if drawn else 0


def turns(
    seed: bytes, everything: Sequence[Drawn], behind: Sequence[Collection[int]]
) -> tuple[int, ...]:
    """Give when each is asked.

    A planted one stands where the draw had put it: by category, if it says one, then by rank. What
    is at the places `behind` comes after all else, one such group after the other.
    """
    ranked = sorted(
        range(len(everything)),
        key=lambda place: ([place in some for some in behind], _turn(seed, everything[place])),
    )
    turn_of = {place: turn for turn, place in enumerate(ranked)}
    return tuple(turn_of[place] for place in range(len(everything)))


def _turn(seed: bytes, output: Drawn) -> tuple[str, tuple[bytes, str]]:
    return output.category, rank_of(seed, output.output_id)
