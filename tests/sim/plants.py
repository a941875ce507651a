"""Bugs on purpose: each breaks the product in one place, and the checker has to see it.

Nothing here is a rule of the simulation's: a plant is a patch of the product, and what it breaks
is found by what people and pipelines then see, and by the export.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import pytest
from slack_bolt import BoltResponse
from slack_sdk.http_retry import ConnectionErrorRetryHandler, FixedValueRetryIntervalCalculator

from bot.app.base import HeardClient
from bot.domain import escalation
from bot.domain.calendar import strike_after
from bot.domain.gate import GateState
from bot.domain.messages import Message, MessageKind, Place, Posting
from bot.domain.obligations import Obligation
from bot.domain.people import SYSTEM, Actor, Role
from bot.domain.refusals import Refused
from bot.usecases import Deps, closing, delivery
from bot.usecases import escalation as climbing
from bot.usecases.steps.gate import move_gate
from handlers.slack import actor as acting
from store.obligations import Obligations
from store.outputs import Outputs
from store.tenancy import Lead
from store.unit_of_work import Work
from tests.sim.plan import BUSY, SILENT, Plan
from tests.sim.plants_of_the_seat import (
    cached_frontier_trusted,
    half_read_connection_goes_on,
    seat_after_the_first_read,
)
from tests.sim.simulation import Simulation

BUSILY: Final = Plan(seed=0, weeks=2, workflows=1, replicas=2, season=BUSY)
SILENTLY: Final = replace(BUSILY, season=SILENT)
ALONE: Final = replace(SILENTLY, replicas=1)  # nobody takes over: an outage is one
BRIEF: Final = replace(BUSILY, weeks=1)
DOWN: Final = replace(ALONE, weeks=1, breakdowns=4, breaks=("bots",))
MANY: Final = replace(BUSILY, workflows=3, replicas=3)
JUMPING: Final = replace(MANY, weeks=1, rushes=1, jumps=6)
AT_ONCE: Final = replace(BRIEF, workflows=2, rushes=2)
Planting = Callable[[pytest.MonkeyPatch, Simulation], None]


@dataclass(frozen=True)
class Plant:
    """What is broken, how, and the rules one of which has to say so."""

    breaks: Planting
    seen_by: tuple[str, ...]
    plan: Plan = BUSILY
    first: int = 0  # the seed to begin with: one that shows it soon


def unique_key_dropped(patch: pytest.MonkeyPatch, simulation: Simulation) -> None:
    """Outputs have no key any more, and nobody looks whether one is there."""
    simulation.alters.append("CREATE TABLE loose AS SELECT * FROM output")
    simulation.alters.append("DROP TABLE output")
    simulation.alters.append("ALTER TABLE loose RENAME TO output")
    patch.setattr(Outputs, "known", lambda *_: {})


def ack_before_commit(patch: pytest.MonkeyPatch, simulation: Simulation) -> None:
    """A listener acknowledges at once, and the work is done behind its back."""
    dispatch = simulation.courier.dispatch

    def lazily(bot: Any, payload: Any) -> Any:  # noqa: ANN401 -- as the courier has it
        baton = simulation.baton
        if payload.get("type") != "block_actions":
            return dispatch(bot, payload)
        baton.start("behind its back", partial(_later, baton, dispatch, bot, payload), bot.name)
        return BoltResponse(status=200)

    patch.setattr(simulation.courier, "dispatch", lazily)


def _later(baton: Any, dispatch: Any, bot: Any, payload: Any) -> None:  # noqa: ANN401
    baton.sleep(2)
    dispatch(bot, payload)


def escalates_after_the_answer(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """What has ended is found due as before, and climbs."""
    get = Obligations.get
    patch.setattr(Obligations, "due_to_climb", _all_due)
    patch.setattr(climbing, "climb", lambda owed, *rest: _climb(_as_if_open(owed), *rest))
    patch.setattr(Obligations, "get", get)


_climb = escalation.climb


def _as_if_open(owed: Obligation) -> Obligation:
    return replace(owed, state=type(owed.state)("open"))


def _all_due(self: Obligations, now: datetime, limit: int) -> tuple[str, ...]:
    query = "SELECT id FROM obligation WHERE climbs_at <= ? LIMIT ?"
    micros = int(now.timestamp() * 1_000_000)
    return tuple(row.id for row in self._connection.exec_driver_sql(query, (micros, limit)))


def one_sender_lock_removed(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """Every replica takes itself for the one that leads."""
    patch.setattr(Lead, "is_ours", lambda _: True)


def default_retry_handler(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """The client tries again by itself, as it does when it is left alone."""
    handler = ConnectionErrorRetryHandler(1, FixedValueRetryIntervalCalculator(0))
    build = "bot.app.base.HeardClient"

    def retrying(**kept: Any) -> HeardClient:  # noqa: ANN401
        return HeardClient(**{**kept, "retry_handlers": [handler]})

    patch.setattr(build, retrying)


def deadline_coalesced(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """After a while without a bot all rungs that fell due are taken as the last of them."""

    def coalesced(owed: Obligation, *rest: Any) -> Any:  # noqa: ANN401
        step = _climb(owed, *rest)
        while step and (further := _climb(step.obligation, *rest)):
            step = further
        return step

    patch.setattr(climbing, "climb", coalesced)


def lateness_not_said(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """What is caught up after a while without a bot is put on record as if it came in time."""

    def silently(owed: Obligation, *rest: Any) -> Any:  # noqa: ANN401
        step = _climb(owed, *rest)
        return step and replace(step, late=timedelta(0))

    patch.setattr(climbing, "climb", silently)


def time_goes_back(patch: pytest.MonkeyPatch, simulation: Simulation) -> None:
    """What is recorded is as late as the machine's clock says, whatever was recorded before."""
    begin = Work.__init__

    def by_own_clock(self: Work, *given: Any) -> None:  # noqa: ANN401
        begin(self, *given)
        if simulation.weather.has_begun:
            self.now = given[3]

    patch.setattr(Work, "__init__", by_own_clock)


