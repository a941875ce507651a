"""The console: click commands over the parts they are given."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit

import click

from bot.domain.figures import counted
from bot.domain.people import OPERATOR
from bot.domain.tokens import Scope, Token
from bot.usecases import forgetting, gate, record, tokens, witness
from bot.usecases.record import Wanted
from bot.usecases.tokens import NewToken
from handlers.cli import backtest, batches, corrections
from handlers.cli.files import require_free
from handlers.cli.intake import import_measurements, import_outputs, plant_outputs
from handlers.cli.parts import Failed, Parts, Unplayable, told

__all__ = ["Failed", "Parts", "Unplayable", "group"]

UNSET: Final = {"last_used": "never", "revoked": "no"}  # as people read what is empty


def group(parts: Parts) -> click.Group:
    """Give the `answerable` command with everything it can do."""

    @click.group(context_settings={"help_option_names": ["-h", "--help"]})
    @click.version_option(package_name="answerable")
    def answerable() -> None:
        """Keep a named person answerable for every AI workflow."""

    several = (backtest.add, batches.add, corrections.add)
    for build in (_service, _setup, _registry, _record, _remedies, *several):
        build(answerable, parts)
    return answerable


def _service(answerable: click.Group, parts: Parts) -> None:
    @answerable.command()
    def serve() -> None:
        """Run the bot until it is stopped."""
        with told():
            parts.serve()

    @answerable.command()
    @click.option("--grant", "role", default="", metavar="ROLE")
    def migrate(role: str) -> None:
        """Bring the database up to date, or make it.

        On PostgreSQL, --grant names the role that the bot connects as: it gets the rights it
        needs, and no more.
        """
        with told():
            click.echo(parts.migrate(role))

    @answerable.command()
    @click.option("--out", type=click.Path(path_type=Path), default=Path("demo-out"))
    def demo(out: Path) -> None:
        """Play the whole story in a sandbox on this machine."""
        with told():
            sys.exit(parts.demo(out))


def _setup(answerable: click.Group, parts: Parts) -> None:
    @answerable.command()
    @click.option("--json", "as_json", is_flag=True)
    def doctor(as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
        """Look the set-up over and say what to do."""
        checks = list(parts.examine())
        if as_json:
            rows = [{"check": c.name, "verdict": c.verdict, "advice": c.advice} for c in checks]
            click.echo(json.dumps(rows, indent=2))
        else:
            for each in checks:
                advice = f": {each.advice}" if each.advice else ""
                click.echo(f"{each.verdict:<4}  {each.name}{advice}")
        sys.exit(any(each.verdict == "FAIL" for each in checks))

    @answerable.command()
    @click.option("--url", metavar="https://HOST", help="for HTTP: where Slack reaches the bot")
    def manifest(url: str | None) -> None:
        """Print the Slack app's manifest."""
        if url is not None and not _is_for_slack(url):
            raise click.BadParameter(
                "Slack calls https addresses, such as https://host or https://host/path",
                param_hint="--url",
            )
        click.echo(parts.manifest(url), nl=False)


def _is_for_slack(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname) and not (parts.query or parts.fragment)


def _registry(answerable: click.Group, parts: Parts) -> None:
    @answerable.command(name="import")
    @click.option("--workflow", required=True, metavar="KEY")
    @click.option("--measurements", is_flag=True, help="the lines are values, not outputs")
    @click.argument("file", type=click.File("rb"))
    def import_file(workflow: str, measurements: bool, file: IO[bytes]) -> None:  # noqa: FBT001 -- click passes flags so
        """Report outputs, or measurements, from a file of JSON lines."""
        with told():
            read = import_measurements if measurements else import_outputs
            read(parts, workflow, file)

    @answerable.command()
    @click.option("--workflow", required=True, metavar="KEY")
    @click.argument("file", type=click.File("rb"))
    def plant(workflow: str, file: IO[bytes]) -> None:
        """Plant outputs that are known to be wrong, from a file of JSON lines.

        Reviewers are asked about them like about any other, a few in each round, to see whether
        they notice. No figure has them, and no pipeline hears of them.
        """
        with told():
            plant_outputs(parts, workflow, file)

    @answerable.command()
    @click.argument("key")
    @click.option("--reason", required=True)
    def pause(key: str, reason: str) -> None:
        """Pause a workflow at once, without Slack."""
        with told():
            receipt = gate.pause_workflow(parts.deps_to_pause(), OPERATOR, key, reason)
        click.echo(f"{key} is paused: record #{receipt.number}, root {receipt.root}")

    _token(answerable, parts)


