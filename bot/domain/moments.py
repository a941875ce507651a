"""Times and days as people read them: one spelling for each, wherever they are written."""

import re
from datetime import UTC, date, datetime
from typing import Final

UTC_TEXT: Final = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d \d\d:\d\d UTC\b", re.ASCII)


def utc_text(at: datetime) -> str:
    """Give a time as it stands in sentences that are kept: 2026-06-01 09:00 UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def read_utc_text(text: str) -> datetime:
    """Give the time that is written so; ValueError if there is none such."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)


def day_text(day: date) -> str:
    """Give a day as people write it: 1 Jun 2026."""
    return f"{day.day} {day:%b %Y}"


def local_text(at: datetime) -> str:
    """Give a time of the zone that is named beside it: Mon 1 Jun 2026 at 09:00."""
    return f"{at:%a} {day_text(at)} at {at:%H:%M}"
