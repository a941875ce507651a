"""The courier: brings envelopes to the app over whatever way is open, and retries events."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field

from sandbox.signed import SignedHttp
from sandbox.sockets import Receipt, Sockets
from sandbox.wire import ControlError, Json, new_id
from sandbox.workspace import Workspace

RETRY_SECONDS = (0.0, 60.0, 300.0)


@dataclass
class Courier:
    workspace: Workspace
    sockets: Sockets
    signed: SignedHttp | None = None
    sent: dict[str, Json] = field(default_factory=dict)
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)

    async def interact(self, kind: str, payload: Json) -> tuple[str, Receipt]:
        """Deliver a command or an interaction once: Slack does not retry these."""
        envelope = _envelope(kind, payload, accepts=True)
        return envelope["envelope_id"], await self._deliver(envelope)

    async def event(self, event: Json) -> tuple[str, Receipt]:
        """Deliver an event; unless the first attempt is acked, retries follow by themselves."""
        payload = self._wrapped(event)
        envelope = _envelope("events_api", payload, accepts=False)
        receipt = await self._deliver(envelope)
        if not receipt.is_acked:
            self._start(self._retry(payload))
        return envelope["envelope_id"], receipt

    def emit(self, event: Json, subscription: str) -> None:
        """Deliver an event in the background, if the manifest has this subscription."""
        if self.workspace.manifest.subscribes(subscription):
            self._start(self._deliver_event(event))

    async def redeliver(self, envelope_id: str) -> Receipt:
        """Send the very same envelope again, marked as a retry."""
        if envelope_id not in self.sent:
            raise ControlError(f"No envelope {envelope_id!r} was ever sent.", 404)
        old = self.sent[envelope_id]
        attempt = int(old.get("retry_attempt") or 0) + 1
        return await self._deliver({**old, "retry_attempt": attempt, "retry_reason": "timeout"})

    async def _deliver(self, envelope: Json) -> Receipt:
        self.sent[envelope["envelope_id"]] = envelope
        patience = self.workspace.settings.patience
        if self.signed is not None and not self.sockets.open:
            return await self.signed.deliver(envelope, patience)
        return await self.sockets.deliver(envelope, patience)

    async def _deliver_event(self, event: Json) -> None:
        await self.event(event)

    async def _retry(self, payload: Json) -> None:
        for attempt, seconds in enumerate(RETRY_SECONDS, start=1):
            await asyncio.sleep(seconds * self.workspace.settings.retry_factor)
            envelope = _envelope("events_api", payload, accepts=False)
            envelope |= {"retry_attempt": attempt, "retry_reason": "timeout"}
            if (await self._deliver(envelope)).is_acked:
                return

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def _wrapped(self, event: Json) -> Json:
        world, clock = self.workspace.world, self.workspace.clock
        return {
            "token": "sandbox-verification-token",
            "team_id": world.team.id,
            "context_team_id": world.team.id,
            "context_enterprise_id": None,
            "api_app_id": world.app_id,
            "event": {"event_ts": self.workspace.rooms.next_ts(), **event},
            "type": "event_callback",
            "event_id": new_id("Ev"),
            "event_time": clock.now,
            "authed_users": [world.bot.user_id],
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": world.team.id,
                    "user_id": world.bot.user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": new_id("", 24),
        }


def _envelope(kind: str, payload: Json, *, accepts: bool) -> Json:
    name = new_id("", 32).lower()
    parts = (name[:8], name[8:12], name[12:16], name[16:20], name[20:])
    envelope: Json = {
        "envelope_id": "-".join(parts),
        "type": kind,
        "payload": payload,
        "accepts_response_payload": accepts,
    }
    if kind == "events_api":
        envelope |= {"retry_attempt": 0, "retry_reason": ""}
    return envelope
