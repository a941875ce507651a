"""What probes hear of the database."""

from types import SimpleNamespace
from typing import cast

from bot.app.signs import probes_of
from bot.clock import SystemClock
from bot.domain.people import Circle
from bot.usecases import Deps
from handlers.delivery import Delivery
from handlers.ticker import Ticker
from store.engine import Store, connect
from store.unit_of_work import Stamp


def test_a_server_that_is_away_is_told_without_its_address_or_user() -> None:
    engine = connect("postgresql://somebody:secret@127.0.0.1:9/claims")
    store = Store(engine, SystemClock(), Stamp("", lambda _log, text: text))
    ticker = cast("Ticker", SimpleNamespace(is_healthy=lambda: True))
    delivery = cast("Delivery", SimpleNamespace(is_let_in=lambda: True))
    probes = probes_of(Deps(store, "T0", Circle(), b""), ticker, delivery, None)
    assert probes.faults() == {
        "database": "the database cannot be used: run `answerable doctor`",
        "ticker": None,
        "token": None,
    }
