"""What the running bot's parts say of themselves: to probes, and to whoever watches."""

from importlib.metadata import version

from bot.app.base import Base
from bot.usecases import Deps, witness
from handlers.delivery import Delivery
from handlers.http.health import Probes
from handlers.http.metrics import Signs
from handlers.slack.socket import WatchedSocket
from handlers.slack.timed import Answered
from handlers.ticker import Ticker
from store.migrate import is_current, is_writable


def probes_of(
    deps: Deps, ticker: Ticker, delivery: Delivery, socket: WatchedSocket | None
) -> Probes:
    """Give what readiness asks of these parts."""
    engine = deps.store.engine
    return Probes(
        database=lambda: is_current(engine) and is_writable(engine) and witness.is_whole(deps),
        ticker=ticker.is_healthy,
        socket=socket.is_open if socket else None,
        token=delivery.is_let_in,
    )


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
