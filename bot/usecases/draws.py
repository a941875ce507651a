"""The draw of a round, within a transaction: its seed revealed and its population frozen."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain import sampling
from bot.domain.capacity import Room
from bot.domain.copies import Groups, groups_among, originals
from bot.domain.people import Role
from bot.domain.policy import Overflow, Policy
from bot.domain.record import Kind
from bot.domain.registry import Workflow, WorkflowState
from bot.domain.rounds import Look, Round, RoundState
from bot.domain.second_looks import NoSecondLook, second_person
from bot.domain.strata import FloorBy
from bot.usecases import Deps
from bot.usecases.steps.load import room_for
from bot.usecases.steps.plants import mix_in, record_mixed_in
from bot.usecases.steps.proving import said_to_prove
from bot.usecases.steps.triggers import triggered_in
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Drawing:
    """A round as it was drawn, how many of its outputs, and the record of that.

    `passed` says why nobody owes a second look at it; None if somebody does.
    """

    round: Round
    drawn: int
    entry: int
    passed: NoSecondLook | None


def reveal(deps: Deps, work: Work, workflow: Workflow, round_: Round, role: Role) -> Drawing | None:
    """Draw from an open round, on record; None if its seed is not the one committed to."""
    seed = sampling.seed_for(deps.draw_key, work.workspace, workflow.key, round_.number)
    if sampling.commitment(seed) != round_.commitment:
        return None
    policy = work.workflows.policy(workflow.key, round_.policy)
    frozen = sampling.Population()
    arrived = work.outputs.population(workflow.key, round_.number, by_band=policy.is_by_band)
    population = frozen.counted(arrived)
    planned, room = _sample(work, round_, policy), room_for(work, round_, policy)
    sample = _cut(work, round_, planned, room)
    drawn = sampling.draw(seed, population, sample, policy.floor)
    drawn_round = replace(
        round_,
        state=RoundState.DRAWN,
        drawn_at=work.now,
        population=frozen.size,
        seed=seed.hex(),
        cut_from=planned if sample < planned else 0,
    )
    work.rounds.save(drawn_round)
    drawn_ids = tuple(each.output_id for each in drawn)
    copies = _copies(work, round_, drawn_ids)
    unasked = originals(copies)
    asked = [each for place, each in enumerate(drawn_ids) if place not in unasked]
    second = sampling.second_look(seed, asked)
    triggered = triggered_in(work, workflow, drawn_round, policy, frozenset(drawn_ids))
    if room and policy.overflow is Overflow.RANDOM_SUBSET:
        triggered = triggered[: room.besides(len(asked))]
    mixed = mix_in(work, workflow, drawn_round, policy, drawn, copies, triggered)
    work.rounds.add_drawn(drawn_round, second, Look.SECOND)
    passed = _passed(workflow, drawn_ids)
    share = Counter(each.category for each in drawn)
    # Pairs, because a category is in any script and a key of an entry is ASCII.
    allocation = [[each, share[each]] for each in sorted(frozen.sizes)]
    chosen = {
        "sample": sample,
        "cut_from": drawn_round.cut_from or None,
        "allocation": allocation,
        "drawn": drawn_ids,
        "copies": copies,
        "triggered": [[each.output_id, each.because, each.confidence] for each in triggered],
        "second": second,
        "passed": passed,
    }
    seq = _record(work, drawn_round, policy, frozen, chosen, role)
    record_mixed_in(work, drawn_round, mixed, seq)
    return Drawing(drawn_round, len(drawn), seq, passed)


def _copies(work: Work, round_: Round, drawn_ids: tuple[str, ...]) -> Groups:
    """Give what of a draw is the same as people see it: texts are as the data rules left them."""
    known = work.outputs.known(round_.workflow, drawn_ids)
    return groups_among([known[each] for each in drawn_ids])


def _sample(work: Work, round_: Round, policy: Policy) -> int:
    if not policy.plan.is_share:
        return round_.sample
    population = work.outputs.count(round_.workflow, round_.number)
    plan = policy.plan.at_least(said_to_prove(work, round_, policy))
    return plan.size(population, round_.usual, round_.sample)


def _cut(work: Work, round_: Round, planned: int, room: Room | None) -> int:
    """Give how many of so many are drawn: all of them, unless there is no time for what arrived."""
    wanted = min(planned, work.outputs.count(round_.workflow, round_.number)) if room else planned
    fits = room.cut(wanted) if room else wanted
    return fits if fits < wanted else planned


def _passed(workflow: Workflow, drawn: tuple[str, ...]) -> NoSecondLook | None:
    if workflow.state is WorkflowState.RETIRED:
        return NoSecondLook.RETIRED
    if not drawn:
        return NoSecondLook.NOTHING_DRAWN
    return None if second_person(workflow.roles) else NoSecondLook.NOBODY


def _record(
    work: Work,
    round_: Round,
    policy: Policy,
    frozen: sampling.Population,
    chosen: Mapping[str, object],
    role: Role,
) -> int:
    return work.record(
        Kind.ROUND_DRAWN,
        round_.name,
        {
            "workflow": round_.workflow,
            "round": round_.number,
            "seed": round_.seed,
            "population": frozen.size,
            "population_root": frozen.root.hex(),
            "floor": policy.floor,
            "by": FloorBy.CONFIDENCE if policy.is_by_band else FloorBy.CATEGORY,
            **chosen,
        },
        role=role,
        policy=round_.policy,
    )
