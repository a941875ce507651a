"""A real browser without a screen, spoken to over its own protocol (Chrome DevTools Protocol)."""

import contextlib
import json
import shutil
import subprocess
import time
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from websockets.sync.client import ClientConnection, connect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
PATIENCE = 20.0
QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)


class Browser:
    """One page of it."""

    def __init__(self, link: ClientConnection) -> None:
        self._link = link
        self._asked = 0

    def open(self, url: str, width: int, height: int) -> None:
        """Open a page on a screen of this size and wait until it shows messages."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        self._call("Page.navigate", url=url)
        self.until("document.querySelector('#messages')?.children.length > 0")

    def run(self, script: str) -> Any:  # noqa: ANN401 -- what a script gives
        """Give what an expression is in the page."""
        done = self._call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def until(self, script: str) -> None:
        end = time.monotonic() + PATIENCE  # noqa: TID251 -- a test's own patience
        while not self.run(script):
            assert time.monotonic() < end, f"it never came to be: {script}"  # noqa: TID251
            time.sleep(0.02)

    def press_escape(self) -> None:
        """Press the key where the focus is."""
        for kind in ("keyDown", "keyUp"):
            self._call(
                "Input.dispatchKeyEvent",
                type=kind,
                key="Escape",
                code="Escape",
                windowsVirtualKeyCode=27,
            )

    def click(self, selector: str) -> None:
        """Click in the middle of an element, whatever lies over it."""
        box = f"document.querySelector({json.dumps(selector)}).getBoundingClientRect()"
        x, y = self.run(
            f"(() => {{ const b = {box}; return [b.x + b.width / 2, b.y + b.height / 2] }})()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def prefer_dark(self, *, is_preferred: bool) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if is_preferred else "light"}
        self._call("Emulation.setEmulatedMedia", features=[scheme])

    def picture(self, width: int) -> bytes:
        """Give the whole page as a PNG, however far down it goes."""
        for height in (1, "document.documentElement.scrollHeight"):
            self._call(
                "Emulation.setDeviceMetricsOverride",
                width=width,
                height=int(self.run(str(height))),
                deviceScaleFactor=1,
                mobile=False,
            )
        return b64decode(self._call("Page.captureScreenshot", format="png")["data"])

    def _call(self, method: str, **params: object) -> dict[str, Any]:
        self._asked += 1
        self._link.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        while True:
            said = json.loads(self._link.recv(PATIENCE))
            if said.get("id") == self._asked:
                assert "error" not in said, said
                return dict(said["result"])


@contextlib.contextmanager
def browsing(folder: Path) -> Iterator[Browser]:
    """Run a browser that keeps everything of its own in this folder."""
    assert CHROMIUM
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [CHROMIUM, *QUIET, f"--user-data-dir={folder / 'profile'}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        with connect(_page_of(folder / "profile"), max_size=None) as link:
            yield Browser(link)
    finally:
        process.terminate()
        process.wait(20)


def _page_of(profile: Path) -> str:
    """Give where the first page listens, once the browser has written down its port."""
    said = profile / "DevToolsActivePort"
    end = time.monotonic() + PATIENCE  # noqa: TID251 -- a test's own patience
    while True:
        assert time.monotonic() < end, "the browser never listened"  # noqa: TID251
        with contextlib.suppress(OSError, IndexError, httpx.HTTPError, StopIteration):
            port = said.read_text("utf-8").splitlines()[0]
            targets = httpx.get(f"http://127.0.0.1:{port}/json/list", trust_env=False).json()
            return str(next(t["webSocketDebuggerUrl"] for t in targets if t["type"] == "page"))
        time.sleep(0.05)
