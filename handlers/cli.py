"""The console: click commands over the parts they are given."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Final, Protocol

import click

from bot.domain.outputs import Output, Rejected
from bot.domain.people import OPERATOR
from bot.domain.refusals import Busy, Invalid, Refused
from bot.domain.tokens import Scope, Token
from bot.usecases import Deps, gate, record, sampling, tokens
from bot.usecases.record import Wanted
from bot.usecases.tokens import NewToken

BATCH: Final = 500
OUTPUT_FIELDS: Final = frozenset(
    {"output_id", "produced_at", "category", "confidence", "model_version", "text", "url", "digest"}
)

Line = tuple[int, bytes]  # its number in the file, from 1, and its bytes


class Failed(Exception):  # noqa: N818 -- said in one line, exit 1
    """What was asked for could not be done; the message says why and what to do."""


class Found(Protocol):
    """What of some decoded lines are outputs, each with its place, and what is rejected."""

    @property
    def outputs(self) -> Sequence[tuple[int, Output]]: ...

    @property
    def rejected(self) -> Sequence[Rejected]: ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What the commands are built over. Each raises Failed if it cannot do its part.

    `deps` opens the database of the one workspace there is; `decode` reads one line of JSON or
    raises ValueError with a sentence; `sort` tells a workflow's outputs from what is none;
    `new_token` gives an id and a secret; `verify` and `demo` give an exit code.
    """

    serve: Callable[[], None]
    migrate: Callable[[], str]
    deps: Callable[[], Deps]
    vkey: Callable[[], str]
    export: Callable[[Deps, Wanted, Path], int]
    decode: Callable[[bytes], object]
    sort: Callable[[Sequence[object], str], Found]
    new_token: Callable[[], tuple[str, str]]
    verify: Callable[[Sequence[str]], int]
    demo: Callable[[Path], int]


def group(parts: Parts) -> click.Group:
    """Give the `answerable` command with everything it can do."""

    @click.group(context_settings={"help_option_names": ["-h", "--help"]})
    @click.version_option(package_name="answerable")
    def answerable() -> None:
        """Keep a named person answerable for every AI workflow."""

    for build in (_service, _registry, _record):
        build(answerable, parts)
    return answerable


@contextmanager
def _told() -> Iterator[None]:
    """Turn what can go wrong into one line on standard error and exit 1."""
    try:
        yield
    except (Failed, Refused, Busy, Invalid) as error:
        raise click.ClickException(str(error)) from error


def _service(answerable: click.Group, parts: Parts) -> None:
    @answerable.command()
    def serve() -> None:
        """Run the bot until it is stopped."""
        with _told():
            parts.serve()

    @answerable.command()
    def migrate() -> None:
        """Bring the database up to date, or make it."""
        with _told():
            click.echo(parts.migrate())

    @answerable.command()
    @click.option("--out", type=click.Path(path_type=Path), default=Path("demo-out"))
    def demo(out: Path) -> None:
        """Play the whole story in a sandbox on this machine."""
        with _told():
            sys.exit(parts.demo(out))


def _registry(answerable: click.Group, parts: Parts) -> None:
    @answerable.command(name="import")
    @click.option("--workflow", required=True, metavar="KEY")
    @click.argument("file", type=click.File("rb"))
    def import_outputs(workflow: str, file: IO[bytes]) -> None:
        """Report outputs from a file of JSON lines."""
        with _told():
            _import(parts, workflow, file)

    @answerable.command()
    @click.argument("key")
    @click.option("--reason", required=True)
    def pause(key: str, reason: str) -> None:
        """Pause a workflow at once, without Slack."""
        with _told():
            receipt = gate.pause_workflow(parts.deps(), OPERATOR, key, reason)
        click.echo(f"{key} is paused: record #{receipt.number}, root {receipt.root}")

    _token(answerable, parts)


