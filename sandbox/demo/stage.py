"""What every scene stands on: the people, the pipeline, the console, and the storyteller."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from sandbox.clock import elapsed
from sandbox.demo.cast import CHANNEL, CHANNEL_NAME, Person
from sandbox.demo.children import BOT
from sandbox.demo.database import count_unsent, database_of
from sandbox.demo.narrator import Narrator
from sandbox.demo.pipeline import Pipeline
from sandbox.demo.reading import label_of, readable, says
from sandbox.demo.samples import Triaged
from sandbox.player import PATIENCE, JsonDoor, Player, Unexpected
from sandbox.wire import Json

KEY: Final = "support-triage"
CONSOLE_PATIENCE: Final = 60
LOOK_AGAIN: Final = 0.01
SCOPES: Final = (
    "outputs:write,measurements:write,gate:read"  # what the examples in docs/api.md take
)
TOKEN_FOR: Final = ("token", "create", "--scope", SCOPES, "--workflow")

Thing = TypeVar("Thing")


@dataclass
class Stage:
    """The state of one telling of the story."""

    player: Player
    narrator: Narrator
    weeks: Mapping[int, Sequence[Triaged]]
    environment: Mapping[str, str]
    out: Path
    token: str = ""
    commitments: dict[int, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    let_in_so_far: dict[str, Pipeline] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = self.player.world()
        self.names = {each["id"]: f"@{each['name']}" for each in world["users"]}
        self.names |= {each["id"]: f"#{each['name']}" for each in world["channels"]}

    @property
    def pipeline(self) -> Pipeline:
        return self._pipeline(KEY, self.token)

    def let_in(self, workflow: str) -> Pipeline:
        """Give a pipeline of this workflow, with the token that the operator made for it once."""
        if workflow not in self.let_in_so_far:
            token = run([*BOT, *TOKEN_FOR, workflow], self.environment).succeeded()
            self.let_in_so_far[workflow] = self._pipeline(workflow, token)
        pipeline = self.let_in_so_far[workflow]
        self.player.wait_for(lambda: pipeline.is_let_in() or None, "the bot to know the token")
        return pipeline

    def _pipeline(self, workflow: str, token: str) -> Pipeline:
        door = JsonDoor(f"http://{self.environment['ANSWERABLE_LISTEN']}")
        return Pipeline(door, workflow, token)

    def wait_until_said(self) -> None:
        """Wait until everything that is to be said stands in Slack, at the time it belongs to."""
        database = database_of(self.environment)
        end = elapsed() + PATIENCE
        while unsent := count_unsent(database):
            if elapsed() > end:
                raise Unexpected(f"every message to be sent; {unsent} still wait")
            time.sleep(LOOK_AGAIN)

    def command(self, who: Person, text: str) -> Json:
        """Have somebody type a slash command in the channel."""
        self.narrator.does(who.name, f"types /answerable {text}")
        return self.player.command(who.id, CHANNEL, text)

    def press(self, who: Person, action_id: str, containing: str, *, in_channel: bool) -> Json:
        """Have somebody press a button as soon as it is there, in the channel or in their DM."""
        message = self.message(
            containing, "" if in_channel else who.id, lambda each: bool(label_of(each, action_id))
        )
        label = label_of(message, action_id)
        where = CHANNEL_NAME if in_channel else "their DM"
        self.narrator.does(who.name, f"presses “{label}” in {where}")
        channel = CHANNEL if in_channel else ""
        return self.player.press(who.id, message, action_id, channel=channel)

    def message(
        self, containing: str, user: str = "", fits: Callable[[Json], bool] = lambda _: True
    ) -> Json:
        """Give the newest message with these words, in the channel or in somebody's DM."""
        where = {"user": user} if user else {"channel": CHANNEL}

        def look() -> Json | None:
            found = reversed(self.player.messages(**where))
            return next((each for each in found if says(each, containing) and fits(each)), None)

        place = f"{self.names[user]}'s DM" if user else CHANNEL_NAME
        return self.player.wait_for(look, f"a message in {place} that says “{containing}”")

    def show(
        self, containing: str, who: Person | None = None, fits: Callable[[Json], bool] | None = None
    ) -> Json:
        """Wait for a message and show it where it stands."""
        message = self.message(containing, who.id if who else "", fits or (lambda _: True))
        place = f"DM to {who.name}" if who else CHANNEL_NAME
        thread = ", in the thread" if not who and "thread_ts" in message else ""
        self.narrator.sees(place + thread, readable(message["text"], self.names))
        return message

    def whisper(self, who: Person, text: str | None) -> str:
        """Show what only this person sees. Raises Unexpected if that is nothing."""
        said = readable(self.present(text, f"an answer that only {who.name} sees"), self.names)
        self.narrator.sees(f"only {who.name} sees", said)
        return said

    def wait_for_whisper(self, who: Person, containing: str) -> None:
        """Wait for a message that only this person sees, and show it."""

        def look() -> str | None:
            said = (str(each["text"]) for each in reversed(self.player.whispers(who.id)))
            return next((text for text in said if containing in text), None)

        self.whisper(who, self.player.wait_for(look, f"“{containing}” for {who.name} alone"))

    def submit(self, who: Person, view: Json | None, values: Mapping[str, str]) -> Json:
        """Hand a modal in and give what came of it."""
        opened = self.present(view, f"a modal for {who.name}")
        return self.player.submit(who.id, opened, values)

    def receive(self, who: Person, answer: Json) -> None:
        """Show the page that a modal ends on, and close it. Raises Unexpected if it complains."""
        self.require(not answer["errors"], f"the modal to be taken; it said {answer['errors']}")
        view: Json = self.present(answer["view"], f"a last page for {who.name}")
        said = " ".join(
            block["text"]["text"] for block in view["blocks"] if block["type"] == "section"
        )
        self.narrator.sees(f"modal of {who.name}", readable(said, self.names))
        self.player.close(who.id, view)

    def console(self, *arguments: str) -> "Said":
        """Run `answerable …` as the operator does, and give what it said."""
        self.narrator.does("The operator", f"runs: answerable {' '.join(arguments)}")
        return run([*BOT, *arguments], self.environment)

    def require(self, holds: object, wanted: str) -> None:
        """Raise Unexpected, naming what was wanted, unless it holds."""
        if not holds:
            raise Unexpected(wanted)

    def present(self, thing: Thing | None, wanted: str) -> Thing:
        """Give a thing that is there. Raises Unexpected, naming what was wanted, if it is not."""
        if thing is None:
            raise Unexpected(wanted)
        return thing


@dataclass(frozen=True, slots=True)
class Said:
    """How a program ended and what it printed."""

    code: int
    output: str
    errors: str

    def succeeded(self) -> str:
        """Give what it printed. Raises Unexpected if it failed."""
        if self.code:
            raise Unexpected(f"exit code 0; it ended with {self.code}: {self.output}{self.errors}")
        return self.output


def run(command: Sequence[str], environment: Mapping[str, str]) -> Said:
    """Run a program to its end and give what it said. Raises Unexpected if it does not end."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own programs
            command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=CONSOLE_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unexpected(f"{command[-1]} to end within {CONSOLE_PATIENCE} seconds") from error
    return Said(done.returncode, done.stdout.strip(), done.stderr.strip())
