"""Who is to stand in is away as well, and has named somebody who may not (I4): that is said."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    BUILDER,
    MEMBER,
    OWNER,
    ROLES,
    STEWARD,
    World,
    a_live_world,
    findings,
    person,
)

from bot.domain.messages import MessageKind
from bot.rendering.render import message
from bot.usecases import absences
from tests.engines import on_sqlite
from tests.posted import all_shown

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

NOBODY = "Not so for triage: whoever built it stands in for nobody there,"


@pytest.fixture
def live(tmp_path: Path) -> World:
    return a_live_world(tmp_path)


def notices(world: World) -> dict[str, str]:
    """Deliver all that waits and give what each person reads last of an absence."""
    found = all_shown(world)
    return {
        to: each.text for (kind, to), each in found.items() if kind is MessageKind.ABSENCE_NOTICE
    }


def test_i4_a_chain_that_ends_with_who_built_it_is_said_to_end_with_nobody_there(
    live: World,
) -> None:
    live.is_away(OWNER, MEMBER)
    notices(live)
    live.is_away(MEMBER, BUILDER, days=3)

    said = notices(live)
    assert said.keys() == {OWNER, MEMBER, BUILDER}
    for text in said.values():
        assert f"<@{BUILDER}> stands in:" in text
        assert NOBODY in text
    assert NOBODY in str(message(absences.list_absences(live.deps, person(OWNER))))
    assert findings(live) == []


def test_i4_so_it_is_if_the_one_who_may_not_was_named_first(live: World) -> None:
    live.is_away(MEMBER, BUILDER, days=3)
    assert NOBODY not in str(notices(live)), "they stand in for nobody's workflow"
    live.is_away(OWNER, MEMBER)

    assert NOBODY in notices(live)[OWNER]


def test_who_may_stand_in_is_not_said_to_be_kept_from_it(live: World) -> None:
    live.is_away(OWNER, MEMBER)
    live.is_away(MEMBER, "U0OTHER", days=3)

    assert "Not so for" not in str(notices(live))


def test_i4_who_is_away_reads_that_who_was_to_stand_in_is_the_technical_owner_by_now(
    live: World,
) -> None:
    live.is_away(STEWARD, MEMBER)
    assert NOBODY not in notices(live)[STEWARD]
    live.hands_over(replace(ROLES, technical_owner=MEMBER), by=ADMIN)
    found = notices(live)
    assert NOBODY in found[STEWARD]
    assert NOBODY in found[MEMBER]
    live.hands_over(ROLES, by=ADMIN)
    assert NOBODY not in notices(live)[STEWARD]
    assert findings(live) == []
