"""Socket Mode: the connections an app holds, and the acks that come back over them."""

import asyncio
import contextlib
import json
import secrets
from dataclasses import dataclass, field

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.clock import elapsed
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.network import transport_of
from sandbox.wire import Json, Written, new_id

MOST_CONNECTIONS = 10
CONNECTION_SECONDS = 18_060
TICKET_SECONDS = 30.0

# How long a connection still stands after it was told to go. An app must not wait for it: what is
# sent meanwhile goes over the app's other connections, if it has any.
GRACE_SECONDS = {
    "warning": 10.0,
    "refresh_requested": 0.1,
    "too_many_websockets": 0.1,
    "link_disabled": 0.1,
}


@dataclass(frozen=True)
class Receipt:
    """What came of one attempt to deliver one envelope."""

    is_acked: bool
    elapsed_ms: float
    payload: Json | None = None
    problem: str | None = None


@dataclass(eq=False)
class Connection:
    """One connection. A silent one is open and dead: nothing goes out, not even a pong."""

    socket: WebSocket
    is_leaving: bool = False
    is_silent: bool = False

    async def send(self, message: Written) -> None:
        if not self.is_silent:
            await self.socket.send_text(message)

    def fall_silent(self) -> None:
        self.is_silent = True
        transport_of(self.socket).pause_reading()

    def cut(self) -> None:
        transport_of(self.socket).abort()


@dataclass
class Sockets:
    """The app's open connections; each envelope goes to one of them, chosen at random."""

    app_id: str
    journal: Journal
    faults: Faults
    open: list[Connection] = field(default_factory=list)
    _tickets: dict[str, float] = field(default_factory=dict)
    _waiting: dict[str, asyncio.Future[Json | None]] = field(default_factory=dict)
    _farewells: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def usable(self) -> list[Connection]:
        return [each for each in self.open if not each.is_leaving]

    def issue_ticket(self) -> str:
        ticket = new_id("", 24)
        self._tickets[ticket] = elapsed() + TICKET_SECONDS
        return ticket

    async def serve(self, socket: WebSocket) -> None:
        """Hold one connection from its hello to its end."""
        until = self._tickets.pop(socket.query_params.get("ticket", ""), 0.0)
        if elapsed() > until:
            await socket.close(code=4001)
            return
        await socket.accept()
        connection = Connection(socket)
        if len(self.usable) >= MOST_CONNECTIONS:
            await self._part(connection, "too_many_websockets")
            return
        self._bury_the_silent()
        self.open.append(connection)
        try:
            await self._welcome(connection)
            while True:
                self._receive(await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            self.journal.add("socket_out", "closed", status=f"{len(self.open) - 1} left")
        finally:
            self.open.remove(connection)

    async def deliver(self, envelope: Json, patience: float) -> Receipt:
        """Send one envelope and wait for its ack, at most Slack's three seconds."""
        if not self.open:
            return Receipt(is_acked=False, elapsed_ms=0.0, problem="No app is connected.")
        future: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = future
        started = elapsed()
        try:
            await self._send(envelope)
            if self.faults.take("delivery", "duplicate"):
                await self._send(envelope)
            payload = await asyncio.wait_for(future, patience)
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            problem = f"The app did not answer within {patience:g} s."
            return Receipt(is_acked=False, elapsed_ms=_since(started), problem=problem)
        except AckLostError:
            problem = "The app answered, and its answer was lost on the way (a fault asked for)."
            return Receipt(is_acked=False, elapsed_ms=_since(started), problem=problem)
        finally:
            self._waiting.pop(envelope["envelope_id"], None)
        return Receipt(is_acked=True, elapsed_ms=_since(started), payload=payload)

    async def disconnect(self, reason: str) -> int:
        """Tell every connection to go, as Slack does; returns how many were told."""
        leaving = list(self.usable)
        for connection in leaving:
            await self._part(connection, reason)
        return len(leaving)

    def silence(self) -> int:
        """Let every connection go silent, as when a network drops all packets; how many did."""
        for connection in self.open:
            connection.fall_silent()
        self.journal.add("control", "silence", status=f"{len(self.open)} silent")
        return len(self.open)

    def _bury_the_silent(self) -> None:
        """End what fell silent: with the app's next connection at the latest it is known dead."""
        for connection in self.open:
            if connection.is_silent:
                connection.cut()

    async def _send(self, envelope: Json) -> None:
        connection = secrets.choice(self.usable or self.open)
        await self._say(connection, envelope["type"], envelope)

    async def _welcome(self, connection: Connection) -> None:
        """Say hello, unless a fault asked for keeps this connection from ever working."""
        if self.faults.take("socket", "silent"):
            connection.fall_silent()
        await self._greet(connection)
        if self.faults.take("socket", "link_disabled"):
            await self._part(connection, "link_disabled")

    async def _greet(self, connection: Connection) -> None:
        hello = {
            "type": "hello",
            "num_connections": len(self.usable),
            "debug_info": {
                "host": "applink-sandbox",
                "build_number": 1,
                "approximate_connection_time": CONNECTION_SECONDS,
            },
            "connection_info": {"app_id": self.app_id},
        }
        await self._say(connection, "hello", hello)

    async def _part(self, connection: Connection, reason: str) -> None:
        message = {
            "type": "disconnect",
            "reason": reason,
            "debug_info": {"host": "applink-sandbox"},
        }
        connection.is_leaving = True
        await self._say(connection, "disconnect", message)
        task = asyncio.create_task(self._close_later(connection, GRACE_SECONDS[reason]))
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    async def _say(self, connection: Connection, kind: str, message: Json) -> None:
        written = Written(json.dumps(message))
        self.journal.add("socket_out", kind, request=written)
        await connection.send(written)

    async def _close_later(self, connection: Connection, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if connection in self.open:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await connection.socket.close()

    def _receive(self, text: str) -> None:
        """Match an ack with its envelope, whichever connection it came over."""
        message, written = json.loads(text), Written(text)
        envelope_id = message.get("envelope_id", "")
        future = self._waiting.get(envelope_id)
        if future is None or future.done():
            warning = "late or repeated: nobody waits for this ack any more"
            self.journal.add("ack", "ack", response=written, status="ignored", warnings=[warning])
        elif self.faults.take("delivery", "drop_ack"):
            self.journal.add("ack", "ack", response=written, status="dropped")
            future.set_exception(AckLostError())
        else:
            self.journal.add("ack", "ack", response=written, status="ok")
            future.set_result(message.get("payload"))


class AckLostError(Exception):
    """The ack was taken away by a fault."""


def _since(started: float) -> float:
    return round((elapsed() - started) * 1000, 3)
