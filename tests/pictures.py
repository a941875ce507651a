"""Every message, modal and Home in every state it has, as pictures to look at.

    python -m tests.pictures FOLDER [--dark]

A browser draws the samples of the rendering tests with the sandbox page's own code, some to a
sheet: FOLDER gets `messages-01.png` and so on. It takes some ten seconds. Ends with 1 if the page
does not know a kind of block.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, ViewportSize

from bot.rendering.render import home, message, modal
from tests.rendering.samples import MESSAGES, MODALS
from tests.rendering.test_home import HOMES
from tests.sandbox.browser import Scheme, browsing, visiting
from tests.sandbox.sandbox_bench import running

SCREEN: Final = ViewportSize(width=1180, height=800)
A_SHEET: Final = {"homes": 2, "messages": 8, "modals": 3}
PERSON: Final = re.compile(r"\bU[A-Z0-9]{2,}\b")

# The page's own modules draw; a modal is its blocks between its title and its buttons.
DRAW: Final = """
async ({ views, people }) => {
  const { renderBlocks } = await import("/page/blocks.js");
  const { Names } = await import("/page/names.js");
  const { make } = await import("/page/dom.js");
  const named = (id) => id[1] + id.slice(2).toLowerCase();
  const users = people.map((id) => ({ id, tz: "UTC", real_name: named(id) }));
  const names = new Names({ users, channels: [], clock: { now: 1780315200 } }, "");
  const scene = () => ({ names, act() {}, inputs: [], values: {}, errors: {} });
  const sheet = make("div", { id: "sheet" }, ...views.map(({ name, title, blocks, submit }) =>
    make("figure", {}, make("figcaption", {}, name),
      ...(title ? [make("h2", {}, title)] : []),
      make("article", { class: "message" },
        make("div", { class: "body" }, ...renderBlocks(blocks, scene()))),
      ...(submit ? [make("button", { class: "primary", type: "button" }, submit)] : []))));
  const style = new CSSStyleSheet();
  style.replaceSync(`
    html, body { height: auto; overflow: visible; display: block }
    #sheet { columns: 2; gap: 16px; padding: 16px }
    figure { break-inside: avoid; margin: 0 0 16px; padding: 12px; border: 1px solid }
    figcaption { font: 600 12px monospace; margin-bottom: 8px }`);
  document.adoptedStyleSheets = [style];
  document.body.replaceChildren(sheet);
  return document.querySelectorAll(".unknown").length;
}
"""

View = dict[str, Any]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--dark", action="store_true", help="as who prefers a dark screen sees it")
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    unknown = 0
    with drawing("dark" if chosen.dark else "light") as page:
        for kind, views in catalogue().items():
            for number, sheet in enumerate(_sheets(views, A_SHEET[kind]), start=1):
                unknown += drawn(page, sheet)
                target = chosen.folder / f"{kind}-{number:02}.png"
                page.screenshot(path=target, full_page=True)
                print(target)  # noqa: T201 -- what was made
    return 1 if unknown else 0


@contextmanager
def drawing(scheme: Scheme) -> Iterator[Page]:
    """Give a browser's page that has the sandbox's page open."""
    with (
        tempfile.TemporaryDirectory() as private,
        running(Path(private)) as sandbox,
        browsing() as browser,
        visiting(browser, SCREEN, scheme=scheme) as page,
    ):
        page.goto(sandbox.url)
        yield page


def catalogue() -> Mapping[str, Sequence[View]]:
    """Give what is to be drawn, by kind, each with its name, its blocks and what frames them."""
    said = {name: message(view).blocks for name, view in MESSAGES.items()}
    return {
        "homes": [{"name": name, "blocks": home(view)["blocks"]} for name, view in HOMES.items()],
        "messages": [{"name": name, "blocks": blocks} for name, blocks in said.items()],
        "modals": [_framed(name, modal(view)) for name, view in MODALS.items()],
    }


def drawn(page: Page, views: Sequence[View]) -> int:
    """Draw views side by side, and give how many blocks the page does not know."""
    people = sorted(set(PERSON.findall(json.dumps(views))))
    return int(page.evaluate(DRAW, {"views": list(views), "people": people}))


def _framed(name: str, view: View) -> View:
    submit = view.get("submit", {}).get("text", "")
    return {
        "name": name,
        "title": view["title"]["text"],
        "blocks": view["blocks"],
        "submit": submit,
    }


def _sheets(views: Sequence[View], most: int) -> Iterator[Sequence[View]]:
    for start in range(0, len(views), most):
        yield views[start : start + most]


if __name__ == "__main__":
    sys.exit(main())
