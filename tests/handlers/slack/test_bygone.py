"""What another version of the bot has shown says that it does nothing any more, and what does."""

from collections.abc import Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs
from worlds import KEY, OWNER, World

from tests.engines import databases_of_both as databases
from tests.handlers.slack.test_presses import ANSWERS, Bench, bench_of

__all__ = ["databases"]


@pytest.fixture
def bench(live: World) -> Iterator[Bench]:
    yield from bench_of(live)


@pytest.mark.parametrize("where", [{"response_url": ANSWERS}, {}], ids=["on a card", "at home"])
def test_a_button_of_another_version_says_that_it_is_that(
    bench: Bench, where: dict[str, str]
) -> None:
    before = bench.world.entries()
    with capture_logs() as logged:
        bench.presses(OWNER, "sign_off", f"{KEY}/1", **where)

    told = bench.said[0] if where else bench.shown()
    assert "This button is of another version of Answerable" in told
    assert "`/answerable due` lists what you owe" in told
    assert bench.world.entries() == before
    assert [(each["event"], each.get("action_id")) for each in logged] == [
        ("nothing listens to this button", "sign_off")
    ]


def test_a_form_of_another_version_says_so_and_keeps_what_was_typed(bench: Bench) -> None:
    before = bench.world.entries()
    with capture_logs() as logged:
        said = bench.hands_in(OWNER, "sign_off", KEY, reason="It took me long to type this.")

    assert '"response_action": "errors"' in said
    assert '"reason": "This form is of another version of Answerable' in said
    assert "close it, and open it again from its message" in said
    assert bench.world.entries() == before
    assert [(each["event"], each.get("callback_id")) for each in logged] == [
        ("nothing listens to this form", "sign_off")
    ]


def test_a_form_of_another_version_without_a_field_is_replaced_by_what_to_do(bench: Bench) -> None:
    said = bench.hands_in(OWNER, "sign_off", KEY)

    assert '"response_action": "update"' in said
    assert "This form is of another version of Answerable" in said


@pytest.mark.parametrize("callback_id", ["sign_off", "pause"])
def test_a_form_that_is_closed_is_taken_note_of(bench: Bench, callback_id: str) -> None:
    view = {"type": "modal", "id": "V1", "callback_id": callback_id, "blocks": []}
    answer = bench.sends("view_closed", OWNER, {"view": view, "is_cleared": False})

    assert (answer.status, answer.body) == (200, "")


@pytest.mark.parametrize(
    ("kind", "where"),
    [("message_action", {"response_url": ANSWERS, "message": {}}), ("shortcut", {})],
)
def test_a_shortcut_of_another_version_says_that_it_is_that(
    bench: Bench, kind: str, where: dict[str, Any]
) -> None:
    facts = {"callback_id": "sign_off", "trigger_id": "1.2", **where}
    assert bench.sends(kind, OWNER, facts).status == 200

    told = bench.said[0] if where else bench.shown()
    assert "This shortcut is of another version of Answerable" in told


def test_a_command_of_another_version_says_that_it_is_that(bench: Bench) -> None:
    facts = {"command": "/sign-off", "text": "", "user_id": OWNER, "trigger_id": "1.2"}
    answer = bench.sends("slash", OWNER, facts)

    assert answer.status == 200
    assert "This command is of another version of Answerable" in answer.body
    assert '"response_type": "ephemeral"' in answer.body
