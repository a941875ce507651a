"""The Home tab as Slack has it: published, judged, clicked in, and shown in the page."""

import pytest
from playwright.sync_api import expect

from tests.sandbox.browser import Visit
from tests.sandbox.sandbox_bench import Json, Sandbox, SmallApp, running


def row(number: int, text: str = "Round 1") -> Json:
    """Give a row as an app shows many of: the same action in each, in a block of its own."""
    button = {
        "type": "button",
        "action_id": "go",
        "value": f"claims/{number}",
        "text": {"type": "plain_text", "text": "Go"},
    }
    words = {"type": "mrkdwn", "text": text}
    return {"type": "section", "block_id": f"row:{number}", "text": words, "accessory": button}


def home(*blocks: Json, **extra: object) -> Json:
    return {"type": "home", "private_metadata": "page/0", "blocks": list(blocks), **extra}


def publish(sandbox: Sandbox, view: Json, user: str = "U0DANA") -> Json:
    answer = sandbox.api("views.publish", user_id=user, view=view).json()
    assert answer["ok"], answer
    return dict(answer["view"])


def test_a_click_in_it_brings_the_view_and_has_no_address_for_answers(
    sandbox: Sandbox, app: SmallApp
) -> None:
    view = publish(sandbox, home(row(1), row(2)))
    done = sandbox.post(
        "click", user="U0DANA", view_id=view["id"], action_id="go", block_id="row:2"
    )
    assert done["acked"]
    [heard] = app.of("action")
    assert heard["container"] == {"type": "view", "view_id": view["id"]}
    assert (heard["view"]["type"], heard["view"]["private_metadata"]) == ("home", "page/0")
    assert heard["actions"][0]["value"] == "claims/2"
    assert heard["trigger_id"]
    for absent in ("response_url", "channel", "message"):
        assert absent not in heard


def test_nobody_clicks_in_anothers(sandbox: Sandbox, app: SmallApp) -> None:
    view = publish(sandbox, home(row(1)))
    status, why = sandbox.refused("click", user="U0BEN", view_id=view["id"], action_id="go")
    assert status == 404
    assert "no open view" in why
    assert not app.of("action")


@pytest.mark.parametrize(
    ("view", "error"),
    [
        ({"type": "modal", "blocks": [row(1)]}, "invalid_arguments"),
        (home(*(row(number) for number in range(101))), "invalid_arguments"),
        (home(), "invalid_arguments"),
        (home(row(1), row(1)), "invalid_arguments"),
        (home(row(1), title={"type": "plain_text", "text": "Home"}), "invalid_arguments"),
        (home(*(row(number, "\U0001d4b3" * 2900) for number in range(40))), "view_too_large"),
    ],
    ids=["a modal", "101 blocks", "no block", "one block twice", "a title", "too large"],
)
def test_what_slack_would_not_take_is_refused(sandbox: Sandbox, view: Json, error: str) -> None:
    before = sandbox.http.get("/sandbox/home", params={"user": "U0DANA"}).json()
    assert sandbox.error("views.publish", user_id="U0DANA", view=view) == error
    assert sandbox.http.get("/sandbox/home", params={"user": "U0DANA"}).json() == before


def test_a_hundred_blocks_are_taken(sandbox: Sandbox) -> None:
    publish(sandbox, home(*(row(number) for number in range(100))))


def test_the_page_opens_it_for_whoever_looks(
    tmp_path_factory: pytest.TempPathFactory, visit: Visit
) -> None:
    with running(tmp_path_factory.mktemp("home")) as sandbox:
        app = SmallApp(sandbox)
        for user in ("U0DANA", "U0BEN"):
            publish(sandbox, home(row(1, f"Home of {user}")), user)
        page = visit(sandbox.url)
        shown = page.locator("#messages")
        for user in ("U0DANA", "U0BEN"):  # the second one while it is open
            page.locator("#actor").select_option(user)
            if user == "U0DANA":
                page.locator("[data-place=home]").click()
            expect(shown).to_contain_text(f"Home of {user}")
            sandbox.until(lambda seen=user: app.of("app_home_opened")[-1:] and last(app) == seen)
        shown.locator("button").first.click()
        sandbox.until(lambda: app.of("action"))
        assert app.of("action")[0]["user"]["id"] == "U0BEN"
        publish(sandbox, home(row(1, "changed since")), "U0BEN")
        expect(shown).to_contain_text("changed since")
        app.close()


def last(app: SmallApp) -> str:
    return str(app.of("app_home_opened")[-1]["user"])
