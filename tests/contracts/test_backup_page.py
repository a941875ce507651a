"""The command in docs/running.md that takes a backup does so, as often as it is given."""

import os
import re
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from shutil import which
from typing import Final

import pytest

PAGE: Final = (Path(__file__).resolve().parents[2] / "docs/running.md").read_text()


@pytest.mark.skipif(which("sqlite3") is None, reason="sqlite3 is not on this machine")
def test_a_second_backup_leaves_the_first_alone(tmp_path: Path) -> None:
    [command] = [line for line in PAGE.splitlines() if "VACUUM INTO" in line]
    for number, moment in enumerate(("T080000Z", "T090000Z"), start=1):
        with closing(sqlite3.connect(tmp_path / "answerable.db")) as database:
            database.execute(f"CREATE TABLE entry_{number} (seq INTEGER)")
        at = f"date() {{ echo 2026-06-01{moment}; }}; {command}"
        subprocess.run(["/bin/sh", "-c", at], cwd=tmp_path, env=os.environ, check=True, timeout=30)
    [put_back] = re.findall(r"cp (\S+) answerable\.db", PAGE)
    backups = sorted(tmp_path.glob("backup-*.db"))
    assert [each.name for each in backups] == [put_back, "backup-2026-06-01T090000Z.db"]
    assert [len(tables(each)) for each in backups] == [1, 2]
    assert {each.stat().st_mode & 0o777 for each in backups} == {0o600}


def tables(path: Path) -> list[object]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT name FROM sqlite_master").fetchall()
