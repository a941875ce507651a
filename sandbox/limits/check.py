"""Small checks that combine into the shape of a block, an element, a view.

A check looks at one value and writes what is wrong into the findings, in Slack's words and with
Slack's JSON pointer; a value with no finding is one Slack's documents allow.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from sandbox.wire import Json

Check = Callable[[object, str, "Findings"], None]


@dataclass
class Findings:
    messages: list[str] = field(default_factory=list)

    def add(self, path: str, sentence: str) -> None:
        self.messages.append(f"[ERROR] {sentence} [json-pointer:{path}]")


def string(longest: int, shortest: int = 1, pattern: str = "") -> Check:
    def check(value: object, path: str, findings: Findings) -> None:
        if not isinstance(value, str):
            findings.add(path, "must be a string")
        elif len(value) > longest:
            findings.add(path, f"must be less than {longest + 1} characters")
        elif len(value) < shortest:
            findings.add(path, f"must be more than {shortest - 1} characters")
        elif pattern and not re.fullmatch(pattern, value):
            findings.add(path, f"must match {pattern}")

    return check


def choice(*allowed: str) -> Check:
    def check(value: object, path: str, findings: Findings) -> None:
        if value not in allowed:
            findings.add(path, f"must be a valid enum value ({', '.join(allowed)})")

    return check


def flag(value: object, path: str, findings: Findings) -> None:
    if not isinstance(value, bool):
        findings.add(path, "must be a boolean")


def whole(least: int, most: int) -> Check:
    def check(value: object, path: str, findings: Findings) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            findings.add(path, "must be an integer")
        elif not least <= value <= most:
            findings.add(path, f"must be between {least} and {most}")

    return check


def items(each: Check, most: int, least: int = 1) -> Check:
    def check(value: object, path: str, findings: Findings) -> None:
        if not isinstance(value, list):
            findings.add(path, "must provide an array")
            return
        if len(value) > most:
            findings.add(path, f"no more than {most} items allowed")
        if len(value) < least:
            findings.add(path, f"no fewer than {least} items required")
        for place, item in enumerate(value):
            each(item, f"{path}/{place}", findings)

    return check


def record(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    one_of: Collection[str] = (),
) -> Check:
    """Check an object: no field missing, none unknown, exactly one of `one_of`."""
    needed, known = dict(required or {}), {**(required or {}), **(optional or {})}

    def check(value: object, path: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            findings.add(path, "must provide an object")
            return
        for name in needed:
            if name not in value:
                findings.add(path, f"missing required field: {name}")
        if one_of and sum(name in value for name in one_of) != 1:
            findings.add(path, f"exactly one of {', '.join(one_of)} is required")
        for name, part in value.items():
            if name in known:
                known[name](part, f"{path}/{name}", findings)
            else:
                findings.add(path, f"invalid additional property: {name}")

    return check


def tagged(kinds: Mapping[str, Check]) -> Check:
    """Check an object by the check its `type` names."""

    def check(value: object, path: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            findings.add(path, "must provide an object")
            return
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in kinds:
            findings.add(f"{path}/type", f"unsupported type: {kind}")
        else:
            kinds[kind](value, path, findings)

    return check


def typed(
    kind: str,
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    one_of: Collection[str] = (),
) -> Check:
    return record({"type": choice(kind), **(required or {})}, optional, one_of)


def both(first: Check, second: Check) -> Check:
    def check(value: object, path: str, findings: Findings) -> None:
        first(value, path, findings)
        second(value, path, findings)

    return check


def plain(longest: int) -> Check:
    """Check a `plain_text` object."""
    return typed("plain_text", {"text": string(longest)}, {"emoji": flag})


def mrkdwn(longest: int) -> Check:
    return typed("mrkdwn", {"text": string(longest)}, {"verbatim": flag})


def text(longest: int) -> Check:
    """Check a text object of either kind."""
    return tagged({"plain_text": plain(longest), "mrkdwn": mrkdwn(longest)})


def any_object(value: object, path: str, findings: Findings) -> None:
    if not isinstance(value, dict):
        findings.add(path, "must provide an object")


def dicts(value: object) -> list[Json]:
    """Return the objects in a list, or nothing."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
