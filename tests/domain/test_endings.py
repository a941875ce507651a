"""What is said of what has ended: there are words for whatever took its place."""

import pytest

from bot.domain.endings import Settled, settled_in_words
from bot.domain.obligations import ENDED, ObligationState
from bot.domain.record import Kind
from bot.rendering.roles import settled


@pytest.mark.parametrize("kind", Kind)
def test_whatever_took_the_place_of_something_is_said_in_words(kind: Kind) -> None:
    came = Settled(kind, "U0OWNER", 42, breach="3", decision="pause", asker="U0BACKUP")
    for said in (settled_in_words(came), str(settled(came))):
        assert "ecord #42" in said
        assert said.endswith(("nothing more is owed here.", "nothing changes.")) or (
            kind is Kind.DECISION_RECORDED and said.endswith("Nothing more is owed here.")
        )


def test_each_way_to_end_has_its_words() -> None:
    assert ENDED.keys() == set(ObligationState) - {ObligationState.OPEN}
