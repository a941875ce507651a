"""The guide: begun anew, refused if it is none, and never ticked by what was refused."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from sandbox.__main__ import main
from sandbox.guide import Steps
from sandbox.journal import Entry
from tests.sandbox.browser import PHONE, Visit
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
    "end": "You are through.",
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


def posted(kind: str, workflow: str, said: str) -> Entry:
    """Give the log's entry of a message about a workflow."""
    button = {"action_id": "accept", "value": f"{workflow}/0"}
    again = {"action_id": "review", "value": f"{workflow}/1"}
    request = {"text": f"{said}\n{workflow}", "blocks": [{"elements": [button, again]}]}
    return Entry(1, "", "web_api", kind, json.dumps(request), '{"ok": true}', 200, [])


@pytest.mark.parametrize("workflow", ["support-triage", "my-triage-2"])
def test_the_demos_guide_is_ticked_by_the_visitors_own_workflow_alone(workflow: str) -> None:
    steps = Steps.model_validate(json.loads(Path("sandbox/samples/guide.json").read_text()))
    for step in steps.steps:
        sign = step.signs[0]
        said = sign.request[0].replace("my-triage", workflow).removeprefix('"text": "')
        said = said.replace(r"(?![\w-])", " is open")
        assert not sign.shows_in(posted(sign.kind, workflow, said)), step.id
        own = said.replace(workflow, "my-triage")
        assert sign.shows_in(posted(sign.kind, "my-triage", own)), step.id


def test_what_is_no_guide_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, text in enumerate(["{", "{}", json.dumps({"steps": [{**STEP, "signs": []}]})]):
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
    guide.get_by_role("button", name="Write /answerable hello below").click()
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
    guide.get_by_role("button", name="Begin again").click()
    expect(button).to_contain_text("0 of 2")


def test_on_a_phone_the_next_step_stands_below_the_bar(shared: Sandbox, visit: Visit) -> None:
    shared.post("guide", **TWO_STEPS)
    page = visit(shared.url, PHONE)
    guide, strip = page.locator("#guide"), page.locator("#show-guide")
    expect(guide).to_be_hidden()
    expect(strip).to_have_text("Guide 0 of 2: Say hello")
    assert (strip.bounding_box() or {})["width"] > PHONE["width"] * 0.9
    strip.click()
    guide.get_by_role("button", name="Write /answerable hello below").click()
    expect(guide).to_be_hidden()
    expect(page.locator("#text")).to_have_value("/answerable hello")
    strip.click()
    page.locator("#close-guide").click()
    assert (strip.bounding_box() or {})["width"] < PHONE["width"] * 0.3
