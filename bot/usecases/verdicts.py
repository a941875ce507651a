"""An owner answers a sampling prompt: page by page as drafts, then handed in as verdicts."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.authority import Act, authorise
from bot.domain.breaches import Breach, Cause
from bot.domain.escalation import roles_reached
from bot.domain.evidence import Grade, Result, grade, result_of
from bot.domain.messages import MessageKind
from bot.domain.obligations import Obligation, ObligationKind, obligation_id
from bot.domain.people import Actor, Role
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.registry import Workflow, roles_of
from bot.domain.rounds import DrawnItem, NextItem, Round, RoundState
from bot.domain.verdicts import Judgement, judgement_faults
from bot.usecases import Deps, closing
from bot.usecases.steps.breaches import open_breach
from bot.usecases.steps.messages import tell_channel
from bot.usecases.steps.obligations import end
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Page:
    """The next output to answer; `done` of `total` are drafted, handing in follows the last."""

    round: Round
    item: DrawnItem
    due_at: datetime
    done: int
    total: int
    is_last: bool


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What handing in a round has brought. A late one changes no figure of the closed round."""

    round: Round
    result: Result
    grade: Grade | None
    is_late: bool
    breach: int | None
    receipt: Proof


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """A person's answer on one page of a round's review."""

    workflow: str
    number: int
    position: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class _Review:
    """A round under review by somebody who may answer it."""

    workflow: Workflow
    round: Round
    obligation: Obligation
    role: Role


def open_review(deps: Deps, actor: Actor, key: str, number: int) -> Page:
    """Give the first output of a round that the person has not answered yet."""
    with deps.store.begin(deps.workspace, actor) as work:
        review = _review(deps, work, actor, key, number)
        _require_unanswered(review)
        following = work.rounds.next_item(key, number, actor.user_id)
        if following is None:
            raise LookupError(f"{review.round.name} is open and has no open item")
        page = _page(review, following)
    return page


def answer_page(deps: Deps, actor: Actor, said: PageAnswer) -> Page | HandedIn:
    """Keep one page as a draft; the answer to the last open page hands the whole round in.

    The same answer again changes nothing. Raises Invalid with a sentence for each field that
    does not fit the verdict.
    """
    if faults := judgement_faults(said.judgement):
        raise Invalid(faults)
    with deps.store.begin(deps.workspace, actor) as work:
        review = _review(deps, work, actor, said.workflow, said.number)
        item = work.rounds.item(said.workflow, said.number, said.position)
        if item is None:
            raise LookupError(f"{review.round.name} has no item {said.position}")
        outcome: Page | HandedIn
        if review.obligation.is_open:
            outcome = _answer(work, actor, review, item, said.judgement)
        else:
            outcome = _answered_before(work, actor, review, item, said.judgement)
    if isinstance(outcome, HandedIn):
        return replace(outcome, receipt=work.receipt)
    return outcome


def _review(deps: Deps, work: Work, actor: Actor, key: str, number: int) -> _Review:
    workflow = work.workflows.get(key)
    round_ = work.rounds.find(key, number)
    owed = work.obligations.find(obligation_id(ObligationKind.REVIEW, key, number))
    if round_ is None or owed is None:
        raise Refused("nothing to review", f"There is no round {number} of {key} to review.")
    role = authorise(
        Act.REVIEW,
        actor,
        roles_of(actor, deps.circle, workflow),
        on=round_.name,
        also=roles_reached(owed),
    )
    return _Review(workflow, round_, owed, role)


def _require_unanswered(review: _Review) -> None:
    if not review.obligation.is_open:
        raise Refused(
            "round already answered",
            f"Round {review.round.number} of {review.workflow.key} was handed in already.",
            on=review.round.name,
        )


def _answer(
    work: Work, actor: Actor, review: _Review, item: DrawnItem, said: Judgement
) -> Page | HandedIn:
    _draft(work, actor, review, item, said)
    key, number = review.workflow.key, review.round.number
    following = work.rounds.next_item(key, number, actor.user_id)
    if following:
        return _page(review, following)
    return _hand_in(work, actor, review, work.rounds.items(key, number))


def _draft(work: Work, actor: Actor, review: _Review, item: DrawnItem, said: Judgement) -> None:
    if item.draft_by == actor.user_id and _same(work, item, item.draft, said):
        return
    seq = work.record(
        Kind.DRAFT_SAVED,
        review.round.name,
        _judgement_facts(review.round, item, said),
        words=_words(said),
        role=review.role,
        policy=review.round.policy,
    )
    drafted = replace(item, draft=said, draft_by=actor.user_id, entry=seq)
    work.rounds.save_item(review.round.workflow, review.round.number, drafted)


