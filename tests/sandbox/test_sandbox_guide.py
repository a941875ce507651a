"""The guide: begun anew, refused if it is none, and never ticked by what was refused."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sandbox.__main__ import main
from sandbox.clock import Clock
from sandbox.guide import Guide
from sandbox.journal import Entry, Journal
from sandbox.steps import KEY, Steps
from tests.sandbox.browser import DESK, PHONE, Visit
from tests.sandbox.clicking import Hands
from tests.sandbox.sandbox_bench import Json, Sandbox, running

STEP: Json = {
    "id": "post",
    "title": "Let the app post",
    "how": [{"text": "Wait."}],
    "signs": [{"kind": "chat.postMessage", "request": ["hello"]}],
}

TWO_STEPS: Json = {
    "title": "First steps",
    "end": [{"text": "You are through."}, {"run": "check it"}],
    "steps": [
        {
            "id": "say",
            "title": "Say hello",
            "how": [{"type": "/answerable hello"}],
            "signs": [{"kind": "slash_commands", "request": ['"text": "hello"']}],
        },
        {
            "id": "both",
            "title": "Do two things",
            "how": [{"text": "In any order, or in a terminal:"}, {"run": "one\ntwo"}],
            "signs": [
                {"kind": "slash_commands", "request": ['"text": "one"']},
                {"kind": "slash_commands", "request": ['"text": "two"']},
            ],
        },
    ],
}


def is_done(sandbox: Sandbox) -> list[bool]:
    return [each["is_done"] for each in sandbox.get("world")["guide"]["steps"]]


def test_a_step_is_done_when_its_sign_was_taken(tmp_path: Path) -> None:
    guide = tmp_path / "guide.json"
    guide.write_text(json.dumps({"steps": [STEP]}))
    with running(tmp_path, "--guide", str(guide)) as sandbox:
        assert not sandbox.api("chat.postMessage", channel="C0NOWHERE", text="hello").json()["ok"]
        assert sandbox.api("chat.postMessage", channel="C0AIWATCH", text="good day").json()["ok"]
        assert is_done(sandbox) == [False]
        assert sandbox.api("chat.postMessage", channel="U0DANA", text="hello").json()["ok"]
        assert is_done(sandbox) == [True]
        sandbox.post("guide", again=True)
        assert is_done(sandbox) == [False]


TAKEN_HOME: Json = {
    **STEP,
    "signs": [
        {"kind": "files.completeUploadExternal", "request": ["The record"]},
        {"kind": "file.opened", "request": ["record.zip"], "after_last": True},
    ],
}


def test_a_file_is_taken_home_once_it_was_opened_and_not_one_from_before(tmp_path: Path) -> None:
    guide = tmp_path / "guide.json"
    guide.write_text(json.dumps({"steps": [TAKEN_HOME]}))
    with running(tmp_path, "--guide", str(guide)) as sandbox:
        send(sandbox, "record.zip")
        open_newest(sandbox)
        sandbox.post("guide", again=True)
        open_newest(sandbox)
        send(sandbox, "record.zip")
        assert is_done(sandbox) == [False], "what was opened was another"
        send(sandbox, "record.zip.png", b"\x89PNG\r\n")
        open_newest(sandbox)
        assert is_done(sandbox) == [False], "pictures are fetched by whoever sees the message"
        send(sandbox, "record.zip")
        open_newest(sandbox)
        assert is_done(sandbox) == [True]


def send(sandbox: Sandbox, name: str, content: bytes = b"whole") -> None:
    channel = sandbox.web.conversations_open(users="U0INES")["channel"]["id"]
    sandbox.web.files_upload_v2(channel=channel, content=content, filename=name, title="The record")


def open_newest(sandbox: Sandbox) -> None:
    newest = sandbox.rows("files")[-1]
    assert sandbox.http.get(f"/sandbox/files/{newest['id']}").status_code == 200


def posted(kind: str, workflow: str, said: str) -> Entry:
    """Give the log's entry of a message about a workflow."""
    button = {"action_id": "accept", "value": f"7.mfzgk3tj#{workflow}/0"}
    again = {"action_id": "review", "value": f"{workflow}/1"}
    request = {"text": f"{said}\n{workflow}", "blocks": [{"elements": [button, again]}]}
    return Entry(1, "", "web_api", kind, json.dumps(request), '{"ok": true}', 200, [])


