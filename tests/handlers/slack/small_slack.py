"""A Web API that answers every method with what it is told to say, or breaks off without a word."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread


@dataclass
class SmallSlack:
    """What it says next, and where it listens."""

    address: str = ""
    status: int = 200
    is_broken_off: bool = False
    said: dict[str, object] = field(default_factory=dict)

    def says(self, *, status: int = 200, is_broken_off: bool = False, **said: object) -> None:
        self.status, self.is_broken_off, self.said = status, is_broken_off, said


@contextmanager
def a_small_slack() -> Iterator[SmallSlack]:
    small = SmallSlack()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if small.is_broken_off:
                self.connection.close()
                return
            body = json.dumps(small.said).encode()
            self.send_response(small.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    small.address = f"http://127.0.0.1:{server.server_port}/api/"
    yield small
    server.shutdown()
    server.server_close()
