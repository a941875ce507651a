"""The socket goes dead, is shut at once, or cannot be had: noticed, mended, not hammered.

These troubles take their time, so each happens to a bot of its own and all of them side by side.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

import httpx
import pytest

from tests.exposition import parse
from tests.journeys import story
from tests.stage import Stage, staged
from tests.workspace import OWNER, Json, until

NOTICED_WITHIN: Final = 20.0  # seconds
MENDED_WITHIN: Final = 30.0


def real() -> float:
    return time.monotonic()  # noqa: TID251 -- how long the real thing takes


def socket_is_ready(stage: Stage) -> bool:
    return bool(readiness(stage)["checks"]["socket"])


def readiness(stage: Stage) -> Json:
    answer: httpx.Response = stage.http.get("/readyz")
    assert (answer.status_code == 200) == all(answer.json()["checks"].values())
    return dict(answer.json())


def until_ready(stage: Stage, *, is_ready: bool, patience: float) -> float:
    """Wait until the socket is ready, or is not; give how long that took."""
    begun = real()
    until(lambda: socket_is_ready(stage) == is_ready, lambda: time.sleep(0.05), patience)
    return real() - begun


def opened(stage: Stage) -> int:
    """Give how often the bot has asked for an address to connect to."""
    return sum(each.get("method") == "apps.connections.open" for each in stage.slack.log())


def handles(stage: Stage) -> int:
    """Count what the bot's process holds open."""
    assert stage.bot
    return len(list(Path(f"/proc/{stage.bot.pid}/fd").iterdir()))


def is_replaced_three_times(stage: Stage) -> None:
    before = handles(stage)
    for _ in range(3):
        stage.slack.post("disconnect", reason="warning")  # Slack leaves it open for 10 s
        stage.slack.until(lambda: stage.slack.get("world")["connected"] == 1)
    until(lambda: handles(stage) <= before + 1, lambda: time.sleep(0.1), patience=5)
    assert socket_is_ready(stage)


def falls_silent(stage: Stage) -> None:
    slack = stage.slack
    story.register(slack, "claims")
    assert slack.post("silence") == {"silent": 1}
    # The one sent into the silence is lost: Slack tells its person to try again.
    slack.fault("apps.connections.open", "error", error="internal_error", times=1)

    noticed = until_ready(stage, is_ready=False, patience=NOTICED_WITHIN)
    assert "socket" in readiness(stage)["detail"]
    until_ready(stage, is_ready=True, patience=MENDED_WITHIN)

    assert noticed < NOTICED_WITHIN
    assert story.accept(slack, "claims")["acked"]
    stage.until_recorded("ownership.accepted", "workflow/claims")
    until(lambda: slack.get("world")["connected"] == 1, lambda: time.sleep(0.05))


def is_shut_at_once(stage: Stage) -> None:
    slack = stage.slack
    slack.fault("socket", "link_disabled", times=1_000)
    before = opened(stage)
    slack.post("disconnect", reason="link_disabled")

    time.sleep(8)
    tried = opened(stage) - before
    slack.mend()

    assert 2 <= tried <= 5, "after 1, 2, 4 and 8 seconds at the earliest"
    until_ready(stage, is_ready=True, patience=MENDED_WITHIN)
    assert slack.command(OWNER, "list")["acked"]


def is_refused_an_address(stage: Stage) -> None:
    slack = stage.slack
    slack.fault("apps.connections.open", "error", error="link_disabled", times=1_000)
    slack.post("disconnect", reason="link_disabled")
    until_ready(stage, is_ready=False, patience=5)
    assert parse(stage.http.get("/metrics").text).value("answerable_socket_open") == 0
    before = opened(stage)

    time.sleep(6)
    tried = opened(stage) - before
    slack.mend()

    assert tried <= 4
    until_ready(stage, is_ready=True, patience=60)
    assert slack.command(OWNER, "list")["acked"]


Trouble = Callable[[Stage], None]
TROUBLES: Final[tuple[Trouble, ...]] = (
    is_replaced_three_times,
    falls_silent,
    is_shut_at_once,
    is_refused_an_address,
)


def lived_through(trouble: Trouble, folder: Path) -> None:
    with staged(folder) as stage:
        stage.serve()
        try:
            trouble(stage)
        except AssertionError as failure:
            failure.add_note(stage.errors())
            raise


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Trouble, Future[None]]]:
    with ThreadPoolExecutor(len(TROUBLES)) as bots:
        yield {
            trouble: bots.submit(lived_through, trouble, tmp_path_factory.mktemp("trouble"))
            for trouble in TROUBLES
        }


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts what Linux lists")
def test_connections_that_were_replaced_are_gone(lived: dict[Trouble, Future[None]]) -> None:
    lived[is_replaced_three_times].result()


def test_a_silent_connection_is_noticed_and_replaced_and_people_are_answered(
    lived: dict[Trouble, Future[None]],
) -> None:
    lived[falls_silent].result()


def test_one_that_is_shut_at_once_is_opened_ever_more_rarely(
    lived: dict[Trouble, Future[None]],
) -> None:
    lived[is_shut_at_once].result()


def test_an_address_that_is_refused_is_asked_for_ever_more_rarely(
    lived: dict[Trouble, Future[None]],
) -> None:
    lived[is_refused_an_address].result()
