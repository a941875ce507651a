"""What a stretch of the record comes to."""

from bot.domain.digests import Figures, figures_of
from bot.domain.record import Entry, Kind
from bot.domain.rounds import Grade


def closed(workflow: str, number: int, judged: int, errors: int = 0, **more: object) -> Entry:
    facts: dict[str, object] = {"workflow": workflow, "round": number, "judged": judged}
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


def test_nothing_comes_to_nothing() -> None:
    assert figures_of([]) == Figures(0, 0, 0, 0, 0, 0, (), (), "")
