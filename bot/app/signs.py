"""What the running bot's parts say of themselves: to probes, and to whoever watches."""

from functools import partial
from importlib.metadata import version

from sqlalchemy.exc import DBAPIError

from bot.app.base import Base
from bot.usecases import Deps, witness
from handlers.delivery import Delivery
from handlers.http.health import NotReady, Probes
from handlers.http.metrics import Signs
from handlers.slack.socket import WatchedSocket
from handlers.slack.timed import Answered
from handlers.ticker import Ticker
from store.engine import UnusableDatabase
from store.migrate import is_current, is_writable, require_known


def probes_of(
    deps: Deps, ticker: Ticker, delivery: Delivery, socket: WatchedSocket | None
) -> Probes:
    """Give what readiness asks of these parts."""
    return Probes(
        database=partial(_is_sound, deps),
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


def _is_sound(deps: Deps) -> bool:
    """Tell whether the database is as this version needs it, takes changes in and lacks nothing.

    Its tables may be changed under a bot that runs. Raises NotReady if they are not ours any more.
    """
    engine = deps.store.engine
    # Whoever probes needs no token: where the database is and who uses it is the doctor's to tell.
    try:
        require_known(engine)
        return is_current(engine) and is_writable(engine) and witness.is_whole(deps)
    except UnusableDatabase as error:
        raise NotReady("its tables are another version's: run `answerable doctor`") from error
    except DBAPIError as error:
        raise NotReady("the database cannot be used: run `answerable doctor`") from error


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
