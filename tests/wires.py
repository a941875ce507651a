"""A wire to a server that can be cut so that neither side is told."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import URL

AT_ONCE = 65_536


@dataclass
class Wire:
    """What goes between a client and a server, for as long as it is not cut."""

    server: URL
    kept: ExitStack
    cut: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> URL:
        return self.server.set(host="127.0.0.1", port=self.port, query={"sslmode": "disable"})

    def listen(self) -> None:
        listening = self.kept.enter_context(socket.create_server(("127.0.0.1", 0)))
        self.port = listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()

    def _accept(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return  # the test is over
            far = _connected(self.server)
            for end in (near, far):
                self.kept.callback(end.close)
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=ends, daemon=True).start()

    def _carry(self, here: socket.socket, there: socket.socket) -> None:
        try:
            while said := here.recv(AT_ONCE):
                if not self.cut.is_set():
                    there.sendall(said)
            if not self.cut.is_set():
                there.shutdown(socket.SHUT_WR)
        except OSError:
            return  # closed by either side


@contextmanager
def a_wire_to(server: URL) -> Iterator[Wire]:
    with ExitStack() as kept:
        wire = Wire(server, kept)
        wire.listen()
        yield wire


def _connected(server: URL) -> socket.socket:
    folder = server.query.get("host")
    if not folder:
        return socket.create_connection((server.host or "127.0.0.1", server.port or 5432))
    end = socket.socket(socket.AF_UNIX)
    end.connect(
        str(next(each for each in Path(str(folder)).glob(".s.PGSQL.*") if each.is_socket()))
    )
    return end
