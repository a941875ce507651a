"""What the demo does for whoever presses a button of the page's guide.

The page and the sandbox know nothing of the bot and hold no token of it: they say what was pressed,
and the demo, which operates this bot, does it.
"""

from collections.abc import Callable, Mapping
from typing import Final, Never

from sandbox.demo.database import count_outputs, database_of
from sandbox.demo.guide_outputs import fresh_outputs
from sandbox.demo.stage import Stage
from sandbox.player import Unexpected
from sandbox.wire import Json


def serve(stage: Stage, since: int) -> Never:
    """Do what is asked for, from this entry of the sandbox's log on, until somebody ends it."""
    while True:
        since, asked = stage.player.asked_of_guide(since)
        for each in asked:
            _answer(stage, each)


def _answer(stage: Stage, asked: Json) -> None:
    """Do it, and have the page say in a sentence what came of it."""
    deed = asked["deed"]
    try:
        said = DEEDS[deed](stage, asked["key"])
    except Unexpected as error:
        said = f"This did not work. Expected was {error}"
        stage.player.tell_of_deed(deed, said, failed=True)
    else:
        stage.player.tell_of_deed(deed, said)


def _report(stage: Stage, workflow: str) -> str:
    """Report eight outputs as a pipeline with a token of its own, over the bot's API."""
    pipeline = stage.let_in(workflow)
    outputs = [each | {"workflow": workflow} for each in fresh_outputs(stage.player)]
    new, all_ = pipeline.send(outputs), count_outputs(database_of(stage.environment), workflow)
    said = f"{new} outputs of {workflow} have arrived"
    return f"{said}." if new == all_ else f"{said}, {all_} in all."


DEEDS: Final[Mapping[str, Callable[[Stage, str], str]]] = {"report": _report}
