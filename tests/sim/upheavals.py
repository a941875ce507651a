"""What befalls the whole place by seed: all come at once, all is away, clocks jump."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from tests.sim.people import Somebody
from tests.sim.plan import BREAKDOWNS, CALM, DAY, JUMPS, KEYS, RUNG, SET_RIGHT

if TYPE_CHECKING:
    from tests.sim.simulation import Simulation


def plan_rushes(here: "Simulation", people: Mapping[str, Somebody]) -> None:
    """Have all come at one moment: only then do several bots want the seat at once."""
    chance = here.fork("rushes")
    for number in range(int(here.until / DAY) * here.plan.rushes):
        at = (number + chance.random()) * DAY / here.plan.rushes + 120
        for key in KEYS[: here.plan.workflows]:
            here.baton.plan(at, f"{key} reports", partial(here.pipelines.report, key))
        for user_id in RUNG:
            here.baton.plan(at, f"{user_id} looks", people[user_id].looks)


def plan_breakdowns(here: "Simulation") -> None:
    """Have all bots, the database or Slack be away, and be back by the calm days."""
    chance = here.fork("breakdowns")
    for _ in range(here.plan.weeks * here.plan.breakdowns):
        at = DAY + chance.random() * (here.until - CALM - DAY)
        what = chance.choice(here.plan.breaks)
        seconds = min(chance.choice(BREAKDOWNS[what]), here.until - CALM - at)
        here.baton.plan(at, f"{what} away", partial(_break_down, here, what, seconds))


def _break_down(here: "Simulation", what: str, seconds: float) -> None:
    if what != "bots":
        here.weather.break_down(what, seconds)
        return
    here.weather.befallen["bots away"] += 1
    here.down_until = here.baton.now + seconds
    for bot in list(here.replicas.values()):
        here.crash(bot.name)


def plan_jumps(here: "Simulation") -> None:
    """Have clocks jump, and be set right by the calm days."""
    chance = here.fork("jumps")
    for _ in range(here.plan.weeks * here.plan.jumps):
        at = DAY + chance.random() * (here.until - CALM - DAY)
        by, until = chance.choice(JUMPS), at + chance.choice(SET_RIGHT)
        whose = chance.choice([None, *range(here.plan.replicas)])
        right_at = min(until, here.until - CALM)
        here.baton.plan(at, "a clock jumps", partial(_jump, here, by, right_at, whose))


def _jump(here: "Simulation", by: float, right_at: float, whose: int | None) -> None:
    """Set a machine's clock wrong, or that of all, and right again after a while."""
    here.weather.befallen["a clock jumps"] += 1
    clocks = [bot.clock for number, bot in here.replicas.items() if whose in {None, number}]
    for moved, until in ((by, right_at), (-by, right_at)):
        for clock in clocks:
            clock.wrong_by += moved
        wrong = max((abs(each.wrong_by) for each in clocks), default=0.0)
        here.history.note("clock", by=max(wrong, abs(by)), whose=whose)
        here.baton.sleep(until - here.baton.now)
