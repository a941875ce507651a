"""What the service, the console and the doctor stand on: settings, clients, clock, store, key."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Final

import structlog
from slack_sdk.errors import SlackApiError
from sqlalchemy import Engine

from bot.clock import Clock, MovedClock, SystemClock
from bot.config import ClockKind, Config, Misconfigured, read_config
from bot.domain.people import Circle
from bot.domain.refusals import OtherClock
from bot.domain.rounds import Round
from bot.domain.sampling import NO_KEY, is_committed_to
from bot.keys import SigningKey, draw_key, signing_key
from bot.usecases import Deps
from handlers.cli import Failed
from handlers.slack.advice import out_of_reach
from handlers.slack.client import Heard, HeardClient
from handlers.slack.clock import read_clock
from handlers.slack.errors import foreign_answer
from handlers.slack.poster import TIMEOUT
from store.engine import Store, connect, last_notes, place_of
from store.faults import UnusableDatabase
from store.memory import KeyMemory
from store.migrate import make_ready, require_made
from store.reading import Reading
from store.unit_of_work import Stamp

log = structlog.get_logger()

LOOKED_AT: Final = 20  # rounds: all are committed to one key


@dataclass(frozen=True, slots=True)
class Base:
    """What the service and the console commands both stand on."""

    config: Config
    client: HeardClient
    clock: Clock
    store: Store
    key: SigningKey

    def deps(self, workspace: str) -> Deps:
        """Give what use cases need, with the draw key. Raises Misconfigured."""
        with self.store.read(workspace) as reading:
            is_committed = reading.workflows.is_any()
            key = draw_key(self.config.draw_key_file, is_committed=is_committed)
            others = rounds_of_another_key(reading, key)
        if others:
            log.warning(
                "the draw key is not the one an open round is committed to",
                round=others[0].name,
                becomes="a breach when it is drawn",
                see="docs/running.md, Keys and backups",
            )
        return Deps(self.store, workspace, self._circle, key)

    def deps_without_draws(self, workspace: str) -> Deps:
        """Give what use cases need that draw nothing: what would draw all the same raises."""
        return Deps(self.store, workspace, self._circle, NO_KEY)

    @property
    def _circle(self) -> Circle:
        return Circle(admins=self.config.admins, auditors=self.config.auditors)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what an operator can mend into Failed, which is said in one line."""
    try:
        yield
    except (Misconfigured, UnusableDatabase, OtherClock) as error:
        raise Failed(str(error)) from error


def open_base() -> Base:
    """Build what everything stands on; what is not there at all is made. Raises Failed."""
    with explained():
        config = read_config()
        engine = connect(config.database_url)
        make_ready(engine)
        return _built(config, engine)


def open_used_base() -> Base:
    """Build it where the bot has run before: elsewhere nothing is made. Raises Failed."""
    with explained():
        config = read_config()
        engine = connect(config.database_url)
        require_made(engine)
        make_ready(engine)
        if not last_notes(engine):
            raise Failed(
                f"no workspace is known at {place_of(engine)} yet: run `answerable serve` "
                "once, so that Slack names it"
            )
        return _built(config, engine)


def _built(config: Config, engine: Engine) -> Base:
    key = signing_key(config.signing_key_file, last_notes(engine))
    client = slack_client(config, TIMEOUT)
    clock = _clock(config, client)
    memory = KeyMemory(config.signing_key_file)
    stamp = Stamp(version("answerable"), key.sign_checkpoint)
    store = Store(engine, clock, stamp, memory=memory)
    for workspace in store.workspaces():
        memory.last_or_none(workspace)  # one that cannot be read is said before anything starts
    return Base(config, client, clock, store, key)


def of_others_alone(store: Store, workspace: str) -> str:
    """Give what is wrong with a database that holds the records of other workspaces only.

    A token of the wrong team starts no new log. Otherwise it is empty.
    """
    others = store.workspaces()
    if not others or workspace in others:
        return ""
    return (
        f"the database {place_of(store.engine)} holds the record of {', '.join(others)}, but "
        f"SLACK_BOT_TOKEN is of {workspace}: use that team's token, or another database"
    )


def open_rounds(reading: Reading) -> tuple[Round, ...]:
    """Give rounds whose seed is yet to be revealed: the first to end, as many as are looked at."""
    return reading.rounds.due(datetime.max.replace(tzinfo=UTC), LOOKED_AT)


def rounds_of_another_key(reading: Reading, key: bytes) -> tuple[Round, ...]:
    """Give those of them that are not committed to this draw key."""
    return tuple(
        each
        for each in open_rounds(reading)
        if not is_committed_to(key, reading.workspace, each.workflow, each.number, each.commitment)
    )


def slack_client(config: Config, timeout: float, heard: Heard | None = None) -> HeardClient:
    # The SDK's own retries post twice when an answer is lost: the outbox decides that, not it.
    client = HeardClient(
        token=config.bot_token.get_secret_value(),
        base_url=config.slack_api_url,
        timeout=timeout,  # type: ignore[arg-type] # the SDK hands it to urllib, which takes parts
        retry_handlers=[],
    )
    client.heard = heard
    return client


def _clock(config: Config, client: HeardClient) -> Clock:
    if config.clock is ClockKind.SYSTEM:
        return SystemClock()
    try:
        return MovedClock(read_clock(client))
    except SlackApiError as error:
        if foreign := foreign_answer(error, config.slack_api_url):
            raise Misconfigured(foreign) from error
        raise Misconfigured(
            f"ANSWERABLE_CLOCK=sandbox, but {config.slack_api_url} does not tell the time to "
            f"SLACK_BOT_TOKEN: {error.response['error']}"
        ) from error
    except OSError as error:
        raise Misconfigured(
            f"ANSWERABLE_CLOCK=sandbox, but no sandbox answers at {config.slack_api_url}"
        ) from error


def unreachable(config: Config, error: OSError) -> Failed:
    return Failed(out_of_reach(config.slack_api_url, error))
