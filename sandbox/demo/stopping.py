"""The drift: refunds are read as complaints, one of them does harm, and people stop the machine."""

from datetime import timedelta
from typing import Final

from sandbox.clock import elapsed
from sandbox.demo.cast import BEN, DANA, GUS, PRIYA, TOMAS
from sandbox.demo.review import answer, at, closed_card, draw, look_again, move, produce
from sandbox.demo.samples import Triaged
from sandbox.demo.stage import KEY, Stage

DRIFT: Final = 6
HARM: Final = 7
BREACH: Final = f"Breach 2 of {KEY}"
DECIDED_AT: Final = timedelta(hours=10, minutes=40)
REASON: Final = (
    "Refunds land at the complaints desk since the model changed, and a customer who needed the "
    "money waited for ten days. Nothing is sorted by it until that is understood."
)
ASKING: Final = (
    "Messages that speak of money back now go to a person first, whatever the model says. "
    "The rest of its work was right."
)


def drift_begins(stage: Stage) -> None:
    """Let a new model version work: Dana finds far more wrong, and that is worse than it was."""
    produce(stage, DRIFT)
    draw(stage, DRIFT)
    move(stage, at(HARM, timedelta(hours=10)))
    look_again(stage, BEN, DRIFT)
    answer(stage, DANA, DRIFT, lambda _: "major")
    closed_card(stage, DRIFT, "watch")
    stage.narrator.finds(
        "nothing is proven against the limit yet, but this is worse than the first weeks were"
    )


def harm_is_found(stage: Stage) -> None:
    """Have Dana judge one error critical: that is a breach at once."""
    produce(stage, HARM)
    draw(stage, HARM)
    move(stage, at(HARM + 1, timedelta(hours=10)))
    look_again(stage, BEN, HARM)
    answer(stage, DANA, HARM, _Severities())
    stage.show(f"{BREACH}: critical verdict", PRIYA)


def owner_acknowledges(stage: Stage) -> None:
    """Dana takes it on within the quarter of an hour that a critical breach allows."""
    move(stage, at(HARM + 1, timedelta(hours=10, minutes=6)))
    stage.press(DANA, "acknowledge", BREACH, in_channel=False)
    stage.show(BREACH, fits=lambda each: "Acknowledged by" in each["text"])


def steward_pauses(stage: Stage) -> None:
    """Have the steward decide, as a critical breach asks: the pipeline is told at once."""
    move(stage, at(HARM + 1, DECIDED_AT))
    opened = stage.press(PRIYA, "decide", BREACH, in_channel=True)["view"]
    stage.narrator.does(PRIYA.name, f"decides to pause: “{REASON}”")
    decided = stage.submit(PRIYA, opened, {"decision": "pause", "reason": REASON})
    since = elapsed()
    may_act, state = stage.pipeline.ask_gate()
    waited = (elapsed() - since) * 1000
    stage.require(not may_act and state == "paused", f"the gate to be paused; it said {state}")
    stage.receive(PRIYA, decided)
    stage.narrator.does("The pipeline", f"asks the gate: “{state}”, it may not act")
    stage.narrator.finds(
        f"the first question after the decision had that answer, in {waited:.0f} ms"
    )
    stage.show(BREACH, fits=lambda each: "Closed" in each["text"])


def others_are_refused(stage: Stage) -> None:
    """Whoever has no say over the gate is told so, and the attempt is on record."""
    said = stage.whisper(TOMAS, stage.command(TOMAS, f"resume {KEY}")["ephemeral"])
    stage.require("You cannot resume a workflow" in said, "Tomás to be refused")
    said = stage.whisper(GUS, stage.command(GUS, f"resume {KEY}")["ephemeral"])
    stage.require("Guests" in said, "Gus to be refused")
    stage.require(not stage.pipeline.ask_gate()[0], "the gate to stay shut")


def two_people_resume(stage: Stage) -> None:
    """Open the gate again, which takes two: Dana cannot confirm what she asked for, Ben can."""
    move(stage, at(HARM + 1, timedelta(days=2, hours=9, minutes=30)))
    opened = stage.command(DANA, f"resume {KEY}")["view"]
    stage.narrator.does(DANA.name, f"gives the reason: “{ASKING}”")
    stage.receive(DANA, stage.submit(DANA, opened, {"reason": ASKING}))
    stage.press(DANA, "confirm", "resume", in_channel=True)
    stage.wait_for_whisper(DANA, "second person")
    stage.require(not stage.pipeline.ask_gate()[0], "the gate to stay shut for one person alone")
    stage.press(BEN, "confirm", "resume", in_channel=False)
    stage.wait_for_whisper(BEN, "runs again")
    may_act, state = stage.pipeline.ask_gate()
    stage.require(may_act, f"the gate to be open again; it said {state}")
    stage.narrator.finds(f"the gate says “{state}”")


def last_week(stage: Stage) -> None:
    """Draw the last round: it waits for whoever plays Dana."""
    produce(stage, HARM + 1)
    draw(stage, HARM + 1)
    stage.show(f"round {HARM + 1}, wait for your verdict", DANA)


class _Severities:
    """Judges the first misread refund critical and every other error major."""

    def __init__(self) -> None:
        self._is_first = True

    def __call__(self, output: Triaged) -> str:
        if output.truth == "refund" and self._is_first:
            self._is_first = False
            return "critical"
        return "major"
