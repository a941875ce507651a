"""The verifier on drills: the one way back without two people, and nothing beside it (I6, I10)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from bundles import (
    START,
    Record,
    Signer,
    accept,
    audit,
    export,
    introduce,
    owe,
    register,
    resume,
    set_gate,
)

from bot import verify
from bot.domain.drills import DRILLED_FROM, LONGEST, DrillState
from bot.domain.record import Kind

KEY: Final = Signer().vkey()
OWED: Final = "drill/triage/1"
ON: Final = "try/triage/1"
NOT_PUT_OFF: Final = "gives up drill/triage/1, though triage is not retired by that"


def at(seconds: float) -> str:
    return (START + timedelta(hours=1, seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def running(state: str = "run") -> Record:
    """Give a record of a workflow whose gate is in this state and whose owner owes a drill."""
    record = Record()
    record.add(Kind.LOG_STARTED, "workspace/T1", {"clock": "system"})
    introduce(record, "person-a", "U0A")
    introduce(record, "person-b", "U0B")
    register(record)
    accept(record)
    set_gate(record, "not_ready", state)
    owe(record, "opened", owed=OWED)
    return record


def start(record: Record, was: str = "run", number: int = 1, **changed: object) -> int:
    """Have the owner start a drill: give the entry of that; the gate's own follows it."""
    started = begin(record, was, number, **changed)
    move(record, was, "paused", started, 0)
    return started


def begin(
    record: Record,
    was: str = "run",
    number: int = 1,
    owed: str = OWED,
    ends_at: str = at(900),
    **changed: object,
) -> int:
    """Say that a drill was started: the gate stays where it is."""
    about: dict[str, object] = {"workflow": "triage", "drill": number, "obligation": owed}
    about |= {"gate": was, "ends_at": ends_at}
    by: dict[str, Any] = {"actor": "person-a", "role": "owner", "ts": at(0), **changed}
    return record.add(Kind.DRILL_STARTED, by.pop("on", f"try/triage/{number}"), about, **by)


def move(record: Record, was: str, to: str, prior: int | None, seconds: float) -> int:
    facts: dict[str, object] = {"workflow": "triage", "from": was, "to": to}
    ts = at(seconds)
    return record.add(Kind.GATE_CHANGED, "workflow/triage", facts, prior=prior, ts=ts)


def measure(record: Record, started: int, after: float = 4, **changed: object) -> int:
    facts: dict[str, object] = {"workflow": "triage", "drill": 1, "obligation": OWED}
    facts |= {"milliseconds": int(after * 1000), "heard_at": at(after)} | changed
    return record.add(Kind.DRILL_MEASURED, ON, facts, prior=started, ts=at(after))


def end(record: Record, started: int, why: str, seconds: float, on: str = ON) -> int:
    facts: dict[str, object] = {"workflow": "triage", "drill": 1, "obligation": OWED, "why": why}
    return record.add(Kind.DRILL_ENDED, on, facts, prior=started, ts=at(seconds))


def answer(record: Record, measured: int | None, seconds: float = 4) -> None:
    facts: dict[str, object] = {"obligation": OWED}
    on = f"obligation/{OWED}"
    record.add(Kind.OBLIGATION_ANSWERED, on, facts, prior=measured, ts=at(seconds))


def found(record: Record, folder: Path) -> list[str]:
    return [sentence for _, sentence in audit(export(record, early=()), folder, KEY).findings]


def test_the_verifier_knows_the_drill_of_the_product() -> None:
    assert set(verify.DRILLED_FROM) == DRILLED_FROM
    assert verify.LONGEST_DRILL == LONGEST


@pytest.mark.parametrize("was", sorted(DRILLED_FROM))
def test_a_drill_lets_the_gate_go_back_to_where_it_was(tmp_path: Path, was: str) -> None:
    record = running(was)
    started = start(record, was)
    measured = measure(record, started)
    answer(record, measured)
    move(record, "paused", was, measured, 4)
    assert found(record, tmp_path) == []


