"""The page on working time: every row of its tables is computed here, none is only said."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.cadences import in_words, read_cadence
from bot.domain.escalation import LADDER
from bot.domain.hours import DEFAULT_HOURS, hours_fault, read_hours
from bot.domain.obligations import ALLOWED_IF_CRITICAL, ALLOWED_TIME, allowed_time
from bot.domain.working_time import Span, WorkingTime
from bot.holidays import YEARS, holidays_of, place_fault

PAGE = (Path(__file__).resolve().parents[2] / "docs/working-time.md").read_text()
LONDON = WorkingTime(
    "Europe/London",
    read_hours(DEFAULT_HOURS),
    frozenset(holidays_of("GB-ENG", date(2026, 6, 1))),
)
SPANS = {str(span): span for span in (*ALLOWED_TIME.values(), *ALLOWED_IF_CRITICAL.values())}


def table(*heads: str) -> list[list[str]]:
    """Give the rows of the page's table with these heads."""
    start = PAGE.index(f"| {' | '.join(heads)} |\n")
    rows = PAGE[start:].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip("| ").split(" | ")] for row in rows]


@pytest.mark.parametrize(("opened", "allowed", "due"), table("opened", "allowed", "due"))
def test_each_example_is_due_when_the_page_says(opened: str, allowed: str, due: str) -> None:
    start = datetime.strptime(opened, "%a %Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(LONDON.zone))
    found = SPANS[allowed].after(start.astimezone(UTC), LONDON)
    assert f"{found.astimezone(ZoneInfo(LONDON.zone)):%a %Y-%m-%d %H:%M}" == due
    assert f"{start:%a}" == opened[:3]


def test_the_times_and_the_ladder_are_those_of_the_domain() -> None:
    told = dict(table("what is owed", "time"))
    assert told.keys() == {kind.value for kind in ALLOWED_TIME}
    for kind, plain in ALLOWED_TIME.items():
        critical = allowed_time(kind, is_critical=True)
        said = f"{plain}; critical: {critical}" if critical != plain else str(plain)
        assert told[kind.value].removeprefix("the date that the decision names, else ") == said
    waits = [Span(timedelta(hours=int(each))) for each in re.findall(r"after (\d) more", PAGE)]
    assert waits == [rung.wait for rung in LADDER[1:]]
    assert YEARS == 4, "for that year and three more"


@pytest.mark.parametrize(("phrase", "meaning"), table("written", "read as"))
def test_each_cadence_is_read_as_the_page_says(phrase: str, meaning: str) -> None:
    assert in_words(read_cadence(phrase).rule) == meaning


@pytest.mark.parametrize(("phrase", "because"), table("refused", "because"))
def test_each_refusal_is_the_one_the_page_says(phrase: str, because: str) -> None:
    with pytest.raises(ValueError, match=re.escape(because)):
        read_cadence(phrase)


def test_every_field_takes_what_the_page_offers() -> None:
    fields = dict(table("field", "what may be written"))
    for hours in re.findall(r"`(.+?)`", fields["working hours"]):
        assert hours_fault(hours) == ""
    for place in re.findall(r"`(.+?)`", fields["holidays"]):
        assert place_fault(place) == ""
