"""Whatever a program sends: an answer that the API's own page has announced, and never a fault."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.core.result import Ok

from tests.journeys import story
from tests.stage import Stage

KEY = "claims"
SCOPES = "outputs:write,measurements:write,gate:read"


@pytest.fixture(scope="module")
def live(stage: Stage) -> Stage:
    story.live(stage, KEY)
    return stage


# A thread that another test has left, such as a client's, may draw its own numbers meanwhile.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies")
@pytest.mark.parametrize("is_known", [True, False])
def test_whatever_is_sent_is_answered_as_announced(live: Stage, *, is_known: bool) -> None:
    secret = story.token(live, KEY, SCOPES) if is_known else "answ_nobody"
    headers = {"Authorization": f"Bearer {secret}"}
    page = schemathesis.openapi.from_url(f"http://{live.listen}/openapi.json")
    asked = []
    for operation in page.get_all_operations():
        assert isinstance(operation, Ok)

        @given(case=operation.ok().as_strategy())
        @settings(max_examples=30, derandomize=True, suppress_health_check=list(HealthCheck))
        def is_answered(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers)

        is_answered()
        asked.append(operation.ok().path)
    assert {"/v1/outputs", "/v1/measurements", "/ofrep/v1/evaluate/flags/{key}"} <= set(asked)
