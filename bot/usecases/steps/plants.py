"""Planted outputs of a round: mixed in at the draw, kept apart, and revealed at the close."""

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.copies import Groups, originals
from bot.domain.plants import Plant, most_planted, turns
from bot.domain.policy import Overflow, Policy
from bot.domain.record import Kind
from bot.domain.registry import Workflow, WorkflowState
from bot.domain.rounds import DrawnItem, Round
from bot.domain.sampling import Drawn
from bot.domain.triggers import Triggered
from bot.domain.verdicts import Why
from store.unit_of_work import Work


def mix_in(
    work: Work,
    workflow: Workflow,
    round_: Round,
    policy: Policy,
    drawn: Sequence[Drawn],
    copies: Groups,
    triggered: Sequence[Triggered],
) -> tuple[Plant, ...]:
    """Keep what a first look is asked for: what was drawn and, among it, what waits as planted.

    What is asked besides the draw comes after that, or before it where risk comes first. Copies are
    kept with what they are copies of, behind all that is asked.
    Nothing is planted in the last round of a workflow that is retired: nobody is asked.
    """
    most = most_planted(len(drawn)) if workflow.state is WorkflowState.LIVE else 0
    plants = work.plants.waiting(workflow.key, most)
    besides = [
        *(each.output_id for each in triggered),
        *(each.output_id for each in plants),
    ]
    known = work.outputs.known(workflow.key, besides)
    everything = [*drawn, *(Drawn(each, known[each].category) for each in besides)]
    if policy.is_by_band:  # what stands together would tell how sure the AI was
        everything = [Drawn(each.output_id, "") for each in everything]
    copy_of = originals(copies)
    triggers = {place: each.because for place, each in enumerate(triggered, start=len(drawn))}
    is_first = policy.overflow is Overflow.RISK_FIRST
    behind = set(range(len(everything))) - triggers.keys() if is_first else triggers.keys()
    work.rounds.add_drawn(
        round_,
        [each.output_id for each in everything],
        turns=turns(bytes.fromhex(round_.seed), everything, (copy_of.keys(), behind)),
        counted=len(drawn),
        copy_of=copy_of,
        triggers=triggers,
    )
    mixed = tuple(
        replace(each, round=round_.number, position=position)
        for position, each in enumerate(plants, start=len(drawn) + len(triggered))
    )
    for each in mixed:
        work.plants.save(each)
    return mixed


def record_mixed_in(work: Work, round_: Round, mixed: tuple[Plant, ...], because: int) -> None:
    """Put on record which plants a round has, by their numbers: which outputs these are is not."""
    if mixed:
        work.record(
            Kind.PLANTS_MIXED_IN,
            round_.name,
            {
                "workflow": round_.workflow,
                "round": round_.number,
                "plants": [each.number for each in mixed],
            },
            policy=round_.policy,
            prior=because,
        )


def keep_planted(work: Work, round_: Round, item: DrawnItem) -> None:
    """Keep the answer to a planted output as it was drafted: it is no verdict on record."""
    given = replace(item, draft=None, draft_by="", verdict=item.draft, judged_by=item.draft_by)
    work.rounds.save_item(round_.workflow, round_.number, given)


def reveal_planted(work: Work, round_: Round, error_whys: tuple[Why, ...], because: int) -> None:
    """Put on record what was planted in a round that is closed, and whether it was noticed."""
    plants = work.plants.of_round(round_.workflow, round_.number)
    if not plants:
        return
    items = {item.position: item for item in work.plants.items(round_.workflow, round_.number)}
    work.plants.withdraw(round_.workflow, round_.number)
    work.record(
        Kind.PLANTS_REVEALED,
        round_.name,
        {
            "workflow": round_.workflow,
            "round": round_.number,
            "plants": [_revealed(each, items[each.position], error_whys) for each in plants],
        },
        policy=round_.policy,
        prior=because,
    )


def _revealed(plant: Plant, item: DrawnItem, error_whys: tuple[Why, ...]) -> dict[str, object]:
    """Give what opens a commitment and which draft was handed in, None if none was."""
    return {
        "plant": plant.number,
        "output": plant.output_id,
        "salt": plant.salt,
        "draft": item.entry if item.verdict else None,
        "found": bool(item.verdict and item.verdict.is_error(error_whys)),
    }
