"""The processes the tests share: one like Slack, one with little patience."""

from collections.abc import Iterator

import pytest

from tests.sandbox.sandbox_bench import Sandbox, SmallApp, running


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    options = ("--channel-rate", "500", "--retry-factor", "0.001")
    with running(tmp_path_factory.mktemp("sandbox"), *options) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(shared: Sandbox) -> Iterator[Sandbox]:
    """The shared process, without faults and with nobody's modal open."""
    shared.http.request("DELETE", "/sandbox/fault")
    yield shared
    for view in shared.rows("views", user="U0DANA")[-1:]:
        shared.post("close", user="U0DANA", view_id=view["id"], all=True)


@pytest.fixture(scope="session")
def brief(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox whose three seconds are short, and which posts slowly."""
    options = ("--patience", "0.15", "--channel-rate", "1", "--retry-factor", "0.0001")
    with running(tmp_path_factory.mktemp("brief"), *options) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def connected(shared: Sandbox) -> Iterator[SmallApp]:
    app = SmallApp(shared)
    yield app
    app.close()


@pytest.fixture
def app(connected: SmallApp) -> SmallApp:
    connected.heard.clear()
    connected.retries.clear()
    return connected
