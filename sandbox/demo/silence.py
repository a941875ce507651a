"""The week in which the owner says nothing: silence climbs, and is never consent."""

from datetime import timedelta
from typing import Final

from sandbox.demo.cast import ALICE, BEN, DANA, PRIYA, Person
from sandbox.demo.review import MINUTES, answer, at, closed_card, draw, look_again, move, produce
from sandbox.demo.stage import KEY, Stage

WEEK: Final = 4
DUE: Final = timedelta(days=9, hours=17)  # three working days after the draw
RUNGS: Final[tuple[tuple[timedelta, Person], ...]] = (
    (DUE, DANA),
    (timedelta(days=10, hours=11), BEN),  # two, four, eight working hours one from the other
    (timedelta(days=10, hours=15), PRIYA),  # asked for the second look as well, and takes it
    (timedelta(days=11, hours=15), ALICE),
)
REMINDER: Final = f"please review round {WEEK} of {KEY}"
REASON: Final = (
    "Dana is ill and nobody stood in for her. I have read the round now and see no pattern in it. "
    "From today the team's calendar names who reviews when she is away."
)


def owner_is_silent(stage: Stage) -> None:
    """Let Dana be asked and not answer: rung by rung, others are."""
    produce(stage, WEEK)
    draw(stage, WEEK)
    stage.show(f"round {WEEK}, wait for your verdict", DANA)
    stage.narrator.does(BEN.name, "leaves the second look: who takes it cannot stand in for Dana")
    for offset, person in RUNGS:
        move(stage, at(WEEK, offset))
        stage.show(REMINDER, person)
        if person is PRIYA:
            look_again(stage, PRIYA, WEEK)


def silence_is_a_breach(stage: Stage) -> None:
    """After the last rung, silence is a breach, and the workflow has somebody to answer for it."""
    stage.show(f"Breach 1 of {KEY}: round not answered")
    closed_card(stage, WEEK, "not enough evidence")
    stage.narrator.finds(f"round {WEEK} closed unanswered: silence is no verdict")


def backup_answers(stage: Stage) -> None:
    """Ben takes the breach on, reads the round, and decides with a reason."""
    move(stage, at(WEEK, RUNGS[-1][0] + 20 * MINUTES))
    stage.press(BEN, "acknowledge", f"Breach 1 of {KEY}", in_channel=True)
    stage.wait_for_whisper(BEN, "You took on breach 1")
    answer_late(stage)
    opened = stage.press(BEN, "decide", f"Breach 1 of {KEY}", in_channel=True)["view"]
    stage.narrator.does(BEN.name, f"decides to continue: “{REASON}”")
    decided = stage.submit(BEN, opened, {"decision": "continue", "reason": REASON})
    stage.receive(BEN, decided)
    stage.show(f"Breach 1 of {KEY}", fits=lambda each: "Closed" in each["text"])


def answer_late(stage: Stage) -> None:
    """Ben gives the verdicts that are still owed; the closed round's figures stay as they were."""
    before = _figures(stage)
    answer(stage, BEN, WEEK)
    stage.wait_until_said()
    stage.require(
        _figures(stage) == before, f"the figures of round {WEEK} to stay as they were at its close"
    )
    stage.narrator.finds(
        "his verdicts are on record; they came after the close and change no figure of the round"
    )


def _figures(stage: Stage) -> str:
    """Give what the round's card says of it, down to its grade."""
    card = stage.message(f"Round {WEEK} of {KEY}.", fits=lambda each: "judged" in each["text"])
    figures, _, _ = str(card["text"]).partition("Grade:")
    return figures
