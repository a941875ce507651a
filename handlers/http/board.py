"""All gates and tokens, held in memory: a pipeline's question waits for no database."""

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import structlog

from bot.clock import Clock
from bot.domain.refusals import Busy
from bot.domain.tokens import Token
from bot.usecases import Deps
from bot.usecases.gate import Board, BoardRow, read_board

log = structlog.get_logger()

LOOK_EVERY: Final = 0.1  # seconds: a pause of another process is seen within 250 ms
STALE_AFTER: Final = 1.0  # seconds
NEVER: Final = -math.inf


@dataclass(frozen=True, slots=True)
class View:
    """Gates by workflow and tokens by hash, as a look begun at `seen_at` found them."""

    number: int = -1
    gates: Mapping[str, BoardRow] = field(default_factory=dict)
    tokens: Mapping[str, Token] = field(default_factory=dict)
    seen_at: float = NEVER


@dataclass
class GateBoard:
    """Looks at the store when told to and by itself, and holds what it saw.

    A view is one frozen value that is swapped as a whole, so readers take no lock.
    """

    deps: Deps
    clock: Clock
    _view: View = field(default_factory=View)
    _swap: threading.Lock = field(default_factory=threading.Lock)
    _distrusted_until: float = NEVER
    _stopping: threading.Event = field(default_factory=threading.Event)
    _poller: threading.Thread | None = None

    def fresh_view_or_none(self) -> View | None:
        """Give what is known, or None if it is older than a pipeline may rely on."""
        view = self._view
        return view if self.clock.elapsed() - view.seen_at <= STALE_AFTER else None

    def refresh(self) -> None:
        """Look now, because a gate or a token has just changed in this process.

        If the look fails, the old view is not answered from any more: it is known to be wrong.
        """
        try:
            self._look()
        except Exception:
            log.exception("gates not seen after a change")
            with self._swap:
                self._distrusted_until = self.clock.elapsed()
                self._view = replace(self._view, seen_at=NEVER)

    def start(self) -> None:
        """Look once, then again and again in a thread of its own."""
        self.refresh()
        self._stopping.clear()
        self._poller = threading.Thread(target=self._keep_looking, name="gates", daemon=True)
        self._poller.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._poller:
            self._poller.join()

    def _keep_looking(self) -> None:
        is_failing = False
        while not self._stopping.wait(LOOK_EVERY):
            try:
                self._look()
                is_failing = False
            except Busy as busy:  # of the database, in words already
                if not is_failing:
                    log.warning("gates not seen", reason=str(busy))
                is_failing = True
            except Exception:
                if not is_failing:  # said once, not ten times a second
                    log.exception("gates not seen")
                is_failing = True

    def _look(self) -> None:
        begun = self.clock.elapsed()
        self._apply(read_board(self.deps, self._view.number), begun)

    def _apply(self, board: Board | None, begun: float) -> None:
        with self._swap:
            if begun <= self._distrusted_until:
                return
            view = self._view
            if board and board.number >= view.number:
                view = View(
                    number=board.number,
                    gates={row.key: row for row in board.gates},
                    tokens={token.hash: token for token in board.tokens},
                    seen_at=view.seen_at,
                )
            # Two looks may end in another order than they began: the time never goes back.
            self._view = replace(view, seen_at=max(view.seen_at, begun))
