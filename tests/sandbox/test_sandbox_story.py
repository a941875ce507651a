"""While a story is told, whoever looks on watches; once it has ended, the page is theirs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sandbox.player import Player, Unexpected
from tests.sandbox.browser import DESK, PHONE, Visit
from tests.sandbox.clicking import Hands
from tests.sandbox.sandbox_bench import Json, Sandbox, SmallApp, running

USER, ROOM = "U0DANA", "C0AIWATCH"
WATCH = "The demo is playing: watch. You can act once it has ended."
STEP: Json = {
    "id": "say",
    "title": "Say hello",
    "how": [{"type": "/answerable hello"}],
    "signs": [{"kind": "slash_commands", "request": ["hello"]}],
}
ACTS: list[tuple[str, Json]] = [
    ("command", {"user": USER, "channel": ROOM, "text": "help"}),
    ("click", {"user": USER, "ts": "1", "action_id": "go"}),
    ("submit", {"user": USER, "view_id": "V", "values": {}}),
    ("close", {"user": USER, "view_id": "V"}),
    ("say", {"user": USER, "channel": ROOM, "text": "hello"}),
    ("open_home", {"user": USER}),
    ("clock", {"forward_seconds": 60}),
    ("guide", {"again": True}),
    ("fault", {"method": "auth.test", "kind": "500"}),
    ("silence", {}),
    ("story", {"of": 1}),
    ("story/end", {}),
]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox of the test's own, with an app: what it does to it is nobody else's."""
    with running(tmp_path, "--channel-rate", "500") as sandbox:
        app = SmallApp(sandbox)
        yield sandbox
        app.close()


def test_only_whoever_tells_a_story_acts_until_it_has_ended(own: Sandbox) -> None:
    teller, other = Player(own.url), Player(own.url)
    teller.begin_story(24)
    before = own.get("world")
    for path, body in ACTS:
        assert own.refused(path, **body) == (409, WATCH), path
    assert own.http.delete("/sandbox/fault").status_code == 409
    wrong = own.http.post(
        "/sandbox/clock", json={"forward_seconds": 1}, headers={"Sandbox-Pass": "x"}
    )
    assert wrong.status_code == 409
    with pytest.raises(Unexpected, match="The demo is playing: watch"):
        other.command(USER, ROOM, "one")
    assert own.get("world") == before
    assert teller.command(USER, ROOM, "two")["acked"]

    teller.end_story()
    assert own.get("world")["story"] is None
    assert other.command(USER, ROOM, "three")["acked"]
    assert teller.command(USER, ROOM, "four")["acked"]


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_the_page_shows_that_it_is_only_watched_and_then_becomes_live(
    own: Sandbox, visit: Visit, screen: Json
) -> None:
    teller = Player(own.url)
    teller.begin_story(24)
    teller.tell_step(2, "Dana accepts the duties")
    own.say_buttons()
    page = visit(own.url, screen)
    hands, banner = Hands(page), page.locator("#watching")
    expect(banner).to_contain_text(WATCH)
    expect(banner).to_contain_text("Step 2 of 24: Dana accepts the duties")
    expect(page.locator("#text")).to_be_disabled()
    expect(page.locator("#composer .primary")).to_be_disabled()
    form = teller.command(USER, ROOM, "form")["view"]
    expect(hands.modal).to_be_visible()
    for button in hands.modal.get_by_role("button").all():
        expect(button).to_be_disabled()
    expect(hands.modal.locator("input")).to_be_disabled()
    dialog, below = hands.modal.bounding_box(), banner.bounding_box()
    assert dialog
    assert below
    assert dialog["y"] >= below["y"] + below["height"] - 1, "what says so stays to be read"
    if screen is PHONE:
        page.locator("#menu").click()
    expect(page.locator("#clock button").first).to_be_disabled()
    hands.act_as(USER, "Messages with the app")  # a story's dialog keeps nobody where they are
    expect(hands.messages.get_by_role("button", name="Go", exact=True)).to_be_disabled()
    assert [each["id"] for each in own.rows("views", user=USER)] == [form["id"]]

    teller.close(USER, form)
    expect(hands.modal).to_be_hidden()
    teller.show_guide({"steps": [STEP]})
    teller.end_story()
    expect(banner).to_be_hidden()
    expect(page.locator("#guide")).to_be_visible(visible=screen is DESK)
    expect(page.locator("#show-guide")).to_be_visible()
    expect(hands.messages.get_by_role("button", name="Go", exact=True)).to_be_enabled()
    expect(page.locator("#clock button").first).to_be_enabled()
    hands.write("hello again")
    expect(hands.message("hello again")).to_be_visible()


def test_a_form_that_is_open_when_the_story_ends_is_the_visitors(
    own: Sandbox, visit: Visit
) -> None:
    teller = Player(own.url)
    teller.begin_story(24)
    teller.command(USER, ROOM, "form")
    hands = Hands(visit(own.url))
    expect(hands.modal).to_be_visible()
    teller.end_story()
    expect(hands.modal.locator("input")).to_be_focused()
    hands.fill(why="clear")
    hands.submit()
    expect(hands.modal).to_be_hidden()
    assert own.rows("views", user=USER) == []


def test_the_page_says_that_the_sandbox_has_ended(tmp_path: Path, visit: Visit) -> None:
    with running(tmp_path) as sandbox:
        page = visit(sandbox.url)
        page.clock.install()
        page.reload()
        page.locator("#messages > *").first.wait_for()
    notice = page.locator("#notice")
    expect(notice).to_have_text("The sandbox does not answer; trying again.")
    for _ in range(8):
        page.clock.run_for(1500)
    expect(notice).to_contain_text("The sandbox has ended. Start it again with make demo")
