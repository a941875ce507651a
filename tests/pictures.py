"""Every message, modal and Home in every state it has, as pictures to look at.

    python -m tests.pictures FOLDER [--dark] [--for-readme]

A browser draws the samples of the rendering tests with the sandbox page's own code, some to a
sheet: FOLDER gets `messages-01.png` and so on, and each chart as Slack is sent it. It takes some
ten seconds. With `--for-readme` it draws what the README shows. Ends with 1 if the page does not
know a kind of block.
"""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, ViewportSize

from bot.domain.bounds import interval
from bot.domain.rounds import Grade
from bot.domain.trend import CategoryRate, Point, smoothed
from bot.rendering.charts import picture
from bot.rendering.render import home, message, modal
from bot.rendering.views import CategoryChart, ChartView, TrendChart
from tests.rendering.samples import MESSAGES, MODALS, NOON
from tests.rendering.test_home import HOMES
from tests.sandbox.browser import Scheme, browsing, visiting
from tests.sandbox.sandbox_bench import running

SCREEN: Final = ViewportSize(width=1180, height=800)
A_SHEET: Final = {"homes": 2, "messages": 8, "modals": 3}
README: Final = {"loop-in-slack": ("closed round", "breach of outputs", "review page")}
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

_ROUNDS: Final = (1, 0, 2, 1, 1, 4, 3, 6, 5, 7)  # wrong ones of 30 in each
_GRADES: Final = (*[Grade.WITHIN_LIMIT] * 5, *[Grade.NOT_ENOUGH_EVIDENCE] * 2, *[Grade.WATCH] * 2)
POINTS: Final = tuple(
    Point(number, NOON + timedelta(weeks=number), 30, wrong, wrong / 30, 1_000, grade)
    for number, (wrong, grade) in enumerate(zip(_ROUNDS, (*_GRADES, Grade.BREACH), strict=True), 1)
)
CHARTS: Final[dict[str, ChartView]] = {
    "trend": TrendChart("invoice-triage", POINTS, smoothed(POINTS)),
    "categories": CategoryChart(
        "invoice-triage",
        tuple(
            CategoryRate(name, changed, judged, *interval(changed, judged))
            for name, changed, judged in (
                ("credit note", 14, 40),
                ("reminder", 9, 60),
                ("invoice", 8, 180),
                ("offer", 1, 20),
            )
        ),
    ),
}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--dark", action="store_true", help="as who prefers a dark screen sees it")
    options.add_argument("--for-readme", action="store_true", help="what the README shows")
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    sheets = _of_readme() if chosen.for_readme else _everything()
    unknown = 0
    with drawing("dark" if chosen.dark else "light") as page:
        for name, sheet in sheets:
            unknown += drawn(page, sheet)
            page.screenshot(path=chosen.folder / f"{name}.png", full_page=True)
            print(chosen.folder / f"{name}.png")  # noqa: T201 -- what was made
    for name, chart in CHARTS.items():
        (chosen.folder / f"chart-{name}.png").write_bytes(picture(chart))
    return 1 if unknown else 0


def _everything() -> Iterator[tuple[str, Sequence[View]]]:
    for kind, views in catalogue().items():
        for number, sheet in enumerate(_sheets(views, A_SHEET[kind]), start=1):
            yield f"{kind}-{number:02}", sheet


def _of_readme() -> Iterator[tuple[str, Sequence[View]]]:
    everything = catalogue()
    for name, wanted in README.items():
        yield (
            name,
            [each for kind in everything.values() for each in kind if each["name"] in wanted],
        )


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
