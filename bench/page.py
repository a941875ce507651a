"""How fast the sandbox's page is with the real bot behind it, against a floor of the same run.

A channel holds 500 messages. The page is usable when the first of them is drawn and one can write;
its floor is an empty page of the same server. A click is answered when the page shows what came of
it: a modal that the bot opened, or a card that the bot changed once the answer was committed; their
floor is a request of the page that is refused at once. Nothing else is said in the channel.

    python bench/page.py [--clicks 20]
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from playwright.sync_api import Page

from sandbox.demo.cast import CHANNEL, PEOPLE
from sandbox.demo.children import bot_environment, start_bot, start_sandbox
from sandbox.player import JsonDoor, Player
from tests.sandbox.browser import CHROMIUM, DESK, browsing, visiting

MESSAGES: Final = 500
OWNER: Final = "U0DANA"
ROLES: Final = {"backup": "U0BEN", "steward": "U0PRIYA", "technical_owner": "U0TOMAS"}
BARS_MS: Final = {"usable": 1000.0, "a modal": 150.0, "an answer": 150.0}
FLOORS: Final = {"usable": "an empty page", "a modal": "a request", "an answer": "a request"}
WARM_UP: Final = 2

ALL: Final = "{ childList: true, subtree: true, attributes: true }"
USABLE: Final = f"""
window.usable = new Promise((known) => new MutationObserver(() => {{
  const isUsable = document.querySelector('#messages article')
    && document.querySelector('#composer button.primary:not([disabled])');
  if (isUsable) known(performance.now());
}}).observe(document, {ALL}));
"""
CLICK: Final = f"""async ([selector, effect]) => {{
  const began = performance.now();
  const seen = new Promise((known) => new MutationObserver(() => {{
    if (document.querySelector(effect)) known(performance.now() - began);
  }}).observe(document, {ALL}));
  document.querySelector(selector).click();
  return seen;
}}"""
REQUEST: Final = """async () => {
  const began = performance.now();
  await (await fetch('/sandbox/clock', { method: 'POST' })).json();
  return performance.now() - began;
}"""


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--clicks", type=int, default=20, help="of each kind, measured")
    count = WARM_UP + options.parse_args().clicks
    if CHROMIUM is None:
        sys.exit("needs Chromium: install the system's package `chromium`")
    took: dict[str, list[float]] = {name: [] for name in (*BARS_MS, *FLOORS.values())}
    with a_full_channel(count) as url, browsing() as browser:
        for _ in range(WARM_UP + 8):
            with visiting(browser, DESK) as page:
                took["an empty page"].append(_empty(page, url))
            with visiting(browser, DESK) as page:
                took["usable"].append(_usable(page, url))
        with visiting(browser, DESK) as page:
            _usable(page, url)
            for number in range(count):
                took["a request"].append(float(page.evaluate(REQUEST)))
                took["an answer"].append(_answer(page, number))
                took["a modal"].append(_modal(page, number))
    return _report({name: times[WARM_UP:] for name, times in took.items()})


@contextmanager
def a_full_channel(workflows: int) -> Iterator[str]:
    """Give where a sandbox is whose channel ends with so many workflows that ask for an owner."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        sandbox, url = start_sandbox(folder)
        running.callback(sandbox.stop)
        bot = start_bot(folder, bot_environment(folder, url, PEOPLE))
        running.callback(bot.stop)
        player, door = Player(url), JsonDoor(url)
        for number in range(MESSAGES - workflows):
            said = {
                "user": OWNER,
                "channel": CHANNEL,
                "text": f"message {number}, *as* people talk",
            }
            door.post("/sandbox/say", said)
        for number in range(workflows):
            _register(player, f"bench-{number}")
        player.wait_for(
            lambda: len(player.messages(channel=CHANNEL)) >= MESSAGES or None, "a full channel"
        )
        yield url


def _register(player: Player, key: str) -> None:
    form = player.command(OWNER, CHANNEL, "register")["view"]
    fields = {"key": key, "purpose": "Is clicked at.", "owner": OWNER, **ROLES}
    done = player.submit(OWNER, form, fields)
    if done["errors"]:
        raise RuntimeError(str(done["errors"]))
    player.close(OWNER, done["view"])


def _empty(page: Page, url: str) -> float:
    page.goto(f"{url}/page/server.js")
    return float(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))


def _usable(page: Page, url: str) -> float:
    page.add_init_script(USABLE)
    page.goto(url)
    return float(page.evaluate("window.usable"))


def _modal(page: Page, number: int) -> float:
    """Open the form that raises a concern about a message, and close it again."""
    took = page.evaluate(CLICK, [_button(page, number, "raise_concern"), "#modal[open]"])
    page.keyboard.press("Escape")
    page.locator("#modal").wait_for(state="hidden")
    return float(took)


def _answer(page: Page, number: int) -> float:
    """Accept a workflow, until its card says who answers for it."""
    button = _button(page, number, "accept")
    card = button.split(" ", maxsplit=1)[0]
    took = page.evaluate(CLICK, [button, f"{card}:not(:has([data-action=accept]))"])
    page.wait_for_timeout(300)  # what else is said of it is no part of the next click
    return float(took)


def _button(page: Page, number: int, action: str) -> str:
    """Give a selector of the button in the card of this workflow."""
    card = page.locator("article", has_text=f"Who answers for bench-{number}?").last
    return f'[data-ts="{card.get_attribute("data-ts")}"] [data-action={action}]'


def _report(took: dict[str, list[float]]) -> int:
    is_met = True
    for name, bar in BARS_MS.items():
        middle, floor = median(took[name]), median(took[FLOORS[name]])
        late = quantiles(took[name], n=20)[-1]
        print(
            f"{name}: {middle:.0f} ms, 95 of 100 within {late:.0f} (bar {bar:.0f}), "
            f"{middle / floor:.1f} x {FLOORS[name]} ({floor:.1f} ms)"
        )
        is_met &= middle <= bar
    print("met" if is_met else "NOT MET")
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
