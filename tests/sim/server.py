"""Slack's server: the sandbox's rules, in this process, with faults on the way there and back."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message as Headers
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urlsplit

from sandbox import manifest
from sandbox.api.call import Args
from sandbox.api.door import Door
from sandbox.api.methods import table
from sandbox.clock import Clock
from sandbox.limits.messages import check_content
from sandbox.posting import answer
from sandbox.sockets import Sockets
from sandbox.wire import Json
from sandbox.workspace import Settings, Workspace
from sandbox.world import World
from tests.sim.baton import Baton
from tests.sim.history import History
from tests.sim.weather import Weather

URL: Final = "http://127.0.0.1:1"
API: Final = f"{URL}/api/"
TEAM, CHANNEL, APP = "T0SIM", "C0WATCH", "A0ANSWERABLE"
MANIFEST: Final = Path(__file__).parents[2] / "manifest.yml"
NEARLY_AT_ONCE: Final = (0.01, 0.3)  # seconds that a call is on its way, one way
TIMED_OUT: Final = 10.0
REFUSALS: Final = frozenset({"429", "500", "503", "504"})
LONG: Final = {"timeout before", "timeout after"}
SHOWN: Final = ("channel", "ts", "thread_ts", "text", "metadata", "blocks")


@dataclass(eq=False)
class Server:
    """A workspace at Slack's. What it took and what it answered is on its own log."""

    baton: Baton
    chance: Random
    history: History
    weather: Weather
    people: dict[str, str]
    posted: Callable[[Json], None] = lambda _event: None
    workspace: Workspace = field(init=False)

    def __post_init__(self) -> None:
        users = [{"id": each, "name": each[2:].lower(), "real_name": name}
                 for each, name in self.people.items()]  # fmt: skip
        world = World.model_validate(
            {
                "team": {"id": TEAM, "name": "Simulated", "domain": "simulated"},
                "bot": {"id": "B0BOT", "user_id": "U0BOT", "name": "answerable"},
                "app_id": APP,
                "users": users,
                "channels": [{"id": CHANNEL, "name": "watch", "members": [*self.people, "U0BOT"]}],
            }
        )
        self.workspace = Workspace(
            world, manifest.load(MANIFEST), Clock(self.history.begins_at), Settings(), URL
        )
        self.workspace.emit = lambda event, _subscription: self.posted(event)
        sockets = Sockets(APP, self.workspace.journal, self.workspace.faults)
        self._door = Door(self.workspace, table(sockets))

    # The bot's side: what is called over HTTP.

    def call(self, method: str, given: Json, token: str) -> tuple[int, Json, dict[str, str]]:
        """Answer a call of the Web API, or raise what the network does instead."""
        self.weather.at("before call")
        fault = self.weather.at("call", method)
        noted = self.history.note(
            "call",
            method=method,
            by=self.baton.me().process,
            outbox=_outbox(given),
            to=given.get("channel") or given.get("users") or "",
            accepted=None,
            heard="",
        )
        self._travel()
        if fault in REFUSALS or fault in {"timeout before", "reset before"}:
            noted["heard"] = fault
            return self._fail(fault)
        if fault and fault not in {"timeout after", "reset after"}:
            noted["heard"] = fault
            return 200, {"ok": False, "error": fault}, {}
        status, body, headers = self._answered(method, token, given)
        noted["accepted"] = self.history.now.timestamp() if body.get("ok") else None
        noted["answer"] = body.get("error") or {n: body[n] for n in ("channel", "ts") if n in body}
        noted["shown"] = {n: given[n] for n in SHOWN if n in given}
        self.weather.at("accepted")
        if fault:
            noted["heard"] = fault
            return self._fail(fault)
        self._travel()
        noted["heard"] = "answer"
        self.weather.at("after call")
        return status, body, headers

    def answered_url(self, url: str, body: Json) -> int:
        """Take what is said at a response URL and give the status, or raise as `call` does."""
        fault = self.weather.at("call", "response_url")
        noted = self.history.note(
            "told", url=url.rpartition("/")[2], text=_texts(body), accepted=None, heard=""
        )
        self._travel()
        if fault in REFUSALS or fault in {"timeout before", "reset before"}:
            noted["heard"] = fault
            return self._fail(fault)[0]
        issued = self.workspace.response_urls.issued[url.rpartition("/")[2]]
        self.tell_time()
        refusal = issued.refusal(self.workspace.clock.now)
        issued.uses += 1
        noted["user"] = issued.user
        if refusal:
            noted["heard"] = refusal
            return 404
        check_content(body.get("text") or "", body.get("blocks"))
        answer(self.workspace, body, user=issued.user, channel_id=issued.channel, via="url")
        noted["accepted"] = self.history.now.timestamp()
        self.weather.at("accepted")
        if fault in {"timeout after", "reset after"}:
            noted["heard"] = fault
            self._fail(fault)
        noted["heard"] = "answer"
        return 200

    def _answered(self, method: str, token: str, given: Json) -> tuple[int, Json, dict[str, str]]:
        self.tell_time()
        asked = self._door.answer(method, token, Args(given))
        try:
            asked.send(None)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]
        raise TypeError(f"{method} waits for something, and here nothing may")

    def tell_time(self) -> None:
        self.workspace.clock.move_to(
            max(self.workspace.clock.now, int(self.history.now.timestamp()))
        )

    def _travel(self) -> None:
        self.baton.sleep(self.chance.uniform(*NEARLY_AT_ONCE))

    def _fail(self, fault: str) -> tuple[int, Json, dict[str, str]]:
        if fault in LONG:
            self.baton.sleep(TIMED_OUT)
            raise TimeoutError("timed out")
        if fault in REFUSALS:
            wait = {"Retry-After": str(self.chance.randrange(1, 60))} if fault == "429" else {}
            return int(fault), {"ok": False, "error": "ratelimited" if wait else "server"}, wait
        raise ConnectionResetError("Connection reset by peer")


