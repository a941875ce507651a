"""A real Bolt app over Slack's own Socket Mode client, through every kind of interaction."""

import json
from pathlib import Path

import jsonschema
import pytest

from tests.sandbox.sandbox_bench import Sandbox, SmallApp, modal

AT = {"user": "U0DANA", "channel": "C0AIWATCH"}
CONTRACTS = Path(__file__).parents[3] / "shared" / "contracts"


def opened_form(sandbox: Sandbox) -> str:
    return str(sandbox.post("command", **AT, text="form")["view"]["id"])


def submit(sandbox: Sandbox, view_id: str, answer: str) -> dict[str, object]:
    return sandbox.post("submit", user="U0DANA", view_id=view_id, values={"why": answer})


def test_a_command_is_answered_in_its_ack(sandbox: Sandbox, app: SmallApp) -> None:
    done = sandbox.post("command", **AT, text="hi @ben in #ai-watch and @nobody")
    escaped = "hi <@U0BEN|ben> in <#C0AIWATCH|ai-watch> and @nobody"
    assert done["acked"]
    assert done["ephemeral"] == f"You said {escaped}"
    (body,) = app.of("command")
    assert (body["user_id"], body["channel_name"], body["text"]) == ("U0DANA", "ai-watch", escaped)
    assert sandbox.rows("ephemerals", user="U0DANA")[-1]["via"] == "command"


def test_a_command_may_be_answered_by_its_response_url(sandbox: Sandbox, app: SmallApp) -> None:
    done = sandbox.post("command", **AT, text="later")
    assert done["ephemeral"] == "By response URL"
    assert app.of("command")


def test_only_the_manifests_commands_exist(sandbox: Sandbox) -> None:
    status, sentence = sandbox.refused("command", **AT, command="/other", text="")
    assert status == 404
    assert sentence == "There is no command /other here. There is /answerable."


def test_a_button_reaches_the_app_once_with_all_it_needs(sandbox: Sandbox, app: SmallApp) -> None:
    posted = sandbox.say_buttons("C0AIWATCH")
    done = sandbox.post("click", **AT, ts=posted["ts"], action_id="go")
    (body,) = app.of("action")
    assert done["acked"]
    assert body["actions"][0]["value"] == "1"
    assert body["container"]["message_ts"] == body["message"]["ts"] == posted["ts"]
    assert body["user"] == {
        "id": "U0DANA",
        "username": "dana",
        "name": "dana",
        "team_id": "T0SANDBOX",
    }


def test_a_button_that_has_gone_can_only_be_clicked_stale(sandbox: Sandbox, app: SmallApp) -> None:
    posted = sandbox.say_buttons("C0AIWATCH")
    sandbox.web.chat_update(channel="C0AIWATCH", ts=posted["ts"], text="Done")
    status, sentence = sandbox.refused("click", **AT, ts=posted["ts"], action_id="go")
    assert (status, "go" in sentence) == (404, True)
    sandbox.post("click", **AT, ts=posted["ts"], action_id="go", stale=True)
    assert app.of("action")[0]["message"]["text"] == "Go?"


@pytest.mark.parametrize(
    ("user", "channel", "status"),
    [
        ("U0GONE", "C0AIWATCH", 403),
        ("U0ANSWERABLE", "C0AIWATCH", 403),
        ("U0GUEST", "C0GENERAL", 403),
        ("U0STRANGER", "C0GENERAL", 403),
        ("U0DANA", "D0BEN", 403),
        ("U0DANA", "C0NOWHERE", 404),
        ("U0NOBODY", "C0AIWATCH", 404),
    ],
)
def test_people_act_only_where_they_are(
    sandbox: Sandbox, user: str, channel: str, status: int
) -> None:
    sandbox.web.chat_postMessage(channel="U0BEN", text="opened")
    assert sandbox.refused("command", user=user, channel=channel, text="x")[0] == status


def test_a_modal_opens_inside_the_command(sandbox: Sandbox, app: SmallApp) -> None:
    done = sandbox.post("command", **AT, text="form")
    assert done["view"]["callback_id"] == "form"
    assert app.of("command")
    again = sandbox.post("command", **AT, text="form")
    assert again["view"]["id"] != done["view"]["id"]
    assert [each["id"] for each in sandbox.rows("views", user="U0DANA")] == [again["view"]["id"]]


def test_slacks_client_holds_an_incomplete_form_back(sandbox: Sandbox, app: SmallApp) -> None:
    view_id = opened_form(sandbox)
    done = submit(sandbox, view_id, "")
    assert done["errors"] == {"why": "Please complete this required field."}
    assert app.of("form") == []


