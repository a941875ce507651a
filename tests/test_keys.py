"""The two key files: made once, whoever starts first, and never over another."""

import secrets
from pathlib import Path

import pytest

from bot import keys
from bot.keys import draw_key


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
