"""What the AI says besides an output is hidden from whoever is to judge it, if a policy says so."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from worlds import (
    BACKUP,
    BUILDER,
    CORRECT,
    KEY,
    OWNER,
    POLICY,
    SKIPPED,
    STEWARD,
    WRONG,
    World,
    a_live_world,
    findings,
    person,
)

from bot.domain.outputs import Output
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.rounds import Look
from bot.usecases import (
    disagreements,
    looking_back,
    policies,
    precedents,
    second_looks,
    shares,
    skips,
    verdicts,
)
from bot.usecases.steps.pages import Page

HIDING = replace(POLICY, hides_answer=True)


@pytest.fixture
def hiding(tmp_path: Path) -> World:
    return a_live_world(tmp_path, HIDING)


def says(output: Output) -> tuple[str, str, str]:
    return output.category, output.confidence, output.model_version


def _first(world: World) -> Output:
    page = verdicts.open_review(world.deps, person(OWNER), KEY, 1)
    assert isinstance(page, Page)
    return page.item.output


def _second(world: World) -> Output:
    return second_looks.open_second_look(world.deps, person(BACKUP), KEY, 1).item.output


def _of_a_share(world: World) -> Output:
    world.hands_out(1, BUILDER)
    page = shares.open_share(world.deps, person(BUILDER), KEY, 1)
    assert isinstance(page, Page)
    return page.item.output


def _again(world: World) -> Output:
    world.answers_page(1)
    return looking_back.look_back(world.deps, person(OWNER), Look.FIRST, KEY, 1, 1).item.output


def _not_judged(world: World) -> Output:
    world.answers_round(1, SKIPPED)
    return skips.open_skipped(world.deps, person(BACKUP), KEY, 1).output


@pytest.mark.parametrize("shown", [_first, _second, _of_a_share, _again, _not_judged])
def test_it_is_hidden_on_every_page_that_asks_for_a_verdict(
    tmp_path: Path, hiding: World, shown: Callable[[World], Output]
) -> None:
    assert says(shown(hiding)) == ("", "", "")
    (tmp_path / "open").mkdir()
    assert shown(a_live_world(tmp_path / "open")).category in {"a", "b", "c"}


def test_so_are_the_corrections_of_others_like_it(hiding: World) -> None:
    with pytest.raises(Refused, match="hidden by the policy"):
        precedents.precedents(hiding.deps, person(OWNER), Look.FIRST, KEY, 1, 0)


def test_whoever_settles_later_sees_it(hiding: World) -> None:
    hiding.answers_round(1)
    hiding.looks_again(1, WRONG, CORRECT)
    asked = disagreements.open_disagreements(hiding.deps, person(STEWARD), KEY, 1)
    assert asked.output.category in {"a", "b", "c"}


def test_a_round_goes_by_the_policy_it_was_opened_under(live: World) -> None:
    policies.change_policy(
        live.deps, person(OWNER), policies.Change(KEY, replace(HIDING, number=2), "led by it")
    )
    assert live.workflow(KEY).policy == 2, "what becomes stricter is in force at once"
    assert _first(live).category, "this round was opened before"


def test_i4_to_show_it_again_takes_two_people(hiding: World) -> None:
    asked = policies.Change(KEY, replace(POLICY, number=2), "it is needed")
    policies.change_policy(hiding.deps, person(OWNER), asked)
    assert hiding.workflow(KEY).policy == 1
    [request] = hiding.entries(Kind.CHANGE_REQUESTED)
    assert request.facts["weakens"] == ["hides_answer"]
    hiding.confirms(1)
    assert hiding.workflow(KEY).policy == 2
    assert findings(hiding) == []
