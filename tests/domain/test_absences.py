"""Who stands in for whom: never somebody for themselves, whoever else is away in between."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.absences import (
    MOST_DAYS,
    Absence,
    AbsenceState,
    absence_faults,
    days_away,
    ended,
    principals,
    stand_ins,
)

START = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = START + timedelta(hours=9)


def away(
    person: str, delegate: str = "", first: int = 1, last: int = 10, number: int = 1
) -> Absence:
    return Absence(number, person, delegate, START + first * DAY, START + last * DAY)


def faults(asked: Absence, *others: Absence) -> set[str]:
    return set(absence_faults(asked, others, NOW))


def test_a_sound_absence_has_no_faults() -> None:
    assert faults(away("A", "B"), away("A", "C", 10, 12), away("B", "", 1, 5)) == set()


@pytest.mark.parametrize(
    ("asked", "others", "field"),
    [
        (away("A", first=-5, last=0), (), "until"),
        (away("A", first=5, last=5), (), "until"),
        (away("A", first=1, last=2 + MOST_DAYS), (), "until"),
        (away("A", first=5, last=20), (away("A"),), "from"),
        (away("A", "A"), (), "delegate"),
        (away("A", "B"), (away("B", "", 0, 5), away("B", "", 5, 10)), "delegate"),
        (away("A", "B"), (away("B", "A", 9, 11),), "delegate"),
        (away("A", "B"), (away("B", "C", 2, 8), away("C", "A", 7, 9)), "delegate"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    asked: Absence, others: tuple[Absence, ...], field: str
) -> None:
    assert faults(asked, *others) == {field}


def test_a_circle_needs_one_moment_at_which_all_of_it_is_in_force() -> None:
    assert not faults(away("A", "B"), away("B", "C", 2, 5), away("C", "A", 5, 9))
    assert not faults(away("A", "B", 1, 5), away("B", "A", 5, 9))


def test_the_longest_absence_may_be_of_92_days_even_as_the_clocks_go_back() -> None:
    begins, ends = days_away(date(2026, 10, 1), date(2026, 12, 31), "Europe/London", NOW)
    asked = replace(away("A"), begins_at=begins, ends_at=ends)
    assert ends - begins == 92 * DAY + timedelta(hours=1)
    assert faults(asked) == set()


def test_days_are_those_of_where_the_person_is_and_none_lies_in_the_past() -> None:
    begins, ends = days_away(date(2026, 6, 1), date(2026, 6, 2), "America/New_York", NOW)
    assert (begins, ends) == (NOW, datetime(2026, 6, 3, 4, tzinfo=UTC))
    later, _ = days_away(date(2026, 6, 5), date(2026, 6, 5), "Asia/Tokyo", NOW)
    assert later == datetime(2026, 6, 4, 15, tzinfo=UTC)
    assert days_away(date(2026, 6, 5), date(2026, 6, 5), "No/Where", NOW)[0] == START + 4 * DAY


def test_who_stands_in_is_found_through_others_who_are_away_too() -> None:
    known = (away("A", "B"), away("B", "C"), away("D"), away("E", "F"), away("G", "D"))
    assert stand_ins(known, {"F"}) == {"A": "C", "B": "C", "D": "", "E": "", "G": ""}
    assert principals("C", known) == {"A", "B"}
    assert principals("B", known) == {"A"}
    assert principals("A", known) == frozenset()


def test_i4_whoever_is_barred_lends_their_answer_to_nobody() -> None:
    known = (away("A", "B"), away("B", "C"))
    assert stand_ins(known, (), barred={"B"}) == {"A": "B", "B": "B"}
    assert stand_ins(known, (), barred={"A"}) == {"A": "A", "B": "C"}
    assert principals("C", known, barred={"B"}) == frozenset()
    assert principals("C", known, barred={"A"}) == {"B"}


def test_what_ends_early_has_been_up_to_then_and_what_never_began_has_not_been() -> None:
    absence = away("A", "B")
    back = ended(absence, START + 3 * DAY)
    assert (back.ends_at, back.state) == (START + 3 * DAY, AbsenceState.OVER)
    never = ended(absence, NOW)
    assert never.ends_at == never.begins_at
    assert ended(absence, START + 50 * DAY).ends_at == absence.ends_at


PEOPLE = st.sampled_from("ABCDEF")
ANNOUNCED = st.lists(
    st.tuples(PEOPLE, st.one_of(st.just(""), PEOPLE), st.integers(0, 30), st.integers(1, 20)),
    max_size=25,
)


@given(ANNOUNCED)
def test_i4_whatever_is_announced_nobody_ever_stands_in_for_themselves(
    asked: list[tuple[str, str, int, int]],
) -> None:
    known: list[Absence] = []
    for number, (person, delegate, first, days) in enumerate(asked):
        absence = away(person, delegate, first, first + days, number)
        if not absence_faults(absence, known, START - DAY):
            known.append(absence)
    for moment in {each.begins_at for each in known}:
        in_force = [each for each in known if each.is_in_force(moment)]
        following = {each.person: each.delegate for each in in_force}
        assert len(following) == len(in_force), "nobody is away twice at once"
        for person in following:
            here, seen = person, set()
            while here in following:
                assert here not in seen, "somebody stands in for themselves in the end"
                seen.add(here)
                here = following[here]
            assert stand_ins(in_force, ())[person] == here
            assert not here or person in principals(here, in_force)
