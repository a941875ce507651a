"""The rules of a zone change while the bot serves: nothing is struck twice, nothing is left out."""

import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from worlds import CHANNEL, POLICY, STEWARD, World, a_live_world, person

from bot.domain.record import Entry, Kind
from bot.usecases import digests
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

DAY = timedelta(days=1)
ZONE = "Europe/Berlin"
AT_NINE = "FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0"
AT_MIDNIGHT = "FREQ=DAILY;BYHOUR=0;BYMINUTE=0;BYSECOND=0"
# An hour behind Berlin, two hours behind, an hour ahead.
NEIGHBOURS = ["Europe/London", "Atlantic/Azores", "Europe/Athens"]


@pytest.fixture
def zones(tmp_path: Path) -> Iterator[Path]:
    """Give a folder whose zone data go before all others; they are the usual ones in the end."""
    folder = tmp_path / "zones"
    (folder / ZONE).parent.mkdir(parents=True)
    known = zoneinfo.TZPATH
    zoneinfo.reset_tzpath([str(folder), *known])
    yield folder
    zoneinfo.reset_tzpath(known)
    ZoneInfo.clear_cache()


def go_as(neighbour: str, zones: Path) -> None:
    """Have the clocks of the zone go as a neighbour's do, as after an update of the zone data."""
    (zones / ZONE).write_bytes((files("tzdata.zoneinfo") / neighbour).read_bytes())
    ZoneInfo.clear_cache()


def live_through_the_change(live: World, neighbour: str, zones: Path) -> None:
    live.live_through(3 * 24 + 12)
    go_as(neighbour, zones)
    live.live_through(4 * 24)


def require_daily(entries: Sequence[Entry]) -> None:
    times = [datetime.fromisoformat(each.ts) for each in entries]
    assert len(times) in (7, 8)
    assert all(DAY / 2 < later - earlier < 3 * DAY / 2 for earlier, later in pairwise(times))


@pytest.mark.parametrize("neighbour", NEIGHBOURS)
@pytest.mark.parametrize("cadence", [AT_NINE, AT_MIDNIGHT])
def test_i7_each_day_has_one_draw_when_the_clocks_are_said_to_go_otherwise(
    tmp_path: Path, zones: Path, cadence: str, neighbour: str
) -> None:
    live = a_live_world(tmp_path, replace(POLICY, cadence=cadence, zone=ZONE))
    known = len(live.entries(Kind.ROUND_OPENED))
    live_through_the_change(live, neighbour, zones)

    require_daily(live.entries(Kind.ROUND_OPENED)[known:])


@pytest.mark.parametrize("neighbour", NEIGHBOURS)
def test_each_day_has_one_digest_when_the_clocks_are_said_to_go_otherwise(
    live: World, zones: Path, neighbour: str
) -> None:
    digests.place_digest(live.deps, person(STEWARD), CHANNEL, "every day at 09:00", ZONE)
    live_through_the_change(live, neighbour, zones)

    require_daily(live.entries(Kind.DIGEST_WRITTEN))
