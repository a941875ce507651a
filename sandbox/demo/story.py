"""The story: its steps in order, one function each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sandbox.demo import record, scenes, silence, stopping
from sandbox.demo.stage import Stage
from sandbox.player import Unexpected


@dataclass(frozen=True, slots=True)
class Step:
    title: str
    play: Callable[[Stage], None]


STEPS: Final = (
    Step("Dana registers the workflow", scenes.register),
    Step("Dana accepts the duties", scenes.accept),
    Step("The pipeline gets a token", scenes.let_in),
    Step("Week 1: the pipeline works", scenes.first_week),
    Step("The draw is revealed", scenes.first_draw),
    Step("Dana answers, page by page", scenes.first_answer),
    Step("Week 2: an ordinary week", scenes.good_week(2)),
    Step("Week 3: another one", scenes.good_week(3)),
    Step("Week 4: Dana does not answer", silence.owner_is_silent),
    Step("Silence is a breach", silence.silence_is_a_breach),
    Step("Ben, the backup, answers for it", silence.backup_answers),
    Step("Week 5: Dana is back", scenes.good_week(5)),
    Step("Week 6: the model was changed", stopping.drift_begins),
    Step("Week 7: an error does harm", stopping.harm_is_found),
    Step("Dana acknowledges the breach", stopping.owner_acknowledges),
    Step("Priya, the steward, pauses the workflow", stopping.steward_pauses),
    Step("People without a say try to resume", stopping.others_are_refused),
    Step("Two people resume", stopping.two_people_resume),
    Step("Week 8: a round that waits for you", stopping.last_week),
    Step("The auditor asks for the record", record.auditor_asks),
    Step("Slack had nothing to object to", record.slack_refused_nothing),
    Step("The operator takes the record out", record.take_out),
    Step("The record is verified", record.verify),
    Step("A tampered copy is found", record.find_tampering),
)


def play(stage: Stage) -> bool:
    """Play every step in order and tell whether all went as they should; stop at one that fails."""
    for number, step in enumerate(STEPS, start=1):
        stage.narrator.heading(number, len(STEPS), step.title)
        try:
            stage.player.tell_step(number, step.title)
            step.play(stage)
        except Unexpected as reason:
            stage.narrator.fails(step.title, str(reason))
            return False
    return True