@pytest.mark.parametrize("workflow", ["support-triage", "triage-2", "my-triage"])
def test_the_demos_guide_is_ticked_by_the_visitors_own_workflow_alone(workflow: str) -> None:
    for part in demos_guide().steps.parts:
        sign = part.signs[0]
        said = as_said(sign.request, workflow)
        own = as_said(sign.request, "triage")
        if part.id == "export":
            continue  # the record is of all workflows
        assert not sign.shows_in(posted(sign.kind, workflow, said), {"key": "triage"}), part.id
        assert sign.shows_in(posted(sign.kind, "triage", own), {"key": "triage"}), part.id


def as_said(patterns: list[str], workflow: str) -> str:
    """Give a text that fits the patterns of a sign about this workflow."""
    texts = [each.removeprefix('"text": "') for each in patterns if '"action_id"' not in each]
    said = " ".join(each.split("|")[0] for each in texts if "(?P<" not in each)
    for pattern, written in ((r"\d+", "1"), (r"(?![\w-])", " "), (r"(?<![\w-])", " ")):
        said = said.replace(pattern, written)
    return said.replace(KEY, workflow)


def demos_guide() -> Guide:
    return Guide(Steps.model_validate(json.loads(Path("sandbox/samples/guide.json").read_text())))


def test_each_output_of_the_demos_guide_says_which_side_is_the_ais() -> None:
    lines = Path("sandbox/samples/guide_outputs.jsonl").read_text("utf-8").splitlines()
    for text in (json.loads(each)["text"] for each in lines):
        came_in, made = text.split("\n")
        assert came_in.startswith("A customer wrote: ")
        assert made.startswith("The AI's draft of a reply: ")


def register(journal: Journal, workflow: str) -> None:
    button = {"action_id": "accept", "value": f"7.mfzgk3tj#{workflow}/0"}
    request = {"text": f"{workflow} is to be answered for", "blocks": [{"elements": [button]}]}
    journal.add("web_api", "chat.postMessage", request=request, response={"ok": True})


def test_the_guide_follows_the_key_that_the_visitor_chose() -> None:
    journal, guide = Journal(Clock()), demos_guide()
    register(journal, "support-triage")
    guide.begin(journal)
    assert "Key: my-triage, or" in json.dumps(guide.to_page(journal))
    register(journal, "support-triage")
    assert not guide.to_page(journal)["steps"][0]["is_done"], "it was there before"
    register(journal, "invoice-triage")
    register(journal, "another")
    page = guide.to_page(journal)
    assert [each["is_done"] for each in page["steps"]] == [True] + 4 * [False]
    assert "/answerable sample invoice-triage" in json.dumps(page)
    assert "my-triage" not in json.dumps(page)


def test_a_guide_that_is_begun_again_proposes_a_key_that_is_free() -> None:
    journal, guide = Journal(Clock()), demos_guide()
    register(journal, "my-triage")
    register(journal, "my-triage-2")
    guide.begin(journal)
    assert "Key: my-triage-3, or" in json.dumps(guide.to_page(journal))
    register(journal, "my-triage-3")
    assert guide.to_page(journal)["key"] == "my-triage-3"


def test_a_button_is_shown_only_where_somebody_does_what_it_says() -> None:
    journal, guide = Journal(Clock()), demos_guide()
    assert '"do": "report"' not in json.dumps(guide.to_page(journal))
    guide.steps.deeds.append("report")
    assert '"do": "report"' in json.dumps(guide.to_page(journal))


ASKS: Json = {
    "deeds": ["greet"],
    "steps": [
        {
            "id": "name",
            "title": "Choose a name",
            "how": [{"do": "greet", "text": "Have it greeted"}, {"type": "/answerable greeted"}],
            "signs": [{"kind": "message", "request": ["I am (?P<key>[a-z]+)"]}],
        }
    ],
}


