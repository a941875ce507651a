"""The database server's advisory locks: each is a session's, for as long as that lasts."""

from dataclasses import dataclass, field
from math import inf

from tests.sim.baton import Baton


@dataclass(eq=False)
class Locks:
    """Who holds which, and until when the server takes them for alive."""

    baton: Baton
    _held: dict[str, tuple[str, float]] = field(default_factory=dict)

    def session(self, _engine: object) -> "Session":
        return Session(self, self.baton.me().process)

    def take(self, lock: str, process: str) -> bool:
        """Tell whether a lock is this process's, and give it to it if it is nobody's."""
        holder, until = self._held.get(lock, ("", 0.0))
        if holder != process and self.baton.now >= until:
            self._held[lock] = (process, inf)
            return True
        return holder == process

    def end(self, process: str, after: float) -> None:
        """Let go of what a process held: its server may learn of its end only by and by."""
        for lock, (holder, _) in list(self._held.items()):
            if holder == process:
                self._held[lock] = (process, self.baton.now + after)


@dataclass(eq=False)
class Session:
    """A connection of its own, as the product asks for it."""

    locks: Locks
    process: str

    def has(self, lock: str) -> bool:
        return self.locks.take(lock, self.process)

    def close(self) -> None:
        self.locks.end(self.process, 0)