def test_so_does_one_of_which_nobody_asked(tmp_path: Path) -> None:
    record = running()
    ended = end(record, start(record), DrillState.NOBODY_ASKED, 900)
    move(record, "paused", "run", ended, 900)
    assert found(record, tmp_path) == []


def test_a_drill_overtaken_goes_back_and_on_or_stays(tmp_path: Path) -> None:
    record = running()
    ended = end(record, start(record), DrillState.OVERTAKEN, 3)
    move(record, "paused", "run", ended, 3)
    move(record, "run", "review_all", None, 3)
    assert found(record, tmp_path / "on") == []

    record = running()
    end(record, start(record), DrillState.OVERTAKEN, 3)
    move(record, "paused", "paused", None, 3)
    assert found(record, tmp_path / "stays") == []


def _without_an_end(record: Record) -> None:
    move(record, "paused", "run", start(record), 4)


def _without_naming_it(record: Record) -> None:
    measure(record, start(record))
    move(record, "paused", "run", None, 4)


def _further_than_it_was(record: Record) -> None:
    move(record, "run", "degraded", None, 0)
    measured = measure(record, start(record, "degraded"))
    move(record, "paused", "run", measured, 4)


def _out_of_a_stop_in_its_place(record: Record) -> None:
    ended = end(record, start(record), DrillState.OVERTAKEN, 3)
    move(record, "paused", "paused", None, 3)
    move(record, "paused", "run", ended, 4)


def _out_of_a_stop_before_its_end(record: Record) -> None:
    started = start(record)
    move(record, "paused", "paused", None, 2)
    measured = measure(record, started)
    move(record, "paused", "run", measured, 4)


def _out_of_a_later_stop(record: Record) -> None:
    measured = measure(record, start(record))
    move(record, "paused", "run", measured, 4)
    move(record, "run", "paused", None, 5)
    move(record, "paused", "run", measured, 6)


def _out_of_a_stop_by_an_older_drill(record: Record) -> None:
    started = start(record)
    measured = measure(record, started)
    move(record, "paused", "run", measured, 4)
    move(record, "run", "paused", started, 5)
    move(record, "paused", "run", measured, 6)


def _out_of_a_stop_by_a_drill_told_twice(record: Record) -> None:
    started = start(record)
    move(record, "paused", "run", measure(record, started), 4)
    move(record, "run", "paused", started, 5)
    move(record, "paused", "run", measure(record, started, 6), 6)


def _of_another_workflow(record: Record) -> None:
    measured = measure(record, start(record))
    set_gate(record, "not_ready", "run", "mail", ts=at(4))
    set_gate(record, "run", "paused", "mail", ts=at(4))
    set_gate(record, "paused", "run", "mail", prior=measured, ts=at(4))


UNAGREED: Final = "without two people's word"


@pytest.mark.parametrize(
    "tampered",
    [
        _without_an_end,
        _without_naming_it,
        _further_than_it_was,
        _out_of_a_stop_in_its_place,
        _out_of_a_stop_before_its_end,
        _out_of_a_later_stop,
        _out_of_a_stop_by_an_older_drill,
        _out_of_a_stop_by_a_drill_told_twice,
        _of_another_workflow,
    ],
)
def test_i10_no_drill_opens_a_gate_but_the_one_that_closed_it(
    tmp_path: Path, tampered: Callable[[Record], None]
) -> None:
    record = running()
    tampered(record)
    assert any(UNAGREED in each for each in found(record, tmp_path))


def test_i10_a_drill_of_what_two_people_have_to_resume_opens_nothing(tmp_path: Path) -> None:
    record = running()
    move(record, "run", "paused", None, 0)
    measured = measure(record, start(record, "paused"))
    move(record, "paused", "run", measured, 4)
    said = found(record, tmp_path)
    assert any("takes the gate from paused to paused" in each for each in said)
    assert any(UNAGREED in each for each in said)


def test_two_people_may_still_resume_after_a_drill(tmp_path: Path) -> None:
    record = running()
    end(record, start(record), DrillState.OVERTAKEN, 3)
    move(record, "paused", "paused", None, 3)
    resume(record)
    record.entries[-2:] = [replace(each, ts=at(5)) for each in record.entries[-2:]]
    move(record, "paused", "run", None, 6)
    assert found(record, tmp_path) == []


