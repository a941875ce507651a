"""The whole story played by clicking in a real browser, with the real bot behind it (I11 said).

Whatever comes from outside is hostile, and stays text wherever it is shown.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.sandbox.browser import Visit
from tests.sandbox.clicking import APP, Hands
from tests.stage import Stage, staged
from tests.workspace import (
    ADMIN,
    AUDITOR,
    BACKUP,
    CHANNEL,
    GUEST,
    MEMBER,
    OWNER,
    STEWARD,
    TECHNICAL_OWNER,
)

ROOM = "# ai-watch"
KEY = "invoice-triage"  # one's own, not the one that the guide proposes
GUIDE = Path("sandbox/samples/guide.json")
# Nobody but this names the guest.
HOSTILE = (
    f"<!channel> <@{GUEST}> <https://evil.example|click> *bold* "
    "<img src=x onerror=window.harmed=1> \u202egnp.exe"
)
CATEGORY = f"<!channel> <@{GUEST}> <https://evil.example|click>"
# What a person types is theirs to mark, but addresses nobody either.
TYPED = f"It sorted my claim wrongly <!channel> <@{GUEST}> <https://evil.example|click> <img src=x>"
HARM = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const said = (selector) => all(selector).map((each) => each.textContent);
  return {
    mentions: said('.mention').filter((each) => /channel|here|everyone|Gus/.test(each)),
    links: said('a[href*=evil]'),
    pictures: said('img[src="x"]'),
    bold: said('strong').filter((each) => each === 'bold'),
    turned: document.body.innerText.includes('\\u202e'),
    ran: 'harmed' in window,
  };
}"""
NONE = {"mentions": [], "links": [], "pictures": [], "bold": [], "turned": False, "ran": False}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with staged(tmp_path_factory.mktemp("clicked")) as made:
        made.serve()
        made.slack.post("guide", **json.loads(GUIDE.read_text()))
        yield made


@pytest.fixture
def hands(stage: Stage, visit: Visit) -> Hands:
    return Hands(visit(stage.slack.url))


def test_the_whole_story_is_played_by_clicking(stage: Stage, hands: Hands) -> None:
    register(hands)
    accept(hands)
    report(stage)
    sample_and_review(hands)
    answer_the_breach(hands)
    resume_by_two(hands)
    raise_a_concern(hands)
    export(stage, hands)
    look_everywhere(hands)
    assert stage.complaints() == []
    assert is_done(stage) == [True] * 5, "the guide saw each step happen"


def is_done(stage: Stage) -> list[bool]:
    return [each["is_done"] for each in stage.slack.get("world")["guide"]["steps"]]


def expect_text(page: Page) -> None:
    """See that hostile text is on the page, and that nothing came of it."""
    expect(page.locator("body")).to_contain_text("<https://evil.example|click> *bold*")
    assert page.evaluate(HARM) == NONE


def register(hands: Hands) -> None:
    hands.act_as(ADMIN, ROOM)
    hands.write("/answerable register")
    hands.opens("Register a workflow")
    hands.fill(
        key="My Triage",
        purpose=HOSTILE,
        owner=OWNER,
        backup=BACKUP,
        steward=STEWARD,
        technical_owner=TECHNICAL_OWNER,
        channel=CHANNEL,
        hours="always",
        sample="4",
    )
    hands.submit()
    wrong = hands.modal.locator('[data-block="key"]')
    expect(wrong.get_by_role("alert")).to_be_visible()
    expect(wrong.locator("input")).to_be_focused()
    hands.fill(key=KEY)
    hands.submit()
    hands.opens("Registered")
    hands.leave()


def accept(hands: Hands) -> None:
    hands.act_as(OWNER, APP)
    hands.press("Accept the duties", KEY)
    expect(hands.message(KEY)).not_to_contain_text("Accept the duties")
    expect_text(hands.page)


