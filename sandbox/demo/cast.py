"""Who is who in the story; the ids are those of `samples/world.json`."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str


DANA: Final = Person("U0DANA", "Dana (owner)")
BEN: Final = Person("U0BEN", "Ben (backup)")
PRIYA: Final = Person("U0PRIYA", "Priya (steward)")
TOMAS: Final = Person("U0TOMAS", "Tomás (technical owner)")
ALICE: Final = Person("U0ALICE", "Alice (admin)")
MAREK: Final = Person("U0MAREK", "Marek (admin)")
INES: Final = Person("U0INES", "Ines (auditor)")
KENJI: Final = Person("U0KENJI", "Kenji (chief operating officer)")
GUS: Final = Person("U0GUEST", "Gus (guest)")

CHANNEL: Final = "C0AIWATCH"
CHANNEL_NAME: Final = "#ai-watch"
PEOPLE: Final = {"admins": [ALICE.id, MAREK.id], "auditors": [INES.id]}
