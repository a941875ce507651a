"""The page in a real browser: on a phone, on a desk, and by keyboard alone."""

from collections.abc import Iterator

import pytest

from tests.pictures import catalogue, drawn
from tests.sandbox.browser import CHROMIUM, Browser, browsing
from tests.sandbox.sandbox_bench import Sandbox, SmallApp, running

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
PHONE, DESK = (390, 844), (1280, 900)
ROOM = "C0AIWATCH"
GAP = "(box => box.scrollHeight - box.scrollTop - box.clientHeight)(messages)"
SAID = "messages.lastElementChild.textContent.includes({!r})"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browsing(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


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


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_messages_scroll_and_the_newest_is_in_view(
    told: Sandbox, browser: Browser, screen: tuple[int, int]
) -> None:
    newest = f"newest on {screen}"
    say(told, newest)
    browser.open(told.url, *screen)
    assert browser.run(SAID.format(newest))
    assert browser.run("document.documentElement.scrollHeight") == screen[1]
    assert browser.run("document.documentElement.scrollWidth") == screen[0]
    assert browser.run("messages.scrollHeight > 2 * messages.clientHeight")
    assert browser.run("messages.clientHeight") > screen[1] * 0.75
    assert browser.run(GAP) < 5


def test_what_is_new_is_followed_unless_somebody_reads_above(
    told: Sandbox, browser: Browser
) -> None:
    browser.open(told.url, *PHONE)
    say(told, "followed")
    browser.until(SAID.format("followed"))
    assert browser.run(GAP) < 5
    browser.run(
        "messages.addEventListener('scroll', () => window.hasScrolled = true);"
        "messages.scrollTop = 100"
    )
    browser.until("window.hasScrolled")  # as the page has heard by then: it was listening before
    say(told, "not followed")
    browser.until("!document.querySelector('#newer').hidden")
    assert browser.run("messages.scrollTop") == 100
    browser.click("#newer")
    browser.until(f"{GAP} < 60")
    browser.until("document.querySelector('#newer').hidden")


def test_an_answer_in_an_older_thread_is_offered(told: Sandbox, browser: Browser) -> None:
    browser.open(told.url, *PHONE)
    first = told.rows("messages", channel=ROOM)[0]["ts"]
    say(told, "late answer", thread_ts=first)
    browser.until("document.querySelector('#newer').textContent.includes('above')")
    browser.click("#newer")
    browser.until("document.querySelector('#newer').hidden")


def test_a_message_offers_the_apps_shortcuts_by_name(told: Sandbox, browser: Browser) -> None:
    browser.open(told.url, *DESK)
    offered = browser.run("document.querySelector('[data-action=concern]').textContent")
    assert offered == "⋯ Raise a concern"


def test_one_bar_holds_who_where_and_when_and_the_rest_is_behind_it(
    told: Sandbox, browser: Browser
) -> None:
    browser.open(told.url, *PHONE)
    shown = browser.run("document.querySelector('main > header').innerText")
    assert "# ai-watch" in shown
    assert "Dana Okafor · 1 Jun 2026" in shown
    assert browser.run("document.querySelector('main > header').offsetHeight") < 80
    hidden = "getComputedStyle(side).display == 'none'"
    assert browser.run(hidden)
    browser.click("#menu")
    assert browser.run("document.activeElement.id") == "actor"
    browser.press_escape()
    assert browser.run(hidden)
    assert browser.run("document.activeElement.id") == "menu"
    browser.click("#menu")
    browser.click("#app button")
    browser.until("place.textContent == 'Messages with the app'")
    assert browser.run(hidden)


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_log_comes_into_view_and_gives_the_focus_back(
    told: Sandbox, browser: Browser, screen: tuple[int, int]
) -> None:
    browser.open(told.url, *screen)
    browser.click("#show-log")
    browser.until("document.querySelector('#entries').children.length > 0")
    box = browser.run("document.querySelector('#log').getBoundingClientRect().toJSON()")
    assert (box["top"], box["bottom"], box["right"]) == (0, screen[1], screen[0])
    assert browser.run("document.activeElement.id") == "close-log"
    browser.press_escape()
    assert browser.run("getComputedStyle(document.querySelector('#log')).display") == "none"
    assert browser.run("document.activeElement.id") == "show-log"


def test_nothing_is_cut_on_a_desk(told: Sandbox, browser: Browser) -> None:
    browser.open(told.url, *DESK)
    assert browser.run("now.textContent").startswith("1 Jun 2026, ")
    assert browser.run("to.offsetWidth") >= 200  # a date and a time, as browsers write them
    assert browser.run("to.value").startswith("2026-06-01T")
    assert browser.run("actor.selectedOptions[0].text") == "Dana Okafor"
    assert browser.run("title.textContent") == "Head of claims intake"


def test_a_modal_takes_the_focus_and_gives_it_back(told: Sandbox, browser: Browser) -> None:
    browser.open(told.url, *DESK)
    text = "document.querySelector('#composer input')"
    browser.run(f"{text}.focus(), {text}.value = '/answerable form', composer.requestSubmit()")
    browser.until("modal.open")
    assert browser.run("modal.contains(document.activeElement)")
    assert browser.run("document.activeElement.matches('.content input, .content textarea')")
    browser.press_escape()
    browser.until("!modal.open")
    assert browser.run(f"document.activeElement == {text}")
    assert told.rows("views", user="U0DANA") == []


def test_every_control_has_a_name(told: Sandbox, browser: Browser) -> None:
    browser.open(told.url, *PHONE)
    nameless = """[...document.querySelectorAll('button, input, select, textarea')]
        .filter((each) => !each.hidden)
        .filter((each) => !(each.labels?.length || each.ariaLabel || each.textContent.trim()))
        .map((each) => each.outerHTML)"""
    assert browser.run(nameless) == []


def test_a_message_that_did_not_change_stays_the_same_element(
    told: Sandbox, browser: Browser
) -> None:
    browser.open(told.url, *DESK)
    browser.run("messages.firstElementChild.dataset.marked = 'yes'")
    say(told, "one more")
    browser.until(SAID.format("one more"))
    assert browser.run("messages.firstElementChild.dataset.marked") == "yes"


def test_the_page_can_show_whatever_the_bot_says(told: Sandbox, browser: Browser) -> None:
    browser.open(told.url, *DESK)
    for kind, views in catalogue().items():
        assert drawn(browser, views) == 0, f"a block of the {kind} is unknown"
        assert browser.run("document.querySelectorAll('figure').length") == len(views)