def report(stage: Stage) -> None:
    """The pipeline reports what it produced; it is no person, and has no page."""
    lines = stage.folder / "outputs.jsonl"
    rows = (
        {
            "workflow": KEY,
            "output_id": f"out-{number}",
            "produced_at": "2026-06-01T08:00:00Z",
            "category": CATEGORY,
            "text": f"{HOSTILE} {number}",
        }
        for number in range(6)
    )
    lines.write_text("\n".join(map(json.dumps, rows)) + "\n")
    done = stage.console("import", "--workflow", KEY, str(lines))
    assert done.returncode == 0, done.stderr


def sample_and_review(hands: Hands) -> None:
    hands.act_as(OWNER, ROOM)
    hands.write(f"/answerable sample {KEY}")
    hands.hears("drawn")
    hands.press("Review", "Round 1", KEY)
    hands.opens("1 of 4")
    expect_text(hands.page)
    expect(hands.modal.locator("code").last).to_have_text(CATEGORY)
    hands.choose("Wrong: not to be used")
    hands.fill(why="error", severity="critical", correction=HOSTILE)
    hands.submit()
    for page in ("2 of 4", "3 of 4", "4 of 4"):
        hands.opens(page)
        first = hands.modal.get_by_label("Correct: use it as it is")
        expect(first).to_be_focused()  # and now without the mouse
        first.press("Space")
        first.press("Control+Enter")
    hands.opens("Handed in")
    hands.leave()


def answer_the_breach(hands: Hands) -> None:
    hands.press("Acknowledge", f"Breach 1 of {KEY}")
    hands.hears(f"You took on breach 1 of {KEY}")
    hands.act_as(STEWARD, ROOM)
    hands.press("Decide", f"Breach 1 of {KEY}")
    hands.opens("Decide a breach")
    hands.fill(decision="pause", reason=HOSTILE)
    hands.submit()
    hands.leave()
    expect(hands.message(f"Breach 1 of {KEY}", "decided")).to_be_visible()
    expect_text(hands.page)


def resume_by_two(hands: Hands) -> None:
    hands.act_as(OWNER, ROOM)
    hands.write(f"/answerable resume {KEY}")
    hands.fill(reason=HOSTILE)
    hands.submit()
    hands.leave()
    hands.act_as(BACKUP, ROOM)
    hands.press("Confirm", KEY)
    expect(hands.message(KEY, "onfirmed")).to_be_visible()
    expect_text(hands.page)


def raise_a_concern(hands: Hands) -> None:
    hands.act_as(MEMBER, ROOM)
    hands.write(TYPED)
    own = hands.message("It sorted my claim wrongly")
    expect(own).to_contain_text(TYPED)
    assert hands.page.evaluate(HARM) == NONE
    own.get_by_role("button", name="Raise an AI concern").click()
    hands.opens("Raise an AI concern")
    hands.fill(workflow=KEY, words=HOSTILE, severity="minor")
    hands.submit()
    hands.leave()
    expect(hands.message(f"Breach 2 of {KEY}")).to_be_visible()


def export(stage: Stage, hands: Hands) -> None:
    hands.act_as(AUDITOR, APP)
    hands.write("/answerable export")
    file = hands.messages.locator("a[href^='/sandbox/files/']")
    name = f"answerable-record-{len(stage.entries())}.zip"
    expect(file).to_contain_text(f"The record: {name} (")
    expect(hands.message(f"The record you asked for is {name}")).to_be_visible()
    assert not is_done(stage)[-1], "nobody has the file yet"
    with hands.page.expect_download() as download:
        file.click()
    bundle = stage.folder / "clicked.zip"
    download.value.save_as(bundle)
    assert stage.verify(bundle, "--key", str(stage.vkey())).returncode == 0


def look_everywhere(hands: Hands) -> None:
    """See that hostile text is text for everybody, wherever they read."""
    for user in (OWNER, BACKUP, STEWARD, ADMIN):
        for place in (APP, "Home"):
            hands.act_as(user, place)
            assert hands.page.evaluate(HARM) == NONE, (user, place)
    hands.act_as(MEMBER, ROOM)
    expect_text(hands.page)
