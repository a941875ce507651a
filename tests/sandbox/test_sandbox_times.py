"""Where the clock can be sent: so many working hours on, and to what people can read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sandbox.control.times import working_hours_later
from tests.sandbox.sandbox_bench import Json, Sandbox

CHICAGO = "America/Chicago"


def later(start: str, hours: float, zone: str = CHICAGO) -> str:
    there = ZoneInfo(zone)
    moment = datetime.fromisoformat(start).replace(tzinfo=there).timestamp()
    moved = working_hours_later(int(moment), hours, zone)
    return datetime.fromtimestamp(moved, UTC).astimezone(there).strftime("%a %d %b %H:%M")


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-06-01 10:00", 4, "Mon 01 Jun 14:00"),
        ("2026-06-01 13:00", 4, "Mon 01 Jun 17:00"),
        ("2026-06-01 15:00", 4, "Tue 02 Jun 11:00"),
        ("2026-06-01 06:30", 4, "Mon 01 Jun 13:00"),
        ("2026-06-01 17:00", 4, "Tue 02 Jun 13:00"),
        ("2026-06-05 16:30", 4, "Mon 08 Jun 12:30"),
        ("2026-06-06 12:00", 4, "Mon 08 Jun 13:00"),
        ("2026-06-01 10:00", 40, "Mon 08 Jun 10:00"),
        ("2026-10-30 16:00", 4, "Mon 02 Nov 12:00"),  # the clocks go back in between
    ],
)
def test_working_hours_pass_from_monday_to_friday_in_the_zone(
    start: str, hours: float, end: str
) -> None:
    assert later(start, hours) == end


@pytest.mark.parametrize("hours", [0, -1, 5000, float("inf"), float("nan"), "many"])
def test_no_hours_and_endless_ones_are_refused(brief: Sandbox, hours: object) -> None:
    text = str(hours)
    status, why = brief.refused("clock", forward_working_hours=text, user="U0DANA")
    assert status == 400
    assert why


def test_the_clock_says_what_it_can_be_told(brief: Sandbox) -> None:
    status, why = brief.refused("clock")
    assert status == 400
    assert "forward_working_hours, to_next_named" in why


def text(kind: str, words: str) -> Json:
    return {"type": kind, "text": words}


def test_only_times_that_are_shown_as_times_count(sandbox: Sandbox) -> None:
    now = sandbox.get("world")["clock"]["now"]

    def date(later: int) -> str:
        return f"<!date^{now + later}^{{time}}|then>"

    escaped = date(60).replace("<", "&lt;").replace(">", "&gt;")
    blocks = [
        {"type": "section", "text": text("plain_text", date(120))},
        {"type": "section", "text": text("mrkdwn", f"{escaped} {date(-60)} {date(900)}")},
    ]
    for said in ({"blocks": blocks, "text": date(180)}, {"text": escaped}):
        assert sandbox.api("chat.postMessage", channel="U0DANA", **said).json()["ok"]
    only = {"channel": "C0AIWATCH", "user": "U0DANA", "text": date(1000)}
    assert sandbox.api("chat.postEphemeral", **only).json()["ok"]
    home = {"type": "home", "blocks": [{"type": "section", "text": text("mrkdwn", date(1200))}]}
    assert sandbox.api("views.publish", user_id="U0DANA", view=home).json()["ok"]
    assert sandbox.post("clock", to_next_named=True)["now"] == now + 900
    assert sandbox.post("clock", to_next_named=True)["now"] == now + 1000
    assert sandbox.post("clock", to_next_named=True)["now"] == now + 1200
    assert sandbox.refused("clock", to_next_named=True)[0] == 400
