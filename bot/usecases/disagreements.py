"""Where two looks see an output differently, a third person says, with a reason, which stands.

Nothing of this changes a figure: those are fixed when the round closes, from the first look alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.authority import Act, authorise
from bot.domain.escalation import roles_owing, roles_reached
from bot.domain.messages import MessageKind
from bot.domain.obligations import Obligation, ObligationKind, obligation_id
from bot.domain.outputs import Output
from bot.domain.people import Actor, Role
from bot.domain.proof import Proof
from bot.domain.reasons import require_words
from bot.domain.record import Kind
from bot.domain.refusals import Refused, for_the_rest
from bot.domain.registry import Workflow
from bot.domain.rounds import DrawnItem, Look, Round
from bot.domain.second_looks import Disagreement, Settlement
from bot.domain.verdicts import Judgement
from bot.usecases import Deps
from bot.usecases.steps.answers import with_words
from bot.usecases.steps.independence import require_independent
from bot.usecases.steps.looks import differences
from bot.usecases.steps.messages import tell_channel
from bot.usecases.steps.obligations import end
from bot.usecases.steps.outputs import to_show
from bot.usecases.steps.stand_ins import roles_for
from bot.usecases.steps.workflows import workflow_for
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Question:
    """The next output to settle, with what both looks said; `done` of `total` are settled."""

    round: Round
    position: int
    output: Output
    first: Judgement
    second: Judgement
    due_at: datetime
    is_overdue: bool
    done: int
    total: int
    is_link: bool


@dataclass(frozen=True, slots=True)
class Settle:
    """A person's word on one output: which look stands, and why."""

    workflow: str
    number: int
    position: int
    stands: Look
    reason: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A round of which every disagreement is settled."""

    round: Round
    outputs: int
    receipt: Proof


@dataclass(frozen=True, slots=True)
class _Case:
    """The disagreements of a round, before somebody who may settle them."""

    workflow: Workflow
    round: Round
    obligation: Obligation
    role: Role
    found: tuple[Disagreement, ...]
    settled: Mapping[str, Settlement]


def open_disagreements(deps: Deps, actor: Actor, key: str, number: int) -> Question:
    """Give the first disagreement of a round that nobody has settled yet."""
    with deps.store.begin(deps.workspace, actor) as work:
        case = _case(deps, work, actor, key, number)
        question = _next(work, case)
        if question is None or not case.obligation.is_open:
            raise _settled_already(case.round)
    return question


def settle_disagreement(deps: Deps, actor: Actor, said: Settle) -> Question | Settled:
    """Record which look at one output stands and why; the last one ends what is owed.

    The same word again changes nothing. Raises Invalid if it gives no reason.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        case = _case(deps, work, actor, said.workflow, said.number)
        require_words(said.reason)
        item = _at(case, said.position)
        earlier = case.settled.get(item.output_id)
        if earlier is None and case.obligation.is_open:
            case = _settle(work, actor, case, item, said)
        elif not _is_so_already(work, actor, earlier, said):
            raise _settled_already(case.round, is_more_owed=case.obligation.is_open)
        question = _next(work, case)
    return question or Settled(case.round, len(case.found), work.receipt)


def _case(deps: Deps, work: Work, actor: Actor, key: str, number: int) -> _Case:
    workflow = workflow_for(work, actor, key)
    round_ = work.rounds.find(key, number)
    owed = work.obligations.find(obligation_id(ObligationKind.SETTLE, key, number))
    if round_ is None or owed is None:
        raise Refused("nothing to settle", f"Round {number} of {key} has nothing to settle.")
    over = None if owed.is_open else _settled_already(round_)
    role = authorise(
        Act.SETTLE,
        actor,
        roles_for(work, deps.circle, actor, workflow, owed),
        on=round_.name,
        also=roles_reached(owed) | roles_owing(owed, workflow.roles),
        over=over,
    )
    require_independent(work, actor, workflow, owed, round_.name, over)
    settled = {each.output_id: each for each in work.settlements.of_round(key, number)}
    return _Case(workflow, round_, owed, role, differences(work, round_), settled)


def _settle(work: Work, actor: Actor, case: _Case, item: Disagreement, said: Settle) -> _Case:
    round_ = case.round
    seq = work.record(
        Kind.DISAGREEMENT_SETTLED,
        round_.name,
        {
            "workflow": round_.workflow,
            "round": round_.number,
            "output": item.output_id,
            "first": item.first.verdict.answer if item.first.verdict else None,
            "second": item.second.verdict.answer if item.second.verdict else None,
            "stands": said.stands,
        },
        words={"reason": said.reason.strip()},
        role=case.role,
        policy=round_.policy,
        prior=item.second.entry,
    )
    made = Settlement(
        round_.workflow, round_.number, item.output_id, said.stands, actor.user_id, seq
    )
    work.settlements.add(made)
    settled = {**case.settled, item.output_id: made}
    if len(settled) == len(case.found):
        end(work, case.obligation, role=case.role)
    else:
        work.outbox.refresh(case.obligation.id, seq)
    tell_channel(work, MessageKind.ROUND_CARD, case.workflow, round_.number, work.last_number)
    return _Case(case.workflow, round_, case.obligation, case.role, case.found, settled)


def _next(work: Work, case: _Case) -> Question | None:
    waiting = (each for each in case.found if each.output_id not in case.settled)
    following = next(waiting, None)
    if following is None:
        return None
    shown = to_show(work, case.workflow, case.round, following.second.output)
    return Question(
        round=case.round,
        position=following.second.position,
        output=shown.output,
        first=_said(work, following.first),
        second=_said(work, following.second),
        due_at=case.obligation.due_at,
        is_overdue=case.obligation.is_overdue(work.now),
        done=len(case.settled),
        total=len(case.found),
        is_link=shown.is_link,
    )


def _said(work: Work, item: DrawnItem) -> Judgement:
    if item.verdict is None:
        raise LookupError(f"item {item.position} has no verdict to disagree with")
    return with_words(work, item, item.verdict)


def _at(case: _Case, position: int) -> Disagreement:
    for each in case.found:
        if each.second.position == position:
            return each
    raise LookupError(f"{case.round.name} has no disagreement at {position}")


def _is_so_already(work: Work, actor: Actor, earlier: Settlement | None, said: Settle) -> bool:
    if earlier is None or (earlier.settled_by, earlier.stands) != (actor.user_id, said.stands):
        return False
    return work.words_of(earlier.entry, "reason") == said.reason.strip()


def _settled_already(round_: Round, *, is_more_owed: bool = False) -> Refused:
    of_round = f"round {round_.number} of {round_.workflow}"
    said = f"This was settled already, or is not owed any more: {of_round}."
    if is_more_owed:
        said = f"This was settled already. {for_the_rest('Settle', of_round)}"
    return Refused("disagreement already settled", said, on=round_.name)
