"""What the console's commands do, apart from serving and looking a set-up over."""

import secrets
from collections.abc import Mapping
from pathlib import Path

import structlog

from bot.app.base import Base, explained, open_used_base
from bot.config import Misconfigured, read_config
from bot.domain.tokens import PREFIX
from bot.keys import signing_key
from bot.rendering.bundle import write_bundle
from bot.usecases import Deps, record
from bot.usecases.record import Wanted
from handlers.cli import Failed
from handlers.cli.files import written_whole
from handlers.http.bodies import read_json
from store.engine import connect, last_notes, place_of
from store.migrate import guard_again, migrate
from store.sqlite import file_or_none

log = structlog.get_logger()


def open_deps() -> Deps:
    """Give the use cases' dependencies for the one workspace in the database. Raises Failed."""
    base = open_used_base()
    with explained():
        return base.deps(_only_workspace(base))


def open_deps_to_pause() -> Deps:
    """Give them even if the draw key cannot be used: a pause draws nothing. Raises Failed."""
    base = open_used_base()
    workspace = _only_workspace(base)
    try:
        return base.deps(workspace)
    except Misconfigured as error:
        log.warning("draw_key_unusable", reason=str(error))
        return base.deps_without_draws(workspace)


def _only_workspace(base: Base) -> str:
    workspaces = base.store.workspaces()
    if len(workspaces) != 1:
        raise Failed(f"the database holds {len(workspaces)} workspaces; this works for one")
    return workspaces[0]


def migrate_database(bots_role: str) -> str:
    """Bring the database up to date, or make it, and give a sentence on that. Raises Failed."""
    with explained():
        engine = connect(read_config().database_url)
        outcome = migrate(engine, bots_role)
        made = guard_again(engine)
    again = f"; guards that it had lost are made again: {', '.join(made)}" if made else ""
    return f"the database {place_of(engine)} {outcome}{again}"


def log_vkey() -> str:
    """Give the line by which an auditor checks the log's signatures. Raises Failed."""
    base = open_used_base()
    return base.key.vkey(record.log_name(base.deps_without_draws(_only_workspace(base))))


def own_files() -> tuple[Path, ...]:
    """Give the files that the bot lives from: its keys and, if it is one, its database."""
    with explained():
        config = read_config()
        database = file_or_none(connect(config.database_url))
    keys = config.signing_key_file, config.draw_key_file
    return (*keys, database) if database else keys


def export_record(
    deps: Deps, wanted: Wanted, target: Path, called: Mapping[str, str] | None = None
) -> int:
    """Write the record to a file and give the number of entries in it. Raises Failed.

    `called` has the names of people by their Slack ids, where a running bot has learnt them.
    """
    with explained():
        key = signing_key(read_config().signing_key_file, last_notes(deps.store.engine))
    with written_whole(target) as file, record.read_record(deps, wanted) as found:
        write_bundle(found, key.vkey(found.origin), file, called)
        return len(found.entries)


def decode_line(line: bytes) -> object:
    """Read one line of JSON as the HTTP side reads a body. Raises ValueError: what it `is not`."""
    return read_json(line)


def new_token() -> tuple[str, str]:
    """Give a public id and a secret for a new token."""
    return secrets.token_hex(6), PREFIX + secrets.token_urlsafe(32)
