"""What times of answers say, and what they do not: like beside like, and never of one colleague."""

from dataclasses import replace
from datetime import timedelta

import pytest
from worlds import MONDAY

from bot.domain.outputs import Output
from bot.domain.pace import (
    BURST,
    ENOUGH_TIMED,
    PAUSE,
    RUN,
    Burst,
    Drafted,
    Hurried,
    Run,
    Took,
    burst_of,
    hurried,
    median_seconds,
    run_of,
    seconds_each,
    took,
)
from bot.domain.verdicts import Answer

SHORT, LONG = ("a", 5), ("a", 11)
OUTPUTS = {f"o{each}": Output(f"o{each}", MONDAY, "a", text="x" * 20) for each in range(9)}


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
        OUTPUTS,
    )
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
    assert [(each.seconds, each.is_override) for each in took(again, OUTPUTS)] == [
        (None, False), (9, True),
    ]  # fmt: skip
    skipped = [*again, drafted("o1", 120, answer=Answer.SKIPPED)]
    assert len(took(skipped, OUTPUTS)) == 1, "a skip is no verdict"


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
