"""Taking in outputs, and drawing from them when a round's period ends."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.authority import Act, authorise
from bot.domain.breaches import Cause, volume_cause
from bot.domain.calendar import next_occurrence
from bot.domain.data_rules import DataRules, taken, text_fault
from bot.domain.figures import counted
from bot.domain.gate import GateState
from bot.domain.intake import Intake, Rejected
from bot.domain.messages import MessageKind
from bot.domain.moments import utc_text
from bot.domain.obligations import ObligationKind
from bot.domain.outputs import Output, clash, crowding, output_fault
from bot.domain.people import SYSTEM, Actor, Role
from bot.domain.policy import Policy
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import Workflow, WorkflowState, roles_of
from bot.domain.rounds import Round, RoundState
from bot.usecases import DUE_AT_ONCE, Deps, closing, draws
from bot.usecases.steps.breaches import open_breach
from bot.usecases.steps.load import notice_overload
from bot.usecases.steps.looks import ask_for_second_look
from bot.usecases.steps.messages import tell_channel, tell_person
from bot.usecases.steps.obligations import owe, policy_of
from bot.usecases.steps.rounds import open_round
from bot.usecases.steps.workflows import require_live, workflow_for
from store.reading import Reading
from store.unit_of_work import Work


def receive_outputs(
    deps: Deps, actor: Actor, key: str, outputs: Sequence[Output], turned_away: int = 0
) -> Intake:
    """Put outputs into a live workflow's open round; each is taken, known already or rejected.

    `turned_away` counts what was sent with them and is no output at all: the record says so too.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        workflow = work.workflows.get(key)
        require_live(workflow)
        round_ = _open_round(work, workflow)
        # Of how much is drawn the round's own policy decides, of what may be kept the one of now.
        rules = policy_of(work, workflow).data
        fresh, intake = _sort(work, round_, rules, outputs)
        work.outputs.add(key, round_.number, fresh, work.now)
        if fresh or intake.rejected or turned_away:
            _record_intake(work, workflow, round_, intake, turned_away)
        _notice_pause_not_honoured(work, workflow, fresh)
    return intake


@dataclass(frozen=True, slots=True)
class Sampled:
    """What ending a period early has brought: a draw, or a breach if its seed is not to be had.

    `has_left`: the owner is no full member any more, and others are asked to review it.
    """

    is_drawn: bool
    round: Round
    channel: str
    owner: str
    receipt: Proof
    has_left: bool = False


def sample_now(deps: Deps, actor: Actor, key: str) -> Sampled:
    """End the open round's period now and draw from what has arrived in it."""
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        workflow = workflow_for(work, actor, key)
        role = authorise(
            Act.SAMPLE, actor, roles_of(actor, deps.circle, workflow), on=workflow.name
        )
        require_live(workflow)
        round_ = _open_round(work, workflow)
        if work.outputs.count(key, round_.number) == 0:
            before = work.rounds.find(key, round_.number - 1)
            drawn = before.drawn_at if before else None
            since = f"Round {round_.number - 1} was drawn {utc_text(drawn)}. " if drawn else ""
            raise Refused(
                "nothing to draw from",
                f"{since}No output of {key} has arrived in round {round_.number} yet: there is "
                "nothing to draw from. Ask again once its pipeline has reported some.",
                on=round_.name,
            )
        is_drawn = _draw(deps, work, workflow, round_, role, is_early=True)
        owner = workflow.roles.owner
        has_left = owner in work.people.gone()
    return Sampled(is_drawn, round_, workflow.channel, owner, work.receipt, has_left)


def turn_round(deps: Deps, key: str) -> bool:
    """Draw a workflow's open round if its period has ended; tell whether it had."""
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        workflow = work.workflows.get(key)
        round_ = work.rounds.last(key)
        is_due = (
            workflow.state is WorkflowState.LIVE
            and round_ is not None
            and round_.state is RoundState.OPEN
            and round_.period_end <= work.now
        )
        if is_due and round_:
            _draw(deps, work, workflow, round_, Role.SYSTEM, is_early=False)
    return is_due


def rounds_due(reading: Reading, now: datetime) -> tuple[str, ...]:
    """Give the workflows whose open round has reached the end of its period."""
    return tuple(round_.workflow for round_ in reading.rounds.due(now, DUE_AT_ONCE))


def _open_round(work: Work, workflow: Workflow) -> Round:
    round_ = work.rounds.last(workflow.key)
    if round_ is None or round_.state is not RoundState.OPEN:
        raise LookupError(f"live workflow {workflow.key} has no open round")
    return round_


def _sort(
    work: Work, round_: Round, rules: DataRules, outputs: Sequence[Output]
) -> tuple[list[Output], Intake]:
    known = work.outputs.known(round_.workflow, [output.output_id for output in outputs])
    categories = work.outputs.categories(round_.workflow, round_.number)
    fresh: dict[str, Output] = {}
    rejected: list[Rejected] = []
    duplicates = 0
    for index, sent in enumerate(outputs):
        output = taken(sent, rules)
        earlier = fresh.get(output.output_id) or known.get(output.output_id)
        fault = (
            output_fault(output, work.now)
            or text_fault(sent, rules)
            or (clash(output, taken(earlier, rules)) if earlier else crowding(output, categories))
        )
        if fault:
            rejected.append(Rejected(index, fault))
        elif earlier:
            duplicates += 1
        else:
            fresh[output.output_id] = output
            categories.add(output.category)
    return list(fresh.values()), Intake(len(fresh), duplicates, tuple(rejected))


