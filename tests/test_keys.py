"""The two key files: made once, whoever starts first, and never over another."""

import secrets
from collections.abc import Callable
from errno import EACCES
from pathlib import Path
from typing import Final, NoReturn

import pytest

from bot import keys
from bot.app.made import keys_to_make
from bot.app.stored import check_stored
from bot.config import Misconfigured, read_config
from bot.keys import draw_key, signing_key
from store.engine import connect
from store.faults import UnusableDatabase


def test_of_two_first_starts_at_once_the_second_takes_the_key_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, of_the_first = tmp_path / "answerable-draw.key", []

    def token_hex(count: int) -> str:
        monkeypatch.undo()
        of_the_first.append(draw_key(path))  # just while the second makes its own
        return secrets.token_hex(count)

    monkeypatch.setattr(keys.secrets, "token_hex", token_hex)
    assert [draw_key(path)] == of_the_first
    assert draw_key(path) == of_the_first[0]
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path], "nothing is left beside it"


def test_a_start_that_dies_while_it_makes_a_key_leaves_none_that_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "answerable-draw.key"

    def die(_count: int) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(keys.secrets, "token_hex", die)
    with pytest.raises(KeyboardInterrupt):
        draw_key(path)
    monkeypatch.undo()
    assert len(draw_key(path)) == 32


OTHERS: Final = {
    "an empty file": (b"", "it is empty"),
    "blank lines": (b" \n\n", "it is empty"),
    "another program's": (
        b"-----BEGIN PRIVATE KEY-----\nTop\n",
        "it is a key of another program's",
    ),
    "the public one": (
        b"answerable/T0+0a1b2c3d+AQab+/0=\n",
        "it is the public one, which is for aud",
    ),
    "no text": (b"\x7fELF\x02\x00\x00", "it is no text"),
    "no ASCII": ("Schlüssel".encode(), "it is no text"),
    "half of one": (b"ab" * 16, "it has 32 hexadecimal digits and not 64"),
    "a letter": (b"Dear Sir, ab" * 9, "it is not one line of 64 hexadecimal digits"),
    "two keys": (b"ab" * 32 + b"\n" + b"ab" * 32, "it is not one line of 64 hexadecimal digits"),
}


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize(
    ("take", "setting"), [(draw_key, keys.DRAW_SETTING), (signing_key, keys.SIGNING_SETTING)]
)
def test_a_file_that_is_no_key_is_said_to_be_so_with_what_to_do(
    tmp_path: Path, take: Callable[[Path], object], setting: str, name: str
) -> None:
    held, told = OTHERS[name]
    path = tmp_path / "some.key"
    path.write_bytes(held)
    path.chmod(0o600)
    with pytest.raises(Misconfigured) as error:
        take(path)
    said = str(error.value)
    assert f"{setting}: {path} holds no key of this product: {told}" in said
    assert f"Bring the right file back, or name it in {setting}; if nothing" in said
    assert "Dear Sir" not in said
    assert path.read_bytes() == held


def test_a_key_that_is_typed_in_capitals_is_one(tmp_path: Path) -> None:
    path = tmp_path / "some.key"
    path.write_text(f" {'AB' * 32}\n")
    path.chmod(0o600)
    assert draw_key(path) == b"\xab" * 32


def test_a_folder_that_is_shut_to_its_user_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANSWERABLE_DATABASE_URL", f"sqlite:///{tmp_path}/answerable.db")
    monkeypatch.setenv("ANSWERABLE_SIGNING_KEY_FILE", str(tmp_path / "signing.key"))
    monkeypatch.setenv("ANSWERABLE_DRAW_KEY_FILE", str(tmp_path / "draw.key"))
    monkeypatch.setattr(Path, "stat", shut)
    denied = "Permission denied"
    with pytest.raises(UnusableDatabase, match=f"cannot be looked at \\({denied}\\): run this as"):
        connect(f"sqlite:///{tmp_path}/answerable.db")
    config = read_config()
    with pytest.raises(Misconfigured, match=f"cannot use .*signing.key: {denied}"):
        keys_to_make(config)
    with pytest.raises(Misconfigured, match=f"cannot use .*draw.key: {denied}"):
        draw_key(config.draw_key_file, is_committed=True)
    [told] = check_stored(config, "", lambda _: "")
    assert told.name == "database"


def shut(path: Path, **_: bool) -> NoReturn:
    raise PermissionError(EACCES, "Permission denied", str(path))
