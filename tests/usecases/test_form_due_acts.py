"""The windows in which something is answered say of a time that is past that it was due then."""

from collections.abc import Callable
from typing import Final

import pytest
from worlds import BACKUP, KEY, OWNER, SKIPPED, STEWARD, WRONG, World, person

from bot.domain.obligations import ObligationKind
from bot.usecases import disagreements, second_looks, skips, verdicts
from bot.usecases.steps.pages import Page
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

Opened = Page | disagreements.Question | skips.ToJudge


def the_review(world: World) -> Opened:
    page = verdicts.open_review(world.deps, person(OWNER), KEY, 1)
    assert isinstance(page, Page)
    return page


def the_second_look(world: World) -> Opened:
    return second_looks.open_second_look(world.deps, person(BACKUP), KEY, 1)


def what_could_not_be_judged(world: World) -> Opened:
    return skips.open_skipped(world.deps, person(BACKUP), KEY, 1)


def the_disagreement(world: World) -> Opened:
    return disagreements.open_disagreements(world.deps, person(STEWARD), KEY, 1)


def nothing(world: World) -> None:
    del world


def a_skip(world: World) -> None:
    world.answers_round(1, SKIPPED)


def two_looks(world: World) -> None:
    world.answers_round(1)
    world.looks_again(1, WRONG, WRONG)


FORMS: Final[dict[ObligationKind, tuple[Callable[[World], None], Callable[[World], Opened]]]] = {
    ObligationKind.REVIEW: (nothing, the_review),
    ObligationKind.SECOND_REVIEW: (nothing, the_second_look),
    ObligationKind.JUDGE: (a_skip, what_could_not_be_judged),
    ObligationKind.SETTLE: (two_looks, the_disagreement),
}


@pytest.mark.parametrize("kind", FORMS)
def test_a_window_opened_after_the_time_knows_that_it_is_past(
    live: World, kind: ObligationKind
) -> None:
    arranged, opened = FORMS[kind]
    arranged(live)
    due_at = live.owed(kind, 1).due_at
    before = opened(live)
    assert (before.due_at, before.is_overdue) == (due_at, False)
    live.forward(to=due_at)
    late = opened(live)
    assert (late.due_at, late.is_overdue) == (due_at, True)
