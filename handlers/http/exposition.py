"""Prometheus' text format, version 0.0.4: what a scrape is answered with.

Written here, because it is three kinds of lines and one rule of escaping; the library for it keeps
every figure in a registry of the whole process, and ours are known elsewhere already.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.durations import LIMITS, Durations

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_IN_LABELS: Final = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
_IN_HELP: Final = str.maketrans({"\\": r"\\", "\n": r"\n"})

Labels = Mapping[str, str]
Value = float | int | bool


@dataclass(frozen=True, slots=True)
class Sample:
    value: Value
    labels: Labels
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: its name, what kind it is, what it says, and its samples."""

    name: str
    kind: str
    says: str
    samples: tuple[Sample, ...]


def gauge(name: str, says: str, value: Value, labels: Labels | None = None) -> Family:
    return Family(name, "gauge", says, (Sample(value, labels or {}),))


def gauges(name: str, says: str, label: str, values: Mapping[str, Value]) -> Family:
    """Give a gauge that has one sample for each value of one label."""
    return Family(name, "gauge", says, _by_label(label, values))


def counters(name: str, says: str, label: str, values: Mapping[str, Value]) -> Family:
    """Give a counter that has one sample for each value of one label."""
    return Family(name, "counter", says, _by_label(label, values))


def histograms(name: str, says: str, label: str, values: Mapping[str, Durations]) -> Family:
    """Give a histogram of seconds for each value of one label."""
    return Family(
        name,
        "histogram",
        says,
        tuple(
            sample
            for value, taken in values.items()
            for sample in _of_durations(taken, {label: value})
        ),
    )


def exposed(families: Iterable[Family]) -> str:
    """Give the whole answer to a scrape."""
    return "".join(f"{line}\n" for family in families for line in _lines(family))


def _by_label(label: str, values: Mapping[str, Value]) -> tuple[Sample, ...]:
    return tuple(Sample(value, {label: name}) for name, value in values.items())


def _of_durations(taken: Durations, labels: Labels) -> Iterable[Sample]:
    for limit, within in zip(LIMITS, taken.within, strict=True):
        yield Sample(within, {**labels, "le": f"{limit:g}"}, "_bucket")
    yield Sample(taken.count, {**labels, "le": "+Inf"}, "_bucket")
    yield Sample(taken.seconds, labels, "_sum")
    yield Sample(taken.count, labels, "_count")


def _lines(family: Family) -> Iterable[str]:
    yield f"# HELP {family.name} {family.says.translate(_IN_HELP)}"
    yield f"# TYPE {family.name} {family.kind}"
    for sample in family.samples:
        value = sample.value if isinstance(sample.value, float) else int(sample.value)
        yield f"{family.name}{sample.suffix}{_labelled(sample.labels)} {value}"


def _labelled(labels: Labels) -> str:
    if not labels:
        return ""
    said = (f'{name}="{value.translate(_IN_LABELS)}"' for name, value in labels.items())
    return "{" + ",".join(said) + "}"
