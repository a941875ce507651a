"""I3: an obligation climbs 0, 1, 2, 3, 3, 3 …, one rung at a time, for as long as it is open."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import ADMIN, BACKUP, CIRCLE, KEY, MONDAY, OWNER, ROLES, STEWARD

from bot.domain.breaches import Cause
from bot.domain.escalation import (
    LADDER,
    Climb,
    Consequence,
    climb,
    may_answer,
    next_rung,
    undelivered,
)
from bot.domain.gate import GateState
from bot.domain.hours import read_hours
from bot.domain.obligations import (
    Obligation,
    ObligationKind,
    ObligationState,
    allowed_time,
    delivered_late,
    ended,
    obligation_id,
    owe,
)
from bot.domain.people import Circle, Role, Standing
from bot.domain.presence import Passed, Presence
from bot.domain.refusals import Refused
from bot.domain.registry import Roles
from bot.domain.working_time import ALWAYS, WorkingTime

HOUR = timedelta(hours=1)
ALL_THERE = Presence()
OFFICE = WorkingTime("UTC", read_hours("Mon-Fri 09:00-17:00"), frozenset({date(2026, 6, 8)}))


def owed(kind: ObligationKind = ObligationKind.REVIEW, by: str = OWNER) -> Obligation:
    return owe(kind, KEY, 1, by, MONDAY, ALWAYS)


def left(*people: str) -> Presence:
    return Presence(dict.fromkeys(people, Standing.DEACTIVATED))


def silence(
    obligation: Obligation,
    until: datetime,
    roles: Roles = ROLES,
    circle: Circle = CIRCLE,
    presence: Presence = ALL_THERE,
    working: WorkingTime = ALWAYS,
) -> Iterator[tuple[timedelta, Climb]]:
    """Give each step with its time since the obligation fell due, as long as nobody answers."""
    now = obligation.climbs_at
    while now <= until:
        step = climb(obligation, roles, circle, presence, now, working)
        assert step is not None
        yield now - obligation.due_at, step
        obligation = step.obligation
        now = obligation.climbs_at


@pytest.mark.parametrize(("asker", "second"), [(BACKUP, STEWARD), (STEWARD, BACKUP)])
def test_i4_nobody_is_asked_to_confirm_their_own_request(asker: str, second: str) -> None:
    now, obligation, told = MONDAY, owed(ObligationKind.CONFIRM, by=second), []
    for _ in range(3):
        now = obligation.climbs_at
        step = climb(obligation, ROLES, CIRCLE, Presence(barred=(asker,)), now, ALWAYS)
        assert step is not None
        obligation = step.obligation
        told.append(step.asked or step.passed)
    own, again = Passed.OWN_REQUEST, Passed.SAME_PERSON
    assert told == [(second,), *((own, again) if asker == BACKUP else (again, own))]


def test_silence_climbs_owner_backup_steward_admins_and_then_the_admins_again() -> None:
    steps = list(silence(owed(), owed().due_at + 30 * HOUR))

    assert [(at // HOUR, step.rung, step.asked) for at, step in steps] == [
        (0, 0, (OWNER,)),
        (2, 1, (BACKUP,)),
        (6, 2, (STEWARD,)),
        (14, 3, (ADMIN,)),
        (22, 3, (ADMIN,)),
        (30, 3, (ADMIN,)),
    ]
    assert [step.obligation.repeats for _, step in steps] == [0, 0, 0, 0, 1, 2]
    assert [step.in_thread for _, step in steps] == [False, True, True, True, True, True]


def test_nothing_climbs_before_its_time_and_nothing_that_has_ended() -> None:
    obligation = owed()
    almost = obligation.due_at - timedelta(microseconds=1)

    assert climb(obligation, ROLES, CIRCLE, ALL_THERE, almost, ALWAYS) is None
    for state in (ObligationState.ANSWERED, ObligationState.SUPERSEDED, ObligationState.LAPSED):
        assert (
            climb(
                ended(obligation, state),
                ROLES,
                CIRCLE,
                ALL_THERE,
                obligation.due_at,
                ALWAYS,
            )
            is None
        )


def test_a_bot_that_was_down_for_a_week_takes_every_rung_and_says_how_late_each_was() -> None:
    now, obligation = owed().due_at + timedelta(days=7), owed()
    steps = []
    while step := climb(obligation, ROLES, CIRCLE, ALL_THERE, now, ALWAYS):
        steps.append(step)
        obligation = step.obligation

    assert [step.rung for step in steps] == [0, 1, 2, 3, 3]
    assert [step.late // HOUR for step in steps] == [168, 166, 162, 154, 2]
    assert [step.coalesced for step in steps] == [0, 0, 0, 0, 18], "repeats unheard are one"
    assert obligation.repeats == 19
    assert obligation.climbs_at > now


@given(
    st.sampled_from(ObligationKind),
    st.lists(st.integers(0, 200), min_size=1, max_size=30),
    st.frozensets(st.sampled_from([OWNER, BACKUP, STEWARD, ADMIN])),
    st.sampled_from([CIRCLE, Circle()]),
)
def test_no_rung_is_skipped_or_doubled_whoever_is_away_and_whenever_one_looks(
    kind: ObligationKind, waits: list[int], away: frozenset[str], circle: Circle
) -> None:
    obligation, now = owed(kind), MONDAY
    rungs = []
    for wait in waits:
        now += wait * HOUR
        while step := climb(obligation, ROLES, circle, left(*away), now, ALWAYS):
            assert step.asked or step.passed, "a rung where nobody is asked says why"
            assert step.obligation.climbs_at >= obligation.climbs_at
            rungs.append(step.rung)
            obligation = step.obligation
        assert obligation.climbs_at > now

    assert rungs == [min(number, 3) for number in range(len(rungs))]


def test_a_rung_nobody_can_answer_is_passed_at_once_with_the_reason() -> None:
    steps = list(silence(owed(), owed().due_at + 10 * HOUR, presence=left(BACKUP)))

    assert [(at // HOUR, step.rung, step.asked, step.passed) for at, step in steps] == [
        (0, 0, (OWNER,), None),
        (2, 1, (), Passed.DEACTIVATED),
        (2, 2, (STEWARD,), None),
        (10, 3, (ADMIN,), None),
    ]


@pytest.mark.parametrize(
    ("kind", "brought"),
    [
        (ObligationKind.REVIEW, [Consequence(breach=Cause.ROUND_NOT_ANSWERED), Consequence()]),
        (
            ObligationKind.DECIDE,
            [Consequence(gate=GateState.REVIEW_ALL), Consequence(gate=GateState.PAUSED)],
        ),
        (ObligationKind.CONFIRM, [Consequence(lapses=True), Consequence(lapses=True)]),
    ],
)
def test_i3_where_nobody_below_can_be_asked_admins_are_at_once_and_the_rest_comes_in_time(
    kind: ObligationKind, brought: list[Consequence]
) -> None:
    obligation, nobody = owed(kind), left(OWNER, BACKUP, STEWARD)
    steps = list(
        silence(
            undelivered(obligation, ROLES, nobody, MONDAY),
            obligation.due_at + 8 * HOUR,
            presence=nobody,
        )
    )

    early = (MONDAY - obligation.due_at) // HOUR
    assert [(at // HOUR, step.rung, step.asked) for at, step in steps] == [
        *((early, rung, ()) for rung in (0, 1, 2)),
        *((hours, 3, (ADMIN,)) for hours in (early, 0, 8)),
    ]
    assert [step.consequence for _, step in steps] == [Consequence()] * 4 + brought


def test_i3_where_only_admins_can_answer_they_are_asked_at_once_though_others_are_told() -> None:
    there = left(OWNER, STEWARD)
    naming = owed(ObligationKind.HAND_OVER, by=STEWARD)
    naming = undelivered(naming, ROLES, there, MONDAY)
    steps = list(silence(naming, naming.due_at, presence=there))

    assert [(step.rung, step.asked) for at, step in steps if naming.due_at + at == MONDAY] == [
        (0, ()),
        (1, (BACKUP,)),
        (2, ()),
        (3, (ADMIN,)),
    ]
    assert [step.consequence.gate for _, step in steps] == [None] * 4 + [GateState.REVIEW_ALL]


@pytest.mark.parametrize("kind", [ObligationKind.ATTEST, ObligationKind.TAKE_OVER])
def test_i3_what_admins_cannot_answer_either_is_not_hurried_to_them(kind: ObligationKind) -> None:
    nobody = left(OWNER)
    passed = undelivered(owed(kind), ROLES, nobody, MONDAY)
    steps = list(silence(passed, owed(kind).due_at, presence=nobody))
    assert [(step.rung, step.asked) for _, step in steps] == [(0, ()), (1, (BACKUP,))]


def test_i3_a_bot_that_was_down_brings_each_consequence_of_admins_who_were_asked_early() -> None:
    obligation, nobody = owed(ObligationKind.DECIDE), left(OWNER, BACKUP, STEWARD)
    now, steps = obligation.due_at + 20 * HOUR, []
    waiting = undelivered(obligation, ROLES, nobody, MONDAY)
    while step := climb(waiting, ROLES, CIRCLE, nobody, now, ALWAYS):
        steps.append(step)
        waiting = step.obligation

    assert [step.rung for step in steps] == [0, 1, 2, 3, 3, 3]
    assert [step.consequence.gate for step in steps[3:]] == [
        None,
        GateState.REVIEW_ALL,
        GateState.PAUSED,
    ]
    assert [step.coalesced for step in steps[3:]] == [0, 0, 1]


def test_somebody_who_was_asked_before_is_not_asked_again_on_the_next_rung() -> None:
    owed_by_backup = list(silence(owed(by=BACKUP), owed().due_at + 2 * HOUR))
    steward_is_backup = list(
        silence(owed(), owed().due_at + 6 * HOUR, roles=replace(ROLES, steward=BACKUP))
    )

    assert [step.passed for _, step in owed_by_backup][:2] == [None, Passed.SAME_PERSON]
    assert [step.passed for _, step in steward_is_backup][:3] == [None, None, Passed.SAME_PERSON]


def test_without_admins_the_last_rung_asks_nobody_and_still_brings_what_it_brings() -> None:
    steps = list(silence(owed(), owed().due_at + 22 * HOUR, circle=Circle()))
    last = [step for _, step in steps if step.rung == 3]

    assert [(step.asked, step.passed) for step in last] == [((), Passed.EMPTY)] * 2
    assert last[0].consequence.breach is Cause.ROUND_NOT_ANSWERED
    assert [at // HOUR for at, step in steps if step.rung == 3] == [14, 22], "it keeps its pace"


def test_an_admin_who_left_is_not_asked_while_another_is_there() -> None:
    circle = Circle(frozenset({ADMIN, "U0ADMIN2"}))
    *_, (_, step) = silence(owed(), owed().due_at + 14 * HOUR, circle=circle, presence=left(ADMIN))

    assert (step.asked, step.passed) == (("U0ADMIN2",), None)


@pytest.mark.parametrize(
    ("kind", "first", "again"),
    [
        (ObligationKind.ACCEPT, Consequence(), Consequence()),
        (ObligationKind.REVIEW, Consequence(breach=Cause.ROUND_NOT_ANSWERED), Consequence()),
        (
            ObligationKind.ACKNOWLEDGE,
            Consequence(gate=GateState.REVIEW_ALL),
            Consequence(gate=GateState.PAUSED),
        ),
        (
            ObligationKind.DECIDE,
            Consequence(gate=GateState.REVIEW_ALL),
            Consequence(gate=GateState.PAUSED),
        ),
        (ObligationKind.CARRY_OUT, Consequence(breach=Cause.NOT_CARRIED_OUT), Consequence()),
        (ObligationKind.DRILL, Consequence(breach=Cause.NOT_DRILLED), Consequence()),
        (ObligationKind.CONFIRM, Consequence(lapses=True), Consequence(lapses=True)),
    ],
)
def test_silence_on_the_last_rung_brings_what_the_kind_of_obligation_says(
    kind: ObligationKind, first: Consequence, again: Consequence
) -> None:
    steps = list(silence(owed(kind), owed(kind).due_at + 22 * HOUR))

    assert [step.consequence for _, step in steps] == [*[Consequence()] * 3, first, again]


def test_an_obligation_is_due_after_the_time_its_kind_allows() -> None:
    allowed = {kind.value: str(allowed_time(kind)) for kind in ObligationKind}
    assert allowed == {
        "accept": "2 business days",
        "review": "3 business days",
        "second review": "3 business days",
        "settle": "3 business days",
        "judge": "3 business days",
        "acknowledge": "2 business hours",
        "decide": "1 business day",
        "carry out": "7 days",
        "confirm": "1 business day",
        "hand over": "2 business days",
        "take over": "2 business days",
        "attest": "3 business days",
        "drill": "3 business days",
    }
    named = MONDAY + 5 * HOUR
    assert (
        owe(ObligationKind.CARRY_OUT, KEY, 1, OWNER, MONDAY, OFFICE, due_at=named).due_at == named
    )
    for kind in ObligationKind:
        due = allowed_time(kind).after(MONDAY, OFFICE)
        obligation = owe(kind, KEY, 1, OWNER, MONDAY, OFFICE)
        assert obligation.due_at == obligation.climbs_at == due


def friday(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 6, 5, hour, minute, tzinfo=UTC)


def test_what_falls_beyond_friday_is_due_when_people_are_back() -> None:
    # The Monday after is a holiday.
    dues = [
        owe(kind, KEY, 1, OWNER, friday(16), OFFICE).due_at
        for kind in (ObligationKind.ACKNOWLEDGE, ObligationKind.DECIDE, ObligationKind.REVIEW)
    ]
    assert [f"{due:%a %H:%M}" for due in dues] == ["Tue 10:00", "Tue 16:00", "Thu 16:00"]


def test_what_is_critical_is_owed_and_climbs_by_the_clock() -> None:
    kinds = (ObligationKind.ACKNOWLEDGE, ObligationKind.DECIDE)
    acknowledge, decide = (
        owe(kind, KEY, 1, OWNER, friday(23), OFFICE, is_critical=True) for kind in kinds
    )
    assert acknowledge.due_at == friday(23, 15)
    assert decide.due_at == friday(23) + 24 * HOUR
    steps = silence(acknowledge, acknowledge.due_at + 22 * HOUR, working=OFFICE)
    assert [(at // HOUR, step.rung) for at, step in steps] == [
        (0, 0),
        (2, 1),
        (6, 2),
        (14, 3),
        (22, 3),
    ]


def test_silence_climbs_while_people_work_and_rests_when_they_do() -> None:
    obligation = owe(ObligationKind.ACKNOWLEDGE, KEY, 1, OWNER, friday(13), OFFICE)
    steps = silence(obligation, friday(13) + timedelta(days=8), working=OFFICE)

    times = [obligation.climbs_at + at for at, _ in steps]
    assert [f"{at:%a %H:%M}" for at in times] == [
        "Fri 15:00",
        "Fri 17:00",
        "Tue 13:00",
        "Wed 13:00",
        "Thu 13:00",
        "Fri 13:00",
    ]


def test_a_rung_nobody_can_answer_is_passed_at_once_at_night_as_well() -> None:
    obligation = owe(ObligationKind.CARRY_OUT, KEY, 1, OWNER, MONDAY, OFFICE, due_at=friday(22))
    gone = left(OWNER, BACKUP)
    steps = list(silence(obligation, friday(23), presence=gone, working=OFFICE))

    assert [step.rung for _, step in steps] == [0, 1, 2]
    assert f"{steps[-1][1].obligation.climbs_at:%a %H:%M}" == "Tue 17:00", "the next has its time"


def test_there_is_one_obligation_of_a_kind_for_a_subject() -> None:
    assert obligation_id(ObligationKind.CARRY_OUT, KEY, 3) == f"carry-out/{KEY}/3"
    names = {obligation_id(kind, KEY, subject) for kind in ObligationKind for subject in (1, 2)}
    assert len(names) == 2 * len(ObligationKind)


def test_what_has_ended_cannot_end_again() -> None:
    answered = ended(owed(), ObligationState.ANSWERED)

    assert not answered.is_open
    assert not answered.is_overdue(answered.due_at + HOUR)
    assert owed().is_overdue(owed().due_at)
    with pytest.raises(Refused, match="Answered: nothing more is owed here"):
        ended(answered, ObligationState.LAPSED)


def test_a_late_request_moves_what_is_owed_by_its_delay_and_never_beyond_the_grace() -> None:
    obligation = owed()

    late = delivered_late(obligation, MONDAY + timedelta(minutes=20), HOUR, ALWAYS)
    assert late.due_at == late.climbs_at == obligation.due_at + timedelta(minutes=20)
    very_late = delivered_late(obligation, MONDAY + 9 * HOUR, HOUR, ALWAYS)
    assert very_late.due_at == obligation.due_at + HOUR
    assert delivered_late(obligation, MONDAY, HOUR, ALWAYS) is obligation
    climbing = replace(obligation, rung=0)
    assert delivered_late(climbing, MONDAY + 9 * HOUR, HOUR, ALWAYS) is climbing


def test_the_grace_is_counted_as_what_is_owed_is() -> None:
    acknowledge = ObligationKind.ACKNOWLEDGE
    plain = owe(acknowledge, KEY, 1, OWNER, friday(18), OFFICE)
    critical = owe(acknowledge, KEY, 1, OWNER, friday(18), OFFICE, is_critical=True)

    assert delivered_late(plain, friday(20), HOUR, OFFICE) is plain, "nobody was there to see it"
    tuesday = friday(9, 30) + timedelta(days=4)
    assert delivered_late(plain, tuesday, HOUR, OFFICE).due_at == plain.due_at + HOUR / 2
    assert delivered_late(critical, friday(20), HOUR, OFFICE).due_at == friday(19, 15)


def test_what_could_not_be_delivered_climbs_to_the_next_person_at_once() -> None:
    now = MONDAY + HOUR

    hastened = undelivered(owed(), ROLES, ALL_THERE, now)
    assert hastened.climbs_at == now
    step = climb(hastened, ROLES, CIRCLE, ALL_THERE, now, ALWAYS)
    assert step
    assert step.asked == (OWNER,)
    overdue = replace(owed(), rung=0, climbs_at=MONDAY)
    assert undelivered(overdue, ROLES, ALL_THERE, now).climbs_at == MONDAY, "it never waits longer"


@given(st.integers(0, 60))
def test_nothing_delivered_at_all_brings_no_consequence_before_the_time_was_up(hours: int) -> None:
    obligation, now = owed(), MONDAY + hours * HOUR
    for _ in range(20):
        obligation = undelivered(obligation, ROLES, ALL_THERE, now)
        while step := climb(obligation, ROLES, CIRCLE, ALL_THERE, now, ALWAYS):
            obligation = step.obligation
        assert obligation.rung < 3

    assert obligation.rung == 2
    assert obligation.climbs_at >= obligation.due_at


def test_the_last_rung_is_never_hastened() -> None:
    waiting = replace(owed(), rung=3, climbs_at=MONDAY + 99 * HOUR)
    for presence in (ALL_THERE, left(OWNER, BACKUP, STEWARD)):
        assert undelivered(waiting, ROLES, presence, MONDAY) is waiting


@given(
    st.sampled_from(ObligationKind),
    st.permutations([OWNER, BACKUP, STEWARD]),
    st.lists(st.integers(0, 40), min_size=3, max_size=3),
)
def test_i3_whoever_is_the_last_to_leave_the_admins_are_asked_at_once(
    kind: ObligationKind, order: list[str], waits: list[int]
) -> None:
    obligation, now = owed(kind), MONDAY
    for number, wait in enumerate(waits, start=1):
        now += wait * HOUR
        obligation = undelivered(obligation, ROLES, left(*order[:number]), now)
        while step := climb(obligation, ROLES, CIRCLE, left(*order[:number]), now, ALWAYS):
            obligation = step.obligation

    assert obligation.rung == 3


def test_the_next_rung_is_told_before_it_is_reached() -> None:
    climbing = [replace(owed(), rung=rung) for rung in (-1, 0, 1, 2, 3)]
    roles = [next_rung(each, ROLES, ALL_THERE).role for each in climbing]

    assert roles == [Role.OWNER, Role.BACKUP, Role.STEWARD, Role.ADMIN, Role.ADMIN]


@given(
    st.sampled_from(ObligationKind),
    st.integers(-1, 3),
    st.frozensets(st.sampled_from([OWNER, BACKUP, STEWARD])),
    st.sampled_from([OWNER, BACKUP, STEWARD]),
)
def test_i3_whom_silence_is_said_to_reach_next_it_reaches(
    kind: ObligationKind, rung: int, gone: frozenset[str], by: str
) -> None:
    obligation = replace(owed(kind, by), rung=rung)
    said = next_rung(obligation, ROLES, left(*gone))
    steps = silence(obligation, obligation.due_at + 48 * HOUR, presence=left(*gone))
    reached = next(step for _, step in steps if step.asked)
    assert said.role is LADDER[reached.rung].role


@pytest.mark.parametrize("kind", ObligationKind)
@pytest.mark.parametrize("is_critical", [False, True])
def test_i4_whoever_may_answer_by_the_ladder_may_by_the_table_of_authority(
    kind: ObligationKind, *, is_critical: bool
) -> None:
    obligation = replace(owed(kind), is_critical=is_critical)
    who = {
        ObligationKind.ACCEPT: {Role.OWNER},
        ObligationKind.ACKNOWLEDGE: {Role.OWNER, Role.BACKUP},
        ObligationKind.DECIDE: {Role.STEWARD} if is_critical else {Role.OWNER, Role.BACKUP},
        ObligationKind.CARRY_OUT: {Role.OWNER, Role.BACKUP},
        ObligationKind.CONFIRM: {Role.OWNER, Role.BACKUP, Role.STEWARD},
        ObligationKind.HAND_OVER: {Role.OWNER, Role.STEWARD, Role.ADMIN},
        ObligationKind.TAKE_OVER: set(),
        ObligationKind.ATTEST: {Role.OWNER},
        ObligationKind.DRILL: {Role.OWNER},
    }.get(kind, {Role.OWNER, Role.BACKUP, Role.STEWARD, Role.ADMIN})
    on_the_ladder = [rung.role for rung in LADDER]
    assert {role for role in on_the_ladder if may_answer(obligation, role)} == who
