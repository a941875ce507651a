"""The page on corrections names every field of a line, and no other."""

import re
from pathlib import Path

from worlds import CORRECT, MONDAY, POLICY

from bot.domain.corrections import Compared, Correction, facts_of
from bot.domain.outputs import Output
from bot.domain.rounds import Round, RoundState

PAGE = Path(__file__).parents[2] / "docs/corrections.md"


def test_the_table_has_the_fields_in_their_order() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    round_ = Round("triage", 1, RoundState.CLOSED, 1, MONDAY, MONDAY, "", closed_at=MONDAY)
    told = Correction(
        round_, Output("o1", MONDAY), CORRECT, MONDAY,
        is_late=False, is_erased=False, compared=Compared(),
    )  # fmt: skip
    assert named == list(facts_of(told, POLICY.data))
