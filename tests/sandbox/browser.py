"""A real browser without a screen: the machine's own Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, Literal

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

CHROMIUM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
# Where this is 1, a browser that is missing is a failure: nobody notices what was skipped.
IS_REQUIRED: Final = os.environ.get("ANSWERABLE_REQUIRE_BROWSER") == "1"
PATIENCE_MS: Final = 15_000
PHONE: Final = ViewportSize(width=390, height=844)
DESK: Final = ViewportSize(width=1280, height=900)
NARROW: Final = 500  # pixels; what is narrower is a phone and is touched


Scheme = Literal["light", "dark"]
Visit = Callable[..., Page]


@contextmanager
def browsing() -> Iterator[Browser]:
    """Run the browser; it keeps nothing afterwards."""
    assert CHROMIUM, "needs Chromium: install the system's package `chromium`"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()


@contextmanager
def visiting(browser: Browser, screen: ViewportSize, *, scheme: Scheme = "light") -> Iterator[Page]:
    """Give a blank page on a screen of this size, for somebody who was never here before."""
    is_phone = screen["width"] < NARROW
    context = browser.new_context(
        viewport=screen,
        is_mobile=is_phone,
        has_touch=is_phone,
        color_scheme=scheme,
        reduced_motion="reduce",
        accept_downloads=True,
        locale="en-GB",
        timezone_id="UTC",
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()
