"""The verifier on people: who is taken for away, who stands in, who takes over (I3, I4, I5)."""

from datetime import timedelta
from pathlib import Path

import pytest
from bundles import (
    START,
    Record,
    accept,
    decide,
    findings_in,
    introduce,
    open_breach,
    owe,
    register,
    resume,
    set_gate,
    sound_record,
    step,
)

from bot import verify
from bot.domain.people import DELEGATE_OF
from bot.domain.presence import Passed
from bot.domain.record import Kind

OWED = "settle/triage/1"


def at(hours: float) -> str:
    return (START + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def is_away(
    record: Record,
    number: int = 1,
    delegate: str | None = "person-b",
    hours: tuple[float, float] = (0, 10),
    by: str = "person-a",
) -> None:
    begins, ends = map(at, hours)
    facts: dict[str, object] = {"absence": number, "begins_at": begins, "ends_at": ends}
    facts |= {"zone": "UTC", "delegate": delegate}
    record.add(Kind.ABSENCE_ANNOUNCED, f"absence/{number}", facts, actor=by, role="member")


def is_back(record: Record, hours: float, number: int = 1, by: str = "system") -> None:
    facts: dict[str, object] = {"absence": number, "ends_at": at(hours)}
    record.add(Kind.ABSENCE_ENDED, f"absence/{number}", facts, actor=by)


def climbs(record: Record, rung: int, words: dict[str, str] | None = None, **facts: object) -> None:
    about = {"obligation": OWED, "rung": rung, "passed": None, "absences": [], **facts}
    record.add(Kind.OBLIGATION_CLIMBED, f"obligation/{OWED}", about, words)


def delegated(record: Record, absence: int = 1) -> None:
    facts: dict[str, object] = {"obligation": OWED, "absence": absence}
    record.add(Kind.OBLIGATION_DELEGATED, f"obligation/{OWED}", facts)


def acts_as_delegate(record: Record, actor: str = "person-b") -> None:
    record.add(
        Kind.OBLIGATION_ANSWERED,
        f"obligation/{OWED}",
        {"obligation": OWED},
        actor=actor,
        role="delegate of owner",
    )


def owing() -> Record:
    record = sound_record()
    introduce(record, "person-c", "U0C")
    owe(record, "opened", owed=OWED)
    return record


def test_the_verifier_knows_every_reason_to_pass_a_rung_and_every_delegate() -> None:
    assert {str(reason) for reason in Passed} == verify.PASSED
    assert all(role.startswith("delegate of ") for role in DELEGATE_OF.values())


def test_an_absence_with_all_that_it_brings_is_sound(tmp_path: Path) -> None:
    record = owing()
    is_away(record)
    delegated(record)
    climbs(record, 0, {"asked": "U0B", "away": "U0A"}, absences=[1])
    is_away(record, 2, None, by="person-c")
    climbs(record, 1, {"away": "U0C"}, absences=[2], passed="away")
    acts_as_delegate(record)
    is_back(record, 5)

    assert findings_in(record, tmp_path) == ""


@pytest.mark.parametrize("kind", [Kind.WORKFLOW_REGISTERED, Kind.ROLES_CHANGED])
def test_i4_the_technical_owner_answers_in_nobodys_place(tmp_path: Path, kind: Kind) -> None:
    record = owing()
    is_away(record)
    facts: dict[str, object] = {"workflow": "triage", "changed": ["technical_owner"]}
    facts |= {"technical_owner": "person-b"}
    record.add(kind, "workflow/triage", facts, actor="person-a", role="owner")
    acts_as_delegate(record)

    assert "who is the technical owner of triage" in findings_in(record, tmp_path)


@pytest.mark.parametrize(
    ("facts", "words", "finding"),
    [
        ({"passed": "because"}, None, "for no known reason: because"),
        ({"passed": "deactivated"}, {"asked": "U0A"}, "asks where it passes"),
        ({}, None, "asks nobody and says not why"),
        ({"passed": "away"}, None, "passes a rung as away where nobody is"),
        ({"absences": [1]}, {"asked": "U0A"}, "who is away without saying"),
        ({}, {"asked": "U0A", "away": "U0B"}, "who is away without saying"),
        ({"absences": [7]}, {"asked": "U0A", "away": "U0B"}, "takes somebody for away who is not"),
        ({"absences": [2]}, {"asked": "U0A", "away": "U0B"}, "takes somebody for away who is not"),
    ],
)
def test_i3_a_rung_is_passed_only_for_a_reason_that_is_on_record(
    tmp_path: Path, facts: dict[str, object], words: dict[str, str] | None, finding: str
) -> None:
    record = owing()
    is_away(record)
    is_away(record, 2, hours=(20, 30))
    climbs(record, 0, words, **facts)

    assert finding in findings_in(record, tmp_path)


@pytest.mark.parametrize(
    ("hours", "delegate"), [((20, 30), "person-b"), ((0, 0.1), "person-b"), ((0, 10), None)]
)
def test_i4_nobody_is_asked_to_stand_in_outside_an_absence_that_names_them(
    tmp_path: Path, hours: tuple[float, float], delegate: str | None
) -> None:
    record = owing()
    is_away(record, delegate=delegate, hours=hours)
    delegated(record)

    assert "for whom nobody stands in then" in findings_in(record, tmp_path)


def test_i4_nobody_answers_as_a_delegate_for_whom_nobody_is_away(tmp_path: Path) -> None:
    for number, spoil in enumerate(
        (
            lambda _: None,
            lambda record: is_away(record, hours=(20, 30)),
            lambda record: is_away(record, delegate="person-c"),
            lambda record: (is_away(record), is_back(record, 0.2, by="person-a")),
        )
    ):
        record = owing()
        spoil(record)
        acts_as_delegate(record)
        found = findings_in(record, tmp_path / str(number))
        assert "as delegate of owner, who stands in for nobody then" in found


def test_an_absence_is_ones_own_word_within_what_is_allowed(tmp_path: Path) -> None:
    record = owing()
    is_away(record)
    is_away(record)
    is_away(record, 2, delegate="person-a")
    is_away(record, 3, hours=(0, 24 * 94))
    is_back(record, 11)
    is_back(record, 9, by="person-c")
    is_back(record, 9, number=8)

    found = findings_in(record, tmp_path)
    for sentence in (
        "announces absence 1 twice",
        "to stand in for themselves",
        "that no rule allows",
        "later than it was announced",
        "ends an absence of person-a",
        "ends absence 8, which nobody announced",
    ):
        assert sentence in found


def test_i4_owner_and_stand_in_are_one_side_of_a_request(tmp_path: Path) -> None:
    record = owing()
    is_away(record)
    set_gate(record, "run", "paused", actor="person-a")
    resume(record, number=2)
    confirmed = record.entries[-1]
    record.entries[-1] = type(confirmed)(
        **{name: getattr(confirmed, name) for name in confirmed.__slots__}
        | {"role": "delegate of owner"}
    )
    set_gate(record, "paused", "run")

    assert "is an owner's, as the request was" in findings_in(record, tmp_path)


def test_i4_no_owner_decides_or_settles_in_the_stewards_place(tmp_path: Path) -> None:
    record = owing()
    is_away(record, delegate="person-b", by="person-c")

    open_breach(record, critical=True)
    step(record, Kind.BREACH_ACKNOWLEDGED)
    decide(record, "continue", role="delegate of steward")
    assert findings_in(record, tmp_path / "another") == ""

    owner: dict[str, object] = {"actor": "person-b", "role": "owner"}
    proposed(record)
    changed(record, accepted(record))
    open_breach(record, 2)
    step(record, Kind.BREACH_ACKNOWLEDGED, 2)
    decide(record, "continue", 2, "owner")
    assert findings_in(record, tmp_path / "own") == ""

    open_breach(record, 3, critical=True)
    step(record, Kind.BREACH_ACKNOWLEDGED, 3)
    decide(record, "continue", 3, "delegate of steward")
    output: dict[str, object] = {"workflow": "triage", "round": 1, "output": "a"}
    record.add(Kind.DISAGREEMENT_SETTLED, "round/triage/1", output, **owner)
    found = findings_in(record, tmp_path / "overseer")
    assert "by person-b as delegate of steward, who is the owner" in found
    assert "by person-b as owner, who is the owner" in found


# Handing over.


def proposed(record: Record, successor: str = "person-b", number: int = 1) -> int:
    on = f"handover/triage/{number}"
    facts: dict[str, object] = {"workflow": "triage", "handover": number, "successor": successor}
    return record.add(Kind.HANDOVER_PROPOSED, on, facts, actor="person-a", role="owner")


def accepted(record: Record, by: str = "person-b", number: int = 1) -> int:
    facts: dict[str, object] = {"workflow": "triage", "handover": number}
    on = f"handover/triage/{number}"
    return record.add(Kind.HANDOVER_ACCEPTED, on, facts, actor=by, role="successor")


def changed(record: Record, prior: int | None, by: str = "person-b", role: str = "owner") -> None:
    facts: dict[str, object] = {"workflow": "triage", "changed": [role]}
    record.add(Kind.ROLES_CHANGED, "workflow/triage", facts, actor=by, prior=prior)


def test_a_handover_is_sound_with_the_successors_word(tmp_path: Path) -> None:
    record = owing()
    proposed(record)
    changed(record, accepted(record))
    changed(record, None, "person-a", "backup")

    assert findings_in(record, tmp_path) == ""


def ends(record: Record, kind: Kind, by: str, number: int = 1) -> None:
    facts: dict[str, object] = {"workflow": "triage", "handover": number}
    record.add(kind, f"handover/triage/{number}", facts, actor=by, role="member")


def test_a_proposal_is_declined_or_withdrawn_by_whose_it_is(tmp_path: Path) -> None:
    record = owing()
    proposed(record)
    ends(record, Kind.HANDOVER_DECLINED, "person-b")
    proposed(record, number=2)
    ends(record, Kind.HANDOVER_WITHDRAWN, "person-a", 2)
    assert findings_in(record, tmp_path / "sound") == ""

    ends(record, Kind.HANDOVER_WITHDRAWN, "person-a", 2)
    accepted(record, number=2)
    proposed(record, number=3)
    ends(record, Kind.HANDOVER_DECLINED, "person-c", 3)
    proposed(record, number=4)
    ends(record, Kind.HANDOVER_WITHDRAWN, "person-b", 4)
    found = findings_in(record, tmp_path / "tampered")
    assert "ends a proposal that nobody made, or that was settled before" in found
    assert "accepts what nobody proposed, or what was accepted before" in found
    assert found.count("ends a proposal in another's place") == 2


def test_i4_nobody_becomes_owner_but_by_their_own_word(tmp_path: Path) -> None:
    record = owing()
    proposed(record)
    changed(record, None)
    changed(record, accepted(record, "person-a"))
    accepted(record)
    proposed(record, number=2)
    changed(record, accepted(record, number=2), "person-c")

    found = findings_in(record, tmp_path)
    assert found.count("names another owner, who has not accepted it") == 3
    assert "accepts for another" in found
    assert "accepts what nobody proposed, or what was accepted before" in found


def attested(record: Record, by: str) -> None:
    about: dict[str, object] = {"workflow": "triage", "attestation": 1}
    record.add(Kind.OWNERSHIP_ATTESTED, "attestation/triage/1", about, actor=by, role="owner")


def test_i4_whoever_attests_has_accepted_to_be_the_owner(tmp_path: Path) -> None:
    record = owing()
    attested(record, "person-a")
    proposed(record)
    changed(record, accepted(record))
    attested(record, "person-b")
    assert findings_in(record, tmp_path / "sound") == ""

    attested(record, "person-a")
    found = findings_in(record, tmp_path / "tampered")
    assert found.endswith("is by person-a as the owner, which they are not by then")


def test_i4_who_acts_as_delegate_of_the_owner_has_their_place(tmp_path: Path) -> None:
    record = owing()
    is_away(record, 1, "person-c")
    is_away(record, 2, "person-b", by="person-c")
    acts_as_delegate(record)
    assert findings_in(record, tmp_path / "lent on") == ""

    record = owing()
    is_away(record, delegate="person-b", by="person-c")
    acts_as_delegate(record)
    found = findings_in(record, tmp_path / "another's")
    assert "by person-b as delegate of owner, who stands in for another then" in found


def does(record: Record, kind: Kind, by: str, role: str = "owner") -> None:
    about: dict[str, object] = {"workflow": "triage", "breach": 1, "decision": "continue"}
    record.add(kind, "breach/triage/1", about, actor=by, role=role)


OWNERS_ACTS = [
    Kind.BREACH_ACKNOWLEDGED,
    Kind.DECISION_RECORDED,
    Kind.DECISION_CARRIED_OUT,
    Kind.HANDOVER_PROPOSED,
    Kind.GATE_CHANGED,
    Kind.RESUME_REQUESTED,
]


@pytest.mark.parametrize("kind", OWNERS_ACTS)
def test_i4_nobody_acts_as_the_owner_but_the_owner_of_that_moment(
    tmp_path: Path, kind: Kind
) -> None:
    record = owing()
    does(record, kind, "person-a")
    does(record, kind, "person-b", "backup")
    assert "as the owner" not in findings_in(record, tmp_path / "own")

    proposed(record)
    changed(record, accepted(record))
    does(record, kind, "person-b")
    assert "as the owner" not in findings_in(record, tmp_path / "handed over")

    does(record, kind, "person-a")
    last = record.entries[-1].seq
    said = f"{last}: is by person-a as the owner, which they are not by then"
    assert said in findings_in(record, tmp_path / "no more")


def test_i4_whose_an_obligation_was_is_seen_by_its_name_too(tmp_path: Path) -> None:
    record = owing()
    facts: dict[str, object] = {"obligation": OWED}
    on = f"obligation/{OWED}"
    record.add(Kind.OBLIGATION_ANSWERED, on, facts, actor="person-b", role="owner")
    assert "is by person-b as the owner" in findings_in(record, tmp_path)


def test_an_obligation_of_another_name_is_no_end_of_the_verifier(tmp_path: Path) -> None:
    record = owing()
    by = {"actor": "person-b", "role": "owner"}
    record.add(Kind.OBLIGATION_ANSWERED, "obligation/x", {"obligation": "x"}, **by)
    assert "x has to be opened once, before all else" in findings_in(record, tmp_path)


def test_i4_nobody_attests_in_another_role_than_the_owners(tmp_path: Path) -> None:
    record = owing()
    does(record, Kind.OWNERSHIP_ATTESTED, "person-b", "steward")
    assert "is by person-b as steward: it is the owner's to do" in findings_in(record, tmp_path)


def test_i4_the_duties_are_accepted_once_and_of_a_draft(tmp_path: Path) -> None:
    record = owing()
    register(record, "mail")
    accept(record, "mail", "person-c")
    set_gate(record, "not_ready", "run", "mail")
    assert findings_in(record, tmp_path / "sound") == ""

    accept(record, owner="person-b")
    accept(record, "letters")
    register(record, "notes")
    accept(record, "notes", "system")
    register(record)
    found = findings_in(record, tmp_path / "tampered")
    assert found.count("accepts the duties of what is no draft, or is by nobody") == 3
    assert "registers triage a second time" in found


def test_i4_nothing_runs_before_somebody_answers_for_it(tmp_path: Path) -> None:
    record = owing()
    register(record, "mail")
    set_gate(record, "not_ready", "run", "mail")
    assert "that nobody has accepted to answer for" in findings_in(record, tmp_path)


def begun(record: Record, number: int = 1) -> None:
    record.add(Kind.ABSENCE_BEGUN, f"absence/{number}", {"absence": number})


def test_an_absence_begins_once_and_as_announced(tmp_path: Path) -> None:
    record = owing()
    is_away(record)
    begun(record)
    assert findings_in(record, tmp_path / "sound") == ""

    begun(record)
    begun(record, 7)
    is_away(record, 2, hours=(20, 30))
    begun(record, 2)
    found = findings_in(record, tmp_path / "tampered")
    for number in (1, 7, 2):
        assert f"begins absence {number}, which nobody announced for then" in found


def passed_on(record: Record, prior: int | None, workflow: str = "triage") -> None:
    about: dict[str, object] = {"obligation": OWED, "workflow": workflow}
    on = f"obligation/{OWED}"
    record.add(Kind.OBLIGATION_PASSED_ON, on, about, {"owed_by": "U0B"}, prior=prior)


def test_i4_what_is_owed_becomes_anothers_with_the_role_alone(tmp_path: Path) -> None:
    record = owing()
    changed(record, None, "person-a", "backup")
    because = len(record.entries) - 1
    passed_on(record, because)
    assert findings_in(record, tmp_path / "sound") == ""

    passed_on(record, None)
    passed_on(record, because - 1)
    passed_on(record, because, "letters")
    found = findings_in(record, tmp_path / "tampered")
    assert found.count("makes an obligation another person's without other roles") == 3


def asked(record: Record, prior: int, rung: int = 0) -> None:
    about: dict[str, object] = {"obligation": OWED, "workflow": "triage", "rung": rung}
    on = f"obligation/{OWED}"
    record.add(Kind.OBLIGATION_ASKED, on, about, {"asked": "U0B"}, prior=prior)


def test_i4_who_takes_a_role_is_asked_by_it_alone_and_for_what_has_climbed_to_it(
    tmp_path: Path,
) -> None:
    record = owing()
    climbs(record, 0, {"asked": "U0A"})
    changed(record, None, "person-a", "backup")
    because = len(record.entries) - 1
    asked(record, because)
    assert findings_in(record, tmp_path / "sound") == ""

    asked(record, because - 1)
    asked(record, because, rung=1)
    found = findings_in(record, tmp_path / "tampered")
    assert found.count("makes an obligation another person's without other roles") == 1
    assert found.count("is asked of a role that it has not climbed to") == 1


@pytest.mark.parametrize("end", ["lapsed", "superseded"])
def test_i1_nothing_is_agreed_to_once_it_has_lapsed(tmp_path: Path, end: str) -> None:
    record = owing()
    proposed(record)
    owe(record, "opened", owed="take-over/triage/1")
    owe(record, end, owed="take-over/triage/1")
    changed(record, accepted(record))
    set_gate(record, "run", "paused", actor="person-a")
    owe(record, "opened", owed="confirm/triage/2")
    owe(record, end, owed="confirm/triage/2")
    resume(record, "person-b", "person-c", number=2)

    found = findings_in(record, tmp_path)
    assert found.count("agrees to what had lapsed, or been settled otherwise") == 2
    assert len(found.splitlines()) == 2