def test_errors_stay_inside_the_modal(sandbox: Sandbox, app: SmallApp) -> None:
    view_id = opened_form(sandbox)
    done = submit(sandbox, view_id, "errors")
    assert done["errors"] == {"why": "Say more."}
    assert app.of("form")
    assert (
        sandbox.rows("views", user="U0DANA")[0]["state"]["values"]["why"]["text"]["value"]
        == "errors"
    )


def test_an_update_keeps_the_view_and_what_was_typed(sandbox: Sandbox, app: SmallApp) -> None:
    view_id = opened_form(sandbox)
    done = submit(sandbox, view_id, "update")
    view = done["view"]
    assert isinstance(view, dict)
    assert (view["id"], view["title"]["text"]) == (view_id, "Second")
    assert view["state"]["values"]["why"]["text"]["value"] == "update"
    assert app.of("form")


def test_a_stack_holds_three_views(sandbox: Sandbox, app: SmallApp) -> None:
    view_id = opened_form(sandbox)
    for depth in (2, 3):
        pushed = submit(sandbox, view_id, "push")["view"]
        assert isinstance(pushed, dict)
        assert len(sandbox.rows("views", user="U0DANA")) == depth
        assert pushed["previous_view_id"] == view_id
        view_id = pushed["id"]
    assert "push_limit_reached" in str(submit(sandbox, view_id, "push")["problem"])
    assert submit(sandbox, view_id, "clear")["view"] is None
    assert len(app.of("form")) == 4


def test_an_empty_ack_closes_the_modal(sandbox: Sandbox, app: SmallApp) -> None:
    done = submit(sandbox, opened_form(sandbox), "fine")
    assert (done["acked"], done["view"], done["errors"]) == (True, None, None)
    assert app.of("form")


def test_an_ack_slack_would_refuse_leaves_the_modal_and_says_why(
    sandbox: Sandbox, app: SmallApp
) -> None:
    view_id = opened_form(sandbox)
    done = submit(sandbox, view_id, "broken")
    assert "must be less than 25 characters" in str(done["problem"])
    assert [each["id"] for each in sandbox.rows("views", user="U0DANA")] == [view_id]
    assert app.of("form")


def test_values_nobody_offers_are_refused(sandbox: Sandbox, app: SmallApp) -> None:
    view_id = opened_form(sandbox)
    assert app.of("command")
    status, sentence = sandbox.refused(
        "submit", user="U0DANA", view_id=view_id, values={"what": "x"}
    )
    assert (status, "what" in sentence) == (400, True)
    assert sandbox.refused("submit", user="U0BEN", view_id=view_id, values={})[0] == 404


def test_the_app_hears_of_a_closed_modal_only_if_it_asked(sandbox: Sandbox, app: SmallApp) -> None:
    view_id = opened_form(sandbox)
    noted = modal(notify_on_close=True)
    sandbox.web.views_update(view_id=view_id, view=noted)
    assert sandbox.post("close", user="U0DANA", view_id=view_id)["acked"]
    quiet = opened_form(sandbox)
    assert sandbox.post("close", user="U0DANA", view_id=quiet)["acked"] is None
    assert [each["view"]["id"] for each in app.of("closed")] == [view_id]


def test_an_update_with_an_old_hash_conflicts(sandbox: Sandbox, app: SmallApp) -> None:
    view_id = opened_form(sandbox)
    assert app.of("command")
    old = sandbox.rows("views", user="U0DANA")[0]["hash"]
    sandbox.web.views_update(view_id=view_id, view=modal(), hash=old)
    assert sandbox.error("views.update", view_id=view_id, view=modal(), hash=old) == "hash_conflict"


def test_a_message_shortcut_carries_the_message(sandbox: Sandbox, app: SmallApp) -> None:
    said = sandbox.post("say", **AT, text="The bot told a customer nonsense")
    assert sandbox.post("shortcut", **AT, ts=said["ts"], callback_id="concern")["acked"]
    (body,) = app.of("concern")
    assert (body["type"], body["message"]["user"]) == ("message_action", "U0DANA")
    assert sandbox.refused("shortcut", **AT, ts=said["ts"], callback_id="other")[0] == 404


def test_opening_home_and_changing_a_person_are_events(sandbox: Sandbox, app: SmallApp) -> None:
    assert sandbox.post("open_home", user="U0DANA")["acked"]
    sandbox.post("user/U0MAREK", deleted=True)
    sandbox.until(lambda: app.of("user_change"))
    assert app.of("app_home_opened")[0]["channel"] == "D0DANA"
    assert app.of("user_change")[0]["user"]["deleted"] is True
    sandbox.post("user/U0MAREK", deleted=False)