def _outbox(given: Json) -> list[int] | None:
    """Give which row of the bot's outbox a post is, and which try, as its metadata says."""
    metadata = given.get("metadata")
    if not metadata:
        return None
    payload = (json.loads(metadata) if isinstance(metadata, str) else metadata)["event_payload"]
    return [int(payload["outbox_id"]), int(payload["attempt"])]


def _texts(body: Json) -> str:
    return f"{body.get('text') or ''} {json.dumps(body.get('blocks') or [], ensure_ascii=False)}"


def carried(server: Server) -> Callable[..., dict[str, Any]]:
    """Give what takes the place of the client's way over the network."""

    def perform(_client: object, url: str, req: Any) -> dict[str, Any]:  # noqa: ANN401 -- urllib's
        method = urlsplit(url).path.rpartition("/")[2]
        token = str(req.headers.get("Authorization", "")).removeprefix("Bearer ")
        status, body, headers = server.call(method, _given(req), token)
        named = Headers()
        named["Content-Type"] = "application/json; charset=utf-8"
        for name, value in headers.items():
            named[name] = value
        said = json.dumps(body)
        if status >= 400:
            raise HTTPError(url, status, "refused", named, io.BytesIO(said.encode()))
        return {"status": status, "headers": named, "body": said}

    return perform


def posted_json(server: Server) -> Callable[..., None]:
    """Give what takes the place of posting JSON to one address."""

    def post(address: str, body: Json, _timeout: float) -> None:
        status = server.answered_url(address, dict(body))
        if status != 200:
            raise HTTPError(address, status, "refused", Headers(), io.BytesIO(b"no"))

    return post


def _given(req: Any) -> Json:  # noqa: ANN401 -- urllib's
    raw = req.data or b""
    kind = str(req.headers.get("Content-type", ""))
    if kind.startswith("application/json"):
        return {n: v for n, v in json.loads(raw).items() if v is not None} if raw else {}
    return dict(parse_qsl(raw.decode(), keep_blank_values=True))
