"""Cadences in words: understood whole, or refused with a sentence; never guessed."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.cadences import (
    CODES,
    DEFAULT_CADENCE,
    EXAMPLES,
    Cadence,
    in_words,
    next_strikes,
    read_cadence,
)
from bot.domain.hours import DAYS

NINE = "BYHOUR=9;BYMINUTE=0;BYSECOND=0"
WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


@pytest.mark.parametrize(
    ("text", "rule", "zone"),
    [
        (DEFAULT_CADENCE, f"FREQ=WEEKLY;BYDAY=MO;{NINE}", ""),
        ("every weekday at 09:00 Europe/London", f"{WEEKDAYS};{NINE}", "Europe/London"),
        ("Weekdays, 9am (America/New_York)", f"{WEEKDAYS};{NINE}", "America/New_York"),
        ("every day 07:30", "FREQ=DAILY;BYHOUR=7;BYMINUTE=30;BYSECOND=0", ""),
        ("Daily at midnight", "FREQ=DAILY;BYHOUR=0;BYMINUTE=0;BYSECOND=0", ""),
        (
            "mondays and thursdays 10:00",
            "FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=10;BYMINUTE=0;BYSECOND=0",
            "",
        ),
        (
            "every Friday, Monday and Wednesday at 12:15 pm UTC",
            "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYHOUR=12;BYMINUTE=15;BYSECOND=0",
            "UTC",
        ),
        ("Tue at 12am", "FREQ=WEEKLY;BYDAY=TU;BYHOUR=0;BYMINUTE=0;BYSECOND=0", ""),
        (
            "every 2 weeks on friday 16:00",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;BYHOUR=16;BYMINUTE=0;BYSECOND=0",
            "",
        ),
        ("every other monday at 9:00", f"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;{NINE}", ""),
        ("first monday 09:00", f"FREQ=MONTHLY;BYDAY=+1MO;{NINE}", ""),
        ("on the second friday of every month 09:00", f"FREQ=MONTHLY;BYDAY=+2FR;{NINE}", ""),
        (
            "last weekday of the month 09:00",
            f"FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;{NINE}",
            "",
        ),
        ("last day of the month 09:00", f"FREQ=MONTHLY;BYMONTHDAY=-1;{NINE}", ""),
        ("on the 15th of every month at 09:00.", f"FREQ=MONTHLY;BYMONTHDAY=15;{NINE}", ""),
        ("every month on the 1st 9am", f"FREQ=MONTHLY;BYMONTHDAY=1;{NINE}", ""),
        # Cron.
        ("0 9 * * 1-5", f"{WEEKDAYS};{NINE}", ""),
        ("0 9 * * MON-FRI", f"{WEEKDAYS};{NINE}", ""),
        ("0 9 * * 0", f"FREQ=WEEKLY;BYDAY=SU;{NINE}", ""),
        ("0 9 * * 7", f"FREQ=WEEKLY;BYDAY=SU;{NINE}", ""),
        ("00 09 * * *", f"FREQ=DAILY;{NINE}", ""),
        ("0 9 1,15 * *", f"FREQ=MONTHLY;BYMONTHDAY=1,15;{NINE}", ""),
        ("0 9 1 */3 *", f"FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=1,4,7,10;{NINE}", ""),
        ("0 9 * jan,jul 1/2", f"FREQ=WEEKLY;BYDAY=MO,WE,FR,SU;BYMONTH=1,7;{NINE}", ""),
        # RRULE.
        ("freq=daily;byhour=7", "FREQ=DAILY;BYHOUR=7", ""),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;INTERVAL=2", ""),
    ],
)
def test_a_phrase_becomes_one_rule(text: str, rule: str, zone: str) -> None:
    assert read_cadence(text) == Cadence(rule, zone)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is not understood"),
        ("soon", "“soon” is not understood"),
        ("every blue moon 09:00", "“every blue moon” is not understood"),
        ("every monday", "Say at what time, such as: every monday at 09:00."),
        ("every monday at 9", "is not understood"),
        ("every monday at 9 oclockish", "is not understood"),
        ("every monday except holidays 09:00", "“every monday except holidays” is not"),
        ("every monday or tuesday 09:00", "is not understood"),
        ("every monday at 25:00", "25:00 is no time of day"),
        ("every monday at 13pm", "13pm is no time of day"),
        ("every monday at 0:30 am", "0:30 am is no time of day"),
        ("every monday at 09:00 Mars/Olympus", "“Mars/Olympus” is no time zone"),
        ("every monday at 09:00 in London", "is not understood"),
        ("every monday 09:00 17:00", "“17:00” is no time zone"),
        ("every second friday 10:00", "Every other one, or the second of the month?"),
        ("every 2 weeks 10:00", "is not understood"),
        ("every 0 weeks on monday 10:00", "is not understood"),
        ("every working day 10:00", "is not understood"),
        ("every 30th of february 10:00", "is not understood"),
        ("every month on the 31st 10:00", "Not every month has a day 31"),
        ("on the 0th of every month 10:00", "Not every month has a day 0"),
        ("every 60 weeks on monday 10:00", "a year at the longest"),
        ("every hour", "daily at the most often"),
        ("every 15 minutes", "daily at the most often"),
        ("twice a day at 09:00", "daily at the most often"),
        # Cron.
        ("*/15 * * * *", "daily at the most often"),
        ("0 9,17 * * *", "daily at the most often"),
        ("0 9 1 * 1", "either the day or the weekday"),
        ("0 9 * * 8", "“8” is no weekday in cron"),
        ("0 9 * * 5-1", "“5-1” is no weekday in cron"),
        ("0 9 * * 1#1", "“1#1” is no weekday in cron"),
        ("0 9 l * *", "“l” is no day of the month in cron"),
        ("0 9 0 * *", "“0” is no day of the month in cron"),
        ("0 24 * * *", "“24” is no hour in cron"),
        ("0 9 * * 1/0", "“1/0” is no weekday in cron"),
        ("0 9 * * 1/", "“1/” is no weekday in cron"),
        ("0 9 30 2 *", "never happens"),
        ("0 9 * *", "is not understood"),
        # RRULE.
        ("FREQ=FORTNIGHTLY", "Not a recurrence rule"),
        ("RRULE:FREQ=DAILY;COUNT=3", "leave out COUNT"),
        ("FREQ=HOURLY", "daily at the most often"),
        ("FREQ=DAILY BYHOUR=9", "Not a recurrence rule"),
    ],
)
def test_what_is_not_understood_is_refused_with_a_sentence(text: str, fault: str) -> None:
    with pytest.raises(ValueError, match=re.escape(fault)):
        read_cadence(text)


def test_every_example_that_is_given_is_understood() -> None:
    assert [read_cadence(each) for each in EXAMPLES]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (f"{WEEKDAYS};{NINE}", "every weekday at 09:00"),
        (f"FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;{NINE}", "every 2 weeks on Friday at 09:00"),
        (f"FREQ=MONTHLY;BYDAY=-1FR;{NINE}", "last Friday of the month at 09:00"),
        (f"FREQ=MONTHLY;BYMONTHDAY=22;{NINE}", "every month on the 22nd at 09:00"),
        ("FREQ=DAILY;BYHOUR=9;BYMINUTE=0", "FREQ=DAILY;BYHOUR=9;BYMINUTE=0"),
        (f"FREQ=MONTHLY;BYMONTHDAY=1,15;{NINE}", f"FREQ=MONTHLY;BYMONTHDAY=1,15;{NINE}"),
        (f"FREQ=WEEKLY;BYDAY=MO;BYMONTH=1;{NINE}", f"FREQ=WEEKLY;BYDAY=MO;BYMONTH=1;{NINE}"),
        (f"FREQ=YEARLY;{NINE}", f"FREQ=YEARLY;{NINE}"),
        (f"FREQ=MONTHLY;{NINE}", f"FREQ=MONTHLY;{NINE}"),
        (f"FREQ=MONTHLY;BYDAY=MO;{NINE}", f"FREQ=MONTHLY;BYDAY=MO;{NINE}"),
        (f"FREQ=WEEKLY;BYDAY=1MO;{NINE}", f"FREQ=WEEKLY;BYDAY=1MO;{NINE}"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_rule_is_told_in_words_that_mean_exactly_it_or_as_it_is(rule: str, words: str) -> None:
    assert in_words(rule) == words


AT = st.times().map(lambda at: f"{at:%H:%M}")
WEEKLY = st.frozensets(st.sampled_from(DAYS), min_size=1).map(" and ".join)
PHRASES = st.one_of(
    st.just("every day"),
    WEEKLY.map("every {}".format),
    st.builds("every {} weeks on {}".format, st.integers(1, 50), WEEKLY),
    st.builds(
        "{} {} of the month".format,
        st.sampled_from(["first", "second", "third", "fourth", "last"]),
        st.sampled_from([*DAYS, "weekday"]),
    ),
    st.builds("every month on the {}".format, st.integers(1, 28)),
    st.just("last day of the month"),
)


@given(PHRASES, AT)
def test_words_come_back_from_the_rule_with_the_same_meaning(phrase: str, at: str) -> None:
    rule = read_cadence(f"{phrase} at {at}").rule
    said = in_words(rule)

    assert "FREQ" not in said
    assert read_cadence(said).rule == rule


@given(st.text(alphabet="every monday at 0919:*/-,#\n\u0130", max_size=40))
def test_anything_at_all_is_a_cadence_or_a_sentence(text: str) -> None:
    refusal = ""
    try:
        cadence = read_cadence(text)
        assert next_strikes(cadence.rule, cadence.zone or "UTC", datetime(2026, 6, 1, tzinfo=UTC))
    except ValueError as fault:
        refusal = str(fault)
    assert refusal == "" or refusal.endswith("."), refusal


def test_the_next_strikes_are_told_in_the_zone() -> None:
    after = datetime(2026, 10, 23, 12, tzinfo=UTC)
    strikes = next_strikes(f"{WEEKDAYS};{NINE}", "Europe/London", after)

    assert [f"{at:%a %d %b %H:%M %Z}" for at in strikes] == [
        "Mon 26 Oct 09:00 GMT",
        "Tue 27 Oct 09:00 GMT",
        "Wed 28 Oct 09:00 GMT",
    ]
    assert set(CODES) == {"MO", "TU", "WE", "TH", "FR", "SA", "SU"}
