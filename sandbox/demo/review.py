"""One week of the workflow: what it produced, what was drawn, and what its reviewer said."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from sandbox.demo.cast import Person
from sandbox.demo.reading import hash_after, is_page, output_on, place_on, readable
from sandbox.demo.samples import Triaged
from sandbox.demo.stage import KEY, Stage
from sandbox.wire import Json

FIRST_MONDAY: Final = datetime(2026, 6, 1, tzinfo=UTC)
FRIDAY_EVENING: Final = timedelta(days=4, hours=17)
DRAW: Final = timedelta(days=7, hours=9)
MINUTES: Final = timedelta(minutes=1)

Severity = Callable[[Triaged], str]


def at(week: int, offset: timedelta) -> datetime:
    """Give a moment of a week of the story, counted from its Monday."""
    return FIRST_MONDAY + timedelta(weeks=week - 1) + offset


def move(stage: Stage, to: datetime) -> None:
    """Move the clock of the whole story, once everything that belongs to this moment is said."""
    stage.wait_until_said()
    stage.player.move_clock(to.isoformat())
    stage.narrator.time(to)


def produce(stage: Stage, week: int) -> None:
    """Let a week pass in which the pipeline asks the gate and reports what it produced."""
    move(stage, at(week, FRIDAY_EVENING))
    may_act, state = stage.pipeline.ask_gate()
    stage.require(may_act, f"the gate to let the pipeline act in week {week}; it said {state}")
    taken = stage.pipeline.report(stage.weeks[week])
    stage.require(taken == len(stage.weeks[week]), "every output of the week to be new")
    stage.narrator.does(
        "The pipeline", f"asks the gate (“{state}”) and reports {taken} messages it has sorted"
    )


def draw(stage: Stage, week: int) -> Json:
    """Let the period end, show what is drawn and check it against its commitment."""
    remember_commitment(stage, week)
    move(stage, at(week, DRAW))
    card = stage.show(f"Round {week} of {KEY}.", fits=lambda each: bool(hash_after("seed", each)))
    seed = bytes.fromhex(hash_after("seed", card))
    stage.require(
        sha256(seed).hexdigest() == stage.commitments[week],
        f"the seed of round {week} to be the one that was committed to",
    )
    stage.narrator.finds("the seed is the one whose hash was published before the week began")
    remember_commitment(stage, week + 1)
    return card


def remember_commitment(stage: Stage, number: int) -> None:
    """Keep the commitment of a round, as its card gives it before anything is drawn."""
    if number not in stage.commitments:
        card = stage.message(
            f"Round {number} of {KEY}.", fits=lambda each: bool(hash_after("commitment", each))
        )
        stage.commitments[number] = hash_after("commitment", card)


def answer(stage: Stage, who: Person, week: int, severity: Severity = lambda _: "minor") -> None:
    """Have a reviewer open the review from their DM, answer every page and hand it in."""
    page = stage.press(who, "review", f"review round {week} of {KEY}", in_channel=False)["view"]
    judged, handed_in = _turn_pages(stage, who, page, week, severity)
    wrong = [each for each in judged if each.is_wrong]
    stage.narrator.does(who.name, f"answers {len(judged)} pages and finds {len(wrong)} wrong")
    for each in wrong[:2]:
        stage.narrator.sees(f"page of {each.output_id}", f"{each.message} → {each.prediction}")
    stage.receive(who, handed_in)


def look_again(stage: Stage, who: Person, week: int) -> None:
    """Have somebody besides the owner take the second look, without seeing the first."""
    asked = f"round {week} of {KEY}"
    page = stage.press(who, "second_review", asked, in_channel=False)["view"]
    judged, handed_in = _turn_pages(stage, who, page, week, lambda _: "minor")
    stage.narrator.does(who.name, f"judges {len(judged)} of them again, blind")
    stage.receive(who, handed_in)


def _turn_pages(
    stage: Stage, who: Person, page: Json | None, week: int, severity: Severity
) -> tuple[list[Triaged], Json]:
    """Answer page by page, and give what was judged and what the last page led to."""
    known = {each.output_id: each for each in stage.weeks[week]}
    judged: list[Triaged] = []
    answered: Json = {"view": page, "errors": None}
    while is_page(answered["view"]):
        output = stage.present(
            known.get(output_on(answered["view"])), f"an output of week {week} on every page"
        )
        answered = stage.submit(who, answered["view"], _values(answered["view"], output, severity))
        judged.append(output)
        stage.require(
            not answered["errors"], f"page {len(judged)} to be taken: {answered['errors']}"
        )
    stage.require(judged, f"pages of round {week} for {who.name}")
    return judged, answered


def _values(page: Json, output: Triaged, severity: Severity) -> dict[str, str]:
    place = place_on(page)
    if not output.is_wrong:
        return {f"verdict:{place}": "correct"}
    return {
        f"verdict:{place}": "wrong",
        f"why:{place}": "error",
        f"severity:{place}": severity(output),
        f"correction:{place}": f"This belongs to {output.truth}.",
    }


def closed_card(stage: Stage, week: int, grade: str) -> Json:
    """Show a round's card with its result. Raises Unexpected if it has another grade."""
    card = stage.show(f"Round {week} of {KEY}.", fits=lambda each: "judged" in each["text"])
    said = readable(card["text"], stage.names)
    stage.require(f"Grade: {grade}" in said, f"round {week} to be graded “{grade}”")
    return card
