"""`python -m sandbox`: a Slack workspace of your own, on loopback only."""

import argparse
import asyncio
import json
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import uvicorn

from sandbox import guide, manifest, world
from sandbox.clock import START, Clock, parse_iso
from sandbox.network import BreakableProtocol
from sandbox.server import build
from sandbox.wire import looks_real
from sandbox.workspace import Settings, Workspace
from sandbox.world import World

HOST = "127.0.0.1"
PING_SECONDS = 10.0
KEEP_ALIVE = 60  # seconds a caller may pause between two requests


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to stop; 2 if what was asked for cannot be."""
    options = _parser().parse_args(arguments)
    try:
        chosen = world.load(options.world)
        _refuse_real_tokens(chosen, os.environ)
        permitted = manifest.load(options.manifest)
        steps = guide.load(options.guide)
    except (OSError, ValueError, TypeError) as error:
        sys.stderr.write(f"sandbox: {error}\n")
        return 2
    workspace = Workspace(chosen, permitted, Clock(options.clock), _settings(options), guide=steps)
    return asyncio.run(_serve(workspace, options.port))


async def _serve(workspace: Workspace, port: int) -> int:
    # Said in full: asyncio turns Nagle off only for sockets that name TCP, and 40 ms a call matter.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        sys.stderr.write(f"sandbox: cannot listen on {HOST}:{port}: {error.strerror}.\n")
        listening.close()
        return 2
    workspace.base_url = f"http://{HOST}:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        build(workspace),
        http=BreakableProtocol,
        ws="websockets-sansio",
        lifespan="off",
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        ws_ping_interval=PING_SECONDS,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=1,
    )
    await _AnnouncedServer(config, workspace).serve(sockets=[listening])
    return 0


class _AnnouncedServer(uvicorn.Server):
    """Prints where it is, one JSON line, as soon as it can be called."""

    def __init__(self, config: uvicorn.Config, workspace: Workspace) -> None:
        super().__init__(config)
        self._workspace = workspace

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        url = self._workspace.base_url
        sys.stdout.write(json.dumps({"url": url, "api": f"{url}/api/"}) + "\n")
        sys.stdout.flush()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer whoever waits for something to happen: nothing will, and the end waits for it."""
        self._workspace.journal.changed.ring()
        self._workspace.clock.wake()
        await super().shutdown(sockets)


def _refuse_real_tokens(chosen: World, environment: Mapping[str, str]) -> None:
    """Raise if a token of a real workspace is about: nothing real belongs in a sandbox."""
    tokens = {"bot": chosen.tokens.bot, "app": chosen.tokens.app}
    slack = {name: value for name, value in environment.items() if name.startswith("SLACK_")}
    for name, value in {**tokens, **slack}.items():
        if looks_real(value):
            raise ValueError(
                f"the token {name} looks like one of a real workspace (no word `sandbox` in it); "
                "take it away and start again."
            )


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        channel_rate=options.channel_rate,
        patience=options.patience,
        retry_factor=options.retry_factor,
        settle_seconds=options.settle,
        events_url=options.events_url,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8765, help="0 takes a free port")
    parser.add_argument("--world", type=Path, help="JSON; default: the built-in people")
    parser.add_argument("--manifest", type=Path, help="YAML; default: everything is allowed")
    parser.add_argument("--guide", type=Path, help="JSON; first steps that the page shows")
    parser.add_argument("--clock", type=parse_iso, default=START, help="ISO; when it starts")
    parser.add_argument("--channel-rate", type=_rate, default=1.0, help="posts a second a channel")
    parser.add_argument("--patience", type=float, default=3.0, help="seconds for acks and triggers")
    parser.add_argument("--retry-factor", type=float, default=1.0, help="shortens event retries")
    parser.add_argument("--settle", type=float, default=0.04, help="seconds to wait after an ack")
    parser.add_argument("--events-url", help="where signed HTTP goes when no socket is open")
    return parser


def _rate(text: str) -> float:
    rate = float(text)
    if rate <= 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return rate


if __name__ == "__main__":
    sys.exit(main())
