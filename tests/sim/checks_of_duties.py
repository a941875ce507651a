"""What is owed: it ends or climbs, in time, and brings what silence brings (I1, I3)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from tests.sim.case import ON_TIME, SETTLED, SKEW, Case, by_obligation, gate_at, is_troubled
from tests.sim.evidence import Json, seconds

HOUR: Final = 3_600.0
RUNGS: Final = (0.0, 2 * HOUR, 4 * HOUR, 8 * HOUR)  # after the one before; the last one repeats
LAST: Final = 3
ENDS: Final = ("obligation.answered", "obligation.superseded", "obligation.lapsed")


def i1_owed(case: Case) -> Iterator[str]:
    """Every obligation is opened once, ends at most once, and else goes on to climb."""
    opened, ended = by_obligation(case, "obligation.opened"), by_obligation(case, *ENDS)
    for owed, entries in opened.items():
        if len(ended.get(owed, ())) > 1:
            yield f"{owed} ended {len(ended[owed])} times"
        if owed in ended and ended[owed][0]["seq"] < entries[0]["seq"]:
            yield f"{owed} ended before it began"
    for owed in {*ended, *by_obligation(case, "obligation.climbed")} - set(opened):
        yield f"{owed} was never opened"


def i3_climbs(case: Case) -> Iterator[str]:
    """Rungs are 0, 1, 2, 3, 3, 3 … and none comes after the end."""
    ended = by_obligation(case, *ENDS)
    for owed, climbs in by_obligation(case, "obligation.climbed").items():
        rungs = [each["facts"]["rung"] for each in climbs]
        if rungs != [min(number, LAST) for number in range(len(rungs))]:
            yield f"{owed} climbed {rungs}"
        if owed in ended and climbs[-1]["seq"] > ended[owed][0]["seq"]:
            yield f"{owed} climbed after its end"


def i3_on_time(case: Case) -> Iterator[str]:
    """No rung comes early; one that comes late has a trouble beside it; none is forgotten."""
    ended = by_obligation(case, *ENDS)
    climbed = by_obligation(case, "obligation.climbed")
    for owed, entries in by_obligation(case, "obligation.opened").items():
        if not _is_plain(case, owed, climbed.get(owed, [])):
            continue
        due = _due(case, owed, entries[0])
        for climb in climbed.get(owed, []):
            at = seconds(climb["ts"])
            due += climb["facts"]["coalesced"] * RUNGS[LAST]
            if at < due - 1:
                yield f"{owed} climbed {due - at:.0f} s early to rung {climb['facts']['rung']}"
            if at > due + ON_TIME and not is_troubled(case, due, at):
                yield f"{owed} climbed {at - due:.0f} s late to rung {climb['facts']['rung']}"
            if abs(climb["facts"]["late_seconds"] - (at - due)) > SKEW:
                yield f"{owed} climbed {at - due:.0f} s late and the record says otherwise"
            due += RUNGS[min(climb["facts"]["rung"] + 1, LAST)]
        if owed not in ended and due < case.ended_at - SETTLED - case.jumped:
            yield f"{owed} is open and was to climb {case.ended_at - due:.0f} s ago"


def i3_consequences(case: Case) -> Iterator[str]:
    """With the last rung comes what silence brings: a breach, or a stricter gate."""
    breaches = case.evidence.of("breach.opened")
    gates = case.evidence.of("gate.changed")
    opened = by_obligation(case, "obligation.opened")
    for owed, climbs in by_obligation(case, "obligation.climbed").items():
        due = _due(case, owed, opened[owed][0])
        # Where nobody below could be asked admins are asked before it is due: that brings nothing.
        at_top = [
            each
            for each in climbs
            if each["facts"]["rung"] == LAST and seconds(each["ts"]) >= due - 1
        ]
        kind, key, subject = owed.split("/")
        if at_top and kind in {"review", "second-review", "settle", "judge"}:
            named = [each for each in breaches if each["facts"].get("obligation") == owed]
            if not named and at_top:
                yield f"{owed} reached the last rung and no breach was opened"
        if len(at_top) > 1 and kind in {"acknowledge", "decide"}:
            cause = f"breach {subject} "
            state = gate_at(gates, key, at_top[1]["seq"])
            if state not in {"paused", "retired"}:
                yield f"{owed} repeated the last rung over {cause}and the gate was {state}"


def i3_draws_are_on_time(case: Case) -> Iterator[str]:
    """A round ends on Monday at nine, where its workflow is, unless somebody ends it before."""
    zones = {each["workflow"]: each["zone"] for each in case.seen("set up")}
    closed = {each["on"]: each for each in case.evidence.of("round.closed")}
    drawn = closed | {each["on"]: each for each in case.evidence.of("round.drawn")}
    for opened in case.evidence.of("round.opened"):
        end = datetime.fromisoformat(opened["facts"]["period_end"])
        local = end.astimezone(ZoneInfo(zones[opened["facts"]["workflow"]]))
        if (local.weekday(), local.hour, local.minute) != (0, 9, 0):
            yield f"{opened['on']} is to end at {local:%A %H:%M} of its own time"
        yield from _drawn_in_time(case, opened["on"], end.timestamp(), drawn.get(opened["on"]))


def _drawn_in_time(case: Case, on: str, end: float, drawn: Json | None) -> Iterator[str]:
    at = seconds(drawn["ts"]) if drawn else case.ended_at - SETTLED
    if drawn is None and end < at:
        yield f"{on} was to be drawn and never was"
    elif drawn and at > end + ON_TIME and not is_troubled(case, end, at):
        yield f"{on} was drawn {at - end:.0f} s late"
    elif drawn and at < end - 1 and not case.evidence.person(drawn):
        yield f"{on} was drawn {end - at:.0f} s early"


def i3_somebody_is_asked(case: Case) -> Iterator[str]:
    """Whoever a rung asked has a message about it, or it is on record that they have none.

    What ended before it could be said needs none.
    """
    ends = by_obligation(case, *ENDS)
    said = {
        (each["facts"].get("obligation"), each["facts"]["kind"])
        for each in case.evidence.of("message.shown", "message.failed")
    }
    for owed, climbs in by_obligation(case, "obligation.climbed").items():
        for climb in climbs:
            asks = case.evidence.words.get((climb["seq"], "asked"))
            is_old = seconds(climb["ts"]) < case.ended_at - SETTLED
            if asks and is_old and (owed, "reminder") not in said:
                yield f"{owed} climbed to rung {climb['facts']['rung']} and nobody was told"
                break
    for owed, entries in by_obligation(case, "obligation.opened").items():
        ended_at = min([case.ended_at, *(seconds(each["ts"]) for each in ends.get(owed, []))])
        is_old = seconds(entries[0]["ts"]) < ended_at - SETTLED
        if is_old and not any(each == owed for each, _ in said):
            yield f"{owed} was opened and nobody was told"


def _is_plain(case: Case, owed: str, climbs: list[Json]) -> bool:
    """Tell whether nothing on record makes an obligation climb otherwise than by its time."""
    others = case.evidence.of("message.failed", "obligation.passed_on", "obligation.delegated")
    is_hastened = any(each["facts"].get("obligation") == owed for each in others)
    return not is_hastened and all(each["facts"]["passed"] is None for each in climbs)


def _due(case: Case, owed: str, opened: Json) -> float:
    """Give when an obligation is due: as it was opened, or later as its request came late."""
    moved = [
        each["facts"]["due_at"]
        for each in case.evidence.of("message.shown")
        if each["facts"].get("obligation") == owed and each["facts"]["due_at"]
    ]
    return seconds(max([opened["facts"]["due_at"], *moved]))
