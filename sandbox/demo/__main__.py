"""`python -m sandbox.demo`: the whole story, played by itself in a sandbox on this machine."""

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from sandbox.clock import elapsed
from sandbox.demo import deeds, leftovers, record, story
from sandbox.demo.cast import PEOPLE
from sandbox.demo.children import Child, beside, bot_environment, start_bot, start_sandbox
from sandbox.demo.first_steps import offer_guide
from sandbox.demo.narrator import Narrator, on_screen
from sandbox.demo.samples import read_samples
from sandbox.demo.stage import Stage
from sandbox.demo.visit import invitation
from sandbox.player import Player, Unexpected

SAMPLE: Final = beside("samples", "support_triage.jsonl")
FIGURES: Final = {
    "rounds drawn": "round.drawn",
    "verdicts": "verdict.recorded",
    "rungs climbed by silence": "obligation.climbed",
    "breaches": "breach.opened",
    "decisions": "decision.recorded",
    "refusals": "refused",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the story; 0 if every step went as it should, 1 if one did not."""
    options = _parser().parse_args(arguments)
    narrator = on_screen()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        return 0 if _play(options, narrator) else 1
    except Unexpected as error:
        narrator.fails("The start", str(error))
        return 1
    except OSError as error:
        narrator.fails("The start", _lacking(error))
        return 1
    except KeyboardInterrupt:
        narrator.line("\nStopped.")
        return 130


def _play(options: argparse.Namespace, narrator: Narrator) -> bool:
    began = elapsed()
    with _staged(options.out, options.sample, narrator) as (stage, bot):
        if not story.play(stage):
            narrator.line(f"The bot: {bot.last_words()}")
            return False
        _sum_up(stage, elapsed() - began)
        return _stay_open(stage) if sys.stdout.isatty() else True


@contextmanager
def _staged(out: Path, sample: Path, narrator: Narrator) -> Iterator[tuple[Stage, Child]]:
    """Start the sandbox and the bot, everything of theirs in a folder that goes with them."""
    weeks = read_samples(sample)
    out.mkdir(parents=True, exist_ok=True)
    out = out.resolve()
    with ExitStack() as running:
        running.enter_context(leftovers.alone_in(out))
        leftovers.clear(out, record.LEFT)
        leftovers.clear_runs(out)
        kept = tempfile.TemporaryDirectory(
            prefix=leftovers.RUN, dir=out, ignore_cleanup_errors=True
        )
        folder = Path(running.enter_context(kept))
        narrator.line("A sandbox of Slack and the bot are starting, on this machine alone …")
        sandbox, url = start_sandbox(folder)
        running.callback(sandbox.stop)
        player = Player(url)
        player.begin_story(len(story.STEPS))
        narrator.line(f"Watch it happen, as anybody in it: {url}")
        environment = bot_environment(folder, url, PEOPLE)
        bot = start_bot(folder, environment)
        running.callback(bot.stop)
        yield Stage(player, narrator, weeks, environment, out), bot


def _sum_up(stage: Stage, seconds: float) -> None:
    kinds, say = record.count(stage), stage.narrator.line
    say()
    say(f"{len(story.STEPS)} steps in {seconds:.1f} s. On the record:")
    for what, kind in FIGURES.items():
        say(f"  {kinds[kind]:5,}  {what}")
    say(f"  {kinds.total():5,}  entries in all")
    say(f"Left in {stage.out}:")
    for name in record.LEFT:
        say(f"  {name}")
    say("Each demo has a key of its own: the next one there puts its own files in their place.")


def _stay_open(stage: Stage) -> bool:
    """Do what the page's guide asks until Ctrl-C; give False if the sandbox ends before that."""
    say, since = stage.narrator.line, stage.player.logged()
    offer_guide(stage)
    stage.player.end_story()
    say()
    for line in invitation(stage):
        say(line)
    # Whoever was started in the background of a shell has Ctrl-C ignored, and here it is promised.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        deeds.serve(stage, since)
    except Unexpected as error:
        stage.narrator.fails("The sandbox", str(error))
        return False
    except KeyboardInterrupt:
        say("\nStopped.")
        return True


def _lacking(error: OSError) -> str:
    """Say what the demo needed of this machine, and what to do without it."""
    if not error.filename:
        return f"this machine to allow it, and it does not: {error}"
    why = (error.strerror or "no reason given").lower()
    return f"to use {error.filename}, and cannot ({why}): name another folder with --out"


def _leave(number: int, _frame: object) -> None:
    # The children are stopped on the way out.
    raise SystemExit(128 + number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("sandbox.demo", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("demo-out"), help="what is left goes here")
    parser.add_argument("--sample", type=Path, default=SAMPLE, help="other messages, JSON lines")
    return parser


if __name__ == "__main__":
    sys.exit(main())
