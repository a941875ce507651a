"""The page in a real browser: on a phone, on a desk, and by keyboard alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, ViewportSize, expect

from tests.pictures import catalogue, drawn
from tests.sandbox.browser import DESK, PHONE, Visit
from tests.sandbox.sandbox_bench import Sandbox, SmallApp, running

ROOM = "C0AIWATCH"
GAP = "(box => box.scrollHeight - box.scrollTop - box.clientHeight)(messages)"
# Once this has heard of it, so has the page: it was listening before.
SCROLL_UP = """new Promise((heard) => {
  messages.addEventListener('scroll', heard, { once: true });
  messages.scrollTop = 100;
})"""
both_screens = pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox in which much was said, with a small app that answers."""
    with running(tmp_path_factory.mktemp("told"), "--channel-rate", "500") as sandbox:
        app = SmallApp(sandbox)
        for number in range(60):
            say(sandbox, f"message {number}")
        yield sandbox
        app.close()


def say(sandbox: Sandbox, text: str, **more: str) -> str:
    body = {"user": "U0BEN", "channel": ROOM, "text": text, **more}
    return str(sandbox.post("say", **body)["ts"])


def expect_last(page: Page, text: str) -> None:
    expect(page.locator("#messages > :last-child")).to_contain_text(text)


