"""An owner answers a sampling prompt: page by page as drafts, then handed in as verdicts."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.evidence import Result
from bot.domain.figures import counted
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState, obligation_id
from bot.domain.people import Actor
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.rounds import DrawnItem, Grade, Look, Round, RoundState
from bot.domain.verdicts import Judgement
from bot.usecases import Deps, closing
from bot.usecases.steps.answers import Kept, PageAnswer, keep_page, with_words
from bot.usecases.steps.giving import give_verdicts, open_critical
from bot.usecases.steps.looks import ask_to_settle, note_seen, pass_look_on
from bot.usecases.steps.messages import tell_channel
from bot.usecases.steps.obligations import end
from bot.usecases.steps.pages import Page, first_page
from bot.usecases.steps.results import result_in
from bot.usecases.steps.reviews import Review, require_open, review_for
from bot.usecases.steps.shares import is_barred, items_of
from bot.usecases.steps.skips import ask_to_judge, to_judge
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What handing in a round has brought. A late one changes no figure of the closed round.

    `skipped` counts what waits for a second person, since whoever handed in could not judge it;
    `others` are the reviewers who gave some of its verdicts.
    """

    round: Round
    result: Result
    grade: Grade | None
    is_late: bool
    breach: int | None
    receipt: Proof
    skipped: int = 0
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """An output with its answer and whose it is."""

    output_id: str
    by: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Ready:
    """A round that was handed out and is answered in full: it is the owner's to hand in.

    `is_noted` says that others' answers are among them, and that this person saw them on record.
    """

    round: Round
    due_at: datetime
    is_overdue: bool
    answers: tuple[Answered, ...]
    is_noted: bool = False


@dataclass(frozen=True, slots=True)
class WithReviewers:
    """All that is not with a reviewer is answered; these are, by who has how many.

    `unable` are those among them who have left, or have taken the second look.
    """

    round: Round
    due_at: datetime
    held: tuple[tuple[str, int], ...]
    unable: frozenset[str] = frozenset()


def open_review(deps: Deps, actor: Actor, key: str, number: int) -> Page | Ready:
    """Give the first output of a round that the person has not answered yet.

    What a reviewer has comes last. Once all of a round that was handed out is answered, it is
    ready to be handed in.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        review = review_for(work, deps.circle, actor, Look.FIRST, key, number)
        page = first_page(work, actor, review) or _ready(deps, work, actor, review)
    return page


def answer_page(
    deps: Deps, actor: Actor, said: PageAnswer
) -> Page | WithReviewers | Ready | HandedIn:
    """Keep one page as a draft; the answer to the last open page hands the whole round in.

    Of a round that was handed out the owner hands in by an act of its own. An output that a
    reviewer has is taken back by the answer to it. The same answer again changes nothing. Raises
    Invalid with a sentence for each field that does not fit the verdict.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        review = review_for(work, deps.circle, actor, Look.FIRST, said.workflow, said.number)
        kept = keep_page(work, actor, review, said)
        if review.obligation.is_open and actor.user_id != review.workflow.roles.owner:
            kind = ObligationKind.SECOND_REVIEW
            second = obligation_id(kind, said.workflow, said.number)
            pass_look_on(work, deps.circle, actor, second)
        outcome = _following(deps, work, actor, review, kept)
    if isinstance(outcome, HandedIn):
        return replace(outcome, receipt=work.receipt)
    return outcome


