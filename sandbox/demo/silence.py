"""The week in which the owner says nothing: silence climbs, and is never consent."""

from datetime import timedelta
from typing import Final

from sandbox.demo.cast import ALICE, BEN, DANA, PRIYA, Person
from sandbox.demo.review import MINUTES, answer, at, draw, move, produce
from sandbox.demo.stage import KEY, Stage

WEEK: Final = 4
DUE: Final = timedelta(days=10, hours=9)  # three days after the draw
RUNGS: Final[tuple[tuple[timedelta, Person], ...]] = (
    (DUE, DANA),
    (DUE + timedelta(hours=2), BEN),
    (DUE + timedelta(hours=6), PRIYA),
    (DUE + timedelta(hours=14), ALICE),
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
    for offset, person in RUNGS:
        move(stage, at(WEEK, offset))
        stage.show(REMINDER, person)


def silence_is_a_breach(stage: Stage) -> None:
    """After the last rung, silence is a breach, and the workflow has somebody to answer for it."""
    stage.show(f"Breach 1 of {KEY}: round not answered")


def backup_answers(stage: Stage) -> None:
    """Ben takes the breach on, reads the round, and decides with a reason."""
    move(stage, at(WEEK, RUNGS[-1][0] + 20 * MINUTES))
    stage.press(BEN, "acknowledge", f"Breach 1 of {KEY}", in_channel=True)
    stage.wait_for_whisper(BEN, "You took on breach 1")
    answer(stage, BEN, WEEK)
    opened = stage.press(BEN, "decide", f"Breach 1 of {KEY}", in_channel=True)["view"]
    stage.narrator.does(BEN.name, f"decides to continue: “{REASON}”")
    decided = stage.submit(BEN, opened, {"decision": "continue", "reason": REASON})
    stage.receive(BEN, decided)
    stage.show(f"Breach 1 of {KEY}", fits=lambda each: "Closed" in each["text"])
