"""What anybody outside the bot could have written down: the checker is given this and an export."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

from sandbox.wire import Json
from tests.sim.baton import Baton


@dataclass(eq=False)
class History:
    """What was asked and answered at Slack's edge and at the pipelines', in order, with the time.

    It holds what befell the machinery too: a rung that is late needs a reason for it.
    """

    baton: Baton
    begins_at: datetime
    events: list[Json] = field(default_factory=list)
    faults: list[Json] = field(default_factory=list)

    def note(self, what: str, **facts: object) -> Json:
        at = round(self.begins_at.timestamp() + self.baton.now, 3)
        event: Json = {"n": len(self.events), "at": at, "what": what, **facts}
        self.events.append(event)
        return event

    def note_fault(self, error: str) -> None:
        """Keep what a bot's own log calls a fault: apart, so that to look changes no history."""
        at = round(self.begins_at.timestamp() + self.baton.now, 3)
        self.faults.append({"at": at, "what": "fault", "error": error})

    @property
    def now(self) -> datetime:
        return self.begins_at + timedelta(seconds=self.baton.now)


def fingerprint(events: list[Json], export: bytes) -> str:
    """Give what two runs of one seed have in common: all that was seen, and all that is kept."""
    taken = sha256(json.dumps(events, sort_keys=True).encode())
    with ZipFile(BytesIO(export)) as bundle:  # whose own times are the machine's
        for name in bundle.namelist():
            taken.update(name.encode() + sha256(bundle.read(name)).digest())
    return taken.hexdigest()
