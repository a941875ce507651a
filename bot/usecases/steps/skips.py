"""What cannot be judged: put on record where a look is handed in, and a second person is asked."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind
from bot.domain.people import Actor, Role
from bot.domain.record import Kind
from bot.domain.registry import Workflow
from bot.domain.rounds import DrawnItem, Look, Round
from bot.domain.skips import Skip, asked_to_judge, skippers, unsettled
from bot.domain.verdicts import Judgement
from bot.usecases.steps.judgements import copy_facts
from bot.usecases.steps.messages import tell_person
from bot.usecases.steps.obligations import owe
from bot.usecases.steps.reviews import Review
from store.reading import Reading
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class NotJudged:
    """Who could not judge an output, and why."""

    by: str
    reason: str


def not_judged(work: Work, round_: Round, item: DrawnItem) -> NotJudged | None:
    """Give who could not judge an output in a first look, and why, if somebody could not."""
    skip = skip_of(work, round_, item)
    return NotJudged(skip.skipped_by, work.words_of(skip.entry, "reason")) if skip else None


def record_skip(
    work: Work, look: Look, round_: Round, item: DrawnItem, reason: str, role: Role
) -> Skip:
    """Put it on record that whoever acts cannot judge an output, and why."""
    output_id = item.output.output_id
    seq = work.record(
        Kind.OUTPUT_SKIPPED,
        round_.name,
        {
            "workflow": round_.workflow,
            "round": round_.number,
            "output": output_id,
            "look": look,
            **copy_facts(item),
        },
        words={"reason": reason},
        role=role,
        policy=round_.policy,
        prior=item.entry if item.entry >= 0 else None,
    )
    me = work.actor.user_id
    skip = Skip(round_.workflow, round_.number, look, output_id, me, seq)
    work.skips.add(skip)
    return skip


def skip_item(
    work: Work, look: Look, round_: Round, item: DrawnItem, reason: str, role: Role
) -> None:
    """Put a draft that says so on record: the output has no answer and is in nobody's share.

    Who has said it of this output before, as a reviewer of it, has said it: two people are asked.
    """
    about = (look, item.output.output_id, work.actor.user_id)
    known = work.skips.of_round(round_.workflow, round_.number)
    if about not in {(each.look, each.output_id, each.skipped_by) for each in known}:
        record_skip(work, look, round_, item, reason, role)
    blank = replace(item, draft=None, draft_by="", share=0, entry=-1)
    work.rounds.save_item(round_.workflow, round_.number, blank, look)


def skip_of(reading: Reading, round_: Round, item: DrawnItem) -> Skip | None:
    """Give the first word in a first look that an output cannot be judged, if there is one."""
    about = (Look.FIRST, item.output.output_id)
    skips = reading.skips.of_round(round_.workflow, round_.number)
    return next((each for each in skips if (each.look, each.output_id) == about), None)


def has_skipped(work: Work, actor: Actor, review: Review, position: int, said: Judgement) -> bool:
    """Tell whether this is what they put on record of an output when they handed this look in."""
    if review.is_open or not said.is_skip:
        return False
    key, number = review.round.workflow, review.round.number
    item = work.rounds.item(key, number, position, review.look)
    about = item.output.output_id if item else ""
    return any(
        (each.look, each.output_id, each.skipped_by) == (review.look, about, actor.user_id)
        and work.words_of(each.entry, "reason") == said.reason
        for each in work.skips.of_round(key, number)
    )


def skips_by(reading: Reading, workflow: str, number: int, look: Look, user_id: str) -> int:
    """Count what somebody was asked in a look and has handed in as what they cannot judge."""
    skips = reading.skips.of_round(workflow, number)
    theirs = {each.output_id for each in skips if (each.look, each.skipped_by) == (look, user_id)}
    items = reading.rounds.asked(workflow, number, look) if theirs else ()
    return sum(each.output.output_id in theirs for each in items)


def who_skipped(
    reading: Reading, workflow: str, number: int, items: Iterable[DrawnItem]
) -> frozenset[str]:
    """Give everybody who could not judge one of these in a first look."""
    known = skippers(reading.skips.of_round(workflow, number))
    return frozenset(each for item in items for each in known.get(item.output.output_id, ()))


def to_judge(reading: Reading, workflow: str, number: int) -> tuple[DrawnItem, ...]:
    """Give what of a round that is handed in one person alone has said cannot be judged.

    No copies: the second word on what they are copies of holds for them as well.
    """
    items = reading.rounds.items(workflow, number)
    asked = (each for each in items if not each.is_copy)
    return unsettled(asked, reading.skips.of_round(workflow, number))


def ask_to_judge(work: Work, workflow: Workflow, round_: Round) -> None:
    """Have a second person asked about what whoever hands a round in could not judge, if any."""
    if not to_judge(work, workflow.key, round_.number):
        return
    second = asked_to_judge(workflow.roles, work.actor.user_id)
    owed = owe(work, workflow, ObligationKind.JUDGE, round_.number, second)
    kind = MessageKind.JUDGE_REQUEST
    tell_person(work, kind, second, workflow, round_.number, work.last_number, owed.id)
