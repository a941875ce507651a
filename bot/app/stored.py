"""What the doctor looks at in the database and in the two key files. It writes nothing."""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.app.base import of_others_alone, open_rounds, rounds_of_another_key
from bot.app.reach import check_reach
from bot.clock import SystemClock
from bot.config import Config, Misconfigured
from bot.domain.people import Circle
from bot.domain.refusals import Busy, Damaged, OtherClock
from bot.domain.registry import WorkflowState, auditor_faults
from bot.domain.witness import Shortened, require_grown
from bot.keys import DRAW_SETTING, SIGNING_SETTING, draw_key, is_there, signing_key
from bot.usecases.metrics import witnessing
from handlers.slack.checkup import Check, fail, warn
from store.engine import Store, connect, last_notes, place_of
from store.faults import UnusableDatabase, require_folder, unusable_by_bot
from store.memory import KeyMemory
from store.migrate import (
    excess_or_none,
    has_tables,
    is_current,
    is_made,
    require_known,
    require_rights,
    require_writable,
    unguarded_or_none,
)
from store.reading import Reading
from store.sqlite import file_or_none, is_nearly_full, is_open_to_others
from store.tenancy import require_lockable
from store.unit_of_work import Stamp

_RESTORE: Final = "restore it from a backup"
RIGHTS: Final = "rights in the database"
RECORD: Final = "record"
GUARDS: Final = "guards of the record"
WITNESSED: Final = "what was witnessed"
WITNESS: Final = "witness"
LONGEST_UNSEEN: Final = timedelta(minutes=15)  # as the alert has it
MADE_BY_SERVE: Final = "is not there yet: `answerable serve` makes it"


def check_stored(config: Config, team: str, fault_of: Callable[[str], str]) -> Iterator[Check]:
    """Give one check of the database after the other, and then those of the keys to it.

    `team` is what the bot token is of, and `fault_of` gives why nothing would arrive in a channel,
    as far as Slack tells.
    """
    try:
        engine = connect(config.database_url)
    except UnusableDatabase as error:
        yield fail("database", str(error))
        return
    try:
        yield from _database(engine, config, team, fault_of)
        yield from _keys(engine, config)
    finally:
        engine.dispose()


def _database(
    engine: Engine, config: Config, team: str, fault_of: Callable[[str], str]
) -> Iterator[Check]:
    try:
        if not is_made(engine):
            yield _unmade(engine)
            return
        try:
            require_known(engine)
        except UnusableDatabase as error:
            yield fail("database", str(error))
            return
        yield _tables(engine)
        if is_current(engine):
            yield from _rights(engine)
            yield _guards(engine)
            yield _record(engine)
            yield from _clocks(engine, config)
            yield from _witnessed(engine, config)
            yield from _seen_outside(engine, config)
            yield from _auditors(engine, config)
            store = _store(engine)
            if foreign := of_others_alone(store, team) if team else "":
                yield fail("workspace of the record", foreign)
                return  # where its messages would arrive, this token does not tell
            yield from check_reach(store, config, fault_of)
    except DBAPIError as error:
        yield fail("database", str(unusable_by_bot(engine, error.orig)))
    except Damaged as damaged:
        yield fail(RECORD, str(damaged))
    except Busy as busy:  # lost or held since it was looked at first
        yield fail("database", f"{engine.url.database} cannot be used: {busy}")


def _unmade(engine: Engine) -> Check:
    path = file_or_none(engine)
    if path is None:
        name = engine.url.database
        return fail("database", f"{name} has no tables yet: run `answerable migrate`")
    try:
        require_folder(engine)
    except UnusableDatabase as error:
        return fail("database", str(error))
    if not os.access(path.parent, os.W_OK):
        return fail(
            "database",
            f"{path.parent} cannot be written to: run this as a user who may, or name another "
            "place in ANSWERABLE_DATABASE_URL",
        )
    return warn("database", f"{engine.url.database} {MADE_BY_SERVE}")


def _tables(engine: Engine) -> Check:
    """Look at the tables, and whether they can be written to."""
    if not is_current(engine):
        return fail("database", "its tables are not this version's: run `answerable migrate`")
    try:
        require_writable(engine)
        require_lockable(engine)
    except UnusableDatabase as error:
        return fail("database", str(error))
    if is_nearly_full(engine):
        return fail("database", f"the disk of {place_of(engine)} is nearly full: make room")
    if is_open_to_others(engine):
        path = file_or_none(engine)
        return warn("database", f"others on this machine can read it: run chmod 600 {path}*")
    return Check("database")


def _rights(engine: Engine) -> Iterator[Check]:
    """Look on a server whether this user is who the bot should come as."""
    if engine.dialect.name == "sqlite":
        return
    try:
        require_rights(engine)
    except UnusableDatabase as error:
        yield fail(RIGHTS, str(error))
        return
    excess = excess_or_none(engine)
    yield warn(RIGHTS, excess) if excess else Check(RIGHTS)


def _guards(engine: Engine) -> Check:
    """Look whether the database itself still refuses what must never happen to the record."""
    unguarded = unguarded_or_none(engine)
    return fail(GUARDS, unguarded) if unguarded else Check(GUARDS)


def _record(engine: Engine) -> Check:
    """Look whether all of each record is what was signed. What needs what is gone is not asked."""
    last_notes(engine)  # there may be entries of workspaces that nothing names any more
    store = _store(engine)
    for workspace in store.workspaces():
        store.require_whole(workspace)
    return Check(RECORD)


