"""What may be kept of an output and leave for Slack: I11 said, I12 forget."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import KEY, OWNER, PIPELINE, POLICY, World, a_live_world, person

from bot.domain.intake import Intake
from bot.domain.outputs import Output
from bot.domain.policy import Policy
from bot.domain.record import Kind
from bot.usecases import policies, sampling, verdicts
from bot.usecases.policies import Change
from bot.usecases.steps.pages import Page

LETTER = "From ana@example.com: call +44 20 7946 0958 about ORD-123456."
MASKED = replace(POLICY, masks=("email", "ORD-######"))
LINK = "https://crm.example.com/1"


def sends(world: World, text: str = "", url: str = "", output_id: str = "o-1") -> Intake:
    output = Output(output_id, world.clock.now(), text=text, url=url)
    return sampling.receive_outputs(world.deps, PIPELINE, KEY, [output])


def becomes(world: World, policy: Policy) -> None:
    asked = Change(KEY, replace(policy, number=2), "privacy")
    assert not policies.change_policy(world.deps, person(OWNER), asked).is_waiting


def page(world: World) -> Page:
    sampling.sample_now(world.deps, person(OWNER), KEY)
    return verdicts.open_review(world.deps, person(OWNER), KEY, 2)


@pytest.fixture
def masked(tmp_path: Path) -> World:
    return a_live_world(tmp_path, MASKED)


def test_i12_what_a_mask_fits_is_never_kept(masked: World) -> None:
    assert sends(masked, LETTER).accepted == 1

    kept = f"{masked.contents()}"
    assert "ana@example.com" not in kept
    assert "123456" not in kept
    assert page(masked).item.output.text == ("From ▒▒▒: call +44 20 7946 0958 about ▒▒▒.")


def test_the_same_output_again_is_no_other_one_because_it_is_blanked(masked: World) -> None:
    at = masked.clock.now()
    sent = [Output("o-1", at, text=LETTER), Output("o-1", at, text=LETTER)]
    assert sampling.receive_outputs(masked.deps, PIPELINE, KEY, sent).duplicates == 1
    becomes(masked, replace(MASKED, masks=(*MASKED.masks, "phone")))
    assert sampling.receive_outputs(masked.deps, PIPELINE, KEY, sent).duplicates == 2


def test_i5_what_was_taken_or_not_names_the_rules_that_decided_it(live: World) -> None:
    becomes(live, replace(POLICY, link_only=True))
    assert sends(live, LETTER).rejected
    entry = live.entries(Kind.OUTPUTS_RECEIVED)[-1]
    assert (entry.policy, entry.facts["rejected"]) == (2, 1)


def test_a_workflow_of_links_takes_no_text(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, replace(POLICY, link_only=True))
    [rejected] = sends(world, LETTER, LINK).rejected
    assert "text is not taken for this workflow" in rejected.reason
    assert "ana@example.com" not in f"{world.contents()}"
    assert sends(world, url=LINK).accepted == 1


@pytest.mark.parametrize(
    ("stricter", "left"),
    [
        ({"link_only": True}, ""),
        ({"max_text": 4}, "From"),
        ({"masks": ("email", "phone")}, "From ▒▒▒: call ▒▒▒ about ORD-123456."),
    ],
)
def test_i11_what_was_taken_before_leaves_only_as_the_rules_of_now_allow(
    live: World, stricter: dict[str, object], left: str
) -> None:
    sends(live, LETTER)
    before = page(live)
    assert before.item.output.text == LETTER

    becomes(live, replace(POLICY, **stricter))  # type: ignore[arg-type]

    after = verdicts.open_review(live.deps, person(OWNER), KEY, 2)
    assert after.item.output.text == left


def test_i11_an_address_is_a_link_only_to_a_host_that_two_people_agreed_on(
    tmp_path_factory: pytest.TempPathFactory, live: World
) -> None:
    sends(live, url=LINK)
    assert not page(live).is_link
    asked = Change(KEY, replace(POLICY, number=2, link_hosts=("crm.example.com",)), "quicker")
    assert policies.change_policy(live.deps, person(OWNER), asked).is_waiting

    linking = a_live_world(
        tmp_path_factory.mktemp("linking"), replace(POLICY, link_hosts=("crm.example.com",))
    )
    sends(linking, url=LINK)
    assert page(linking).is_link
