"""The HTTP application on a port of its own, in a thread of its own."""

import socket
import threading
from typing import Final

import uvicorn
from fastapi import FastAPI

# Beyond it uvicorn answers 503 by itself, before the application: in plain text, no problem
# document. It is well below the 1,024 files that a process may usually have open.
MOST_AT_ONCE: Final = 500


class Server:
    """Listens from the moment it is made, answers once it is started. Raises OSError if it cannot.

    The address is taken before the thread starts, so that an address in use stops the start. Who
    comes while `MOST_AT_ONCE` others are connected is told to come again.
    """

    def __init__(self, app: FastAPI, address: tuple[str, int]) -> None:
        self.door = listen(address)
        config = uvicorn.Config(
            app, log_config=None, access_log=False, limit_concurrency=MOST_AT_ONCE
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self.door]}, name="http", daemon=True
        )

    @property
    def place(self) -> str:
        """Give where it listens: the port is the system's choice if none was named."""
        host, port, *_ = self.door.getsockname()
        return f"[{host}]:{port}" if _is_of_six(host) else f"{host}:{port}"

    def start(self) -> None:
        self._thread.start()

    def stop(self, patience: float) -> None:
        """Let the requests under way end, and take no more."""
        self._server.should_exit = True
        self._thread.join(patience)


def listen(address: tuple[str, int]) -> socket.socket:
    """Give the socket that has this address. Raises OSError if it cannot be had."""
    # Said in full: asyncio turns Nagle off only for sockets that name TCP, and it costs 40 ms.
    family = socket.AF_INET6 if _is_of_six(address[0]) else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind(address)
    except OSError:
        door.close()
        raise
    return door


def _is_of_six(host: str) -> bool:
    """Tell whether this is an address of IPv6, which alone has colons in it."""
    return ":" in host
