"""Delivery over HTTP to an app that holds no socket: signed requests, as Slack sends them."""

import asyncio
import hashlib
import hmac
import http.client
import json
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from sandbox.clock import elapsed, real_seconds
from sandbox.journal import Journal
from sandbox.sockets import Receipt
from sandbox.wire import Json

_OK = 200


@dataclass(frozen=True)
class SignedHttp:
    url: str
    signing_secret: str
    journal: Journal

    async def deliver(self, envelope: Json, patience: float) -> Receipt:
        """POST one envelope's payload; only a 200 within Slack's three seconds counts."""
        body, content_type = _encode(envelope)
        headers = self._headers(body, content_type, envelope)
        started = elapsed()
        try:
            status, answer, kind = await asyncio.to_thread(self._post, body, headers, patience)
        except (OSError, http.client.HTTPException) as error:
            self._note(envelope, f"{type(error).__name__}", None)
            taken = (elapsed() - started) * 1000
            return Receipt(is_acked=False, elapsed_ms=taken, problem=f"The app is away: {error}.")
        payload = _decode(answer, kind)
        self._note(envelope, status, payload)
        problem = None if status == _OK else f"The app answered {status}."
        taken = (elapsed() - started) * 1000
        return Receipt(status == _OK, round(taken, 3), payload, problem)

    def _headers(self, body: bytes, content_type: str, envelope: Json) -> dict[str, str]:
        """Sign with the machine's time, whatever the workspace's clock says."""
        stamp = str(real_seconds())
        base = f"v0:{stamp}:".encode() + body
        digest = hmac.new(self.signing_secret.encode(), base, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={digest}",
        }
        if envelope.get("retry_attempt"):
            headers["X-Slack-Retry-Num"] = str(envelope["retry_attempt"])
            headers["X-Slack-Retry-Reason"] = str(envelope["retry_reason"])
        return headers

    def _post(
        self, body: bytes, headers: dict[str, str], patience: float
    ) -> tuple[int, bytes, str]:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.netloc, timeout=patience)
        try:
            connection.request("POST", parts.path or "/", body, headers)
            response = connection.getresponse()
            return response.status, response.read(), response.getheader("Content-Type", "")
        finally:
            connection.close()

    def _note(self, envelope: Json, status: int | str, payload: Json | None) -> None:
        kind = envelope["type"]
        self.journal.add("http_out", kind, request=envelope, response=payload, status=status)


def _encode(envelope: Json) -> tuple[bytes, str]:
    payload = envelope["payload"]
    if envelope["type"] == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if envelope["type"] == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _decode(answer: bytes, content_type: str) -> Json | None:
    if not answer.strip():
        return None
    if content_type.startswith("application/json"):
        decoded = json.loads(answer)
        return decoded if isinstance(decoded, dict) else None
    return {"text": answer.decode("utf-8", "replace")}