def _that_paused_nothing(record: Record) -> None:
    measure(record, begin(record))


def _of_which_nobody_asked_though_it_paused_nothing(record: Record) -> None:
    end(record, begin(record), DrillState.NOBODY_ASKED, 900)


def _under_a_stop(record: Record) -> None:
    started = start(record)
    move(record, "paused", "paused", None, 2)
    measure(record, started)


def _of_a_gate_that_went_back_before(record: Record) -> None:
    started = start(record)
    move(record, "paused", "review_all", None, 2)
    measure(record, started)


def _of_another_gate(record: Record) -> None:
    register(record, "mail")
    accept(record, "mail")
    set_gate(record, "not_ready", "run", "mail")
    started = begin(record)
    facts: dict[str, object] = {"workflow": "mail", "from": "run", "to": "paused"}
    record.add(Kind.GATE_CHANGED, "workflow/mail", facts, prior=started, ts=at(0))
    measure(record, started)


@pytest.mark.parametrize(
    "tampered",
    [
        _that_paused_nothing,
        _of_which_nobody_asked_though_it_paused_nothing,
        _under_a_stop,
        _of_a_gate_that_went_back_before,
        _of_another_gate,
    ],
)
def test_i10_nothing_is_measured_or_missed_by_a_drill_that_did_not_hold_the_gate(
    tmp_path: Path, tampered: Callable[[Record], None]
) -> None:
    record = running()
    tampered(record)
    assert any("did not hold the gate until then" in each for each in found(record, tmp_path))


def _paused_later(record: Record) -> None:
    started = begin(record)
    move(record, "run", "paused", started, 3)
    measure(record, started)


def _begun_and_no_more(record: Record) -> None:
    begin(record)


def _from_elsewhere(record: Record) -> None:
    start(record, "degraded")


def _overtaken_by_nothing(record: Record) -> None:
    ended = end(record, start(record), DrillState.OVERTAKEN, 3)
    move(record, "paused", "run", ended, 3)


def _overtaken_by_what_came_later(record: Record) -> None:
    ended = end(record, start(record), DrillState.OVERTAKEN, 3)
    move(record, "paused", "run", ended, 3)
    move(record, "run", "paused", None, 4)


def _overtaken_by_what_closes_nothing(record: Record) -> None:
    ended = end(record, start(record), DrillState.OVERTAKEN, 3)
    move(record, "paused", "run", ended, 3)
    move(record, "run", "run", None, 3)


def _overtaken_by_another_gate(record: Record) -> None:
    register(record, "mail")
    accept(record, "mail")
    set_gate(record, "not_ready", "run", "mail")
    ended = end(record, start(record), DrillState.OVERTAKEN, 3)
    move(record, "paused", "run", ended, 3)
    set_gate(record, "run", "paused", "mail", ts=at(3))


def _not_owed(record: Record) -> None:
    start(record, owed="drill/triage/2")


def _owed_by_another_workflow(record: Record) -> None:
    owe(record, "opened", owed="drill/mail/1")
    start(record, owed="drill/mail/1")


def _no_more_owed(record: Record) -> None:
    owe(record, "superseded", owed=OWED)
    start(record)


def _misnumbered(record: Record) -> None:
    start(record, number=2)


def _named_like_what_is_owed(record: Record) -> None:
    start(record, on=OWED)


def _by_a_backup(record: Record) -> None:
    start(record, actor="person-b", role="backup")


def _by_another_as_owner(record: Record) -> None:
    start(record, actor="person-b")


def _by_who_was_the_owner(record: Record) -> None:
    hand_over(record)
    start(record)


def _by_a_stand_in_of_nobody(record: Record) -> None:
    start(record, actor="person-b", role="delegate of owner")


def _by_a_stand_in_of_another(record: Record) -> None:
    introduce(record, "person-c", "U0C")
    lend(record, "person-c")
    start(record, actor="person-b", role="delegate of owner")


