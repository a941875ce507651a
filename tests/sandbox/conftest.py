"""What the tests share: a process like Slack, one with little patience, and a browser."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.sandbox.browser import (
    CHROMIUM,
    DESK,
    IS_REQUIRED,
    PATIENCE_MS,
    Scheme,
    Visit,
    browsing,
    visiting,
)
from tests.sandbox.sandbox_bench import Sandbox, SmallApp, running

NO_BROWSER: Final = "no Chromium on this machine: nothing was tried in a browser"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let all that lacks a browser be skipped at one place: then it is summed up in one line."""
    report = yield
    if report.skipped and NO_BROWSER in str(report.longrepr):
        report.longrepr = (__file__, 1, NO_BROWSER)
    return report


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    options = ("--channel-rate", "500", "--retry-factor", "0.001")
    with running(tmp_path_factory.mktemp("sandbox"), *options) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared: Sandbox) -> Iterator[Sandbox]:
    """The shared process, without faults and with nobody's modal open."""
    shared.http.request("DELETE", "/sandbox/fault")
    yield shared
    for view in shared.rows("views", user="U0DANA")[-1:]:
        shared.post("close", user="U0DANA", view_id=view["id"], all=True)


@pytest.fixture(scope="session")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox whose three seconds are short, and which posts slowly."""
    options = ("--patience", "0.15", "--channel-rate", "1", "--retry-factor", "0.0001")
    with running(tmp_path_factory.mktemp("brief"), *options) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def connected(shared: Sandbox) -> Iterator[SmallApp]:
    app = SmallApp(shared)
    yield app
    app.close()


@pytest.fixture
def app(connected: SmallApp) -> SmallApp:
    connected.heard.clear()
    connected.retries.clear()
    return connected


# A browser's driver occupies the thread's event loop: it ends with the file that needs it.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser; without one its tests are skipped in one line, or fail where it is required."""
    if CHROMIUM is None and not IS_REQUIRED:
        pytest.skip(NO_BROWSER)
    expect.set_options(timeout=PATIENCE_MS)
    with browsing() as opened:
        yield opened


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Opens a page of the sandbox and gives it once it shows messages."""
    with ExitStack() as visits:

        def open_page(url: str, screen: ViewportSize = DESK, *, scheme: Scheme = "light") -> Page:
            page = visits.enter_context(visiting(browser, screen, scheme=scheme))
            page.goto(url)
            page.locator("#messages > *").first.wait_for()
            return page

        yield open_page
