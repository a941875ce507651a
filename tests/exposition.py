"""Reads Prometheus' text format 0.0.4, and takes nothing that its page does not allow."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Final

KINDS: Final = {"counter", "gauge", "histogram"}
SUFFIXES: Final = {"histogram": {"_bucket", "_sum", "_count"}}
NAME: Final = re.compile(r"answerable_[a-z0-9_]+")
SAMPLE: Final = re.compile(r"([a-z0-9_]+)(?:\{(.+)\})? (\S+)")
LABEL: Final = re.compile(r'([a-z_]+)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)')
NUMBER: Final = re.compile(r"\d+(\.\d+)?(e[+-]?\d+)?")
ESCAPES: Final = {r"\\": "\\", r"\"": '"', r"\n": "\n"}

Labels = tuple[tuple[str, str], ...]


@dataclass
class Family:
    """One metric as it was exposed: samples by the rest of their name, and their labels."""

    kind: str
    says: str
    samples: dict[tuple[str, Labels], float] = field(default_factory=dict)

    @property
    def labels(self) -> frozenset[str]:
        return frozenset(name for _, labels in self.samples for name, _ in labels)

    def values_of(self, label: str) -> frozenset[str]:
        return frozenset(dict(labels)[label] for _, labels in self.samples if label in dict(labels))


@dataclass(frozen=True)
class Exposed:
    """A whole answer to a scrape."""

    families: Mapping[str, Family]

    def __contains__(self, name: str) -> bool:
        return name in self.families

    def value(self, name: str, *, suffix: str = "", **labels: str) -> float:
        """Give one sample, of this name and exactly these labels."""
        return self.families[name].samples[suffix, tuple(sorted(labels.items()))]


def parse(text: str) -> Exposed:
    """Give what a text exposes. AssertionError tells the first thing that is not as it must be."""
    assert text.endswith("\n"), "the last line ends as well"
    families: dict[str, Family] = {}
    lines = iter(text.removesuffix("\n").split("\n"))
    name = ""
    for line in lines:
        if line.startswith("# HELP "):
            name, family = _announced(line, next(lines))
            assert name not in families, f"{name} is announced twice"
            families[name] = family
        else:
            _take(families[name], name, line)
    for name, family in families.items():
        _require_sound(name, family)
    return Exposed(families)


def _announced(helping: str, typing: str) -> tuple[str, Family]:
    name, _, says = helping.removeprefix("# HELP ").partition(" ")
    assert NAME.fullmatch(name), helping
    assert says.endswith("."), helping
    assert typing.startswith(f"# TYPE {name} "), typing
    kind = typing.rpartition(" ")[2]
    assert kind in KINDS, typing
    assert name.endswith("_total") is (kind == "counter"), name
    return name, Family(kind, says)


def _take(family: Family, name: str, line: str) -> None:
    read = SAMPLE.fullmatch(line)
    assert read, line
    said, labels, value = read.groups()
    assert said.startswith(name), f"{said} stands among the samples of {name}"
    suffix = said.removeprefix(name)
    assert suffix in SUFFIXES.get(family.kind, {""}), line
    assert NUMBER.fullmatch(value), f"no finite number from 0 on: {line}"
    key = suffix, tuple(sorted(_labels(labels or "")))
    assert key not in family.samples, f"twice: {line}"
    family.samples[key] = float(value)


def _labels(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        read = LABEL.match(text, at)
        assert read, text[at:]
        yield read[1], re.sub(r"\\.", lambda found: ESCAPES[found[0]], read[2])
        at = read.end()


def _require_sound(name: str, family: Family) -> None:
    assert family.samples, f"{name} has no sample"
    if family.kind == "histogram":
        buckets = [
            (dict(labels), value)
            for (suffix, labels), value in family.samples.items()
            if suffix == "_bucket"
        ]
        for rest, group in groupby(buckets, lambda each: _without_le(each[0])):
            _require_cumulative(family, rest, list(group))


def _require_cumulative(
    family: Family, rest: Labels, buckets: list[tuple[dict[str, str], float]]
) -> None:
    limits = [float(labels["le"]) for labels, _ in buckets]
    assert limits == sorted(set(limits))
    assert buckets[-1][0]["le"] == "+Inf"
    assert all(less <= more for (_, less), (_, more) in pairwise(buckets))
    assert buckets[-1][1] == family.samples["_count", rest]
    assert ("_sum", rest) in family.samples


def _without_le(labels: dict[str, str]) -> Labels:
    return tuple(sorted((name, value) for name, value in labels.items() if name != "le"))
