"""What a stretch of the record comes to."""

from bot.domain.digests import Figures, figures_of
from bot.domain.gate import GateState
from bot.domain.record import Entry, Kind
from bot.domain.rounds import Grade


def closed(workflow: str, number: int, judged: int, errors: int = 0, **more: object) -> Entry:
    facts: dict[str, object] = {"workflow": workflow, "round": number, "judged": judged}
    facts |= {"drawn": judged}
    facts |= {"errors": errors, "overrides": errors, "critical": 0}
    facts |= {"grade": Grade.NOT_ENOUGH_EVIDENCE, **more}
    return entry(Kind.ROUND_CLOSED, facts)


def entry(kind: Kind, facts: dict[str, object]) -> Entry:
    ts = "2026-06-01T08:00:00.000000Z"
    return Entry(
        1, 0, "answerable/T0", "id", ts, kind, "system", "system", "x", None, 1, "1", facts
    )


def most_wrong(*entries: Entry) -> str:
    return figures_of(entries).most_wrong


def test_the_picture_is_of_where_the_most_is_surely_wrong() -> None:
    assert most_wrong(closed("one-of-one", 1, 1, 1), closed("most", 1, 20, 19)) == "most"
    assert most_wrong(closed("less", 1, 40), closed("more", 1, 50)) == "more"
    assert most_wrong(closed("unseen", 1, 0)) == ""
    assert most_wrong(closed("seen", 1, 9, 3), closed("seen", 2, 0), closed("b", 1, 9, 1)) == "seen"


def test_the_newest_round_counts_whenever_it_was_closed() -> None:
    came_late = closed("a", 1, 5, grade=Grade.BREACH)
    figures = figures_of([closed("a", 2, 5, grade=Grade.WITHIN_LIMIT), came_late])
    assert figures.grades == (("a", Grade.WITHIN_LIMIT),)
    assert (figures.rounds, figures.judged) == (2, 10)


def moved(workflow: str, was: str, to: str, cause: str) -> Entry:
    facts: dict[str, object] = {"workflow": workflow, "from": was, "to": to, "cause": cause}
    return entry(Kind.GATE_CHANGED, facts)


def test_a_stop_that_went_further_is_one_and_what_came_after_it_is_another() -> None:
    silence = "breach 3 was not acknowledged"
    figures = figures_of(
        [
            moved("a", "run", "review_all", silence),
            moved("b", "run", "paused", "drill"),
            moved("a", "review_all", "paused", silence),
            moved("b", "paused", "run", "the drill is over"),
            moved("b", "run", "degraded", "decision on breach 1"),
            moved("a", "paused", "run", "resumed by two people"),
            moved("a", "run", "paused", "paused by a person"),
        ]
    )
    assert [(each.workflow, each.to, each.cause) for each in figures.moves] == [
        ("a", GateState.PAUSED, silence),
        ("a", GateState.RUN, "resumed by two people"),
        ("a", GateState.PAUSED, "paused by a person"),
    ]


def test_rounds_of_which_nothing_was_judged_are_told_apart() -> None:
    figures = figures_of(
        [closed("a", 1, 20), closed("b", 1, 0, drawn=0), closed("c", 1, 0, drawn=9, missing=9)]
    )
    assert (figures.judged_rounds, figures.judged_workflows) == (1, 1)
    assert (figures.empty_rounds, figures.unanswered) == (1, 1)


def test_nothing_comes_to_nothing() -> None:
    assert figures_of([]) == Figures(0, 0, 0, 0, 0, 0, (), (), "")
