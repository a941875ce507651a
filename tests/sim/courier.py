"""How Slack brings to the bots what people do and what it tells by itself, and their acks back."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Final

from slack_bolt import BoltResponse

from sandbox.wire import Json
from tests.sim.baton import Baton, Event
from tests.sim.history import History
from tests.sim.pipelines import Pipelines
from tests.sim.replica import Replica
from tests.sim.server import APP, TEAM
from tests.sim.weather import Weather

PATIENCE: Final = 3.0  # seconds until somebody is told that there was no answer


@dataclass(eq=False)
class Courier:
    """Brings each delivery to one of the bots: late, twice or in another order in rough weather.

    `speaks_of_posts`: whether this Slack tells the bot of posts of its own.
    """

    baton: Baton
    chance: Random
    history: History
    weather: Weather
    pipelines: Pipelines
    anybody: Callable[[], Replica | None]
    speaks_of_posts: bool
    _deliveries: int = 0

    def send(self, user_id: str, kind: str, about: str, payload: Json) -> Json | None:
        """Bring what somebody did to one of the bots and give its ack; None if none came."""
        if self.weather.is_away("Slack"):
            return None
        self._deliveries += 1
        fault = self.weather.at("delivery")
        sent = self.history.note("did", delivery=self._deliveries, user=user_id, kind=kind,
                                 about=about, fault=fault, url=_url_of(payload))  # fmt: skip
        if fault == "reordered":
            self.baton.sleep(self.chance.uniform(0, 2.5))
        elif fault == "late":
            self.baton.plan(self.baton.now + self.chance.uniform(3, 9), "a late delivery",
                            partial(self._bring, sent, payload, Event(self.baton), []))  # fmt: skip
            self.baton.sleep(PATIENCE)
            return None
        for after in {"duplicated": (0.0, 1.0), "replayed": (60.0, 900.0)}.get(fault, ()):
            self.baton.plan(self.baton.now + self.chance.uniform(0, after), "a second delivery",
                            partial(self._bring, sent, payload, Event(self.baton), []))  # fmt: skip
        self.pipelines.look_closely(about)
        came, acks = Event(self.baton), list[Json]()
        self._bring(sent, payload, came, acks)
        came.wait(PATIENCE)
        return acks[0] if acks and fault != "answer lost" else None

    def _bring(self, sent: Json, payload: Json, came: Event, acks: list[Json]) -> None:
        bot = self.anybody()
        if bot:
            self.baton.start(
                f"delivery {sent['delivery']}",
                partial(self._handle, bot, sent, payload, came, acks),
                bot.name,
            )

    def dispatch(self, bot: Replica, payload: Json) -> BoltResponse:
        return bot.dispatch(payload)

    def _handle(
        self, bot: Replica, sent: Json, payload: Json, came: Event, acks: list[Json]
    ) -> None:
        begun = self.baton.now
        response = self.dispatch(bot, payload)
        self.weather.at("before ack")
        said = _body_of(response)
        self.history.note("acked", delivery=sent["delivery"], process=bot.name, begun=begun,
                          status=response.status, said=said)  # fmt: skip
        if response.status == 200:
            acks.append(said)
            came.set()
        self.weather.at("after ack")
        self.pipelines.ask_around(sent["about"])

    def posted(self, event: Json) -> None:
        """Tell the bot that a message of its own was posted, if this Slack does so."""
        fault = self.weather.at("event")
        if not self.speaks_of_posts or fault == "lost":
            return
        wait = self.chance.uniform(0.01, 90) if fault == "late" else self.chance.uniform(0.01, 1)
        for _ in range(2 if fault == "duplicated" else 1):
            self._deliveries += 1
            self.baton.plan(self.baton.now + wait, "Slack tells of a post",
                            partial(self._tell, self._deliveries, event))  # fmt: skip

    def _tell(self, number: int, event: Json) -> None:
        payload = {"type": "event_callback", "team_id": TEAM, "api_app_id": APP, "event": event,
                   "event_id": f"Ev{number}", "authorizations": [{"user_id": "U0BOT"}]}  # fmt: skip
        payload_row = event["metadata"]["event_payload"]["outbox_id"]
        sent = self.history.note("told of", delivery=number, outbox=payload_row)
        self._bring({**sent, "about": ""}, payload, Event(self.baton), [])


def _body_of(response: BoltResponse) -> Json:
    return json.loads(response.body) if response.body and response.body.startswith("{") else {}


def _url_of(payload: Json) -> str:
    return str(payload.get("response_url") or "").rpartition("/")[2]
