"""What the console is given, and how it says that something could not be done."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import click

from bot.domain.backtests import Backtest, Past
from bot.domain.intake import Rejected
from bot.domain.measurements import Measurement
from bot.domain.outputs import Output
from bot.domain.policy import Policy
from bot.domain.refusals import Busy, CommitUnknown, Invalid, Refused, UnknownWorkflow
from bot.usecases import Deps
from bot.usecases.record import Wanted

Item_co = TypeVar("Item_co", covariant=True)


class Failed(Exception):  # noqa: N818 -- said in one line, exit 1
    """What was asked for could not be done; the message says why and what to do."""


class Unplayable(Failed):
    """Past outputs that no backtest takes; the message names the line, not the file."""


class Found(Protocol[Item_co]):
    """What of some decoded lines is what was asked for, each with its place, and what is not."""

    @property
    def items(self) -> Sequence[tuple[int, Item_co]]: ...

    @property
    def rejected(self) -> Sequence[Rejected]: ...


class Check(Protocol):
    """One thing that was looked at: its name, `ok`, `warn` or `FAIL`, and what to do."""

    @property
    def name(self) -> str: ...

    @property
    def verdict(self) -> str: ...

    @property
    def advice(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What the commands are built over. Each raises Failed if it cannot do its part.

    `deps` opens the database of the one workspace there is, `deps_to_pause` even if nothing could
    be drawn there; `own_files` are those that the bot lives from; `decode` reads one line of JSON
    or raises ValueError, which says what the line is not; `sort` and `sort_measurements` tell a
    workflow's outputs, or measurements, from what is none; `new_token` gives an id and a secret;
    `verify` and `demo` give an exit code; `manifest` takes the address that Slack reaches us at, or
    None for Socket Mode; `backtest` plays past outputs under a policy, drawn by a seed, and tells
    how many outputs more it has reported.
    """

    serve: Callable[[], None]
    examine: Callable[[], Iterable[Check]]
    manifest: Callable[[str | None], str]
    migrate: Callable[[str], str]
    deps: Callable[[], Deps]
    deps_to_pause: Callable[[], Deps]
    vkey: Callable[[], str]
    own_files: Callable[[], Collection[Path]]
    export: Callable[[Deps, Wanted, Path], int]
    decode: Callable[[bytes], object]
    sort: Callable[[Sequence[object], str], Found[Output]]
    sort_measurements: Callable[[Sequence[object], str], Found[Measurement]]
    new_token: Callable[[], tuple[str, str]]
    verify: Callable[[Sequence[str]], int]
    demo: Callable[[Path], int]
    backtest: Callable[[Sequence[Past], Policy, int, Callable[[int], None]], Backtest]


@contextmanager
def told() -> Iterator[None]:
    """Turn what can go wrong into one line on standard error and exit 1."""
    try:
        yield
    except UnknownWorkflow as error:
        raise click.ClickException(error.in_full) from error
    except (Failed, Refused, Busy, CommitUnknown, Invalid) as error:
        raise click.ClickException(str(error)) from error