def test_a_button_of_the_guide_says_what_came_of_it(shared: Sandbox, visit: Visit) -> None:
    shared.post("guide", **ASKS)
    page = visit(shared.url)
    button = page.locator("#guide").get_by_role("button", name="Have it greeted")
    button.click()
    expect(page.locator("#notice")).to_contain_text("Take the first step first")
    shared.post("say", user="U0DANA", channel="C0AIWATCH", text="I am rose")
    expect(page.locator("#show-guide")).to_contain_text("1 of 1")
    page.locator("#steps summary").click()
    button.press("Enter")
    expect(page.locator("#steps .note")).to_have_text("Under way …")
    asked = [each for each in shared.get("log")["entries"] if each.get("type") == "guide.do"]
    assert [each["request"] for each in asked] == [{"deed": "greet", "key": "rose"}]
    next_line = page.locator("#guide").get_by_role("button", name="Write it: /answerable greeted")
    expect(button).to_be_disabled()
    expect(next_line).to_be_disabled()
    next_line.press("Enter")
    button.press("Enter")
    shared.post("guide/done", deed="greet", said="Nobody is at home.", failed=True)
    expect(page.locator("#steps .note")).to_have_text("Nobody is at home.")
    shared.post("guide/done", deed="greet", said="Good day, rose.")
    expect(page.locator("#steps .note")).to_have_text("✓ Good day, rose.")
    expect(page.locator("#guide-said")).to_have_text("Good day, rose.")
    expect(page.locator("#text")).to_have_value("")
    asked = [each for each in shared.get("log")["entries"] if each.get("type") == "guide.do"]
    assert len(asked) == 1, "nothing is asked for twice while it is under way"
    expect(next_line).to_be_enabled()
    expect(button).to_be_focused()
    assert shared.refused("guide/do", deed="curse")[0] == 404
    page.reload()
    expect(page.locator("#steps .note")).to_have_text("✓ Good day, rose.")
    expect(page.locator("#guide-said")).to_be_empty()


TOO_EARLY = json.dumps({"steps": [{**STEP, "signs": [{**STEP["signs"][0], "after_last": True}]}]})
PART: Json = {"id": "one", "signs": STEP["signs"]}
BOTH = json.dumps({"steps": [{**STEP, "parts": [PART]}]})
LOST = json.dumps({"steps": [{"id": "a", "title": "A", "parts": [{**PART, "after": "none"}]}]})


def test_what_is_no_guide_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, text in enumerate(
        ["{", "{}", json.dumps({"steps": [{**STEP, "signs": []}]}), TOO_EARLY, BOTH, LOST]
    ):
        guide = tmp_path / f"{number}.json"
        guide.write_text(text)
        assert main(["--port", "0", "--guide", str(guide)]) == 2
        assert "sandbox: " in capsys.readouterr().err


def test_there_is_none_unless_it_is_given(brief: Sandbox) -> None:
    assert brief.get("world")["guide"] is None
    assert brief.refused("guide", again=True)[0] == 404
    assert brief.refused("guide", steps="many")[0] == 400


@pytest.mark.usefixtures("connected")
def test_the_guide_ticks_off_what_happened_and_can_be_put_away(
    shared: Sandbox, visit: Visit
) -> None:
    shared.post("guide", **TWO_STEPS)
    page = visit(shared.url)
    guide, button = page.locator("#guide"), page.locator("#show-guide")
    expect(guide).to_be_visible()
    guide.get_by_role("button", name="Write it: /answerable hello").click()
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Enter")
    expect(button).to_contain_text("1 of 2")
    expect(page.locator("#guide-said")).to_have_text("Step done. Next: Do two things")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copy = guide.get_by_role("button", name="Copy the lines")
    copy.click()
    expect(copy).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "one\ntwo"
    hands = Hands(page)
    hands.write("/answerable two")
    hands.hears("You said two")
    expect(button).to_contain_text("1 of 2")
    hands.write("/answerable one")
    expect(guide).to_contain_text("You are through.")
    page.locator("#close-guide").click()
    expect(guide).to_be_hidden()
    page.reload()
    page.locator("#messages > *").first.wait_for()
    expect(button).to_contain_text("2 of 2")
    expect(guide).to_be_hidden()
    button.click()
    expect(guide).to_be_visible()
    expect(guide.locator("pre").last).to_have_text("check it")
    dialog = page.locator("#confirm")
    outcomes = {
        "Go on with this one": ("2 of 2", "Begin again"),
        "Begin again": ("0 of 2", "1Next: Say hello"),
    }
    for answer, (left, now) in outcomes.items():
        guide.get_by_role("button", name="Begin again").click()
        dialog.get_by_role("button", name=answer).click()
        expect(dialog).to_be_hidden()
        expect(button).to_contain_text(left)
        expect(page.locator("#steps :focus")).to_have_text(now)
    expect(guide.get_by_role("button", name="Begin again")).to_have_count(0)


