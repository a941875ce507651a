"""Times and days, each in its one spelling."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bot.domain.moments import UTC_TEXT, day_text, local_text, read_utc_text, utc_text

KOLKATA = timezone(timedelta(hours=5, minutes=30))
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)


def test_a_time_in_utc_is_read_back_as_it_was_written() -> None:
    assert utc_text(AT.astimezone(KOLKATA)) == "2026-06-01 09:00 UTC"
    assert read_utc_text(utc_text(AT)) == AT
    assert UTC_TEXT.fullmatch(utc_text(AT))


def test_what_is_no_time_is_not_read() -> None:
    with pytest.raises(ValueError, match="day is out of range"):
        read_utc_text("2026-02-30 09:00 UTC")


def test_a_day_and_a_time_of_a_zone_are_written_as_people_read_them() -> None:
    assert day_text(date(2026, 6, 1)) == "1 Jun 2026"
    assert local_text(AT.astimezone(KOLKATA)) == "Mon 1 Jun 2026 at 14:30"
