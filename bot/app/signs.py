"""What the running bot's parts say of themselves: to probes, and to whoever watches."""

from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Final

from sqlalchemy.exc import DBAPIError

from bot.app.base import Base
from bot.domain.refusals import HeldElsewhere
from bot.usecases import Deps, witness
from handlers.delivery import Delivery
from handlers.http.health import NotReady, Probes
from handlers.http.metrics import Signs
from handlers.slack.socket import WatchedSocket
from handlers.slack.timed import Answered
from handlers.ticker import Ticker
from store.faults import UnusableDatabase
from store.migrate import is_current, is_writable, require_known
from store.sqlite import is_full

HELD_LONG: Final = 5.0  # seconds after a writer was waited for in vain


def probes_of(
    deps: Deps, ticker: Ticker, delivery: Delivery, socket: WatchedSocket | None
) -> Probes:
    """Give what readiness asks of these parts."""
    return Probes(
        database=Soundness(deps),
        ticker=ticker.is_healthy,
        socket=socket.is_open if socket else None,
        token=partial(_is_let_in, delivery),
    )


def _is_let_in(delivery: Delivery) -> bool:
    """Tell whether Slack takes the bot's token. Raises NotReady, with its word, if it does not."""
    if delivery.is_let_in():
        return True
    if said := delivery.entrance.why_not:
        raise NotReady(f"Slack does not let the bot in, {said}: run `answerable doctor`")
    return delivery.is_let_in()  # it has been let in this moment


@dataclass
class Soundness:
    """What readiness asks of the database, and since when another program has held it."""

    deps: Deps
    _held_since: float | None = None

    def __call__(self) -> bool:
        """Tell whether it is as this version needs it, takes changes in and lacks nothing.

        Its tables may be changed under a bot that runs, and its disk may fill. Raises NotReady with
        what can be told to whoever probes, who shows no token: where the database is and who uses
        it is the doctor's to tell.
        """
        engine = self.deps.store.engine
        try:
            require_known(engine)
            is_sound = is_current(engine) and self._is_writable() and witness.is_whole(self.deps)
        except UnusableDatabase as error:
            raise NotReady("its tables are another version's: run `answerable doctor`") from error
        except DBAPIError as error:
            raise NotReady("the database cannot be used: run `answerable doctor`") from error
        if is_full(engine):
            raise NotReady("its disk is full: make room")
        return is_sound

    def _is_writable(self) -> bool:
        """Tell whether it takes changes in. Whoever writes just now holds it, but not for long."""
        now = self.deps.store.clock.elapsed()
        try:
            does = is_writable(self.deps.store.engine)
        except HeldElsewhere as error:
            self._held_since = now if self._held_since is None else self._held_since
            if now - self._held_since > HELD_LONG:
                raise NotReady("another program holds it, and nothing is recorded") from error
            return True
        self._held_since = None
        return does


def signs_of(
    base: Base,
    ticker: Ticker,
    delivery: Delivery,
    socket: WatchedSocket | None,
    answered: Answered,
) -> Signs:
    """Give what the figures tell of these parts."""
    return Signs(
        version=version("answerable"),
        engine=base.store.engine.dialect.name,
        has_witness=bool(base.config.witness_url.get_secret_value()),
        leads=ticker.has_led,
        since_tick=ticker.since_tick,
        is_let_in=delivery.is_let_in,
        messages=lambda: {"sent": delivery.sent, "given_up": delivery.given_up},
        answers=answered.so_far,
        socket=socket.is_open if socket else None,
    )
