"""Gates and tokens, held in memory: a pipeline's question waits for no database after its first."""

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
LOOKS_FOR_ONE: Final = 3
NEVER: Final = -math.inf


@dataclass(frozen=True, slots=True)
class View:
    """Gates by workflow and tokens by hash, as a look begun at `seen_at` found them.

    Of those that were asked about or have changed since this process began: no others are known.
    What a later look finds is put into the same mappings: there may be very many.
    """

    gates: Mapping[str, BoardRow]
    tokens: Mapping[str, Token]
    number: int | None = None
    seen_at: float = NEVER


@dataclass
class GateBoard:
    """Looks at the store when told to and by itself, and holds what it saw.

    Readers take no lock: a row is one frozen value, put in the place of the one before it, and so
    is when they were seen.
    """

    deps: Deps
    clock: Clock
    _gates: dict[str, BoardRow] = field(default_factory=dict)
    _tokens: dict[str, Token] = field(default_factory=dict)
    _view: View = field(init=False)
    _swap: threading.Lock = field(default_factory=threading.Lock)
    _distrusted_until: float = NEVER
    _stopping: threading.Event = field(default_factory=threading.Event)
    _poller: threading.Thread | None = None

    def __post_init__(self) -> None:
        self._view = View(self._gates, self._tokens)

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

    def look_for(self, asked: str) -> bool:
        """Look what the token with this hash may be told; tell whether that could be seen.

        From then on it is in the view, if there is such a token, with its workflow's gate.
        """
        try:
            # A look that another one overtakes says nothing of what is asked.
            return any(self._look(asked) for _ in range(LOOKS_FOR_ONE))
        except Busy as busy:
            log.warning("a token not looked up", reason=str(busy))
        except Exception:
            log.exception("a token not looked up")
        return False

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

    def _look(self, asked: str = "") -> bool:
        begun = self.clock.elapsed()
        return self._apply(read_board(self.deps, self._view.number, asked), begun)

    def _apply(self, board: Board | None, begun: float) -> bool:
        """Take in what a look has found, unless more is known already; tell whether it was."""
        with self._swap:
            if begun <= self._distrusted_until:
                return False
            view, is_news = self._view, board is not None
            if board:
                is_news = view.number is None or board.number >= view.number
            if board and is_news:
                self._gates.update((row.key, row) for row in board.gates)
                self._tokens.update((token.hash, token) for token in board.tokens)
                view = replace(view, number=board.number)
            # Two looks may end in another order than they began: the time never goes back.
            self._view = replace(view, seen_at=max(view.seen_at, begun))
            return is_news