def _token(answerable: click.Group, parts: Parts) -> None:
    @answerable.group()
    def token() -> None:
        """Let pipelines in."""

    @token.command()
    @click.option("--workflow", required=True, metavar="KEY")
    @click.option(
        *("--scope", "scopes"),
        required=True,
        multiple=True,
        help=f"{', '.join(Scope)}; several with commas between, or by giving it again",
    )
    def create(workflow: str, scopes: tuple[str, ...]) -> None:
        """Make a token and print it, once."""
        with told():
            token_id, secret = parts.new_token()
            new = NewToken(secret, token_id, workflow, _scopes(scopes))
            tokens.create_token(parts.deps(), new)
        click.echo(secret)

    @token.command(name="list")
    @click.option("--json", "as_json", is_flag=True)
    def list_(as_json: bool) -> None:  # noqa: FBT001 -- click passes flags so
        """Show all tokens; never the secrets."""
        with told():
            rows = [_token_row(each) for each in tokens.list_tokens(parts.deps())]
        click.echo(json.dumps(rows, indent=2) if as_json else _token_table(rows))

    @token.command()
    @click.argument("token_id")
    def revoke(token_id: str) -> None:
        """Make a token worthless at once, named by its id or, if it has leaked, by itself."""
        with told():
            receipt = tokens.revoke_token(parts.deps(), token_id)
        click.echo(f"The token is revoked: record #{receipt.number}")


def _record(answerable: click.Group, parts: Parts) -> None:
    @answerable.command()
    def key() -> None:
        """Print the log's public key."""
        with told():
            click.echo(parts.vkey())

    @answerable.command()
    @click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
    @click.option("--since", type=click.DateTime(), help="UTC, inclusive")
    @click.option("--until", type=click.DateTime(), help="UTC, exclusive")
    @click.option("--workflow", default="", metavar="KEY")
    @click.option("--force", is_flag=True, help="overwrite the file if it is there already")
    def export(
        out: Path,
        since: datetime | None,
        until: datetime | None,
        workflow: str,
        force: bool,  # noqa: FBT001 -- click passes flags so
    ) -> None:
        """Take the record out as a bundle that proves itself."""
        if since and until and since >= until:
            raise click.BadParameter("has to be earlier than --until", param_hint="--since")
        wanted = Wanted(workflow, _utc(since), _utc(until))
        with told():
            require_free(out, parts.own_files(), force=force)
            deps = parts.deps()
            record.record_export(deps, OPERATOR, wanted)
            entries = parts.export(deps, wanted, out)
        click.echo(f"{counted(entries, 'entry', 'entries')} in {out}")

    # The verifier reads its options itself, --help too: it is the same one that bundles carry.
    @answerable.command(context_settings={"ignore_unknown_options": True}, add_help_option=False)
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def verify(arguments: tuple[str, ...]) -> None:
        """Check an exported record."""
        sys.exit(parts.verify(arguments))


def _remedies(answerable: click.Group, parts: Parts) -> None:
    @answerable.command()
    @click.argument("user_id")
    @click.option("--reason", required=True, help="is put on record")
    def forget(user_id: str, reason: str) -> None:
        """Erase a person's id and words from the record, which verifies as before."""
        with told():
            gone = forgetting.forget_person(parts.deps(), OPERATOR, user_id, reason)
        click.echo(
            f"{counted(gone.openings, 'opening')} {_are(gone.openings)} erased: record "
            f"#{gone.number}.\n"
            f"{counted(gone.updated, 'message')} {_are(gone.updated)} updated in place as the bot "
            "gets to them.\n"
            f"Not reached: {counted(gone.unreached, 'message')} in their own conversation, answers "
            "that only "
            "one person saw, and exports and backups made before."
        )

    @answerable.command()
    @click.option("--reason", required=True, help="is put on record")
    def recover(reason: str) -> None:
        """Go on recording after an older backup was restored, and say so on record."""
        with told():
            receipt = witness.recover_log(parts.deps(), OPERATOR, reason)
        click.echo(
            f"The record goes on from here: record #{receipt.number}. What was recorded after the "
            "backup is lost; tell your auditors."
        )


def _scopes(given: Iterable[str]) -> frozenset[Scope]:
    return frozenset(_scope(name.strip()) for each in given for name in each.split(","))


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


def _token_table(rows: Sequence[Mapping[str, str]]) -> str:
    """Give the tokens in columns under their names."""
    if not rows:
        return "There are no tokens: `answerable token create` makes one."
    lines = [
        tuple(name.replace("_", " ").upper() for name in rows[0]),
        *(tuple(value or UNSET[name] for name, value in row.items()) for row in rows),
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
