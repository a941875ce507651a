"""People write when samples are drawn and when they work; what is not understood is not guessed."""

from datetime import datetime

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import OWNER, shown


def test_what_was_understood_is_told_with_the_times_that_follow_from_it(stage: Stage) -> None:
    done = story.register(
        stage.slack,
        "letters",
        cadence="Mondays and Thursdays at 10am Europe/Berlin",
        hours="mon-thu 9-17:30",
        holidays="de-by",
    )
    assert done["errors"] is None
    said = shown({"text": "", "blocks": done["view"]["blocks"]})
    assert "every Monday and Thursday at 10:00 (Europe/Berlin): " in said
    times = said.split("(Europe/Berlin): ")[1].split(", and so on")[0].split(", ")
    assert len(times) == 3
    assert {datetime.strptime(each, "%a %d %b %Y at %H:%M").hour for each in times} == {10}  # noqa: DTZ007

    [made] = stage.until_recorded("policy.changed", "workflow/letters")
    policy = made["facts"]
    assert policy["cadence"] == "FREQ=WEEKLY;BYDAY=MO,TH;BYHOUR=10;BYMINUTE=0;BYSECOND=0"
    assert (policy["zone"], policy["hours"]) == ("Europe/Berlin", "Mon-Thu 09:00-17:30")
    assert policy["holidays_in"] == "DE-BY"
    assert f"{policy['holidays'][0][:4]}-11-01" in policy["holidays"], "All Saints' in Bavaria"


def test_show_tells_the_rhythm_and_the_hours(stage: Stage) -> None:
    sheet = story.told(stage.slack, OWNER, "show letters")
    assert "every Monday and Thursday at 10:00 (Europe/Berlin)" in sheet
    assert (
        "Mon\u2013Thu 09:00\u201317:30 (Europe/Berlin), holidays of DE-BY left out, known until"
        in sheet
    )
    assert sheet.count(" 10:00") == 4, "the rule and three times, each in its own zone"


def test_each_thing_that_is_not_understood_is_said_at_its_field(stage: Stage) -> None:
    done = story.register(
        stage.slack,
        "claims",
        cadence="every blue moon 09:00",
        hours="nine to five",
    )
    assert done["errors"].keys() == {"cadence", "hours"}
    assert "“every blue moon” is not understood" in done["errors"]["cadence"]
    done = story.register(
        stage.slack,
        "claims",
        cadence="0 9 * * 1-5",
        hours="Mon-Fri 09:00-17:00",
        holidays="Germany",
        zone="Mars/Olympus",
    )
    assert done["errors"].keys() == {"zone", "holidays"}
    done = story.register(
        stage.slack, "claims", cadence="every day 09:00 Europe/London", zone="Europe/Berlin"
    )
    assert done["errors"].keys() == {"zone"}
    assert "Above it says Europe/London" in done["errors"]["zone"]


def test_a_zone_named_twice_is_one_and_none_at_all_is_utc(stage: Stage) -> None:
    same = {"cadence": "every day 09:00 Europe/London", "zone": "Europe/London"}
    assert story.register(stage.slack, "twice", **same)["errors"] is None
    assert story.register(stage.slack, "never", cadence="first monday 09:00")["errors"] is None

    for key, zone in (("twice", "Europe/London"), ("never", "UTC")):
        [made] = stage.until_recorded("policy.changed", f"workflow/{key}")
        assert made["facts"]["zone"] == zone
