"""Looking a set-up over: what is wrong, and what to do. It may run beside the bot."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.app.base import slack_client
from bot.app.manifest import optional_scopes, scopes
from bot.clock import SystemClock
from bot.config import NO_WAY_OUT, Config, Misconfigured, proxies, read_config
from bot.domain.refusals import OtherClock
from bot.domain.registry import WorkflowState
from bot.keys import SigningKey, draw_key, signing_key
from handlers.slack.checkup import (
    Check,
    check_app_token,
    check_bot_token,
    check_people,
    fail,
    warn,
)
from store.engine import (
    Store,
    UnusableDatabase,
    connect,
    file_or_none,
    is_open_to_others,
    last_notes,
)
from store.migrate import is_current
from store.unit_of_work import Stamp

PATIENCE: Final = 5  # seconds for each call
SIGNING_SECRET: Final = re.compile(r"[0-9a-f]{32}")


def examine() -> Iterator[Check]:
    """Give one check after the other. No secret is in any of them."""
    try:
        config = read_config()
    except Misconfigured as error:
        yield fail("settings", f"{error}: nothing else was looked at")
        return
    yield Check("settings")
    yield _way_in(config)
    yield from _slack(config)
    yield from _database(config)
    yield _key("signing key", config, config.signing_key_file, _key_of_the_log(config))
    yield _key("draw key", config, config.draw_key_file, draw_key)
    yield _proxies()


def _way_in(config: Config) -> Check:
    if not (config.has_socket or config.has_signing_secret):
        return fail("way in", "set SLACK_APP_TOKEN (Socket Mode), SLACK_SIGNING_SECRET (HTTP)")
    return Check("way in")


def _slack(config: Config) -> Iterator[Check]:
    client = slack_client(config, PATIENCE)
    if config.has_bot_token:
        yield from check_bot_token(client, scopes(), SystemClock().now, optional_scopes())
    else:
        yield fail("bot token", NO_WAY_OUT)
    yield _admins(config)
    yield from check_people(client, {"ADMINS": config.admins, "AUDITORS": config.auditors})
    if config.has_socket:
        yield check_app_token(client, config.app_token.get_secret_value())
    if config.has_signing_secret:
        yield _signing_secret(config)


def _admins(config: Config) -> Check:
    if config.admins:
        return Check("admins")
    return warn(
        "admins",
        "nobody is named: what climbs to the last rung reaches nobody. Set ANSWERABLE_ADMINS to "
        "the Slack user ids of those who manage this",
    )


def _signing_secret(config: Config) -> Check:
    is_usual = SIGNING_SECRET.fullmatch(config.signing_secret.get_secret_value())
    if config.is_loopback or is_usual:
        return Check("signing secret")
    return warn(
        "signing secret",
        "Slack's are 32 hexadecimal digits and this is not: copy it from *Basic Information* "
        "and set SLACK_SIGNING_SECRET",
    )


def _database(config: Config) -> Iterator[Check]:
    try:
        engine = connect(config.database_url)
    except UnusableDatabase as error:
        yield fail("database", str(error))
        return
    if not _exists(engine):
        yield _unmade(engine)
        return
    try:
        yield _tables(engine)
        yield from _clocks(engine, config)
        yield from _channels(engine)
    except DBAPIError as error:
        yield fail("database", f"{engine.url.database} cannot be used: {error.orig}")
    finally:
        engine.dispose()


def _exists(engine: Engine) -> bool:
    return Path(engine.url.database or "").is_file()


def _unmade(engine: Engine) -> Check:
    folder = Path(engine.url.database or "").absolute().parent
    if not os.access(folder, os.W_OK):
        return fail("database", f"{folder} cannot be written to: make it, or name another place")
    return warn("database", f"{engine.url.database} is not there yet: `answerable serve` makes it")


def _tables(engine: Engine) -> Check:
    """Look at the tables, and take the writer's seat for a moment without writing anything."""
    if not is_current(engine):
        return fail("database", "its tables are not this version's: run `answerable migrate`")
    with engine.connect().execution_options(seat=True) as connection:
        connection.begin()
        connection.rollback()
    if is_open_to_others(engine):
        path = file_or_none(engine)
        return warn("database", f"others on this machine can read it: run chmod 600 {path}*")
    return Check("database")


def _clocks(engine: Engine, config: Config) -> Iterator[Check]:
    """Look whether this terminal's clock is the one that each record began by: no other writes."""
    if not is_current(engine):
        return
    store = _store(engine)
    for workspace in store.workspaces():
        with store.read(workspace) as reading:
            recorded = str(reading.log.entry(0).facts.get("clock"))
        if recorded != config.clock:
            other = OtherClock(recorded, config.clock)
            yield fail("clock of the record", f"{other.fault}. {other.advice}")


def _store(engine: Engine) -> Store:
    """Give the store to read from: what would write and sign is never asked."""
    return Store(engine, SystemClock(), Stamp("", lambda _log, text: text))


def _channels(engine: Engine) -> Iterator[Check]:
    """Judge each live workflow's channel by the last message to it: to ask Slack needs a scope."""
    if not is_current(engine):
        return
    store = _store(engine)
    for workspace in store.workspaces():
        with store.read(workspace) as reading:
            errors = reading.outbox.failing_channels()
            for workflow in reading.workflows.all():
                if workflow.state is WorkflowState.LIVE:
                    yield _channel(workflow.key, workflow.channel, errors.get(workflow.key, ""))


def _channel(key: str, channel: str, error: str) -> Check:
    name = f"channel of {key}"
    if not error:
        return Check(name)
    return fail(
        name,
        f"the last message to {channel} did not arrive ({error}), people were written to instead: "
        f"invite the bot to it, unarchive it, or type /answerable watch {key} in another",
    )


def _key(name: str, config: Config, path: Path, read: Callable[[Path], object]) -> Check:
    if path.exists():
        try:
            read(path)
        except Misconfigured as error:
            return fail(name, str(error))
        return Check(name)
    if _has_database(config):
        return fail(name, f"{path} is gone, but the database is there: restore it from a backup")
    return warn(name, f"{path} is not there yet: `answerable serve` makes it")


def _key_of_the_log(config: Config) -> Callable[[Path], SigningKey]:
    """Give what reads the signing key and, where a log is, holds it to be the log's own."""

    def read(path: Path) -> SigningKey:
        return signing_key(path, _notes(config))

    return read


def _notes(config: Config) -> tuple[str, ...]:
    if not _has_database(config):
        return ()
    engine = connect(config.database_url)
    try:
        return last_notes(engine)
    except DBAPIError:
        return ()  # told of already, as the database's own trouble
    finally:
        engine.dispose()


def _has_database(config: Config) -> bool:
    try:
        return _exists(connect(config.database_url))
    except UnusableDatabase:
        return False


def _proxies() -> Check:
    found = proxies()
    if not found:
        return Check("proxies")
    named = ", ".join(f"{name} ({host})" for name, host in found.items())
    return warn("proxies", f"Slack is called through {named}: unset it if that is not meant")
