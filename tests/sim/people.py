"""People at Slack's client: they look at what they are shown, press, fill in, and lose patience."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from sandbox.acts import payloads
from sandbox.acts.modal import follow
from sandbox.acts.values import complaints, fill_in, stateful
from sandbox.limits.blocks import elements_of
from sandbox.limits.elements import options_of
from sandbox.rooms import Message
from sandbox.wire import Json
from sandbox.workspace import Workspace
from tests.sim.baton import Baton
from tests.sim.server import CHANNEL

Send = Callable[[str, str, Json], "Json | None"]

DUTIES: Final = (
    *("accept", "review", "second_review", "settle", "judge", "acknowledge", "decide"),
    *("carry_out", "confirm", "attest", "drill"),
)
OTHERS: Final = ("pause", "see_outputs", "decline_request", "withdraw_request")
PAGES: Final = 12
THINKS: Final = (2.0, 90.0)  # seconds between what somebody sees and what they press


@dataclass(eq=False)
class Somebody:
    """One person. `send` has Slack bring what they did to the bot: its ack, or None."""

    user_id: str
    workspace: Workspace
    baton: Baton
    chance: Random
    send: Send
    tell_time: Callable[[], None]
    is_diligent: float  # how much of what they are asked for they do when they look
    finds_wrong: float

    def looks(self) -> None:
        """Look at the messages and do some of what they ask for."""
        done = set()
        for message, action in list(self._offered()):
            what = (action["action_id"], _case_in(action["value"]))
            if what not in done and self.chance.random() < self.is_diligent:
                done.add(what)
                self.presses(message, action)

    def types(self, text: str) -> None:
        """Type the slash command, and fill in what opens."""
        self.tell_time()
        user = self.workspace.users[self.user_id]
        channel = self.workspace.channels[CHANNEL]
        self.workspace.views.clear(self.user_id)
        payload = payloads.command(self.workspace, user, channel, "/answerable", text)
        if self.send("command", text, payload) is not None:
            self._fills_in()

    def presses(self, message: Message, action: Json) -> None:
        self.tell_time()
        user = self.workspace.users[self.user_id]
        channel = self.workspace.channels[message.channel]
        self.workspace.views.clear(self.user_id)
        pressed = {**action, "action_ts": self.workspace.rooms.next_ts()}
        shown = message.to_slack()
        payload = payloads.message_action(self.workspace, user, channel, shown, pressed)
        about = f"{action['action_id']} {_case_in(action['value'])}"
        if self.send("press", about, payload) is not None:
            self._fills_in()

    def _offered(self) -> Iterator[tuple[Message, Json]]:
        """Give the buttons they see, the newest message first."""
        rooms = self.workspace.rooms
        for place in (f"D{self.user_id[1:]}", CHANNEL):
            is_own = place != CHANNEL  # what stands in the channel is for others, mostly
            for message in reversed(rooms.in_channel(place)[-40:]):
                for block in message.blocks:
                    for _, element in elements_of(block):
                        is_button = element["type"] == "button" and "value" in element
                        if is_button and self._would_press(element, is_own=is_own):
                            yield message, _action_of(block, element)

    def _would_press(self, element: Json, *, is_own: bool) -> bool:
        action = element.get("action_id")
        if action in OTHERS:
            return self.chance.random() < 0.02
        return action in DUTIES and (is_own or self.chance.random() < 0.03)

    def _fills_in(self) -> None:
        """Go on from one page to the next, until nothing more is asked or they have had enough."""
        for _ in range(PAGES):
            view = self.workspace.views.top(self.user_id)
            if view is None or not view["submit"] or self.chance.random() < 0.03:
                break
            self.baton.sleep(self.chance.uniform(*THINKS))
            if not self._submits(view):
                break
        self.workspace.views.clear(self.user_id)

    def _submits(self, view: Json) -> bool:
        self.tell_time()
        view["state"] = {"values": fill_in(view, self._answers(view))}
        if complaints(view, view["state"]["values"]):
            return False
        user = self.workspace.users[self.user_id]
        about = f"{view['callback_id']} {_case_in(view['private_metadata'])}"
        ack = self.send("submit", about, payloads.submission(self.workspace, user, view))
        if ack is None:
            return True  # "We had some trouble connecting. Try again?"
        errors, _ = follow(self.workspace, user, view, ack)
        return not errors

    def _answers(self, view: Json) -> Json:
        """Fill in a form: a page of a review mostly with `correct`."""
        is_wrong = self.chance.random() < self.finds_wrong
        given: Json = {}
        for block, element in stateful(view):
            given.setdefault(block["block_id"], {})[element["action_id"]] = self._said(
                block, element, is_wrong=is_wrong
            )
        return {block: said for block, said in given.items() if said}

    def _said(self, block: Json, element: Json, *, is_wrong: bool) -> object:
        action = element["action_id"]
        if element["type"] in {"static_select", "radio_buttons"}:
            offered = [str(each["value"]) for each in options_of(element)]
            if action == "verdict":
                return "wrong" if is_wrong else "correct"
            if action in {"why", "severity"}:
                return self.chance.choice(offered) if is_wrong else ""
            return self.chance.choice(offered)
        if element["type"] == "plain_text_input":
            return "" if block.get("optional") else "I have looked at it."
        if element["type"] == "url_text_input":
            return "https://example.org/evidence"
        return ""


def _case_in(value: str) -> str:
    """Give what a button or a window is about; the mark before it is the bot's own."""
    return value.partition("#")[2]


def _action_of(block: Json, element: Json) -> Json:
    return {
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "type": "button",
        "text": element["text"],
        "value": element["value"],
    }
