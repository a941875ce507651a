"""The workspace of the journeys: who is in it, what people do there and what they see."""

import json
import time
from collections.abc import Callable
from typing import Any, Final, TypeVar

import httpx

Json = dict[str, Any]
Seen = TypeVar("Seen")

PATIENCE: Final = 30.0  # seconds until something that should happen counts as never happening
UNITS: Final = {"days": 86_400, "hours": 3_600, "minutes": 60, "seconds": 1}

# The people of the sandbox's built-in world, by what they are in these journeys.
OWNER, BACKUP, STEWARD, TECHNICAL_OWNER = "U0DANA", "U0BEN", "U0PRIYA", "U0TOMAS"
ADMIN, OTHER_ADMIN, AUDITOR, MEMBER = "U0ALICE", "U0MAREK", "U0INES", "U0KENJI"
GUEST, DEACTIVATED, STRANGER = "U0GUEST", "U0GONE", "U0STRANGER"
CHANNEL: Final = "C0AIWATCH"
TEAM: Final = "T0SANDBOX"


def until(look: Callable[[], Seen], wait: Callable[[], object], patience: float = PATIENCE) -> Seen:
    """Give what `look` sees as soon as that is something; fail if it never is."""
    end = time.monotonic() + patience  # noqa: TID251 -- a test's own patience
    while not (seen := look()):
        assert time.monotonic() < end, f"it never happened: {look}"  # noqa: TID251
        wait()
    return seen


class Slack:
    """The sandbox's controls: what people do, what they see, and the levers."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, trust_env=False, timeout=30)

    def post(self, path: str, **body: object) -> Json:
        answer = self.http.post(f"/sandbox/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401 -- JSON
        answer = self.http.get(f"/sandbox/{path}", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def command(self, user: str, text: str, channel: str = CHANNEL, **extra: object) -> Json:
        return self.post("command", user=user, channel=channel, text=text, **extra)

    def shortcut(self, user: str, message: Json, callback_id: str, channel: str = CHANNEL) -> Json:
        """Use a shortcut on a message, as its menu in Slack offers it."""
        place = {"channel": channel, "ts": message["ts"]}
        return self.post("shortcut", user=user, callback_id=callback_id, **place)

    def submit(self, user: str, view: Json, values: dict[str, str], **extra: object) -> Json:
        return self.post("submit", user=user, view_id=view["id"], values=values, **extra)

    def messages(self, user: str = "", channel: str = "") -> list[Json]:
        where = {"user": user} if user else {"channel": channel or CHANNEL}
        return list(self.get("messages", **where))

    def whispers(self, user: str) -> list[Json]:
        return list(self.get("ephemerals", user=user))

    def log(self, after: int = 0) -> list[Json]:
        return list(self.get("log", after=after)["entries"])

    def forward(self, **parts: float) -> None:
        """Move the clock by so many `days`, `hours`, `minutes` and `seconds`."""
        seconds = sum(UNITS[unit] * count for unit, count in parts.items())
        self.post("clock", forward_seconds=seconds)

    def fault(self, method: str, kind: str, **more: object) -> None:
        self.post("fault", method=method, kind=kind, **more)

    def mend(self) -> None:
        self.http.request("DELETE", "/sandbox/fault").raise_for_status()

    def until(self, look: Callable[[], Seen], patience: float = PATIENCE) -> Seen:
        """Give what `look` sees as soon as it sees something; look again at every change."""
        last = 0

        def wait() -> None:
            nonlocal last
            last = self.get("changes", after=last, timeout=1)["last"]

        return until(look, wait, patience)

    def until_told(self, user: str, words: str) -> Json:
        """Wait until the last thing only this person sees holds these words, and give it."""

        def look() -> Json | None:
            seen = self.whispers(user)[-1:]
            return seen[0] if seen and words in shown(seen[0]) else None

        return self.until(look)

    def message_with(
        self, action_id: str, text: str = "", *, user: str = "", channel: str = ""
    ) -> Json:
        """Wait for the newest message that holds this button and these words, and give it."""

        def look() -> Json | None:
            return next(
                (
                    message
                    for message in reversed(self.messages(user, channel))
                    if action_id in buttons(message) and text in shown(message)
                ),
                None,
            )

        return self.until(look)

    def press(
        self, user: str, action_id: str, text: str = "", *, channel: str = "", **extra: object
    ) -> Json:
        """Press a button once it is there: in the person's DM, or in a channel if one is named."""
        message = self.message_with(action_id, text, user="" if channel else user, channel=channel)
        return self.click(user, message, action_id, channel=channel, **extra)

    def click(
        self, user: str, message: Json, action_id: str, *, channel: str = "", **extra: object
    ) -> Json:
        place = {"channel": channel} if channel else {}
        return self.post(
            "click", user=user, ts=message["ts"], action_id=action_id, **place, **extra
        )

    def press_in(
        self, user: str, view: Json, action_id: str, about: str = "", **extra: object
    ) -> Json:
        """Press a button of an open window or a Home, of several the one that is about this."""
        meant = {"value": _marked_value(view, action_id, about)} if about else {}
        return self.post(
            "click", user=user, view_id=view["id"], action_id=action_id, **meant, **extra
        )


def _marked_value(view: Json, action_id: str, about: str) -> str:
    """Give what a button hands back that is about this, whatever mark it carries."""
    found = [each for block in view["blocks"] for each in block.get("elements", [])]
    found += [block["accessory"] for block in view["blocks"] if "accessory" in block]
    return next(
        str(each["value"])
        for each in found
        if each.get("action_id") == action_id and str(each["value"]).endswith(f"#{about}")
    )


def buttons(message: Json) -> list[str]:
    """Give the action ids of a message's buttons."""
    return [
        element["action_id"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def shown(message: Json) -> str:
    """Give everything a message shows, as one text."""
    return json.dumps([message["text"], message["blocks"]], ensure_ascii=False)
