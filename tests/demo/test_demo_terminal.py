"""The demo on a terminal: it stays open for whoever is there, and nothing of it stays on after."""

import json
import os
import pty
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from sandbox.demo.cast import DANA
from sandbox.demo.leftovers import clear_runs
from sandbox.guide import UNDER_WAY
from sandbox.player import JsonDoor, Player, Unexpected

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds; the short story takes a fraction of that

# The same demo with a story of four steps: register, accept, get a token, take the record out.
SHORT = """
import signal
import sys
from sandbox.demo import __main__, story
signal.signal(signal.SIGINT, signal.SIG_IGN)  # as in the background of a shell
story.STEPS = (*story.STEPS[:3], *(each for each in story.STEPS if "takes" in each.title))
sys.exit(__main__.main())
"""


@contextmanager
def left_open(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Give a short demo on a terminal, and what stands there once it waits for somebody."""
    screen, terminal = pty.openpty()
    demo = subprocess.Popen(
        [sys.executable, "-c", SHORT, "--out", str(folder / "out")],
        cwd=ROOT,
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    try:
        lets_nobody_act_while_it_plays(read_until(screen, b" 1/4").decode())
        yield demo, read_until(screen, b"token list").decode().replace("\r\n", "\n")
    finally:
        demo.kill()
        demo.wait()
        os.close(screen)


def addresses(printed: str) -> tuple[str, str]:
    """Give where the sandbox and the bot said that they are."""
    sandbox = re.search(r"stays open: (http://127\.0\.0\.1:\d+)", printed)
    bot = re.search(r"API is at (http://127\.0\.0\.1:\d+)", printed)
    assert sandbox
    assert bot
    return sandbox[1], bot[1] + "/healthz"


def lets_nobody_act_while_it_plays(printed: str) -> None:
    address = re.search(r"anybody in it: (http://127\.0\.0\.1:\d+)", printed)
    assert address
    with pytest.raises(Unexpected, match="The demo is playing: watch"):
        Player(address[1]).command(DANA.id, "C0AIWATCH", "help")


def answers(address: str) -> bool:
    try:
        return bool(urlopen(address, timeout=5).status == 200)  # noqa: S310 -- our own programs
    except OSError:
        return False


def test_on_a_terminal_the_sandbox_stays_open_for_reports_until_ctrl_c(tmp_path: Path) -> None:
    with left_open(tmp_path) as (demo, printed):
        assert "Ctrl-C ends it" in printed
        assert "\033[" in printed
        assert all(answers(each) for each in addresses(printed))
        takes_what_it_asks_for(printed)
        lets_another_terminal_in(printed)
        page = Player(addresses(printed)[0])
        moved = page.command(DANA.id, "C0CARE", "watch support-triage")
        assert "watched in this channel now" in moved["ephemeral"]
        runs_the_examples_of_the_page(printed, page)
        guides_whoever_is_there(page, tmp_path / "out")
        a_later_demo_clears_what_this_one_keeps(tmp_path)
        demo.send_signal(signal.SIGINT)
        assert demo.wait(30) == 0  # each of its two children is given ten seconds to end
        assert not any(answers(each) for each in addresses(printed))


def takes_what_it_asks_for(printed: str) -> None:
    """Report and ask as the demo says on its last lines."""
    report, gate = re.findall(r"^curl (?:.*\\\n)*.*$", printed, re.MULTILINE)
    if shutil.which("curl") is None:
        return
    said = [
        subprocess.run(["/bin/sh", "-c", each], capture_output=True, check=True, timeout=20).stdout
        for each in (report, gate)
    ]
    assert json.loads(said[0]) == {"accepted": 1, "duplicates": 0, "rejected": []}
    assert json.loads(said[1])["variant"] == "run"


def lets_another_terminal_in(printed: str) -> None:
    """Paste the block for another terminal: there the console is the running bot's own."""
    exports = re.findall(r"^export .*$", printed, re.MULTILINE)
    console = printed.splitlines()[-1]
    assert console.endswith(" token list")
    assert Path(shlex.split(console)[0]).is_absolute(), "whatever that terminal has on its path"
    assert len([each for each in exports if "KEY_FILE" in each]) == 2
    block = "\n".join([*exports, console])
    listed = paste(block)
    assert listed.returncode == 0, listed.stderr
    assert "support-triage" in listed.stdout
    by_another_clock = block.replace("export ANSWERABLE_CLOCK", "export OTHER")
    refused = paste(by_another_clock.replace("token list", "token revoke nobody"))
    assert refused.returncode == 1
    assert "export ANSWERABLE_CLOCK=sandbox" in refused.stderr


def runs_the_examples_of_the_page(printed: str, page: Player) -> None:
    """Copy the lines for another terminal, do as the page says there, and paste its examples."""
    if shutil.which("curl") is None:
        return
    api = (ROOT / "docs/api.md").read_text()
    [limit] = re.findall(r"writes `(.*?)` under \*Limits of measurements\*", api)
    form = page.command(DANA.id, "C0AIWATCH", "register support-triage")["view"]
    wanted = {"limits": limit, "reason": "What comes late helps nobody."}
    assert page.submit(DANA.id, form, wanted)["errors"] is None
    exports = re.findall(r"^export .*$", printed, re.MULTILINE)
    shown = [json.loads(each) for each in re.findall(r"```json\n(.*?)```", api, re.DOTALL)]
    examples = [each for each in re.findall(r"```sh\n(.*?)```", api, re.DOTALL) if "curl" in each]
    gate, *taken = [json.loads(paste("\n".join([*exports, each])).stdout) for each in examples]
    assert gate["variant"] == shown[0]["variant"]
    assert taken == shown[1:]


def a_later_demo_clears_what_this_one_keeps(folder: Path) -> None:
    """See that a run's folder is known for one, had the demo been killed by now."""
    left = shutil.copytree(folder / "out", folder / "killed")
    [run] = left.glob("run-*")
    clear_runs(left)
    assert not run.exists()
    assert {each.name for each in left.iterdir()} >= {"export.zip", "log.vkey"}


def guides_whoever_is_there(page: Player, out: Path) -> None:
    """Take three steps of the page's guide with a key of one's own, by button and by terminal."""
    steps = page.world()["guide"]["steps"]
    assert [each["is_done"] for each in steps] == [False] * 5, "the story is not the visitor's"
    form = page.command(DANA.id, "C0AIWATCH", "register")["view"]
    roles = {"backup": "U0BEN", "steward": "U0PRIYA", "technical_owner": "U0TOMAS"}
    done = page.submit(DANA.id, form, {"key": "mail-sorter", "purpose": "Sorts mail.", **roles})
    assert done["errors"] is None

    def asked() -> Any:  # noqa: ANN401 -- JSON
        newest = page.messages(user=DANA.id)[-1]
        return newest if "mail-sorter" in newest["text"] else None

    page.press(DANA.id, page.wait_for(asked, "a request to accept"), "accept")
    reports_by_button(page)
    steps = page.world()["guide"]["steps"]
    [line] = [hint["run"] for step in steps for hint in step["how"] if hint["run"]]
    assert line.endswith("pipeline.sh mail-sorter")
    for _ in range(2):
        assert paste(line).stdout == "8 accepted, 0 duplicates, 0 rejected\n"
    [reported] = out.glob("run-*/guide_outputs.jsonl")
    produced = {json.loads(each)["produced_at"] for each in reported.read_text().splitlines()}
    assert produced == {page.world()["clock"]["iso"]}, "no earlier than they were registered"
    [check] = [hint["run"] for hint in page.world()["guide"]["end"] if hint["run"]]
    verified = paste(check.replace("answerable-record.zip", shlex.quote(str(out / "export.zip"))))
    assert verified.returncode == 0, verified.stderr
    page.command(DANA.id, "C0AIWATCH", "sample mail-sorter")

    def ticked() -> bool | None:
        done = [each["is_done"] for each in page.world()["guide"]["steps"]]
        return done == [True, True, True, False, False] or None

    page.wait_for(ticked, "three steps ticked off")


def reports_by_button(page: Player) -> None:
    """Press the guide's button; the demo does what the page cannot."""
    door = JsonDoor(page.url)
    for count in (
        "8 outputs of mail-sorter have arrived.",
        "8 outputs of mail-sorter have arrived, 16 in all.",
    ):
        assert door.post("/sandbox/guide/do", {"deed": "report"}) == UNDER_WAY.to_page()

        def told() -> str | None:
            hints = [hint for step in page.world()["guide"]["steps"] for hint in step["how"]]
            [said] = [each["said"] for each in hints if each["do"]]
            return None if said == UNDER_WAY.said else said

        said = page.wait_for(told, "a word on what came of the button")
        assert said == count


def paste(block: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", "-c", block],
        env={"PATH": "/usr/bin:/bin"},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_nothing_of_the_demo_outlives_its_being_killed(tmp_path: Path) -> None:
    with left_open(tmp_path) as (demo, printed):
        assert all(answers(each) for each in addresses(printed))
        demo.kill()
        demo.wait()
        end = time.monotonic() + 20  # noqa: TID251 -- a test's own patience
        while any(answers(each) for each in addresses(printed)):
            assert time.monotonic() < end, "a child of the demo lives on"  # noqa: TID251
            time.sleep(0.05)


STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""


def test_a_child_that_does_not_want_to_stop_ends_too(tmp_path: Path) -> None:
    (tmp_path / "stubborn.py").write_text(STUBBORN, "utf-8")
    impatient = "from sandbox.demo import tethered; tethered.GRACE = 0.1; tethered.main()"
    child = subprocess.Popen(
        [sys.executable, "-c", impatient, "stubborn"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == b"deaf\n"
        child.stdin.close()
        assert child.wait(20) == -signal.SIGKILL


def read_until(screen: int, words: bytes) -> bytes:
    printed = b""
    end = time.monotonic() + PATIENCE  # noqa: TID251 -- a test's own patience
    while words not in printed:
        assert time.monotonic() < end, printed.decode()  # noqa: TID251
        printed += os.read(screen, 65_536)
    return printed
