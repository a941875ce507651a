"""What times of answers say, and what they do not: like beside like, and never of one colleague."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from worlds import MONDAY

from bot.domain.pace import (
    BURST,
    ENOUGH_TIMED,
    LEAST_AGAIN,
    PAUSE,
    RUN,
    Burst,
    Drafted,
    Habit,
    Hurried,
    Run,
    Told,
    Took,
    again,
    burst_of,
    hurried,
    median_seconds,
    pace_of,
    run_of,
    seconds_each,
    sort_of,
    took,
)
from bot.domain.verdicts import Answer

SHORT, LONG = ("a", 5), ("a", 11)
SORTS = {f"o{each}": sort_of("a", 20) for each in range(9)}


def drafted(output: str, seconds: float, by: str = "me", answer: Answer = Answer.CORRECT,
            ) -> Drafted:  # fmt: skip
    return Drafted(by, MONDAY + timedelta(seconds=seconds), output, answer)


def some(
    count: int, seconds: float, overrides: int = 0, by: str = "me", sort: tuple[str, int] = SHORT
) -> list[Took]:
    return [
        Took(by, MONDAY + timedelta(seconds=place), sort, seconds, place < overrides)
        for place in range(count)
    ]


OTHERS = [*some(30, 40, 12, "ben"), *some(30, 40, 12, "cleo")]


def test_an_output_takes_from_the_same_persons_answer_before_it() -> None:
    found = took(
        [
            drafted("o0", 0),
            drafted("o5", 7, "ben"),
            drafted("o1", 10),
            drafted("o6", 50, "ben", Answer.WRONG),
            drafted("o2", 10 + PAUSE.total_seconds()),
            drafted("o3", 11 + 2 * PAUSE.total_seconds()),
        ],
        SORTS,
    ).values()
    said = [(each.by, each.seconds, each.is_override) for each in found]
    assert said == [
        ("me", None, False),
        ("ben", None, False),
        ("me", 10, False),
        ("ben", 43, True),
        ("me", 600, False),
        ("me", None, False),
    ]
    assert {each.sort for each in found} == {("a", 5)}


def test_an_answer_kept_again_is_no_other_output_and_the_last_word_counts() -> None:
    again = [drafted("o0", 0), drafted("o1", 9), drafted("o1", 99, answer=Answer.CORRECTED)]
    assert [(each.seconds, each.is_override) for each in took(again, SORTS).values()] == [
        (None, False), (9, True),
    ]  # fmt: skip
    skipped = [*again, drafted("o1", 120, answer=Answer.SKIPPED)]
    assert len(took(skipped, SORTS)) == 1, "a skip is no verdict"


def test_an_answer_takes_from_the_same_persons_answer_before() -> None:
    at = [MONDAY + timedelta(seconds=each) for each in (0, 5, 30, 45, 45 + 601)]
    answers = list(zip("abaaa", at, strict=True))
    assert list(seconds_each(answers)) == [None, None, 30, 15, None], "nobody takes ten minutes"
    assert list(seconds_each([("a", MONDAY)] * 3)) == [None] * 3, "the clock stood still"
    assert list(seconds_each([("a", MONDAY), ("a", MONDAY + PAUSE)])) == [
        None,
        PAUSE.total_seconds(),
    ]


def test_of_too_few_answers_nothing_is_said_of_their_time() -> None:
    times = list(range(1, ENOUGH_TIMED + 1))
    assert median_seconds(times) == ENOUGH_TIMED // 2
    assert median_seconds(times[1:]) is None
    assert median_seconds([0.0] * ENOUGH_TIMED) == 1
    assert median_seconds([1.001] * ENOUGH_TIMED) == 2


def test_far_faster_and_surely_fewer_overrides_is_said_with_its_figures() -> None:
    assert hurried(some(45, 4), OTHERS) == Hurried(4, 40, 0, 45, 24, 60)


@pytest.mark.parametrize(
    ("mine", "others"),
    [
        (some(45, 10), OTHERS),  # a quarter is not under a quarter
        (some(45, 4, 18), OTHERS),  # fast, and finding as much as others
        (some(45, 4, 10), OTHERS),  # fewer, but that may be chance
        (some(19, 4), OTHERS),  # too few of one's own
        (some(45, 4, sort=LONG), OTHERS),  # nothing like these
        (some(45, 4), some(60, 40, 24, "ben")),  # it would tell of one colleague
        (some(45, 4), [*some(1, 40, 1, "ben"), *some(1, 40, 1, "cleo")]),
        (some(45, 4), []),
        ([], OTHERS),
        ([replace(each, seconds=None) for each in some(45, 4)], OTHERS),
    ],
)
def test_whatever_may_have_another_reason_is_not_said(mine: list[Took], others: list[Took]) -> None:
    assert hurried(mine, others) is None


def test_short_texts_are_no_haste_beside_long_ones() -> None:
    slow = [*some(30, 300, 30, "ben", LONG), *some(30, 300, 30, "cleo", LONG)]
    assert hurried(some(45, 4), [*some(5, 5, 5, "ben"), *some(5, 5, 5, "cleo"), *slow]) is None


@pytest.mark.parametrize(
    ("answers", "run"),
    [
        ([False] * RUN, Run(RUN, are_overrides=False)),
        ([True] * (RUN + 1), Run(RUN + 1, are_overrides=True)),
        ([True, *[False] * RUN], Run(RUN, are_overrides=False)),
        ([*[False] * RUN, True], None),
        ([False] * (RUN - 1), None),
        ([], None),
    ],
)
def test_a_run_is_of_the_latest_answers(answers: list[bool], run: Run | None) -> None:
    mine = [
        Took("me", MONDAY + timedelta(seconds=place), SHORT, None, is_override)
        for place, is_override in enumerate(answers)
    ]
    assert run_of(mine) == run
    assert run_of(reversed(mine)) == run


def paced(*seconds: float | None) -> list[Took]:
    return [
        Took("me", MONDAY + timedelta(minutes=place), SHORT, each, is_override=False)
        for place, each in enumerate(seconds)
    ]


@pytest.mark.parametrize(
    ("seconds", "burst"),
    [
        ([2.5] * BURST, Burst(BURST, 50)),
        ([None, *[1] * 25, 40, *[3] * 22], Burst(25, 25)),
        ([*[3] * 10, 3.1, *[3] * 10], None),
        ([*[1] * 10, None, *[1] * 10], None),
        ([1] * (BURST - 1), None),
        ([], None),
    ],
)
def test_a_burst_is_of_answers_that_follow_one_another(
    seconds: list[float | None], burst: Burst | None
) -> None:
    assert burst_of(paced(*seconds)) == burst
    assert burst_of(reversed(paced(*seconds))) == burst


LATER = MONDAY + timedelta(days=60)  # when somebody looked at their Home


def told(day: int, said: list[Took], closes_on: int | None = None) -> Told:
    """Give a round in which this was said on one day, and which closed on it or on another."""
    shift = timedelta(days=day)
    closed_at = MONDAY + timedelta(days=day if closes_on is None else closes_on, hours=12)
    return Told(closed_at, tuple(replace(each, at=each.at + shift) for each in said))


def alike(count: int) -> list[Took]:
    return some(count, 40)


def stands_again(rounds: list[Told], seen_at: datetime | None) -> tuple[Habit, ...]:
    return again("me", rounds, pace_of("me", rounds).habits, seen_at)


def test_what_stands_in_one_round_alone_does_not_stand_again() -> None:
    rounds = [told(0, alike(60))]
    assert pace_of("me", rounds).habits == (Habit.RUN,)
    assert stands_again(rounds, LATER) == ()


def test_what_stands_by_later_answers_alone_stands_again() -> None:
    assert stands_again([told(0, alike(60)), told(7, alike(50))], LATER) == (Habit.RUN,)
    assert stands_again([told(0, alike(60)), told(7, alike(49))], LATER) == (), "too few by far"


def test_small_rounds_come_to_it_together() -> None:
    weeks = [told(7 * week, alike(10)) for week in range(10)]
    assert stands_again(weeks[:9], LATER + PAUSE) == ()
    assert stands_again(weeks, LATER + PAUSE) == (Habit.RUN,)


def test_what_was_answered_before_the_first_round_closed_is_no_again() -> None:
    early = told(1, alike(60), closes_on=9)
    assert stands_again([told(0, alike(60), closes_on=8), early], LATER) == ()


def test_another_habit_does_not_make_it_again() -> None:
    mixed = [replace(each, seconds=2.0, is_override=place % 2 == 0)
             for place, each in enumerate(alike(60))]  # fmt: skip
    rounds = [told(0, alike(60)), told(7, mixed)]
    assert pace_of("me", rounds).habits == (Habit.BURST,)
    assert stands_again(rounds, LATER) == ()


def test_what_is_over_does_not_stand_again() -> None:
    rounds = [told(0, alike(60)), told(7, alike(60)), told(14, some(1, 40, 1))]
    assert stands_again(rounds[:2], LATER) == (Habit.RUN,)
    assert stands_again(rounds, LATER) == ()


def test_what_its_person_is_not_shown_now_is_shown_to_nobody() -> None:
    quick = [*some(45, 4), *OTHERS]
    slow = told(1, some(200, 40, 80), closes_on=9)
    rounds = [told(0, quick, closes_on=8), slow, told(14, quick)]
    assert Habit.HURRIED in pace_of("me", rounds[:1]).habits
    assert Habit.HURRIED in pace_of("me", rounds[2:]).habits
    assert pace_of("me", rounds).habits == (Habit.RUN,)
    assert stands_again(rounds, LATER) == ()


def test_what_its_person_could_not_see_yet_is_theirs_alone() -> None:
    rounds = [told(0, alike(60)), told(7, alike(60))]
    first = rounds[0].closed_at
    assert stands_again(rounds, None) == ()
    assert stands_again(rounds, first - timedelta(seconds=1)) == ()
    assert stands_again(rounds, first) == (Habit.RUN,)


def test_far_faster_again_is_beside_what_others_answered_since() -> None:
    mine, both = some(45, 4), [*some(45, 4), *OTHERS]
    assert stands_again([told(0, both), told(7, both)], LATER) == (Habit.HURRIED,)
    assert stands_again([told(0, both), told(7, mine[:40])], LATER) == ()


def test_nothing_stands_twice_by_fewer_answers_than_anybody_is_looked_at_for() -> None:
    quick = [replace(each, seconds=2.0) for each in alike(BURST)]
    rounds = [told(0, quick), told(7, quick)]
    assert sum(len(each.took) for each in rounds) == LEAST_AGAIN
    assert stands_again(rounds, LATER) == (Habit.BURST,)
