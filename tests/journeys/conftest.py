"""One stage for each file of journeys; what its processes said is shown when one fails."""

from collections.abc import Generator, Iterator
from typing import Any

import pytest

from tests.stage import Stage, staged


@pytest.fixture(scope="module")
def empty_stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A sandbox, and no bot yet."""
    with staged(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.fixture(scope="module")
def stage(empty_stage: Stage) -> Stage:
    """A sandbox and a bot that is ready."""
    empty_stage.serve()
    return empty_stage


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        used: dict[str, Any] = getattr(item, "funcargs", {})
        for stage in {id(each): each for each in used.values() if isinstance(each, Stage)}.values():
            report.sections.append(("what the processes said", stage.errors()))
    return report
