"""Answers to drawn outputs, of either look: kept page by page as drafts, then given as verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.authority import Act, authorise
from bot.domain.breaches import Breach, Cause
from bot.domain.escalation import roles_owing, roles_reached
from bot.domain.obligations import Obligation, ObligationKind, ObligationState, obligation_id
from bot.domain.people import Actor, Circle, Role
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.registry import Workflow
from bot.domain.rounds import DrawnItem, Look, NextItem, Round
from bot.domain.verdicts import Judgement, judgement_faults
from bot.usecases.steps.breaches import open_breach
from bot.usecases.steps.independence import require_independent
from bot.usecases.steps.outputs import to_show
from bot.usecases.steps.stand_ins import roles_for
from bot.usecases.steps.workflows import workflow_for
from store.unit_of_work import Work

_DRAFTED: Final = {Look.FIRST: Kind.DRAFT_SAVED, Look.SECOND: Kind.SECOND_DRAFT_SAVED}
_GIVEN: Final = {Look.FIRST: Kind.VERDICT_RECORDED, Look.SECOND: Kind.SECOND_VERDICT_RECORDED}


@dataclass(frozen=True, slots=True)
class Page:
    """The next output to answer; `done` of `total` are drafted, handing in follows the last."""

    round: Round
    item: DrawnItem
    due_at: datetime
    done: int
    total: int
    is_last: bool
    look: Look
    is_link: bool


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """A person's answer on one page of a round's review."""

    workflow: str
    number: int
    position: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Review:
    """A round under one look of somebody who may answer it."""

    workflow: Workflow
    round: Round
    obligation: Obligation
    role: Role
    look: Look


@dataclass(frozen=True, slots=True)
class _Asked:
    """How one look is asked for, and what is said where it cannot be answered."""

    owed: ObligationKind
    act: Act
    unknown: tuple[str, str]
    ended: tuple[str, str]


_ASKED: Final = {
    Look.FIRST: _Asked(
        ObligationKind.REVIEW,
        Act.REVIEW,
        ("nothing to review", "There is no round {number} of {key} to review."),
        ("round already answered", "Round {number} of {key}"),
    ),
    Look.SECOND: _Asked(
        ObligationKind.SECOND_REVIEW,
        Act.SECOND_REVIEW,
        ("no second look", "Nobody is asked for a second look at round {number} of {key}."),
        ("second look already ended", "The second look at round {number} of {key}"),
    ),
}


def review_for(
    work: Work, circle: Circle, actor: Actor, look: Look, key: str, number: int
) -> Review:
    """Give a round to somebody who may answer this look at it; refuse anybody else."""
    asked = _ASKED[look]
    workflow = workflow_for(work, actor, key)
    round_ = work.rounds.find(key, number)
    owed = work.obligations.find(obligation_id(asked.owed, key, number))
    if round_ is None or owed is None:
        rule, sentence = asked.unknown
        raise Refused(rule, sentence.format(key=key, number=number))
    role = authorise(
        asked.act,
        actor,
        roles_for(work, circle, actor, workflow, owed),
        on=round_.name,
        also=roles_reached(owed) | roles_owing(owed, workflow.roles),
    )
    require_independent(work, actor, workflow, owed, round_.name)
    return Review(workflow, round_, owed, role, look)


def first_page(work: Work, actor: Actor, review: Review) -> Page:
    """Give the first page that the person has not answered yet; refuse what has ended."""
    _require_open(review)
    page = _next_page(work, actor, review)
    if page is None:
        raise LookupError(f"{review.obligation.id} is open and has no open item")
    return page


def keep_page(work: Work, actor: Actor, review: Review, said: PageAnswer) -> Page | None:
    """Keep an answer and give the page that follows, or None if the look is complete by now.

    A look that has ended takes only the very answer that is on record. Raises Invalid with a
    sentence for each field that does not fit the verdict.
    """
    if faults := judgement_faults(said.judgement):
        raise Invalid(faults)
    item = _item_at(work, review, said.position)
    if review.obligation.is_open:
        _keep_draft(work, actor, review, item, said.judgement)
        return _next_page(work, actor, review)
    if item.judged_by != actor.user_id or not _is_same(work, item, item.verdict, said.judgement):
        _require_open(review)
    return None


def _require_open(review: Review) -> None:
    if review.obligation.is_open:
        return
    rule, look = _ASKED[review.look].ended
    is_answered = review.obligation.state is ObligationState.ANSWERED
    end = "was handed in already" if is_answered else "is not owed any more"
    named = look.format(key=review.workflow.key, number=review.round.number)
    raise Refused(rule, f"{named} {end}.", on=review.round.name)


def _next_page(work: Work, actor: Actor, review: Review) -> Page | None:
    round_ = review.round
    following = work.rounds.next_item(round_.workflow, round_.number, actor.user_id, review.look)
    return _page(work, review, following) if following else None


def _item_at(work: Work, review: Review, position: int) -> DrawnItem:
    round_ = review.round
    item = work.rounds.item(round_.workflow, round_.number, position, review.look)
    if item is None:
        raise LookupError(f"{round_.name} has no item {position} for a {review.look} look")
    return item


def _keep_draft(work: Work, actor: Actor, review: Review, item: DrawnItem, said: Judgement) -> None:
    if item.draft_by == actor.user_id and _is_same(work, item, item.draft, said):
        return
    seq = work.record(
        _DRAFTED[review.look],
        review.round.name,
        _judgement_facts(review.round, item, said),
        words=_words(said),
        role=review.role,
        policy=review.round.policy,
    )
    drafted = replace(item, draft=said, draft_by=actor.user_id, entry=seq)
    work.rounds.save_item(review.round.workflow, review.round.number, drafted, review.look)


def give_verdicts(
    work: Work, actor: Actor, review: Review, *, is_late: bool = False
) -> tuple[DrawnItem, ...]:
    """Turn the drafts of a look, complete by now, into verdicts and give its items."""
    items = work.rounds.items(review.round.workflow, review.round.number, review.look)
    return tuple(_give_verdict(work, actor, review, item, is_late=is_late) for item in items)


def open_critical(work: Work, review: Review, judged: tuple[DrawnItem, ...]) -> Breach | None:
    """Open a breach for what this look judged critical, unless the other has already said so."""
    round_, look = review.round, review.look
    other = Look.FIRST if look is Look.SECOND else Look.SECOND
    known = set(_critical(work.rounds.items(round_.workflow, round_.number, other)))
    critical = [output for output in _critical(judged) if output not in known]
    if not critical:
        return None
    named = ", ".join(critical[:5]) + (" …" if len(critical) > 5 else "")  # noqa: PLR2004
    where = " in a second look" if look is Look.SECOND else ""
    return open_breach(
        work,
        review.workflow,
        Cause.CRITICAL_VERDICT,
        f"Round {round_.number}: {len(critical)} of {len(judged)} reviewed outputs "
        f"judged critical{where} ({named}).",
        {"outputs": critical[:50], "count": len(critical)},
        round_.number,
    )


def _is_same(work: Work, item: DrawnItem, kept: Judgement | None, said: Judgement) -> bool:
    return kept is not None and said == with_words(work, item, kept)


def with_words(work: Work, item: DrawnItem, kept: Judgement) -> Judgement:
    """Give an answer with its correction: fresh from the person, or from the record that has it."""
    if kept.correction or "correction_c" not in work.facts_of(item.entry):
        return kept
    return replace(kept, correction=work.words_of(item.entry, "correction"))


def _give_verdict(
    work: Work, actor: Actor, review: Review, item: DrawnItem, *, is_late: bool
) -> DrawnItem:
    if item.draft is None:
        raise LookupError(f"{review.round.name} item {item.position} has no draft to hand in")
    judgement = with_words(work, item, item.draft)
    # Only of a first look is it asked whether it came before the close: no figure holds a second.
    late = {"late": is_late} if review.look is Look.FIRST else {}
    seq = work.record(
        _GIVEN[review.look],
        review.round.name,
        {**_judgement_facts(review.round, item, judgement), **late},
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
    work.rounds.save_item(review.round.workflow, review.round.number, given, review.look)
    return given


def _critical(items: Iterable[DrawnItem]) -> list[str]:
    return [item.output.output_id for item in items if item.verdict and item.verdict.is_critical]


def _page(work: Work, review: Review, following: NextItem) -> Page:
    shown = to_show(work, review.workflow, review.round, following.item.output)
    return Page(
        round=review.round,
        due_at=review.obligation.due_at,
        # Another's draft is not for them.
        item=replace(following.item, output=shown.output, draft=None, draft_by=""),
        done=following.drafted,
        total=following.drawn,
        is_last=following.drafted == following.drawn - 1,
        look=review.look,
        is_link=shown.is_link,
    )


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
