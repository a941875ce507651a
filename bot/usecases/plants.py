"""Planting outputs that are known to be wrong, to see whether people notice."""

from collections.abc import Sequence
from typing import Final

from bot.domain.authority import Act, authorise
from bot.domain.data_rules import DataRules, taken, text_fault
from bot.domain.intake import Intake, Rejected
from bot.domain.outputs import Output, output_fault
from bot.domain.people import Actor
from bot.domain.plants import WAITING, Plant, salt_for
from bot.domain.record import Kind
from bot.domain.registry import Workflow, roles_of
from bot.usecases import Deps
from bot.usecases.steps.obligations import policy_of
from bot.usecases.steps.workflows import require_live, workflow_for
from store.unit_of_work import Work

_USED: Final = "output_id was used before: a planted output needs one of its own"


def plant_outputs(deps: Deps, actor: Actor, key: str, outputs: Sequence[Output]) -> Intake:
    """Have outputs wait to be mixed into the next rounds; give what became of each.

    Each is on record as a commitment that does not tell which it is. They are in no population, so
    that none is ever drawn, counted or told to a pipeline.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        workflow = workflow_for(work, actor, key)
        role = authorise(Act.PLANT, actor, roles_of(actor, deps.circle, workflow), on=workflow.name)
        require_live(workflow)
        rules = policy_of(work, workflow).data
        fresh, intake = _sort(work, workflow, rules, outputs)
        work.outputs.add(key, WAITING, fresh, work.now)
        for output in fresh:
            _plant(deps, work, workflow, output, role)
    return intake


def _sort(
    work: Work, workflow: Workflow, rules: DataRules, outputs: Sequence[Output]
) -> tuple[list[Output], Intake]:
    known = work.outputs.known(workflow.key, [each.output_id for each in outputs])
    planted = work.plants.output_ids(workflow.key)
    fresh: dict[str, Output] = {}
    rejected: list[Rejected] = []
    duplicates = 0
    for index, sent in enumerate(outputs):
        output = taken(sent, rules)
        earlier = fresh.get(output.output_id) or known.get(output.output_id)
        is_known = earlier == output and output.output_id in {*planted, *fresh}
        fault = output_fault(output, work.now) or text_fault(sent, rules)
        if fault or (earlier and not is_known):
            rejected.append(Rejected(index, fault or _USED))
        elif is_known:
            duplicates += 1
        else:
            fresh[output.output_id] = output
    return list(fresh.values()), Intake(len(fresh), duplicates, tuple(rejected))


def _plant(deps: Deps, work: Work, workflow: Workflow, output: Output, role: str) -> None:
    number = work.plants.next_number(workflow.key)
    salt = salt_for(deps.draw_key, work.workspace, workflow.key, output.output_id)
    plant = Plant(workflow.key, number, output.output_id, salt, work.last_number + 1)
    work.record(
        Kind.OUTPUT_PLANTED,
        plant.name,
        {"workflow": workflow.key, "plant": number, "commitment": plant.commitment},
        role=role,
        policy=workflow.policy,
    )
    work.plants.add(plant)