def _record_intake(
    work: Work, workflow: Workflow, round_: Round, intake: Intake, turned_away: int
) -> None:
    work.record(
        Kind.OUTPUTS_RECEIVED,
        round_.name,
        {
            "workflow": round_.workflow,
            "round": round_.number,
            "accepted": intake.accepted,
            "duplicates": intake.duplicates,
            "rejected": len(intake.rejected) + turned_away,
        },
        policy=workflow.policy,
    )


def _notice_pause_not_honoured(work: Work, workflow: Workflow, fresh: list[Output]) -> None:
    count, of = _produced_when_stopped(work, workflow, fresh)
    if count:
        open_breach(
            work,
            workflow,
            Cause.PAUSE_NOT_HONOURED,
            f"{counted(count, 'output')} {'was' if count == 1 else 'were'} produced after {of}.",
            {"outputs": count},
        )


def _produced_when_stopped(work: Work, workflow: Workflow, fresh: list[Output]) -> tuple[int, str]:
    """Give how many outputs a pipeline produced although it was stopped, and what stopped it.

    In a drill nothing counts before the pipeline was told: how soon that is, is what is measured.
    """
    gate, drill = workflow.gate, work.drills.last(workflow.key)
    if gate.state is GateState.PAUSED and not (drill and drill.holds(workflow.gate)):
        after = [each for each in fresh if each.produced_at > gate.since]
        return len(after), f"the pause of {utc_text(gate.since)}"
    if drill is None:
        return 0, ""
    ignored = [each for each in fresh if drill.is_ignored_by(each.produced_at)]
    return len(ignored), f"the pipeline was told of the pause of drill {drill.number}"


def _draw(
    deps: Deps, work: Work, workflow: Workflow, round_: Round, role: Role, *, is_early: bool
) -> bool:
    drawing = draws.reveal(deps, work, workflow, round_, role)
    if drawing is None:
        _close_unrevealed(work, workflow, round_)
    else:
        _follow_up(work, workflow, drawing, is_early=is_early)
    policy = work.workflows.policy(workflow.key, workflow.policy)
    open_round(work, workflow, policy, round_.number + 1, deps.draw_key)
    return drawing is not None


def _follow_up(work: Work, workflow: Workflow, drawing: draws.Drawing, *, is_early: bool) -> None:
    policy = work.workflows.policy(workflow.key, drawing.round.policy)
    _check_volume(work, workflow, drawing.round, policy, is_early=is_early)
    notice_overload(work, workflow, drawing.round, policy)
    if drawing.drawn:
        _ask_for_review(work, workflow, drawing.round, drawing.entry)
        ask_for_second_look(work, workflow, drawing.round, drawing.entry)
    else:
        closing.close_round(work, workflow, drawing.round)


def _check_volume(
    work: Work, workflow: Workflow, round_: Round, policy: Policy, *, is_early: bool
) -> None:
    is_partial = is_early or _is_partial(work, workflow, round_, policy)
    cause = volume_cause(round_.population, policy, is_partial=is_partial)
    if cause is None:
        return
    open_breach(
        work,
        workflow,
        cause,
        f"Round {round_.number} has {counted(round_.population, 'output')}; "
        f"{policy.volume_min:,} to {policy.volume_max:,} were expected.",
        {"population": round_.population},
        round_.number,
    )


def _is_partial(work: Work, workflow: Workflow, round_: Round, policy: Policy) -> bool:
    """Tell whether the workflow ran for less than half of a usual period in this round."""
    usual = next_occurrence(policy.cadence, policy.zone, round_.period_end) - round_.period_end
    gate = workflow.gate
    is_paused = gate.state is GateState.PAUSED
    ran_until = max(gate.since, round_.opened_at) if is_paused else work.now
    return 2 * (ran_until - round_.opened_at) < usual


def _ask_for_review(work: Work, workflow: Workflow, round_: Round, seq: int) -> None:
    owed = owe(work, workflow, ObligationKind.REVIEW, round_.number, workflow.roles.owner)
    number, owner = round_.number, workflow.roles.owner
    tell_channel(work, MessageKind.ROUND_CARD, workflow, number, seq, owed.id)
    tell_person(work, MessageKind.REVIEW_REQUEST, owner, workflow, number, seq, owed.id)


def _close_unrevealed(work: Work, workflow: Workflow, round_: Round) -> None:
    unrevealed = replace(
        round_, drawn_at=None, population=work.outputs.count(workflow.key, round_.number)
    )
    closing.close_round(work, workflow, unrevealed)
    open_breach(
        work,
        workflow,
        Cause.SEED_NOT_REVEALED,
        f"The draw of round {round_.number} cannot be revealed: the draw key is not the one its "
        "commitment was made with.",
        number_of_round=round_.number,
    )
