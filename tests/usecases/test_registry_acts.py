"""Registering a workflow and accepting its duties; people who come and go."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    AUDITOR,
    BACKUP,
    CHANNEL,
    KEY,
    MEMBER,
    OWNER,
    POLICY,
    ROLES,
    STEWARD,
    World,
    a_world,
    person,
)

from bot.domain.breaches import Decision
from bot.domain.gate import GateState
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import Circle, Person, Role, Standing
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused, Repeated
from bot.domain.registry import WorkflowState
from bot.domain.rounds import RoundState
from bot.rendering.render import message
from bot.usecases import people, questions, registry, sampling, showing, watching

ASKED = registry.Registration(KEY, "Sorts the mail", ROLES, CHANNEL, POLICY)


def test_a_registered_workflow_is_a_draft_that_its_owner_owes_an_answer_to(world: World) -> None:
    receipt = world.registers()

    workflow = world.workflow()
    assert (workflow.state, workflow.gate.state) == (WorkflowState.DRAFT, GateState.NOT_READY)
    assert world.owed(ObligationKind.ACCEPT, 0).owed_by == OWNER
    assert receipt.number == world.entries()[-1].seq


def test_acceptance_makes_it_live_with_its_first_round_committed_to(world: World) -> None:
    world.registers()
    world.accepts()

    workflow, round_ = world.workflow(), world.round(1)
    assert (workflow.state, workflow.gate.state) == (WorkflowState.LIVE, GateState.RUN)
    assert world.owed(ObligationKind.ACCEPT, 0).state is ObligationState.ANSWERED
    assert (round_.state, round_.seed) == (RoundState.OPEN, "")
    (opened,) = world.entries(Kind.ROUND_OPENED)
    assert opened.facts["commitment"] == round_.commitment


def test_i1_a_draft_whose_owner_has_left_is_shown_as_overdue(world: World) -> None:
    card = Message(MessageKind.ACCEPT_REQUEST, Place.CHANNEL, CHANNEL, 1, KEY)

    def said() -> tuple[str, str]:
        listed = message(questions.list_workflows(world.deps, person(MEMBER)))
        return message(showing.view_of(world.deps, card)).text, str(listed.blocks[1]["text"])

    world.registers()
    asked, row = said()
    assert f"<@{OWNER}> answers by " in asked
    assert "overdue" not in row
    world.leaves(OWNER)
    asked, row = said()
    assert f"<@{OWNER}>, who was to answer by " in asked
    assert f"An admin can name another owner with `/answerable handover {KEY}`." in asked
    assert f"owner <@{OWNER}>, who has left" in row
    world.forward(2 * 24)
    asked, row = said()
    assert f"*Overdue:* <@{OWNER}>, who was to answer by " in asked
    assert "*overdue: 1*" in row


def test_i2_accepting_twice_is_a_success_with_one_entry(world: World) -> None:
    world.registers()
    first, second = world.accepts(), world.accepts()

    assert len(world.entries(Kind.OWNERSHIP_ACCEPTED)) == 1
    assert first == second


@pytest.mark.parametrize("by", [BACKUP, ADMIN, MEMBER])
def test_i4_nobody_accepts_for_the_owner(world: World, by: str) -> None:
    world.registers()

    with pytest.raises(Refused, match="takes the owner"):
        world.accepts(by=by)
    assert world.workflow().state is WorkflowState.DRAFT
    assert world.refusals() == ["may not accept the duties"]


def test_i4_one_registers_what_one_will_own_and_an_admin_for_anybody(world: World) -> None:
    with pytest.raises(Refused, match="own yourself"):
        world.registers(by=MEMBER)
    world.registers(by=ADMIN)

    assert world.workflow().roles.owner == OWNER
    (entry,) = world.entries(Kind.WORKFLOW_REGISTERED)
    assert entry.role == "admin"


def test_somebody_from_outside_can_be_named_for_nothing(world: World) -> None:
    asked = replace(ASKED, outsiders=frozenset({BACKUP, STEWARD}))
    with pytest.raises(Invalid) as invalid:
        registry.register_workflow(world.deps, person(OWNER), asked)
    assert set(invalid.value.errors) == {"backup", "steward"}
    assert "full member" in invalid.value.errors["backup"]


def test_who_may_not_name_another_is_told_under_the_owner(world: World) -> None:
    with pytest.raises(Refused) as refused:
        world.registers(by=MEMBER)
    assert refused.value.field == "owner"


def test_i4_who_may_not_is_told_all_that_is_wrong_besides_and_it_is_on_record(world: World) -> None:
    asked = replace(
        ASKED,
        key="No",
        policy=replace(POLICY, sample=0),
        outsiders=frozenset({BACKUP}),
        faults={"masks": "It would find nothing.", "sample": "Write a whole number."},
    )
    with pytest.raises(Refused) as refused:
        registry.register_workflow(world.deps, person(MEMBER), asked)
    assert refused.value.field == "owner"
    assert refused.value.besides.keys() == {"key", "backup", "masks", "sample"}
    assert refused.value.besides["sample"] == "Write a whole number."
    assert world.refusals() == ["may not register for another"]

    with pytest.raises(Invalid) as invalid:
        registry.register_workflow(world.deps, person(OWNER), asked)
    assert invalid.value.errors.keys() == {"key", "backup", "masks", "sample"}


def test_what_was_typed_as_a_key_goes_on_record_only_if_it_can_be_one(world: World) -> None:
    typed = replace(ASKED, key="Dana's home address")
    with pytest.raises(Refused):
        registry.register_workflow(world.deps, person(MEMBER), typed)
    with pytest.raises(Refused, match="Dana"):
        registry.accept_ownership(world.deps, person(OWNER), "Dana's home address")

    assert b"Dana" not in b"".join(str(entry).encode() for entry in world.entries())


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (replace(ASKED, key="No"), "key"),
        (replace(ASKED, purpose=""), "purpose"),
        (replace(ASKED, channel=""), "channel"),
        (replace(ASKED, roles=replace(ROLES, backup=OWNER)), "backup"),
        (replace(ASKED, policy=replace(POLICY, zone="Mars")), "zone"),
    ],
)
def test_what_does_not_fit_is_shown_at_its_field_and_not_recorded(
    world: World, asked: registry.Registration, field: str
) -> None:
    before = world.contents()
    with pytest.raises(Invalid) as invalid:
        registry.register_workflow(world.deps, person(asked.roles.owner), asked)

    assert set(invalid.value.errors) == {field}
    assert world.contents() == before


def test_a_key_is_taken_once(world: World) -> None:
    world.registers()

    with pytest.raises(Invalid, match="registered already"):
        world.registers()


def test_i2_a_delivery_that_comes_again_gets_the_receipt_it_got_before(world: World) -> None:
    sender = person(OWNER, delivery="command-1")
    receipt = registry.register_workflow(world.deps, sender, ASKED)
    world.accepts()
    before = world.contents()

    with pytest.raises(Repeated) as repeated:
        registry.register_workflow(world.deps, sender, ASKED)
    assert repeated.value.proof == receipt
    assert world.contents() == before


def test_somebody_who_has_left_can_be_named_for_nothing(world: World) -> None:
    people.note_standing(world.deps, Person(BACKUP, "Ben", Standing.DEACTIVATED))
    with pytest.raises(Invalid) as invalid:
        world.registers()
    assert set(invalid.value.errors) == {"backup"}

    people.note_standing(world.deps, Person(BACKUP, "Ben", Standing.MEMBER))
    world.registers()
    assert [entry.facts["standing"] for entry in world.entries(Kind.PERSON_CHANGED)] == [
        "deactivated",
        "member",
    ]


def test_a_standing_that_is_no_news_is_no_entry(world: World) -> None:
    people.note_standing(world.deps, Person(MEMBER, "Kim"))
    people.note_standing(world.deps, Person(BACKUP, "Ben", Standing.DEACTIVATED))
    before = world.entries()
    people.note_standing(world.deps, Person(BACKUP, "Ben", Standing.DEACTIVATED))

    assert world.entries() == before
    assert "name" not in str(before), "a name is not kept at all"


def test_a_retired_workflow_is_nobodys_to_accept(live: World) -> None:
    live.forward(14 * 24)
    live.acknowledges(1)
    live.decides(1, Decision.RETIRE)

    with pytest.raises(Refused, match="retired"):
        live.accepts()


def test_whatever_is_tried_with_what_is_retired_says_what_to_do_instead(live: World) -> None:
    live.reports(1)
    live.forward(200)
    live.acknowledges(1)
    live.decides(1, Decision.RETIRE)

    for act in (
        live.accepts,
        live.raises,
        live.asks_to_resume,
        lambda: live.hands_over(replace(ROLES, backup=MEMBER)),
        lambda: sampling.sample_now(live.deps, person(OWNER), KEY),
        lambda: watching.watch_here(live.deps, person(OWNER), KEY, CHANNEL),
    ):
        with pytest.raises(Refused, match=r"is retired; register a new workflow instead\.$"):
            act()


@pytest.mark.parametrize("role", ["owner", "backup", "steward"])
def test_i4_an_auditor_answers_for_no_workflow(world: World, role: str) -> None:
    roles = replace(ROLES, **{role: AUDITOR})
    asked = registry.Registration(KEY, "Sorts the mail", roles, CHANNEL, POLICY)
    with pytest.raises(Invalid) as fault:
        registry.register_workflow(world.deps, person(ADMIN), asked)
    said = "reads the record as an auditor, and nobody audits what they answer for: name another"
    assert fault.value.errors == {role: f"This person {said} {role}."}


def test_i4_an_auditor_is_told_before_the_form_that_they_can_register_none(world: World) -> None:
    with pytest.raises(Refused, match="ask an admin to register the workflow") as refused:
        registry.open_registration(world.deps, person(AUDITOR))
    assert refused.value.takes == {Role.ADMIN}
    with pytest.raises(Refused, match="ask an admin to register the workflow"):
        registry.register_workflow(world.deps, person(AUDITOR), ASKED)
    assert world.refusals() == ["auditor may not register"] * 2
    assert registry.open_registration(world.deps, person(OWNER)) == OWNER


def test_an_admin_who_audits_registers_for_others_and_is_proposed_for_nothing(
    world: World,
) -> None:
    both = replace(world.deps, circle=Circle(frozenset({AUDITOR}), frozenset({AUDITOR})))
    assert registry.open_registration(both, person(AUDITOR)) == ""
    registry.register_workflow(both, person(AUDITOR), ASKED)


def test_an_auditor_may_have_built_what_they_read_of(world: World) -> None:
    roles = replace(ROLES, technical_owner=AUDITOR)
    asked = registry.Registration(KEY, "Sorts the mail", roles, CHANNEL, POLICY)
    registry.register_workflow(world.deps, person(OWNER), asked)

    assert world.workflow().roles == roles


def test_i4_whoever_was_made_an_auditor_since_does_not_accept(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    world.registers()
    since = replace(world.deps, circle=Circle(frozenset({ADMIN}), frozenset({OWNER})))
    with pytest.raises(Refused, match="nobody audits what they answer for"):
        registry.accept_ownership(since, person(OWNER), KEY)
    assert world.workflow().state is WorkflowState.DRAFT
    assert world.refusals() == ["auditor may not own"]


def test_a_key_with_a_letter_that_only_looks_right_is_told_which(world: World) -> None:
    asked = registry.Registration("tri\u0430ge", "Sorts the mail", ROLES, CHANNEL, POLICY)
    with pytest.raises(Invalid) as fault:
        registry.register_workflow(world.deps, person(OWNER), asked)
    assert "is U+0430 (cyrillic small letter a): type it anew" in fault.value.errors["key"]
    with pytest.raises(Refused, match="U\\+0430"):
        registry.accept_ownership(world.deps, person(OWNER), "tri\u0430ge")
