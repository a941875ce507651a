"""A file of JSON lines, reported as outputs or as measurements."""

from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any, Final, Generic, TypeVar

import click

from bot.domain.figures import counted
from bot.domain.intake import Intake, Rejected
from bot.domain.outputs import Output
from bot.domain.people import OPERATOR, Actor
from bot.usecases import Deps, measurements, plants, sampling
from handlers.cli.parts import Failed, Found, Parts

BATCH: Final = 500
OUTPUT_FIELDS: Final = frozenset(
    {"output_id", "produced_at", "category", "confidence", "model_version", "text", "url", "digest"}
)

MEASUREMENT_FIELDS: Final = frozenset({"workflow", "name", "value", "observed_at"})

Line = tuple[int, bytes]  # its number in the file, from 1, and its bytes
Fields = dict[str, Any]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Reader(Generic[Item]):
    """How lines are read that all say the same sort of thing, and what takes what they say."""

    known: Callable[[Mapping[str, Any], str, set[str]], Fields]
    sort: Callable[[Sequence[object], str], Found[Item]]
    take: Callable[[Deps, Actor, str, Sequence[Item], int], Intake]


@dataclass
class Tally:
    """What became of the lines so far."""

    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    ignored: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        again = counted(self.duplicates, "duplicate")
        return f"{self.accepted:,} accepted, {again}, {self.rejected:,} rejected"


class NotLines(Exception):  # noqa: N818 -- the state of the file
    """From some line on the file is not JSON lines; the message says what that line is not."""


def import_outputs(parts: Parts, workflow: str, file: IO[bytes]) -> None:
    """Report a file's lines as outputs. Raises Failed unless all were taken."""
    reader = Reader(_known, parts.sort, sampling.receive_outputs)
    _import(parts, workflow, file, reader)


def plant_outputs(parts: Parts, workflow: str, file: IO[bytes]) -> None:
    """Plant a file's lines as outputs that are known to be wrong. Raises Failed unless all were."""

    def plant(
        deps: Deps, actor: Actor, key: str, outputs: Sequence[Output], _turned_away: int
    ) -> Intake:
        return plants.plant_outputs(deps, actor, key, outputs)

    _import(parts, workflow, file, Reader(_known, parts.sort, plant))


def import_measurements(parts: Parts, workflow: str, file: IO[bytes]) -> None:
    """Report a file's lines as measurements. Raises Failed unless all were taken."""
    reader = Reader(_known_of_value, parts.sort_measurements, measurements.receive_measurements)
    _import(parts, workflow, file, reader)


def _import(parts: Parts, workflow: str, file: IO[bytes], reader: Reader[Item]) -> None:
    """Report a file's lines and say what became of them. Raises Failed unless all were taken.

    A line that is not what it has to be is rejected by itself. One that is no JSON ends the
    import: what stands before it is taken, and nothing of what stands after it.
    """
    deps = parts.deps()
    tally = Tally()
    try:
        last = _import_batches(parts, deps, workflow, file, reader, tally)
    except NotLines as error:
        click.echo(err=True)
        raise Failed(
            f"{file.name}: {error}. The lines before it are taken ({tally}), none after it: mend "
            "it and import the file again; what was taken counts as a duplicate"
        ) from error
    if not last:
        raise Failed(f"{file.name} holds no lines: nothing was reported")
    click.echo(err=True)
    if tally.ignored:
        click.echo(f"fields not read: {', '.join(sorted(tally.ignored))}", err=True)
    click.echo(str(tally))
    if tally.rejected:
        raise Failed(_rejected(tally))


def _rejected(tally: Tally) -> str:
    """Say how many lines were rejected, and what became of the others if there were any."""
    lines = "1 line was" if tally.rejected == 1 else f"{tally.rejected:,} lines were"
    if tally.accepted or tally.duplicates:
        return f"{lines} rejected; the others are recorded"
    return f"{lines} rejected: nothing was recorded"


def _import_batches(
    parts: Parts,
    deps: Deps,
    workflow: str,
    file: Iterable[bytes],
    reader: Reader[Item],
    tally: Tally,
) -> int:
    """Report batch by batch and give the number of the last line that says anything."""
    last = 0
    for lines in _batches(file):
        items, fault = _decoded(parts, workflow, lines, reader, tally.ignored)
        if items:
            _take(deps, workflow, lines, items, reader, tally)
        if fault:
            raise NotLines(fault)
        last = lines[-1][0]
        click.echo(f"\r{counted(last, 'line')} read", nl=False, err=True)
    return last


def _take(
    deps: Deps,
    workflow: str,
    lines: Sequence[Line],
    items: Sequence[object],
    reader: Reader[Item],
    tally: Tally,
) -> None:
    found = reader.sort(items, workflow)
    meant = [item for _, item in found.items]
    intake = reader.take(deps, OPERATOR, workflow, meant, len(found.rejected))
    tally.accepted += intake.accepted
    tally.duplicates += intake.duplicates
    places = [index for index, _ in found.items]
    refused = [Rejected(places[each.index], each.reason) for each in intake.rejected]
    tally.rejected += _report([*found.rejected, *refused], lines)


def _report(rejected: Iterable[Rejected], lines: Sequence[Line]) -> int:
    """Say which lines were rejected and why; give how many."""
    said = sorted(rejected, key=lambda each: each.index)
    for each in said:
        click.echo(f"line {lines[each.index][0]}: {each.reason}", err=True)
    return len(said)


def _batches(file: Iterable[bytes]) -> Iterator[list[Line]]:
    """Give the lines that say anything; editors put a mark before the first that is no part."""
    marked = (
        (number, line.removeprefix(BOM_UTF8) if number == 1 else line)
        for number, line in enumerate(file, start=1)
    )
    numbered = ((number, line) for number, line in marked if line.strip())
    while batch := list(islice(numbered, BATCH)):
        yield batch


def _decoded(
    parts: Parts, workflow: str, lines: Sequence[Line], reader: Reader[Item], ignored: set[str]
) -> tuple[list[object], str]:
    """Give what the lines say, up to the first that is no JSON, and what is wrong with that."""
    items: list[object] = []
    for number, line in lines:
        try:
            item = parts.decode(line)
        except ValueError as error:
            return items, f"line {number} {error}"
        items.append(reader.known(item, workflow, ignored) if isinstance(item, dict) else item)
    return items, ""


def _known(fields: Mapping[str, Any], workflow: str, ignored: set[str]) -> Fields:
    """Keep the fields of an output; what went in and what came out make up a missing text.

    A line that names another workflow is rejected for it.
    """
    ignored |= fields.keys() - OUTPUT_FIELDS - {"input", "prediction", "workflow"}
    known = {name: value for name, value in fields.items() if name in OUTPUT_FIELDS}
    spoken = [fields[name] for name in ("input", "prediction") if fields.get(name)]
    if spoken and "text" not in known:
        known["text"] = "\n→ ".join(each for each in spoken if isinstance(each, str))
    return {"workflow": fields.get("workflow", workflow), **known}


def _known_of_value(fields: Mapping[str, Any], workflow: str, ignored: set[str]) -> Fields:
    """Keep the fields of a measurement; a line that names another workflow is rejected for it."""
    ignored |= fields.keys() - MEASUREMENT_FIELDS
    known = {name: value for name, value in fields.items() if name in MEASUREMENT_FIELDS}
    return {"workflow": workflow, **known}
