"""The time zone of a person, as Slack names it and as people read it."""

import pytest

from handlers.slack.people import person_of


@pytest.mark.parametrize(
    ("named", "read"), [("Etc/UTC", "UTC"), (None, "UTC"), ("Europe/Berlin", "Europe/Berlin")]
)
def test_utc_has_one_name(named: str | None, read: str) -> None:
    assert person_of({"id": "U0ADA", "team_id": "T0WORK", "tz": named}, "T0WORK").zone == read