def _token(answerable: click.Group, parts: Parts) -> None:
    @answerable.group()
    def token() -> None:
        """Let pipelines in."""

    @token.command()
    @click.option("--workflow", required=True, metavar="KEY")
    @click.option("--scope", required=True, help=f"one or more of {', '.join(Scope)}")
    def create(workflow: str, scope: str) -> None:
        """Make a token and print it, once."""
        with _told():
            token_id, secret = parts.new_token()
            scopes = frozenset(_scope(each.strip()) for each in scope.split(","))
            tokens.create_token(parts.deps(), NewToken(secret, token_id, workflow, scopes))
        click.echo(secret)

    @token.command(name="list")
    @click.option("--json", "as_json", is_flag=True)
    def list_(as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
        """Show all tokens; never the secrets."""
        with _told():
            rows = [_token_row(each) for each in tokens.list_tokens(parts.deps())]
        click.echo(json.dumps(rows, indent=2) if as_json else _table(rows))

    @token.command()
    @click.argument("token_id")
    def revoke(token_id: str) -> None:
        """Make a token worthless at once."""
        with _told():
            receipt = tokens.revoke_token(parts.deps(), token_id)
        click.echo(f"{token_id} is revoked: record #{receipt.number}")


def _record(answerable: click.Group, parts: Parts) -> None:
    @answerable.command()
    def key() -> None:
        """Print the log's public key."""
        with _told():
            click.echo(parts.vkey())

    @answerable.command()
    @click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
    @click.option("--since", type=click.DateTime(), help="UTC, inclusive")
    @click.option("--until", type=click.DateTime(), help="UTC, exclusive")
    @click.option("--workflow", default="", metavar="KEY")
    def export(out: Path, since: datetime | None, until: datetime | None, workflow: str) -> None:
        """Take the record out as a bundle that proves itself."""
        wanted = Wanted(workflow, _utc(since), _utc(until))
        with _told():
            deps = parts.deps()
            record.record_export(deps, OPERATOR, wanted)
            entries = parts.export(deps, wanted, out)
        click.echo(f"{entries} entries in {out}")

    @answerable.command(context_settings={"ignore_unknown_options": True})
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def verify(arguments: tuple[str, ...]) -> None:
        """Check an exported record: FILE.zip [--key VKEYFILE] [--checkpoint FILE]."""
        sys.exit(parts.verify(arguments))


def _import(parts: Parts, workflow: str, file: Iterable[bytes]) -> None:
    deps = parts.deps()
    accepted = duplicates = rejected = 0
    ignored: set[str] = set()
    for lines in _batches(file):
        found = _found(parts, workflow, lines, ignored)
        outputs = [output for _, output in found.outputs]
        intake = sampling.receive_outputs(deps, OPERATOR, workflow, outputs, len(found.rejected))
        accepted, duplicates = accepted + intake.accepted, duplicates + intake.duplicates
        places = [index for index, _ in found.outputs]
        refused = [Rejected(places[each.index], each.reason) for each in intake.rejected]
        rejected += _report([*found.rejected, *refused], lines)
        click.echo(f"\r{lines[-1][0]:,} lines read", nl=False, err=True)
    click.echo(err=True)
    if ignored:
        click.echo(f"fields not read: {', '.join(sorted(ignored))}", err=True)
    click.echo(f"{accepted} accepted, {duplicates} duplicates, {rejected} rejected")
    if rejected:
        raise Failed(f"{rejected} lines were rejected; the others are recorded")


def _report(rejected: Iterable[Rejected], lines: Sequence[Line]) -> int:
    """Say which lines were rejected and why; give how many."""
    said = sorted(rejected, key=lambda each: each.index)
    for each in said:
        click.echo(f"line {lines[each.index][0]}: {each.reason}", err=True)
    return len(said)


def _batches(file: Iterable[bytes]) -> Iterator[list[Line]]:
    numbered = ((number, line) for number, line in enumerate(file, start=1) if line.strip())
    while batch := list(islice(numbered, BATCH)):
        yield batch


def _found(parts: Parts, workflow: str, lines: Sequence[Line], ignored: set[str]) -> Found:
    items: list[object] = []
    for number, line in lines:
        try:
            item = parts.decode(line)
        except ValueError as error:
            raise Failed(f"line {number}: {error} Nothing from this batch on was taken.") from error
        items.append(_known(item, workflow, ignored) if isinstance(item, dict) else item)
    return parts.sort(items, workflow)


def _known(fields: Mapping[str, Any], workflow: str, ignored: set[str]) -> dict[str, Any]:
    """Keep the fields of an output; what went in and what came out make up a missing text."""
    ignored |= fields.keys() - OUTPUT_FIELDS - {"input", "prediction", "workflow"}
    known = {name: value for name, value in fields.items() if name in OUTPUT_FIELDS}
    spoken = [fields[name] for name in ("input", "prediction") if fields.get(name)]
    if spoken and "text" not in known:
        known["text"] = "\n→ ".join(each for each in spoken if isinstance(each, str))
    return {**known, "workflow": workflow}


def _scope(name: str) -> Scope:
    if name not in set(Scope):
        raise Failed(f"“{name}” is no scope; there are {', '.join(Scope)}")
    return Scope(name)


def _token_row(token: Token) -> dict[str, str]:
    return {
        "id": token.id,
        "workflow": token.workflow,
        "scopes": ",".join(sorted(token.scopes)),
        "expires": token.expires_at.isoformat(),
        "last_used": token.last_used_at.isoformat() if token.last_used_at else "",
        "revoked": token.revoked_at.isoformat() if token.revoked_at else "",
    }


def _table(rows: Sequence[Mapping[str, str]]) -> str:
    return "\n".join("  ".join(value or "-" for value in row.values()) for row in rows)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