def _clocks(engine: Engine, config: Config) -> Iterator[Check]:
    """Look whether this terminal's clock is the one that each record began by: no other writes."""
    for reading in _readings(engine):
        recorded = str(reading.log.entry(0).facts.get("clock"))
        if recorded != config.clock:
            other = OtherClock(recorded, config.clock)
            yield fail("clock of the record", f"{other.fault}. {other.advice}")


def _witnessed(engine: Engine, config: Config) -> Iterator[Check]:
    """Look whether each record is what grew out of what a witness has seen, if one ever has."""
    memory = KeyMemory(config.signing_key_file)
    for reading in _readings(engine):
        try:
            seen, head = memory.last_or_none(reading.workspace), reading.log.head_or_none()
            if seen:
                require_grown(seen, head.size if head else 0, reading.log.root_at(seen.size))
                yield Check(WITNESSED)
        except (Misconfigured, Shortened) as error:
            yield fail(WITNESSED, str(error))


def _seen_outside(engine: Engine, config: Config) -> Iterator[Check]:
    """Look whether the witness that is named has seen each record, and lately."""
    if not config.witness_url.get_secret_value():
        return
    for reading in _readings(engine):
        state = witnessing(reading)
        # How long ago a sandbox's clock has recorded something is not told from here.
        is_of_system = config.clock == SystemClock().kind
        is_late = state.unseen_for > LONGEST_UNSEEN if is_of_system else state.since is None
        if not is_late:
            yield Check(WITNESS)
            continue
        arrived = "nothing of it has" if state.since is None else "its newest entries have not"
        yield fail(
            WITNESS,
            f"{arrived} arrived at the address in ANSWERABLE_WITNESS_URL: see that `answerable "
            "serve` runs, and what its log says of `not witnessed`",
        )


def _auditors(engine: Engine, config: Config) -> Iterator[Check]:
    """Look whether anybody audits what they answer for: settings may name them after the roles."""
    circle = Circle(config.admins, config.auditors)
    for reading in _readings(engine):
        for workflow in reading.workflows.all():
            audited = auditor_faults(workflow.roles, circle)
            if audited and workflow.state is not WorkflowState.RETIRED:
                yield warn(
                    f"auditors of {workflow.key}",
                    f"ANSWERABLE_AUDITORS names its {' and '.join(audited)}, and nobody audits "
                    "what they answer for: name other auditors there, or others in these roles "
                    f"with /answerable handover {workflow.key}",
                )


def _keys(engine: Engine, config: Config) -> Iterator[Check]:
    try:
        notes, is_committed = _signed_and_committed(engine)
    except (DBAPIError, Busy):  # told of already, as the database's own trouble
        yield warn("keys", "they are held against the record once the database can be used")
        return
    if notes is None:
        yield warn("keys", "they are held against the record once its tables are this version's")
        return
    yield _signing_key(config.signing_key_file, notes)
    yield _draw_key(config.draw_key_file, engine, is_committed=is_committed)


def _signed_and_committed(engine: Engine) -> tuple[tuple[str, ...] | None, bool]:
    """Give what the signing key has signed last, and whether rounds have seeds to be revealed.

    Of tables of another version nobody can tell: then it is None.
    """
    if not is_made(engine) or not has_tables(engine):
        return (), False
    if not is_current(engine):
        return None, False
    return last_notes(engine), any(open_rounds(each) for each in _readings(engine))


def _signing_key(path: Path, notes: tuple[str, ...]) -> Check:
    try:
        if not is_there(path, SIGNING_SETTING):
            return _not_there("signing key", path, "the record is signed" if notes else "")
        signing_key(path, notes)
    except Misconfigured as error:
        return fail("signing key", str(error))
    if not notes:
        return warn(
            "signing key",
            f"{path} is there and the database has no record yet. After a first start that failed "
            f"this is right; if a record was kept here, {_RESTORE}",
        )
    return Check("signing key")


def _not_there(name: str, path: Path, by: str) -> Check:
    """Judge a key file that is not there: by what it is needed, which is empty if by nothing."""
    if by:
        return fail(name, f"{path} is gone, but {by}: {_RESTORE}")
    return warn(name, f"{path} {MADE_BY_SERVE}")


def _draw_key(path: Path, engine: Engine, *, is_committed: bool) -> Check:
    try:
        if not is_there(path, DRAW_SETTING):
            by = "rounds are committed to it" if is_committed else ""
            return _not_there("draw key", path, by)
        key = draw_key(path)
    except Misconfigured as error:
        return fail("draw key", str(error))
    readings = _readings(engine) if is_committed else ()
    try:
        others = [each.name for reading in readings for each in rounds_of_another_key(reading, key)]
    except (DBAPIError, Busy):
        return warn("draw key", "the database was lost before rounds could be held against it")
    if others:
        return fail("draw key", f"{path} is not the one {others[0]} is committed to: {_RESTORE}")
    return Check("draw key")


def _readings(engine: Engine) -> Iterator[Reading]:
    """Give a view of each workspace in turn."""
    store = _store(engine)
    for workspace in store.workspaces():
        with store.read(workspace) as reading:
            yield reading


def _store(engine: Engine) -> Store:
    """Give what is only read from: what would write and sign is never asked."""
    return Store(engine, SystemClock(), Stamp("", lambda _log, text: text))
