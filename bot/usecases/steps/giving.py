"""Verdicts: a look's or a share's drafts as they are handed in, and what is critical of them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.domain.breaches import Breach, Cause
from bot.domain.copies import copies_in
from bot.domain.figures import counted
from bot.domain.people import Actor
from bot.domain.record import Kind
from bot.domain.rounds import DrawnItem, Look
from bot.domain.verdicts import Judgement
from bot.usecases.steps.answers import with_words
from bot.usecases.steps.breaches import open_breach
from bot.usecases.steps.judgements import judgement_facts, words_said
from bot.usecases.steps.plants import keep_planted
from bot.usecases.steps.reviews import Review
from bot.usecases.steps.skips import skip_item
from bot.usecases.steps.time_taken import keep_times
from bot.usecases.steps.triggers import judge_triggered
from store.unit_of_work import Work

_GIVEN: Final = {Look.FIRST: Kind.VERDICT_RECORDED, Look.SECOND: Kind.SECOND_VERDICT_RECORDED}


def give_verdicts(
    work: Work, actor: Actor, review: Review, *, is_late: bool = False
) -> tuple[DrawnItem, ...]:
    """Turn the drafts of a look or a share, complete by now, into verdicts and give these.

    What cannot be judged is put on record as that, and is none of them; nor is what was planted.
    What is said of an output is said of its copies right after it.
    """
    of_look = review.round.workflow, review.round.number, review.look
    copies = copies_in(work.rounds.items(*of_look))
    asked = work.rounds.asked(*of_look)
    drafted = [
        item
        for item in asked
        if item.verdict is None and (not review.share or item.share == review.share.number)
    ]
    keep_times(work, actor, review, asked, drafted)
    return tuple(
        given
        for item in drafted
        for given in _give(
            work, actor, review, item, copies.get(item.position, ()), is_late=is_late
        )
    )


def open_critical(work: Work, review: Review, judged: tuple[DrawnItem, ...]) -> Breach | None:
    """Open a breach for what this look judged critical, unless the other has already said so."""
    round_, look = review.round, review.look
    other = Look.FIRST if look is Look.SECOND else Look.SECOND
    known = set(_critical(work.rounds.items(round_.workflow, round_.number, other)))
    critical = [output for output in _critical(judged) if output not in known]
    if not critical:
        return None
    named = ", ".join(critical[:5]) + (" …" if len(critical) > 5 else "")  # noqa: PLR2004
    return open_breach(
        work,
        review.workflow,
        Cause.CRITICAL_VERDICT,
        f"Round {round_.number}: {_counted_critical(len(critical), judged, look)} ({named}).",
        {"outputs": critical[:50], "count": len(critical)},
        round_.number,
    )


def _counted_critical(count: int, judged: tuple[DrawnItem, ...], look: Look) -> str:
    # After the close what is judged comes piece by piece: it is no share of the round.
    if any(each.is_late for each in judged):
        return f"{counted(count, 'output')} judged critical after its close"
    where = " in a second look" if look is Look.SECOND else ""
    return f"{count} of {len(judged)} reviewed outputs judged critical{where}"


def _give(
    work: Work,
    actor: Actor,
    review: Review,
    item: DrawnItem,
    copies: tuple[DrawnItem, ...],
    *,
    is_late: bool,
) -> tuple[DrawnItem, ...]:
    if item.draft is None or item.draft_by != actor.user_id:
        raise LookupError(f"{review.round.name} item {item.position} has no draft of theirs")
    if item.is_planted:
        keep_planted(work, review.round, item)
        return ()
    judgement = with_words(work, item, item.draft)
    if item.trigger:
        judged = judge_triggered(work, review.round, item, judgement, review.role, is_late=is_late)
        return () if judgement.is_skip else (judged,)
    if judgement.is_skip:
        for each in (item, *copies):
            skip_item(work, review.look, review.round, each, judgement.reason, review.role)
        return ()
    first = _give_verdict(work, actor, review, item, judgement, is_late=is_late)
    after = (replace(each, entry=first.entry) for each in copies)
    return (
        first,
        *(_give_verdict(work, actor, review, each, judgement, is_late=is_late) for each in after),
    )


def _give_verdict(
    work: Work,
    actor: Actor,
    review: Review,
    item: DrawnItem,
    judgement: Judgement,
    *,
    is_late: bool,
) -> DrawnItem:
    # Only of a first look is it asked whether it came before the close: no figure holds a second.
    late = {"late": is_late} if review.look is Look.FIRST else {}
    seq = work.record(
        _GIVEN[review.look],
        review.round.name,
        {**judgement_facts(review.round, item, judgement), **late},
        words=words_said(judgement),
        role=review.role,
        policy=review.round.policy,
        prior=item.entry,
    )
    given = item.judged(judgement, actor.user_id, seq, is_late=is_late)
    work.rounds.save_item(review.round.workflow, review.round.number, given, review.look)
    return given


def _critical(items: Iterable[DrawnItem]) -> list[str]:
    return [item.output.output_id for item in items if item.verdict and item.verdict.is_critical]