def hand_in_round(deps: Deps, actor: Actor, key: str, number: int) -> HandedIn:
    """Hand in a round that is answered in full, what reviewers have handed in included.

    Again by the same person it changes nothing.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        review = review_for(work, deps.circle, actor, Look.FIRST, key, number)
        if not _has_handed_in(work, actor, review):
            require_open(review)
            _require_complete(work, actor, review)
        handed = _hand_in(deps, work, actor, review)
        work.point_at(Kind.OBLIGATION_ANSWERED, f"obligation/{review.obligation.id}")
    return replace(handed, receipt=work.receipt)


def _following(
    deps: Deps, work: Work, actor: Actor, review: Review, kept: Kept
) -> Page | WithReviewers | Ready | HandedIn:
    if kept.page and kept.page.held_by and not kept.was_held:
        return _with_reviewers(work, review)
    if kept.page:
        return kept.page
    if review.obligation.is_open and work.shares.of_round(review.workflow.key, review.round.number):
        return _ready(deps, work, actor, review)
    return _hand_in(deps, work, actor, review)


def _items(work: Work, review: Review) -> tuple[DrawnItem, ...]:
    return work.rounds.asked(review.workflow.key, review.round.number)


def _with_reviewers(work: Work, review: Review) -> WithReviewers:
    held: Counter[str] = Counter()
    unable, gone = set(), work.people.gone()
    for share in work.shares.of_round(review.workflow.key, review.round.number):
        if share.is_open:
            held[share.reviewer] += sum(each.verdict is None for each in items_of(work, share))
            if share.reviewer in gone or is_barred(work, share):
                unable.add(share.reviewer)
    due_at = review.obligation.due_at
    return WithReviewers(review.round, due_at, tuple(held.items()), frozenset(unable))


def _ready(deps: Deps, work: Work, actor: Actor, review: Review) -> Ready:
    said = tuple(
        Answered(
            item.output.output_id,
            item.judged_by or item.draft_by,
            with_words(work, item, judgement),
        )
        for item in _items(work, review)
        if (judgement := item.verdict or item.draft)
    )
    is_noted = any(each.by != actor.user_id for each in said)
    if is_noted:
        note_seen(work, deps.circle, actor, review.role, review.round, Look.FIRST)
    owed = review.obligation
    return Ready(review.round, owed.due_at, owed.is_overdue(work.now), said, is_noted=is_noted)


def _has_handed_in(work: Work, actor: Actor, review: Review) -> bool:
    if review.obligation.state is not ObligationState.ANSWERED:
        return False
    ended = work.log.last_of(Kind.OBLIGATION_ANSWERED, f"obligation/{review.obligation.id}")
    return ended is not None and ended.actor == work.people.pseudonym_or_none(actor.user_id)


def _require_complete(work: Work, actor: Actor, review: Review) -> None:
    items = _items(work, review)
    missing = sum(not item.verdict and item.draft_by != actor.user_id for item in items)
    if missing:
        outputs = counted(missing, "output")
        raise Refused(
            "round not answered in full",
            f"{outputs} of round {review.round.number} wait for an answer still: press Review.",
            on=review.round.name,
        )


def _hand_in(deps: Deps, work: Work, actor: Actor, review: Review) -> HandedIn:
    if not review.obligation.is_open:
        return _handed_in(work, actor, review, None, is_late=_was_late(work, review))
    is_late = review.round.state is RoundState.CLOSED
    judged = give_verdicts(work, actor, review, is_late=is_late)
    end(work, review.obligation, role=review.role)
    breach = open_critical(work, review, judged)
    ask_to_settle(work, deps.circle, review.workflow, review.round)
    ask_to_judge(work, review.workflow, review.round)
    if not is_late:
        proven = closing.close_round(work, review.workflow, review.round, review.role)
        breach = breach or proven
    else:
        kind = MessageKind.ROUND_CARD
        tell_channel(work, kind, review.workflow, review.round.number, work.last_number)
    return _handed_in(work, actor, review, breach.number if breach else None, is_late=is_late)


def _was_late(work: Work, review: Review) -> bool:
    closed = work.log.last_of(Kind.ROUND_CLOSED, review.round.name)
    answered = work.log.last_of(Kind.OBLIGATION_ANSWERED, f"obligation/{review.obligation.id}")
    return bool(closed and answered and closed.seq < answered.seq)


def _handed_in(
    work: Work, actor: Actor, review: Review, breach: int | None, *, is_late: bool
) -> HandedIn:
    items = work.rounds.items(review.workflow.key, review.round.number)
    policy = work.workflows.policy(review.workflow.key, review.round.policy)
    result = result_in(work, review.round, policy, items)
    closed = work.rounds.get(review.workflow.key, review.round.number)
    graded = None if is_late else closed.grade
    waiting = len(to_judge(work, review.workflow.key, review.round.number))
    others = {each.judged_by for each in _items(work, review) if each.share and each.verdict}
    return HandedIn(
        review.round,
        result,
        graded,
        is_late,
        breach,
        work.receipt,
        waiting,
        tuple(sorted(others - {actor.user_id, ""})),
    )