def lend(record: Record, person: str) -> None:
    """Have somebody away for the hours of the drill, and person-b stand in for them."""
    facts: dict[str, object] = {"absence": 1, "delegate": "person-b", "zone": "UTC"}
    facts |= {"begins_at": at(-60), "ends_at": at(3600)}
    record.add(Kind.ABSENCE_ANNOUNCED, "absence/1", facts, actor=person, role="member")


def hand_over(record: Record) -> None:
    on, facts = "handover/triage/1", {"workflow": "triage", "handover": 1}
    asked: dict[str, object] = {**facts, "successor": "person-b"}
    record.add(Kind.HANDOVER_PROPOSED, on, asked, actor="person-a", role="owner")
    to: dict[str, str] = {"actor": "person-b", "role": "successor"}
    accepted = record.add(Kind.HANDOVER_ACCEPTED, on, {**facts}, **to)
    changed: dict[str, object] = {"workflow": "triage", "changed": ["owner"]}
    record.add(Kind.ROLES_CHANGED, "workflow/triage", changed, prior=accepted, actor="person-b")


def test_i4_the_owner_of_that_moment_or_their_stand_in_starts_a_drill(tmp_path: Path) -> None:
    record = running()
    hand_over(record)
    start(record, actor="person-b")
    assert found(record, tmp_path / "handed over") == []

    record = running()
    lend(record, "person-a")
    start(record, actor="person-b", role="delegate of owner")
    assert found(record, tmp_path / "lent") == []


def test_one_that_is_owed_may_take_many_tries(tmp_path: Path) -> None:
    record = running()
    ended = end(record, start(record), DrillState.NOBODY_ASKED, 900)
    move(record, "paused", "run", ended, 900)
    started = begin(record, number=2, ts=at(1000), ends_at=at(1900))
    move(record, "run", "paused", started, 1000)
    assert found(record, tmp_path) == []


def give_up(record: Record, prior: int | None, seconds: float = 4, owed: str = OWED) -> None:
    facts: dict[str, object] = {"obligation": owed}
    on = f"obligation/{owed}"
    record.add(Kind.OBLIGATION_SUPERSEDED, on, facts, prior=prior, ts=at(seconds))


def pause(record: Record, to: str = "paused", workflow: str = "triage", **by: object) -> int:
    return set_gate(record, "run", to, workflow, **{"actor": "person-b", "ts": at(4), **by})


@pytest.mark.parametrize("by", ["person-b", "operator"])
def test_one_that_is_owed_is_put_off_by_somebodys_pause(tmp_path: Path, by: str) -> None:
    record = running()
    give_up(record, pause(record, actor=by))
    assert found(record, tmp_path) == []


def _put_off_by_nothing(record: Record) -> None:
    pause(record)
    give_up(record, None)


def _put_off_by_silence(record: Record) -> None:
    give_up(record, pause(record, actor="system"))


def _put_off_later(record: Record) -> None:
    give_up(record, pause(record), 5)


def _put_off_by_less(record: Record) -> None:
    give_up(record, pause(record, "review_all"))


def _put_off_by_itself(record: Record) -> None:
    give_up(record, pause(record, prior=begin(record), actor="person-a", ts=at(0)), 0)


def _review_put_off(record: Record) -> None:
    owe(record, "opened")
    give_up(record, pause(record), owed="review/triage/1")


def _put_off_by_another(record: Record) -> None:
    register(record, "mail")
    give_up(record, pause(record, workflow="mail"))


def _by_nobody(record: Record) -> None:
    start(record, actor="system", role="system")


def _doubled(record: Record) -> None:
    start(record)
    begin(record, "paused", 2)


def _stretched(record: Record) -> None:
    start(record, ts=at(-10))


def _unstarted(record: Record) -> None:
    measure(record, 3)


def _of_another_drill(record: Record) -> None:
    end(record, start(record), DrillState.OVERTAKEN, 3, on="try/triage/9")


def _of_another_try(record: Record) -> None:
    measure(record, start(record), drill=2)


