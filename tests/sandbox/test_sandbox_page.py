"""The page: served, harmless, and able to show what the API accepts."""

import json
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path

import pytest

from sandbox.clock import Clock
from sandbox.journal import Journal
from sandbox.limits.blocks import IN_MESSAGES
from sandbox.limits.elements import ELEMENTS
from tests.sandbox.sandbox_bench import Sandbox

PAGE = Path(str(resources.files("sandbox").joinpath("page")))
NODE = shutil.which("node")


def test_the_page_and_all_its_parts_are_served(brief: Sandbox) -> None:
    index = brief.http.get("/")
    assert "default-src 'self'" in index.text
    assert brief.http.get("/archives/C0AIWATCH/p1").text == index.text
    for part in PAGE.iterdir():
        assert brief.http.get(f"/page/{part.name}").status_code == 200
        for imported in re.findall(r'from "\./([\w.]+)"', part.read_text()):
            assert (PAGE / imported).exists()


@pytest.mark.parametrize(
    ("direction", "kind", "is_seen"),
    [
        ("socket_out", "interactive", False),
        ("web_api", "sandbox.clock", False),
        ("web_api", "users.info", False),
        ("web_api", "conversations.info", False),
        ("web_api", "conversations.open", True),
        ("socket_out", "closed", True),  # an app fewer is connected
        ("ack", "ack", True),
        ("web_api", "chat.update", True),
    ],
)
def test_the_page_is_told_of_what_people_can_see(
    direction: str, kind: str, *, is_seen: bool
) -> None:
    journal = Journal(Clock())
    journal.add(direction, kind)
    assert (journal.shown == journal.last) is is_seen


def test_no_text_becomes_markup() -> None:
    for part in PAGE.glob("*.js"):
        assert not re.search(
            r"\.(inner|outer)HTML\b|insertAdjacentHTML|document\.write", part.read_text()
        )


def test_the_page_can_draw_every_block_and_element_the_api_accepts() -> None:
    blocks = (PAGE / "blocks.js").read_text()
    renderers = blocks[blocks.index("const RENDERERS") :]
    inputs = (PAGE / "inputs.js").read_text()
    controls = inputs[inputs.index("const CONTROLS") :]
    missing = [
        each for each in IN_MESSAGES if not re.search(rf"^  {each}: ", renderers, re.MULTILINE)
    ]
    missing += [
        each
        for each in set(ELEMENTS) - {"button"}
        if not re.search(rf"^  {each}: ", controls, re.MULTILINE)
    ]
    assert missing == []


TEXTS = {
    "&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|ok&gt;": ["text"],
    "&amp;lt;!channel&amp;gt;": ["text"],
    "<!channel>": ["broadcast"],
    "<@U0DANA>": ["user"],
    "<https://a.example|a *b*>": ["link"],
    "<javascript:alert(1)|x>": ["text"],
    "*bold*": ["bold"],
    "2*3*4": ["text"],
    "`*code*`": ["code"],
    "&gt; quoted": ["quote"],
    "<!date^1780300800^{date_short}|then>": ["date"],
    "one\ntwo": ["text", "break", "text"],
}


@pytest.mark.skipif(NODE is None, reason="needs node")
def test_escaped_text_is_shown_as_text() -> None:
    script = (
        f"import {{ parse }} from {json.dumps((PAGE / 'mrkdwn.js').as_uri())};"
        f"console.log(JSON.stringify({json.dumps(list(TEXTS))}.map((each) => parse(each))));"
    )
    assert NODE
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", script],
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    trees = json.loads(done.stdout)
    assert [[node["kind"] for node in tree] for tree in trees] == list(TEXTS.values())
    assert trees[0][0]["text"] == "<!channel> <@U1> <https://evil.example|ok>"
    assert trees[1][0]["text"] == "&lt;!channel&gt;"
