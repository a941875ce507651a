"""What the person at the controls learns about one delivery."""

from dataclasses import dataclass

from sandbox.clock import elapsed
from sandbox.sockets import Receipt
from sandbox.wire import Json
from sandbox.workspace import Workspace


@dataclass
class Watch:
    """Notices what becomes new for one person: a modal, an ephemeral message."""

    workspace: Workspace
    user: str
    _hash: str | None = None
    _whispers: int = 0

    def __post_init__(self) -> None:
        self._hash = self._top_hash()
        self._whispers = len(self.workspace.rooms.whispers_to(self.user))

    def new_view(self) -> Json | None:
        changed = self._top_hash() != self._hash
        return self.workspace.views.top(self.user) if changed else None

    def new_whisper(self) -> str | None:
        whispers = self.workspace.rooms.whispers_to(self.user)
        return whispers[-1].text if len(whispers) > self._whispers else None

    async def settle(self) -> None:
        """Wait a moment for what follows the ack, unless something is already there."""
        until = elapsed() + self.workspace.settings.settle_seconds
        while not (self.new_view() or self.new_whisper()):
            if not await self.workspace.journal.changed.wait(until - elapsed()):
                return

    def _top_hash(self) -> str | None:
        top = self.workspace.views.top(self.user)
        return top["hash"] if top else None


def describe(envelope_id: str, receipt: Receipt, watch: Watch | None = None) -> Json:
    """Return the delivery as the control API gives it."""
    return {
        "acked": receipt.is_acked,
        "elapsed_ms": receipt.elapsed_ms,
        "envelope_id": envelope_id,
        "response": receipt.payload,
        "ephemeral": watch.new_whisper() if watch else None,
        "view": watch.new_view() if watch else None,
        "problem": receipt.problem,
    }
