"""What could not be judged: a second person judges it after all, or says that it cannot be.

Nothing of this changes a figure: those were fixed when the round closed, with it as missing.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.authority import Act, authorise
from bot.domain.copies import copies_in
from bot.domain.escalation import roles_owing, roles_reached
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, obligation_id
from bot.domain.outputs import Output
from bot.domain.people import Actor
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused, for_the_rest
from bot.domain.rounds import DrawnItem, Look, Round
from bot.domain.skips import Skip
from bot.domain.verdicts import judgement_faults
from bot.usecases import Deps
from bot.usecases.steps.answers import PageAnswer, with_words
from bot.usecases.steps.giving import open_critical
from bot.usecases.steps.judgements import judgement_facts, words_said
from bot.usecases.steps.messages import tell_channel
from bot.usecases.steps.obligations import end
from bot.usecases.steps.outputs import to_judge_by
from bot.usecases.steps.reviews import Review
from bot.usecases.steps.skips import record_skip, skip_of, to_judge
from bot.usecases.steps.stand_ins import roles_for
from bot.usecases.steps.workflows import workflow_for
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class ToJudge:
    """The next output that somebody could not judge, and why; `left` are there with this one.

    `is_own` tells that they are who is shown it, and so not who can confirm it.
    """

    round: Round
    position: int
    output: Output
    skipped_by: str
    reason: str
    due_at: datetime
    is_overdue: bool
    left: int
    is_link: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class AllSaid:
    """A round of which nothing waits any more that could not be judged."""

    round: Round
    breach: int | None
    receipt: Proof


def open_skipped(deps: Deps, actor: Actor, key: str, number: int) -> ToJudge:
    """Give the first output of a round that could not be judged and waits for a second person."""
    with deps.store.begin(deps.workspace, actor) as work:
        review = _review(deps, work, actor, key, number)
        shown = _next(work, review)
        if shown is None or not review.is_open:
            raise _said_already(review.round)
    return shown


def judge_skipped(deps: Deps, actor: Actor, said: PageAnswer) -> ToJudge | AllSaid:
    """Record a verdict on what somebody could not judge, or that this person cannot either.

    Whoever could not judge it may still give a verdict, but does not confirm themselves. The last
    one ends what is owed; the same again changes nothing. Raises Invalid as a look does.
    """
    if faults := judgement_faults(said.judgement):
        raise Invalid(faults)
    breach = None
    with deps.store.begin(deps.workspace, actor) as work:
        review = _review(deps, work, actor, said.workflow, said.number)
        waiting = {each.position: each for each in to_judge(work, said.workflow, said.number)}
        if said.position in waiting and review.is_open:
            breach = _say(work, actor, review, waiting[said.position], said)
            _go_on(work, review)
        elif not _is_so_already(work, actor, said):
            raise _said_already(review.round, is_more_owed=review.is_open)
        shown = _next(work, review)
    return shown or AllSaid(review.round, breach, work.receipt)


def _review(deps: Deps, work: Work, actor: Actor, key: str, number: int) -> Review:
    workflow = workflow_for(work, actor, key)
    round_ = work.rounds.find(key, number)
    owed = work.obligations.find(obligation_id(ObligationKind.JUDGE, key, number))
    if round_ is None or owed is None:
        sentence = f"Round {number} of {key} has nothing that could not be judged."
        raise Refused("nothing skipped", sentence)
    role = authorise(
        Act.JUDGE_SKIPPED,
        actor,
        roles_for(work, deps.circle, actor, workflow, owed),
        on=round_.name,
        also=roles_reached(owed) | roles_owing(owed, workflow.roles),
        over=None if owed.is_open else _said_already(round_),
    )
    return Review(workflow, round_, owed, role, Look.FIRST)


def _say(work: Work, actor: Actor, review: Review, item: DrawnItem, said: PageAnswer) -> int | None:
    skip = _skip_of(work, review, item)
    items = work.rounds.items(review.round.workflow, review.round.number)
    copies = copies_in(items).get(item.position, ())
    known = tuple(replace(each, entry=skip.entry) for each in (item, *copies))
    if not said.judgement.is_skip:
        judged = tuple(_judge(work, actor, review, each, said) for each in known)
        breach = open_critical(work, review, judged)
        return breach.number if breach else None
    if skip.skipped_by == actor.user_id:
        raise Refused(
            "may not confirm own skip",
            "You have said yourself that this cannot be judged: a second person has to say so too. "
            "You can still judge it.",
            on=review.round.name,
            field="verdict",
        )
    for each in known:
        record_skip(work, Look.FIRST, review.round, each, said.judgement.reason, review.role)
    return None


def _judge(
    work: Work, actor: Actor, review: Review, item: DrawnItem, said: PageAnswer
) -> DrawnItem:
    judgement, round_ = said.judgement, review.round
    seq = work.record(
        Kind.OUTPUT_JUDGED,
        round_.name,
        judgement_facts(round_, item, judgement),
        words=words_said(judgement),
        role=review.role,
        policy=round_.policy,
        prior=item.entry,
    )
    judged = replace(item, verdict=judgement, judged_by=actor.user_id, is_late=True, entry=seq)
    work.rounds.save_item(round_.workflow, round_.number, judged)
    return judged


def _go_on(work: Work, review: Review) -> None:
    """End what is owed with the last output, or bring what asks for it up to date."""
    if to_judge(work, review.workflow.key, review.round.number):
        work.outbox.refresh(review.obligation.id, work.last_number)
    else:
        end(work, review.obligation, role=review.role)
    kind = MessageKind.ROUND_CARD
    tell_channel(work, kind, review.workflow, review.round.number, work.last_number)


def _next(work: Work, review: Review) -> ToJudge | None:
    waiting = to_judge(work, review.workflow.key, review.round.number)
    if not waiting:
        return None
    item, skip = waiting[0], _skip_of(work, review, waiting[0])
    shown = to_judge_by(work, review.workflow, review.round, item.output)
    return ToJudge(
        round=review.round,
        position=item.position,
        output=shown.output,
        skipped_by=skip.skipped_by,
        reason=work.words_of(skip.entry, "reason"),
        due_at=review.obligation.due_at,
        is_overdue=review.obligation.is_overdue(work.now),
        left=len(waiting),
        is_link=shown.is_link,
        is_own=skip.skipped_by == work.actor.user_id,
    )


def _skip_of(work: Work, review: Review, item: DrawnItem) -> Skip:
    skip = skip_of(work, review.round, item)
    if skip is None:
        raise LookupError(f"{review.round.name} item {item.position} was judged by everybody")
    return skip


def _is_so_already(work: Work, actor: Actor, said: PageAnswer) -> bool:
    """Tell whether this very word of theirs is on record, as the last one on this output."""
    item = work.rounds.item(said.workflow, said.number, said.position)
    if item is None:
        return False
    if item.verdict is not None:
        kept = with_words(work, item, item.verdict)
        return (item.judged_by, kept) == (actor.user_id, said.judgement)
    last = [
        each
        for each in work.skips.of_round(said.workflow, said.number)
        if (each.look, each.output_id) == (Look.FIRST, item.output.output_id)
    ][-1:]
    return any(
        each.skipped_by == actor.user_id
        and work.words_of(each.entry, "reason") == said.judgement.reason
        for each in last
    )


def _said_already(round_: Round, *, is_more_owed: bool = False) -> Refused:
    of_round = f"round {round_.number} of {round_.workflow}"
    said = f"This was answered already, or is not owed any more: {of_round}."
    if is_more_owed:
        said = f"This was answered already. {for_the_rest('Judge', of_round)}"
    return Refused("skipped output already answered", said, on=round_.name)