def rung_doubled_on_restart(patch: pytest.MonkeyPatch, simulation: Simulation) -> None:
    """A bot that begins asks those again whom an obligation has reached, as if it were new."""
    begin = simulation.boot

    def doubling(bot: Any) -> None:  # noqa: ANN401
        begin(bot)
        with bot.deps.store.begin(bot.deps.workspace, SYSTEM) as work:
            if not work.is_new:
                for owed in work.obligations.all_open():
                    if owed.rung >= 0:
                        work.obligations.save(replace(owed, rung=owed.rung - 1, climbs_at=work.now))

    patch.setattr(simulation, "boot", doubling)


def local_time_taken_as_utc(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """Nine o'clock is nine o'clock in Greenwich."""

    def naive(cadence: str, _zone: str, now: datetime, struck: datetime | None) -> datetime:
        return strike_after(cadence, "UTC", now, struck)

    patch.setattr("bot.usecases.steps.rounds.strike_after", naive)


def lost_answer_taken_for_a_no(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """What Slack may have taken is put back as if it had surely not."""

    def again(deps: Deps, posting: Posting, error: str) -> bool:
        delivery.record_postponed(deps, posting, 1, error)
        return False

    patch.setattr(delivery, "record_unknown", again)


def board_not_told(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """A gate that moves is not seen by who answers pipelines."""
    patch.setattr(Work, "put_on_board", lambda *_: None)


def board_looks_rarely(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """Another replica's pause is seen once a second."""
    patch.setattr("handlers.http.board.LOOK_EVERY", 0.9)


def actor_from_the_message(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """Who acts is read from the message that the button is in: whom it mentions last."""
    read = acting._user_and_team  # noqa: SLF001

    def mentioned(body: Any) -> tuple[str, str]:  # noqa: ANN401
        user, team = read(body)
        said = json.dumps(body.get("message", {}))
        start = said.rfind("<@U0")
        return (said[start + 2 : said.index(">", start)] if start >= 0 else user), team

    patch.setattr(acting, "_user_and_team", mentioned)


def everybody_may(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """Nobody's role is looked at when a breach is acknowledged or decided."""

    def authorise(_act: Any, _actor: Actor, roles: Any, **_kept: Any) -> Any:  # noqa: ANN401
        return min(roles, default=Role.OWNER)

    patch.setattr("bot.usecases.breaches.authorise", authorise)
    patch.setattr("bot.usecases.gate.authorise", authorise)


def refusal_not_kept(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """Who is refused is told so, and it is not put on record."""

    def told_only(self: Work, refusal: Refused) -> None:
        if self.actor.answer_url:
            place = Place.ANSWER
            url = self.actor.answer_url
            self.outbox.put(Message(MessageKind.NOTICE, place, url, 0, sentence=refusal.sentence))

    patch.setattr(Work, "record_refusal", told_only)


def silence_brings_nothing(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """The last rung is climbed and nothing follows."""
    patch.setattr(escalation, "_consequence", lambda _: escalation.Consequence())


def pause_lapses(patch: pytest.MonkeyPatch, _: Simulation) -> None:
    """With the close of a round its workflow runs again."""
    close = closing.close_round

    def loosening(work: Work, workflow: Any, *rest: Any) -> Any:  # noqa: ANN401
        outcome = close(work, workflow, *rest)
        if work.workflows.get(workflow.key).gate.state is GateState.PAUSED:
            move_gate(work, work.workflows.get(workflow.key), GateState.RUN, "a new round")
        return outcome

    patch.setattr(closing, "close_round", loosening)


PLANTS: Final[dict[str, Plant]] = {
    "unique key dropped": Plant(unique_key_dropped, ("i2_outputs_taken_once",), BRIEF, first=6),
    "ack before commit": Plant(
        ack_before_commit, ("i2_acks_hold",), replace(BRIEF, dies_at="after ack"), first=4
    ),
    "escalates after the answer": Plant(
        escalates_after_the_answer, ("i3_climbs",), replace(SILENTLY, weeks=1), first=1
    ),
    "one-sender lock removed": Plant(
        one_sender_lock_removed,
        ("posts_keep_the_pace",),
        replace(MANY, weeks=1, replicas=2),
        first=24,
    ),
    "default retry handler": Plant(
        default_retry_handler, ("i2_posts_are_not_repeated",), replace(BUSILY, replicas=1)
    ),
    "deadline coalesced": Plant(deadline_coalesced, ("i3_climbs",), ALONE, first=2),
    "lateness not said": Plant(lateness_not_said, ("i3_on_time",), DOWN, first=3),
    "time goes back": Plant(time_goes_back, ("i5_nobody_in_between",), JUMPING),
    "rung doubled on restart": Plant(
        rung_doubled_on_restart, ("i3_climbs",), replace(SILENTLY, weeks=1), first=8
    ),
    "local time taken as UTC": Plant(local_time_taken_as_utc, ("i3_draws_are_on_time",), first=1),
    "lost answer taken for a no": Plant(
        lost_answer_taken_for_a_no, ("i2_posts_are_not_repeated",), first=7
    ),
    "board not told": Plant(
        board_not_told, ("i10_stops", "i10_gates_are_as_recorded"), BRIEF, first=2
    ),
    "board looks rarely": Plant(board_looks_rarely, ("i10_stops",), BRIEF, first=2),
    "actor from the message": Plant(
        actor_from_the_message, ("i4_each_for_themselves",), BRIEF, first=14
    ),
    "everybody may": Plant(everybody_may, ("i4_within_roles",), first=4),
    "refusal not kept": Plant(refusal_not_kept, ("i4_refusals_kept",), BRIEF, first=1),
    "silence brings nothing": Plant(
        silence_brings_nothing, ("i3_consequences",), SILENTLY, first=6
    ),
    "pause lapses": Plant(pause_lapses, ("i10_paused_until_agreed",), first=3),
    "seat after the first read": Plant(
        seat_after_the_first_read, ("i5_nobody_in_between",), AT_ONCE, first=1
    ),
    "cached frontier trusted": Plant(cached_frontier_trusted, ("i5_nobody_in_between",), AT_ONCE),
    "half-read connection goes on": Plant(
        half_read_connection_goes_on, ("i5_nobody_in_between",), BRIEF, first=22
    ),
}