def test_an_event_nobody_subscribed_to_is_not_sent(sandbox: Sandbox, app: SmallApp) -> None:
    assert sandbox.refused("event", event={"type": "team_join"})[0] == 409
    assert sandbox.post("event", event={"type": "user_change", "user": {"id": "U1"}})["acked"]
    # What an earlier test brought about may arrive only now.
    assert len([each for each in app.of("user_change") if each["user"]["id"] == "U1"]) == 1


def test_posted_metadata_comes_back_as_an_event(sandbox: Sandbox, app: SmallApp) -> None:
    case = {"event_type": "case", "event_payload": {"id": "7"}}
    sandbox.say_buttons("C0AIWATCH", metadata={**case, "event_type": "unsubscribed"})
    posted = sandbox.say_buttons("C0AIWATCH", metadata=case)
    sandbox.until(lambda: app.of("message_metadata_posted"))
    (event,) = app.of("message_metadata_posted")
    assert (event["metadata"], event["message_ts"]) == (case, posted["ts"])
    assert event["channel_id"] == "C0AIWATCH"


@pytest.mark.skipif(not CONTRACTS.exists(), reason="Slack's published schemas are not here")
def test_an_event_wears_slacks_own_envelope(sandbox: Sandbox, app: SmallApp) -> None:
    sandbox.post("open_home", user="U0DANA")
    assert app.of("app_home_opened")
    sent = [each for each in sandbox.get("log")["entries"] if each.get("type") == "events_api"]
    schema = json.loads((CONTRACTS / "slack_event_wrapper.schema.json").read_text())
    jsonschema.validate(sent[-1]["request"]["payload"], schema)


def test_a_duplicate_reaches_the_app_twice_under_one_id(sandbox: Sandbox, app: SmallApp) -> None:
    posted = sandbox.say_buttons("C0AIWATCH")
    sandbox.post("fault", method="delivery", kind="duplicate")
    done = sandbox.post("click", **AT, ts=posted["ts"], action_id="go")
    sandbox.until(lambda: len(app.of("action")) == 2)
    first, second = app.of("action")
    assert first == second
    assert done["acked"]


def test_a_lost_ack_of_a_click_is_final_and_of_an_event_is_retried(
    sandbox: Sandbox, app: SmallApp
) -> None:
    posted = sandbox.say_buttons("C0AIWATCH")
    sandbox.post("fault", method="delivery", kind="drop_ack", times=2)
    done = sandbox.post("click", **AT, ts=posted["ts"], action_id="go")
    assert (done["acked"], len(app.of("action"))) == (False, 1)
    assert not sandbox.post("open_home", user="U0DANA")["acked"]
    sandbox.until(lambda: len(app.of("app_home_opened")) == 2)
    assert app.retries == ["0", "1"]


def test_the_same_envelope_can_be_sent_again(sandbox: Sandbox, app: SmallApp) -> None:
    posted = sandbox.say_buttons("C0AIWATCH")
    first = sandbox.post("click", **AT, ts=posted["ts"], action_id="go")
    again = sandbox.post("redeliver", envelope_id=first["envelope_id"])
    assert (again["acked"], again["envelope_id"]) == (True, first["envelope_id"])
    one, other = app.of("action")
    assert one == other
    sent = [e["request"] for e in sandbox.get("log")["entries"] if e.get("type") == "interactive"]
    assert sent[-1] == {**sent[-2], "retry_attempt": 1, "retry_reason": "timeout"}
    assert sandbox.refused("redeliver", envelope_id="never")[0] == 404


def test_no_click_is_lost_while_slack_refreshes_connections(
    sandbox: Sandbox, app: SmallApp
) -> None:
    posted = sandbox.say_buttons("C0AIWATCH")
    for reason in ("refresh_requested", "too_many_websockets", "link_disabled"):
        sandbox.post("disconnect", reason=reason)
        sandbox.until(lambda: sandbox.get("world")["connected"] >= 1)
        done = [sandbox.post("click", **AT, ts=posted["ts"], action_id="go") for _ in range(5)]
        assert all(each["acked"] for each in done)
    assert len(app.of("action")) == 15


def test_nobody_connected_means_the_person_sees_an_error(brief: Sandbox) -> None:
    brief.until(lambda: brief.get("world")["connected"] == 0)
    done = brief.post("command", **AT, text="x")
    assert (done["acked"], done["problem"]) == (False, "No app is connected.")
