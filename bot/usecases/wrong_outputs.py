"""The outputs that a breach is about, with what was said of each and by whom.

That somebody saw them is on record: they are blind to that look no more, and give no other one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.authority import Act, authorise
from bot.domain.breaches import Breach
from bot.domain.obligations import obligation_id
from bot.domain.people import Actor
from bot.domain.refusals import Refused
from bot.domain.registry import Workflow
from bot.domain.rounds import DrawnItem, Look, Round
from bot.domain.verdicts import Judgement, Severity
from bot.rendering import views
from bot.usecases import Deps
from bot.usecases.steps.answers import with_words
from bot.usecases.steps.breaches import breach_for, owed_next
from bot.usecases.steps.looks import OTHER_LOOK, note_seen
from bot.usecases.steps.outputs import to_show
from bot.usecases.steps.stand_ins import roles_for, stood_in_for
from store.unit_of_work import Work

ON_A_PAGE: Final = 5
_WORST_FIRST: Final = (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR, None)


@dataclass(frozen=True, slots=True)
class _Judged:
    """An output that was judged other than correct, and in which look."""

    item: DrawnItem
    verdict: Judgement
    look: Look


def see_outputs(deps: Deps, actor: Actor, key: str, number: int, page: int) -> views.OutputsPage:
    """Give a page of what was judged other than correct, the worst first; refuse the uninvolved.

    A page that is not there is the last one. What one look says is kept from whoever still owes
    the other: that one is blind. Whoever is shown a look is barred from giving the other later:
    that is on record before it is shown, as otherwise a crash between the two would hide it.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        workflow, breach = breach_for(work, actor, key, number)
        held = roles_for(work, deps.circle, actor, workflow, owed_next(work, breach))
        role = authorise(Act.SEE_OUTPUTS, actor, held, on=breach.name)
        round_ = _round_of(work, breach)
        looks = _open_looks(deps, work, actor, workflow, round_)
        told = [look for look, items in looks.items() if any(item.verdict for item in items)]
        for look in told:
            note_seen(work, deps.circle, actor, role, round_, look, breach.number)
        judged = _judged(looks)
        pages = max(1, -(-len(judged) // ON_A_PAGE))
        place = max(0, min(page, pages - 1))
        some = judged[place * ON_A_PAGE : (place + 1) * ON_A_PAGE]
        shown = tuple(_shown(work, workflow, round_, each) for each in some)
    return views.OutputsPage(
        key, number, round_.number, place, pages, len(judged), shown, is_noted=bool(told)
    )


def _round_of(work: Work, breach: Breach) -> Round:
    if not breach.is_of_outputs or breach.round is None:
        raise Refused(
            "no outputs to see",
            f"Breach {breach.number} of {breach.workflow} is not about single outputs: its card "
            "says all there is.",
            on=breach.name,
        )
    return work.rounds.get(breach.workflow, breach.round)


def _open_looks(
    deps: Deps, work: Work, actor: Actor, workflow: Workflow, round_: Round
) -> dict[Look, tuple[DrawnItem, ...]]:
    """Give the looks that this person may see; refuse if all there is to see is kept from them."""
    of_round = round_.workflow, round_.number
    every = {look: work.rounds.items(*of_round, look) for look in Look}
    every[Look.FIRST] += work.rounds.triggered(*of_round)
    open_to_them = {
        look: items
        for look, items in every.items()
        if not _owes_other(deps, work, actor, workflow, round_, look)
    }
    if _judged(every) and not _judged(open_to_them):
        raise Refused(
            "may not see the other look",
            f"You owe a look at round {round_.number} of {workflow.key}, and it is blind: hand it "
            "in first, then you can see what the other one says.",
            on=round_.name,
        )
    return open_to_them


def _judged(looks: Mapping[Look, tuple[DrawnItem, ...]]) -> tuple[_Judged, ...]:
    """Give what these looks say is not correct, the worst first."""
    found = [
        _Judged(item, item.verdict, look)
        for look, items in looks.items()
        for item in items
        if item.verdict and item.verdict.is_override
    ]
    return tuple(sorted(found, key=lambda each: _WORST_FIRST.index(each.verdict.severity)))


def _owes_other(
    deps: Deps, work: Work, actor: Actor, workflow: Workflow, round_: Round, look: Look
) -> bool:
    """Tell whether the look besides this one is still this person's to give."""
    other, kind = OTHER_LOOK[look]
    owed = work.obligations.find(obligation_id(kind, round_.workflow, round_.number))
    if owed is None or not owed.is_open:
        return False
    me = actor.user_id
    theirs = stood_in_for(work, deps.circle, me, workflow, owed, work.now)
    items = work.rounds.items(round_.workflow, round_.number, other)
    has_begun = any(item.draft_by == me for item in items)
    return owed.owed_by in {me, *theirs} or has_begun or _has_share(work, me, round_, other)


def _has_share(work: Work, me: str, round_: Round, look: Look) -> bool:
    shares = work.shares.of_round(round_.workflow, round_.number) if look is Look.FIRST else ()
    return any(each.is_open and each.reviewer == me for each in shares)


def _shown(work: Work, workflow: Workflow, round_: Round, judged: _Judged) -> views.WrongOutput:
    leaves = to_show(work, workflow, round_, judged.item.output)
    said = views.Said.of(with_words(work, judged.item, judged.verdict))
    is_second = judged.look is Look.SECOND
    return views.WrongOutput(
        leaves.output, leaves.is_link, judged.item.judged_by, said, is_second=is_second
    )
