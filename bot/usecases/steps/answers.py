"""Answers to drawn outputs, of either look, kept page by page as drafts."""

from dataclasses import dataclass, replace
from typing import NoReturn

from bot.domain.people import Actor
from bot.domain.refusals import Invalid, Refused, for_the_rest
from bot.domain.rounds import DrawnItem, Look
from bot.domain.verdicts import Judgement, judgement_faults
from bot.usecases.steps.judgements import DRAFTED, judgement_facts, words_said
from bot.usecases.steps.pages import Page, next_page
from bot.usecases.steps.reviews import Review, require_open
from bot.usecases.steps.shares import take_back
from bot.usecases.steps.skips import has_skipped
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """A person's answer on one page of a round's review."""

    workflow: str
    number: int
    position: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping an answer has brought: the page that follows, None if the look is complete.

    `was_held` tells that a reviewer had the output and whoever owes the round took it back.
    """

    page: Page | None
    was_held: bool = False


def keep_page(work: Work, actor: Actor, review: Review, said: PageAnswer) -> Kept:
    """Keep an answer.

    A look that has ended takes only the very answer that is on record. Raises Invalid with a
    sentence for each field that does not fit the verdict.
    """
    if faults := judgement_faults(said.judgement):
        raise Invalid(faults)
    if has_skipped(work, actor, review, said.position, said.judgement):
        return Kept(None)
    item = _item_at(work, review, said.position)
    if review.is_open and not item.verdict:
        _keep_draft(work, actor, review, _taken_back(work, review, item), said.judgement)
        return Kept(next_page(work, actor, review), was_held=item.share != 0)
    if item.judged_by != actor.user_id or not _is_same(work, item, item.verdict, said.judgement):
        require_open(review)
        _refuse_judged(review)
    return Kept(None)


def _taken_back(work: Work, review: Review, item: DrawnItem) -> DrawnItem:
    """Take an output back that a reviewer has and whoever owes the round answers now."""
    if review.share or not item.share:
        return item
    share = work.shares.get(review.workflow.key, item.share)
    take_back(work, review.workflow, share, (item,), review.role)
    return replace(item, share=0)


def _refuse_judged(review: Review) -> NoReturn:
    raise Refused(
        "output already judged",
        "A reviewer has handed in a verdict on this output: it stands as they gave it. "
        f"{_for_the_rest(review)}",
        on=review.round.name,
    )


def _item_at(work: Work, review: Review, position: int) -> DrawnItem:
    round_ = review.round
    item = work.rounds.item(round_.workflow, round_.number, position, review.look)
    if item is None:
        raise Refused(
            "nothing to answer any more",
            "Nothing is asked about this output any more: it was planted to see whether errors are "
            f"noticed, and its round is closed. {_for_the_rest(review)}",
            on=round_.name,
        )
    if item.is_copy:
        raise Refused(
            "copy of another output",
            "Nothing is asked about this output: it is a copy of another one in this round, and "
            f"gets the answer to that. {_for_the_rest(review)}",
            on=round_.name,
        )
    if review.share and item.share != review.share.number:
        require_open(review)
        raise Refused(
            "not handed to you",
            "This output is not with you any more: whoever owes the round has taken it back. "
            f"{_for_the_rest(review)}",
            on=round_.name,
        )
    return item


def _for_the_rest(review: Review) -> str:
    if review.share:
        return for_the_rest("Review your outputs")
    return for_the_rest("Review" if review.look is Look.FIRST else "Second look")


def _keep_draft(work: Work, actor: Actor, review: Review, item: DrawnItem, said: Judgement) -> None:
    if item.draft_by == actor.user_id and _is_same(work, item, item.draft, said):
        return
    seq = work.record(
        DRAFTED[review.look],
        review.round.name,
        judgement_facts(review.round, item, said),
        words=words_said(said),
        role=review.role,
        policy=review.round.policy,
    )
    drafted = replace(item, draft=said, draft_by=actor.user_id, entry=seq)
    work.rounds.save_item(review.round.workflow, review.round.number, drafted, review.look)


def _is_same(work: Work, item: DrawnItem, kept: Judgement | None, said: Judgement) -> bool:
    return kept is not None and said == with_words(work, item, kept)


def with_words(work: Work, item: DrawnItem, kept: Judgement) -> Judgement:
    """Give an answer with its words: fresh from the person, or from the record that has them."""
    if kept.is_skip:
        return replace(kept, reason=kept.reason or work.words_of(item.entry, "reason"))
    if kept.correction or "correction_c" not in work.entry(item.entry).facts:
        return kept
    return replace(kept, correction=work.words_of(item.entry, "correction"))