def _hand_in(
    work: Work,
    actor: Actor,
    review: _Review,
    items: tuple[DrawnItem, ...],
) -> HandedIn:
    is_late = review.round.state is RoundState.CLOSED
    judged = tuple(_give_verdict(work, actor, review, item, is_late=is_late) for item in items)
    end(work, review.obligation, role=review.role)
    breach = _open_critical(work, review, judged)
    if not is_late:
        closing.close_round(work, review.workflow, review.round, review.role)
    else:
        kind = MessageKind.ROUND_CARD
        tell_channel(work, kind, review.workflow, review.round.number, work.last_number)
    return _handed_in(work, review, judged, breach.number if breach else None)


def _give_verdict(
    work: Work, actor: Actor, review: _Review, item: DrawnItem, *, is_late: bool
) -> DrawnItem:
    if item.draft is None:
        raise LookupError(f"{review.round.name} item {item.position} has no draft to hand in")
    judgement = replace(item.draft, correction=_correction(work, item, item.draft))
    seq = work.record(
        Kind.VERDICT_RECORDED,
        review.round.name,
        {**_judgement_facts(review.round, item, judgement), "late": is_late},
        words=_words(judgement),
        role=review.role,
        policy=review.round.policy,
        prior=item.entry,
    )
    given = replace(
        item,
        draft=None,
        draft_by="",
        verdict=judgement,
        judged_by=actor.user_id,
        is_late=is_late,
        entry=seq,
    )
    work.rounds.save_item(review.round.workflow, review.round.number, given)
    return given


def _open_critical(work: Work, review: _Review, judged: tuple[DrawnItem, ...]) -> Breach | None:
    critical = [
        item.output.output_id for item in judged if item.verdict and item.verdict.is_critical
    ]
    if not critical:
        return None
    named = ", ".join(critical[:5]) + (" …" if len(critical) > 5 else "")  # noqa: PLR2004
    return open_breach(
        work,
        review.workflow,
        Cause.CRITICAL_VERDICT,
        f"Round {review.round.number}: {len(critical)} of {len(judged)} reviewed outputs "
        f"judged critical ({named}).",
        {"outputs": critical[:50], "count": len(critical)},
        review.round.number,
    )


def _answered_before(
    work: Work, actor: Actor, review: _Review, item: DrawnItem, said: Judgement
) -> HandedIn:
    if item.judged_by != actor.user_id or not _same(work, item, item.verdict, said):
        _require_unanswered(review)
    items = work.rounds.items(review.workflow.key, review.round.number)
    return _handed_in(work, review, items, None)


def _handed_in(
    work: Work, review: _Review, items: tuple[DrawnItem, ...], breach: int | None
) -> HandedIn:
    policy = work.workflows.policy(review.workflow.key, review.round.policy)
    sizes = work.outputs.sizes(review.workflow.key, review.round.number)
    result = result_of(items, policy, sizes)
    is_late = any(item.is_late for item in items)
    graded = None if is_late else grade(result, policy.limit_bp)
    return HandedIn(review.round, result, graded, is_late, breach, work.receipt)


def _page(review: _Review, following: NextItem) -> Page:
    return Page(
        round=review.round,
        due_at=review.obligation.due_at,
        item=replace(following.item, draft=None, draft_by=""),  # another's draft is not for them
        done=following.drafted,
        total=following.drawn,
        is_last=following.drafted == following.drawn - 1,
    )


def _same(work: Work, item: DrawnItem, kept: Judgement | None, said: Judgement) -> bool:
    return kept is not None and said == replace(kept, correction=_correction(work, item, kept))


def _correction(work: Work, item: DrawnItem, kept: Judgement) -> str:
    """Give the words of a correction: fresh from the person, or from the record that holds them."""
    if kept.correction:
        return kept.correction
    facts = work.facts_of(item.entry)
    return work.words_of(item.entry, "correction") if "correction_c" in facts else ""


def _words(judgement: Judgement) -> dict[str, str]:
    return {"correction": judgement.correction} if judgement.correction else {}


def _judgement_facts(round_: Round, item: DrawnItem, judgement: Judgement) -> dict[str, object]:
    facts: dict[str, object] = {
        "workflow": round_.workflow,
        "round": round_.number,
        "output": item.output.output_id,
        "answer": judgement.answer,
    }
    if judgement.why:
        facts["why"] = judgement.why
    if judgement.severity:
        facts["severity"] = judgement.severity
    return facts