def _measured_twice(record: Record) -> None:
    started = start(record)
    measure(record, started)
    measure(record, started)


def _flattered(record: Record) -> None:
    measure(record, start(record), 40, milliseconds=4_000)


def _too_late(record: Record) -> None:
    measure(record, start(record), 900)


def _foreseen(record: Record) -> None:
    measure(record, start(record), 4, heard_at=at(9), seconds=9_000)


def _for_something_else(record: Record) -> None:
    measure(record, start(record), obligation="drill/triage/2")


def _given_up(record: Record) -> None:
    end(record, start(record), DrillState.NOBODY_ASKED, 899)


def _for_no_reason(record: Record) -> None:
    end(record, start(record), "tired", 3)


def _answered_by_word(record: Record) -> None:
    answer(record, None)


def _answered_though_nobody_asked(record: Record) -> None:
    answer(record, end(record, start(record), DrillState.NOBODY_ASKED, 900), 900)


@pytest.mark.parametrize(
    ("tampered", "finding"),
    [
        (_paused_later, "pauses for a drill at another time than it was started"),
        (_begun_and_no_more, "starts a drill that paused nothing"),
        (_from_elsewhere, "is a drill from degraded, where the gate did not stand"),
        (_overtaken_by_nothing, "was overtaken, but nothing closed the gate then"),
        (_overtaken_by_what_came_later, "was overtaken, but nothing closed the gate then"),
        (_overtaken_by_what_closes_nothing, "was overtaken, but nothing closed the gate then"),
        (_overtaken_by_another_gate, "was overtaken, but nothing closed the gate then"),
        (_not_owed, "is a drill for drill/triage/2, which triage does not owe then"),
        (_owed_by_another_workflow, "is a drill for drill/mail/1, which triage does not owe then"),
        (_no_more_owed, "is a drill for drill/triage/1, which triage does not owe then"),
        (_misnumbered, "is try 2 on try/triage/2, not try/triage/1"),
        (_named_like_what_is_owed, "is try 1 on drill/triage/1, not try/triage/1"),
        (_by_a_backup, "is by person-b as backup: it is the owner's to do"),
        (_by_another_as_owner, "is by person-b as the owner, which they are not by then"),
        (_by_who_was_the_owner, "is by person-a as the owner, which they are not by then"),
        (_by_a_stand_in_of_nobody, "as delegate of owner, who stands in for nobody then"),
        (_by_a_stand_in_of_another, "as delegate of owner, who stands in for another then"),
        (_of_another_try, "is of another try than the one under way"),
        (_by_nobody, "it is the owner's to do"),
        (_doubled, "starts a drill of triage while one is under way"),
        (_stretched, "is a drill of another length than every drill"),
        (_unstarted, "ends a drill that is not under way"),
        (_of_another_drill, "ends a drill that is not under way"),
        (_measured_twice, "ends a drill that is not under way"),
        (_flattered, "measured something else than its times say"),
        (_too_late, "was heard at a time outside the drill"),
        (_foreseen, "was heard at a time outside the drill"),
        (_for_something_else, "is of a drill that was started for something else"),
        (_given_up, "says that nobody asked before the time for it was over"),
        (_for_no_reason, "ends a drill for no known reason: tired"),
        (_answered_by_word, "answers for a drill that measured nothing"),
        (_answered_though_nobody_asked, "answers for a drill that measured nothing"),
        (_put_off_by_nothing, NOT_PUT_OFF),
        (_put_off_by_silence, NOT_PUT_OFF),
        (_put_off_later, NOT_PUT_OFF),
        (_put_off_by_less, NOT_PUT_OFF),
        (_put_off_by_itself, NOT_PUT_OFF),
        (_put_off_by_another, NOT_PUT_OFF),
        (_review_put_off, "gives up review/triage/1, though triage is not retired by that"),
    ],
)
def test_i6_what_no_drill_can_be_is_found(
    tmp_path: Path, tampered: Callable[[Record], None], finding: str
) -> None:
    record = running()
    tampered(record)
    assert any(finding in each for each in found(record, tmp_path))