@both_screens
def test_the_messages_scroll_and_the_newest_is_in_view(
    told: Sandbox, visit: Visit, screen: ViewportSize
) -> None:
    newest = f"newest on {screen}"
    say(told, newest)
    page = visit(told.url, screen)
    expect_last(page, newest)
    assert page.evaluate("document.documentElement.scrollHeight") == screen["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == screen["width"]
    assert page.evaluate("messages.scrollHeight > 2 * messages.clientHeight")
    assert page.evaluate("messages.clientHeight") > screen["height"] * 0.75
    assert page.evaluate(GAP) < 5


def test_the_newest_stays_in_view_while_a_panel_takes_room(told: Sandbox, visit: Visit) -> None:
    for _ in range(3):
        say(told, "long enough for another line " * 12)
    page = visit(told.url, DESK)
    say(told, "the end")
    expect_last(page, "the end")
    before = page.evaluate("messages.scrollHeight")
    page.click("#show-traffic")
    page.wait_for_function("messages.scrollHeight > " + str(before))
    page.wait_for_function(GAP + " < 5")


def test_what_is_new_is_followed_unless_somebody_reads_above(told: Sandbox, visit: Visit) -> None:
    page = visit(told.url, PHONE)
    say(told, "followed")
    expect_last(page, "followed")
    assert page.evaluate(GAP) < 5
    page.evaluate(SCROLL_UP)
    say(told, "not followed")
    newer = page.locator("#newer")
    expect(newer).to_be_visible()
    assert page.evaluate("messages.scrollTop") == 100
    newer.click()
    expect(newer).to_be_hidden()
    assert page.evaluate(GAP) < 60


def test_an_answer_in_an_older_thread_is_offered(told: Sandbox, visit: Visit) -> None:
    page = visit(told.url, PHONE)
    first = told.rows("messages", channel=ROOM)[0]["ts"]
    say(told, "late answer", thread_ts=first)
    expect(page.locator("#newer")).to_contain_text("above")
    page.locator("#newer").click()
    expect(page.locator("#newer")).to_be_hidden()


def test_a_message_offers_the_apps_shortcuts_by_name(told: Sandbox, visit: Visit) -> None:
    page = visit(told.url)
    expect(page.locator("[data-action=concern]").first).to_have_text("⋯ Raise a concern")


def test_one_bar_holds_who_where_and_when_and_the_rest_is_behind_it(
    told: Sandbox, visit: Visit
) -> None:
    page = visit(told.url, PHONE)
    bar, side = page.locator("main > header"), page.locator("#side")
    expect(bar).to_contain_text("# ai-watch")
    expect(bar).to_contain_text("Dana Okafor · 1 Jun 2026")
    assert page.evaluate("document.querySelector('main > header').offsetHeight") < 80
    expect(side).to_be_hidden()
    page.locator("#menu").click()
    expect(page.locator("#actor")).to_be_focused()
    page.keyboard.press("Escape")
    expect(side).to_be_hidden()
    expect(page.locator("#menu")).to_be_focused()
    page.locator("#menu").click()
    page.locator("#app button").first.click()
    expect(page.locator("#place")).to_have_text("Messages with the app")
    expect(side).to_be_hidden()
    page.locator("#menu").click()
    page.locator("#actor").select_option("U0BEN")
    expect(side).to_be_hidden()
    expect(bar).to_contain_text("Ben Lindqvist · ")


@both_screens
def test_the_traffic_comes_into_view_and_gives_the_focus_back(
    told: Sandbox, visit: Visit, screen: ViewportSize
) -> None:
    page = visit(told.url, screen)
    page.locator("#show-traffic").click()
    page.locator("#entries > *").first.wait_for()
    box = page.evaluate("document.querySelector('#traffic').getBoundingClientRect().toJSON()")
    assert (box["top"], box["bottom"]) == (0, screen["height"])
    assert box["right"] == screen["width"]
    expect(page.locator("#close-traffic")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#traffic")).to_be_hidden()
    expect(page.locator("#show-traffic")).to_be_focused()


def test_the_time_is_whole_on_a_phone(told: Sandbox, visit: Visit) -> None:
    step = {"id": "a", "title": "A", "how": [], "signs": [{"kind": "never", "request": []}]}
    told.post("guide", steps=[step])
    page = visit(told.url, PHONE)
    page.locator("#show-guide").click()
    page.locator("#close-guide").click()  # its button stands in the bar from now on
    for user in ("U0DANA", "U0TOMAS"):
        page.locator("#actor").evaluate(
            "(each, user) => { each.value = user; each.dispatchEvent(new Event('change')); }", user
        )
        expect(page.locator("#messages")).to_have_attribute("data-shows", f"{user} {ROOM}")
        time = page.locator("#bar-who span").last
        expect(time).to_be_visible()  # drawn anew for each person
        bar = page.locator("#menu").bounding_box()
        whole = time.bounding_box()
        assert bar
        assert whole
        assert whole["x"] + whole["width"] <= bar["x"] + bar["width"]
        assert time.evaluate("each => each.scrollWidth <= each.clientWidth"), user
        assert page.locator("#bar-who").evaluate("each => each.scrollWidth <= each.clientWidth")


def test_what_is_not_sent_and_what_was_refused_stay_in_their_place(
    told: Sandbox, visit: Visit
) -> None:
    page = visit(told.url)
    field, rooms = page.locator("#text"), page.locator("#channels button")
    field.fill("/unknown")
    field.press("Enter")
    expect(page.locator("#notice")).to_be_visible()
    page.locator("#app button").first.click()
    expect(page.locator("#notice")).to_be_hidden()
    expect(field).to_have_value("")
    field.fill("for the app")
    rooms.first.click()
    expect(field).to_have_value("/unknown")
    field.fill("sent by now")
    field.press("Enter")
    expect(field).to_have_value("")
    page.locator("#app button").first.click()
    expect(field).to_have_value("for the app")


def test_nothing_is_cut_on_a_desk(told: Sandbox, visit: Visit) -> None:
    page = visit(told.url)
    assert page.evaluate("now.textContent").startswith("1 Jun 2026, ")
    assert page.evaluate("to.offsetWidth") >= 200  # a date and a time, as browsers write them
    assert page.evaluate("to.value").startswith("2026-06-01T")
    assert page.evaluate("actor.selectedOptions[0].text") == "Dana Okafor"
    assert page.evaluate("title.textContent") == "Head of claims intake"


def test_a_modal_takes_the_focus_and_gives_it_back(told: Sandbox, visit: Visit) -> None:
    page = visit(told.url)
    composer, modal = page.locator("#composer input"), page.locator("#modal")
    composer.fill("/answerable form")
    composer.press("Enter")
    expect(modal.locator(".content input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(modal).to_be_hidden()
    expect(composer).to_be_focused()
    assert told.rows("views", user="U0DANA") == []


def test_a_message_that_did_not_change_stays_the_same_element(told: Sandbox, visit: Visit) -> None:
    page = visit(told.url)
    page.evaluate("messages.firstElementChild.dataset.marked = 'yes'")
    say(told, "one more")
    expect_last(page, "one more")
    assert page.evaluate("messages.firstElementChild.dataset.marked") == "yes"


def test_what_nobody_sees_is_not_drawn(told: Sandbox, visit: Visit) -> None:
    page = visit(told.url)
    asked: list[str] = []
    say(told, "the last that is seen")
    expect_last(page, "the last that is seen")
    page.wait_for_timeout(300)  # the page may ask once more for what it has just drawn
    page.on("request", lambda each: asked.append(each.url.split("/sandbox/")[1].split("?")[0]))
    with page.expect_request("**/sandbox/changes*"):
        told.api("sandbox.clock")  # an app asks for the time without end
    assert asked == ["changes"]
    say(told, "seen again")
    expect_last(page, "seen again")
    assert "screen" in asked


def test_the_page_can_show_whatever_the_bot_says(told: Sandbox, visit: Visit) -> None:
    page = visit(told.url)
    for kind, views in catalogue().items():
        assert drawn(page, views) == 0, f"a block of the {kind} is unknown"
        assert page.locator("figure").count() == len(views)


def test_nobody_who_is_quick_reads_the_messages_of_who_they_were(
    shared: Sandbox, visit: Visit
) -> None:
    page = visit(shared.url)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    bens = re.compile(r"/screen\?user=U0BEN")
    page.route(bens, hold, times=1)
    with page.expect_request(bens):
        page.select_option("#actor", "U0BEN")
    page.get_by_role("button", name="Messages with the app").click()
    for each in held:
        each.continue_()
    expect(page.locator("#messages")).to_have_attribute("data-shows", "U0BEN D0BEN")


def test_each_long_move_says_what_it_passes_over_before_it_is_pressed(
    shared: Sandbox, visit: Visit
) -> None:
    page = visit(shared.url)
    page.get_by_text("Another time").click()
    for name in ("+1 day", "+1 week", "Move the clock"):
        move = page.get_by_role("button", name=name)
        expect(move).to_have_accessible_description(re.compile("falls due .* unanswered"))
