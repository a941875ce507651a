"""After a move of the clock the page says that the app is at work, until it has caught up."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import ViewportSize, expect

from tests.sandbox.browser import DESK, PHONE, Visit
from tests.sandbox.sandbox_bench import Sandbox, SmallApp, running

SAID = "Handling what fell due …"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Sandbox]:
    with running(tmp_path, "--channel-rate", "500") as sandbox:
        app = SmallApp(sandbox)
        yield sandbox
        app.close()


def follow(sandbox: Sandbox, version: int) -> None:
    """Ask for the move after this one, as an app does that is done with it."""
    with contextlib.suppress(httpx.ReadTimeout):
        sandbox.http.post("/api/sandbox.clock", json={"after": version}, timeout=0.3)


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_the_page_says_that_what_fell_due_is_handled_until_the_app_has_caught_up(
    own: Sandbox, visit: Visit, screen: ViewportSize
) -> None:
    follow(own, 1)
    page = visit(own.url, screen)
    page.clock.install()
    page.reload()
    page.locator("#messages > *").first.wait_for()
    near, bar = page.locator("#handling"), page.locator("#bar-handling")
    if screen is PHONE:
        page.locator("#menu").click()
    expect(near).to_have_text("")
    page.get_by_role("button", name="+1 week").click()
    expect(near).to_have_text(SAID)
    for _ in range(10):
        page.clock.run_for(300)
        page.evaluate("fetch('/sandbox/changes?after=-1&timeout=0')")
    expect(near).to_have_text(SAID)  # however quiet it is, the app has not asked for the next move
    expect(bar).to_be_visible(visible=screen is PHONE)
    follow(own, own.get("world")["clock"]["version"])
    expect(near).to_have_text("")
    expect(bar).to_be_hidden()


def test_an_app_that_knows_no_clock_is_waited_for_while_it_says_something(
    own: Sandbox, visit: Visit
) -> None:
    page = visit(own.url)
    page.get_by_role("button", name="+1 day").click()
    expect(page.locator("#handling")).to_have_text(SAID)
    own.say_buttons()
    expect(page.locator("#handling")).to_have_text("")