@pytest.mark.usefixtures("connected")
def test_on_a_phone_the_guide_stays_open_when_it_begins_again(
    shared: Sandbox, visit: Visit
) -> None:
    shared.post("guide", **TWO_STEPS)
    page = visit(shared.url, PHONE)
    Hands(page).write("/answerable hello")
    expect(page.locator("#show-guide")).to_contain_text("1 of 2")
    page.locator("#show-guide").click()
    page.locator("#guide").get_by_role("button", name="Begin again").click()
    page.locator("#confirm").get_by_role("button", name="Begin again").click()
    expect(page.locator("#show-guide")).to_contain_text("0 of 2")
    expect(page.locator("#guide")).to_be_visible()


@pytest.mark.usefixtures("connected")
def test_on_a_phone_a_form_says_what_the_guide_wants_in_it(shared: Sandbox, visit: Visit) -> None:
    how = [{"text": "Not for the form."}, {"text": "Key: rose. Backup: Ben.", "in_form": "^Form$"}]
    shared.post("guide", steps=[{**STEP, "how": how}])
    for screen in (PHONE, DESK):
        page = visit(shared.url, screen)
        Hands(page).write("/answerable form")
        beside, modal = page.locator("#modal .beside"), page.locator("#modal")
        expect(modal.locator("footer .primary")).to_be_in_viewport(ratio=1)
        if screen is DESK:
            expect(page.locator("#guide")).to_contain_text("Key: rose.")
            expect(beside).to_be_hidden()
        else:
            expect(beside).to_contain_text("Key: rose. Backup: Ben.")
            expect(beside).not_to_contain_text("Not for the form.")
            expect(beside).to_be_in_viewport(ratio=1)
            hands = Hands(page)
            hands.fill(why="update")
            hands.submit()
            hands.opens("Second")
            expect(beside).to_be_hidden()  # what was wanted in the form before is not asked here
        page.keyboard.press("Escape")
        expect(modal).to_be_hidden()


def test_the_guide_is_there_again_once_the_traffic_is_closed(shared: Sandbox, visit: Visit) -> None:
    shared.post("guide", **TWO_STEPS)
    page = visit(shared.url)
    guide, traffic = page.locator("#guide"), page.locator("#traffic")
    expect(guide).to_be_visible()
    page.locator("#show-traffic").click()
    expect(guide).to_be_hidden()
    page.locator("#close-traffic").click()
    expect(traffic).to_be_hidden()
    expect(guide).to_be_visible()
    page.locator("#close-guide").click()
    page.locator("#show-traffic").click()
    page.locator("#close-traffic").click()
    expect(traffic).to_be_hidden()
    expect(guide).to_be_hidden()  # it was put away before


def test_on_a_phone_the_next_step_stands_below_the_bar(shared: Sandbox, visit: Visit) -> None:
    shared.post("guide", **TWO_STEPS)
    page = visit(shared.url, PHONE)
    guide, strip = page.locator("#guide"), page.locator("#show-guide")
    expect(guide).to_be_hidden()
    expect(strip).to_have_text("Guide 0 of 2: Say hello")
    assert (strip.bounding_box() or {})["width"] > PHONE["width"] * 0.9
    strip.click()
    guide.get_by_role("button", name="Write it: /answerable hello").click()
    expect(guide).to_be_hidden()
    expect(page.locator("#text")).to_have_value("/answerable hello")
    strip.click()
    page.locator("#close-guide").click()
    assert (strip.bounding_box() or {})["width"] < PHONE["width"] * 0.3
