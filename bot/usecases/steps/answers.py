"""Answers to drawn outputs, of either look: kept page by page as drafts, then given as verdicts."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NoReturn

from bot.domain.authority import WHO, Act
from bot.domain.breaches import Breach, Cause
from bot.domain.copies import copies_in
from bot.domain.figures import counted
from bot.domain.people import Actor, Role
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.rounds import DrawnItem, Look, NextItem, Round
from bot.domain.shares import Share
from bot.domain.verdicts import Judgement, judgement_faults
from bot.usecases.steps.breaches import open_breach
from bot.usecases.steps.judgements import judgement_facts, words_said
from bot.usecases.steps.outputs import to_judge_by, trigger_shown
from bot.usecases.steps.plants import keep_planted
from bot.usecases.steps.reviews import Review, require_open
from bot.usecases.steps.shares import items_of, take_back
from bot.usecases.steps.skips import NotJudged, has_skipped, not_judged, skip_item
from bot.usecases.steps.triggers import judge_triggered
from store.unit_of_work import Work

_DRAFTED: Final = {Look.FIRST: Kind.DRAFT_SAVED, Look.SECOND: Kind.SECOND_DRAFT_SAVED}
HANDING_OUT: Final = WHO[Act.HAND_ITEMS] | {Role.OWNER_DELEGATE}
_GIVEN: Final = {Look.FIRST: Kind.VERDICT_RECORDED, Look.SECOND: Kind.SECOND_VERDICT_RECORDED}


@dataclass(frozen=True, slots=True)
class Page:
    """The next output to answer; `done` of `total` are drafted, handing in follows the last.

    `place` counts from 0 among what this person sees. `held_by` is the reviewer who has it, where
    it is shown to whoever owes the round. `may_hand_out` tells whether it may go to a reviewer,
    `has_before` whether they can look back to an answer; this page's own is `said`. `not_judged` is
    the word of a reviewer who had it and could not judge it. The answer holds for its `copies`,
    so many, as well. `trigger` says why it is asked besides the draw, as far as it may be told.
    """

    round: Round
    item: DrawnItem
    due_at: datetime
    done: int
    total: int
    is_last: bool
    look: Look
    is_link: bool
    place: int
    held_by: str = ""
    may_hand_out: bool = False
    has_before: bool = False
    said: Judgement | None = None
    not_judged: NotJudged | None = None
    copies: int = 0
    trigger: str = ""


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """A person's answer on one page of a round's review."""

    workflow: str
    number: int
    position: int
    judgement: Judgement


def first_page(work: Work, actor: Actor, review: Review) -> Page | None:
    """Give the first page that the person has not answered yet; refuse what has ended.

    None is given where all is answered and only the handing in is left: outputs were handed out.
    """
    require_open(review)
    return _next_page(work, actor, review)


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
        return Kept(_next_page(work, actor, review), was_held=item.share != 0)
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
        "A reviewer has handed in a verdict on this output: it stands as they gave it.",
        on=review.round.name,
    )


def _next_page(work: Work, actor: Actor, review: Review) -> Page | None:
    if review.share:
        return _next_of_share(work, actor, review, review.share)
    round_ = review.round
    following = work.rounds.next_item(round_.workflow, round_.number, actor.user_id, review.look)
    return page_of(work, review, following, following.item.turn) if following else None


def _next_of_share(work: Work, actor: Actor, review: Review, share: Share) -> Page | None:
    items = items_of(work, share)
    waiting = [place for place, each in enumerate(items) if each.draft_by != actor.user_id]
    if not waiting:
        return None
    following = NextItem(items[waiting[0]], len(items) - len(waiting), len(items))
    return page_of(work, review, following, waiting[0])


def _item_at(work: Work, review: Review, position: int) -> DrawnItem:
    round_ = review.round
    item = work.rounds.item(round_.workflow, round_.number, position, review.look)
    if item is None:
        raise Refused(
            "nothing to answer any more",
            "Nothing is asked about this output any more: it was planted to see whether errors are "
            "noticed, and its round is closed. Press Review for what is left.",
            on=round_.name,
        )
    if item.is_copy:
        raise Refused(
            "copy of another output",
            "Nothing is asked about this output: it is a copy of another one in this round, and "
            "gets the answer to that. Press Review for what is left.",
            on=round_.name,
        )
    if review.share and item.share != review.share.number:
        require_open(review)
        raise Refused(
            "not handed to you",
            "This output is not with you any more: whoever owes the round has taken it back.",
            on=round_.name,
        )
    return item


def _keep_draft(work: Work, actor: Actor, review: Review, item: DrawnItem, said: Judgement) -> None:
    if item.draft_by == actor.user_id and _is_same(work, item, item.draft, said):
        return
    seq = work.record(
        _DRAFTED[review.look],
        review.round.name,
        judgement_facts(review.round, item, said),
        words=words_said(said),
        role=review.role,
        policy=review.round.policy,
    )
    drafted = replace(item, draft=said, draft_by=actor.user_id, entry=seq)
    work.rounds.save_item(review.round.workflow, review.round.number, drafted, review.look)


def give_verdicts(
    work: Work, actor: Actor, review: Review, *, is_late: bool = False
) -> tuple[DrawnItem, ...]:
    """Turn the drafts of a look or a share, complete by now, into verdicts and give these.

    What cannot be judged is put on record as that, and is none of them; nor is what was planted.
    What is said of an output is said of its copies right after it.
    """
    of_look = review.round.workflow, review.round.number, review.look
    copies = copies_in(work.rounds.items(*of_look))
    drafted = [
        item
        for item in work.rounds.asked(*of_look)
        if item.verdict is None and (not review.share or item.share == review.share.number)
    ]
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


def _is_same(work: Work, item: DrawnItem, kept: Judgement | None, said: Judgement) -> bool:
    return kept is not None and said == with_words(work, item, kept)


def with_words(work: Work, item: DrawnItem, kept: Judgement) -> Judgement:
    """Give an answer with its words: fresh from the person, or from the record that has them."""
    if kept.is_skip:
        return replace(kept, reason=kept.reason or work.words_of(item.entry, "reason"))
    if kept.correction or "correction_c" not in work.entry(item.entry).facts:
        return kept
    return replace(kept, correction=work.words_of(item.entry, "correction"))


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


def page_of(work: Work, review: Review, following: NextItem, place: int) -> Page:
    """Give an output as a page without an answer, by the rules about data that are in force."""
    held = following.item.share if not review.share else 0
    is_owners = not review.share and review.look is Look.FIRST and review.role in HANDING_OUT
    shown = to_judge_by(work, review.workflow, review.round, following.item.output)
    of_look = review.round.workflow, review.round.number, review.look
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
        place=place,
        held_by=work.shares.get(review.workflow.key, held).reviewer if held else "",
        may_hand_out=is_owners and not held,
        has_before=following.drafted > 0,
        not_judged=not_judged(work, review.round, following.item) if is_owners else None,
        copies=work.rounds.copies(*of_look, following.item.position),
        trigger=trigger_shown(work, review.round, following.item),
    )
