"""Plays people over the sandbox's control API: what they type, press and see."""

import json
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any, Final, TypeVar
from urllib.parse import urlencode, urlsplit

from sandbox.clock import elapsed
from sandbox.telling import HEADER
from sandbox.wire import Json

PATIENCE: Final = 15.0  # seconds until what should happen counts as never happening
ANSWER_TIMEOUT: Final = 30.0
LONGEST_POLL: Final = 1
LONG_POLL: Final = 20  # for whoever has nothing else to do

Seen = TypeVar("Seen")


class Unexpected(Exception):  # noqa: N818 -- what was expected, and what came
    """Something did not happen as it should have; the message says what was expected."""


class Player:
    """Acts as anybody in the sandbox at this address. Raises Unexpected where that fails."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._door = JsonDoor(url)
        self._held: dict[str, str] = {}  # the story's pass, while one is told

    def command(self, user: str, channel: str, text: str) -> Json:
        """Type `/answerable …` and give what became of it."""
        return self._do("command", user=user, channel=channel, text=text)

    def press(self, user: str, message: Json, action_id: str, *, channel: str = "") -> Json:
        """Press a button of a message: in the person's DM, or in a channel if one is named."""
        place = {"channel": channel} if channel else {"channel": self.direct_channel(user)}
        return self._do("click", user=user, ts=message["ts"], action_id=action_id, **place)

    def submit(self, user: str, view: Json, values: Mapping[str, str]) -> Json:
        """Hand a modal in and give what came of it: the `view` that follows, or the `errors`."""
        return self._do("submit", user=user, view_id=view["id"], values=dict(values))

    def close(self, user: str, view: Json) -> None:
        self._do("close", user=user, view_id=view["id"])

    def messages(self, *, channel: str = "", user: str = "") -> list[Json]:
        """Give what stands in a channel or in a person's DM, the oldest first."""
        where = {"channel": channel} if channel else {"user": user}
        return list(self._look("messages", **where))

    def whispers(self, user: str) -> list[Json]:
        """Give the messages that only this person has seen."""
        return list(self._look("ephemerals", user=user))

    def files(self) -> list[Json]:
        return list(self._look("files"))

    def begin_story(self, steps: int) -> None:
        """Let nobody act but this player until the story has ended: whoever looks on watches."""
        self._held = {HEADER: str(self._do("story", of=steps)["pass"])}

    def tell_step(self, number: int, title: str) -> None:
        """Have the page say where the story is."""
        self._do("story/step", step=number, title=title)

    def end_story(self) -> None:
        self._do("story/end")
        self._held = {}

    def show_guide(self, steps: Json) -> None:
        """Have the page show these first steps; what happened before does not count."""
        self._do("guide", **steps)

    def logged(self) -> int:
        """Give how many entries the sandbox's log has."""
        return self._last()

    def asked_of_guide(self, after: int) -> tuple[int, list[Json]]:
        """Wait a while for the guide's buttons; give the log's end, and what was asked since."""
        self._last(after=after, timeout=LONG_POLL)
        log = self._look("log", after=after)
        asked = [each["request"] for each in log["entries"] if each.get("type") == "guide.do"]
        return int(log["last"]), asked

    def tell_of_deed(self, deed: str, said: str, *, failed: bool = False) -> None:
        """Have the page say what came of a button of its guide."""
        self._do("guide/done", deed=deed, said=said, failed=failed)

    def world(self) -> Json:
        return dict(self._look("world"))

    def direct_channel(self, user: str) -> str:
        """Give the DM of this person: it is there as soon as anybody looks at it."""
        self.messages(user=user)
        return next(
            str(each["id"])
            for each in self.world()["channels"]
            if each["is_im"] and each["user"] == user
        )

    def move_clock(self, to: str) -> None:
        """Move the clock; when this returns, the app has done what had fallen due by then.

        An app asks for the move after the one it knows only once it is done with that one: so the
        clock is moved on the spot until the app has asked so.
        """
        before = self._last()
        wanted = moved = int(self._do("clock", to=to)["version"])

        def look() -> bool | None:
            nonlocal moved
            asked = [each for each in self._log_after(before) if _is_clock_call(each)]
            if any(int(each["request"]["after"]) >= wanted for each in asked):
                return True
            if any(int(each["response"]["version"]) >= moved for each in asked):
                moved = int(self._do("clock", to=to)["version"])
            return None

        self.wait_for(look, f"the app to follow the clock to {to}")

    def wait_for(
        self, look: Callable[[], Seen | None], wanted: str, patience: float = PATIENCE
    ) -> Seen:
        """Give what `look` sees as soon as it sees something; it looks again at every change."""
        end = elapsed() + patience
        last = -1
        while True:
            last = self._last(after=last, timeout=LONGEST_POLL)
            seen = look()
            if seen is not None:
                return seen
            if elapsed() > end:
                raise Unexpected(f"{wanted}, within {patience:.0f} seconds")

    def calls(self) -> list[Json]:
        """Give every call the app has made to Slack's API, as the sandbox logged it."""
        return [each for each in self._log_after(0) if each["direction"] == "web_api"]

    def _last(self, after: int = -1, timeout: int = 0) -> int:
        return int(self._look("changes", after=after, timeout=timeout)["last"])

    def _log_after(self, number: int) -> list[Json]:
        return list(self._look("log", after=number)["entries"])

    def _do(self, what: str, /, **body: object) -> Json:
        return dict(self._door.post(f"/sandbox/{what}", body, self._held))

    def _look(self, what: str, **query: str | int) -> Any:  # noqa: ANN401 -- JSON
        return self._door.get(f"/sandbox/{what}?{urlencode(query)}")


def _is_clock_call(entry: Json) -> bool:
    is_call = entry["direction"] == "web_api" and entry["method"] == "sandbox.clock"
    return is_call and "after" in entry["request"] and entry["response"] is not None


class JsonDoor:
    """Speaks JSON to an HTTP server on this machine; every request has a connection of its own."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc

    def get(self, path: str) -> Any:  # noqa: ANN401 -- JSON
        return self._answer("GET", path, None, {})

    def post(self, path: str, body: object, headers: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401 -- JSON
        return self._answer("POST", path, json.dumps(body).encode(), headers or {})

    def _answer(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> Any:  # noqa: ANN401
        connection = HTTPConnection(self._host, timeout=ANSWER_TIMEOUT)
        try:
            kind = {"Content-Type": "application/json"}
            connection.request(method, path, body, {**kind, **headers})
            answer = connection.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException) as error:
            raise Unexpected(f"{method} {path} to be answered; it was not: {error!r}") from error
        finally:
            connection.close()
        if answer.status >= 400:  # noqa: PLR2004 -- an error, says HTTP
            where = path.partition("?")[0]
            raise Unexpected(f"{method} {where} to be answered; it said {answer.status}: {text}")
        return json.loads(text)
