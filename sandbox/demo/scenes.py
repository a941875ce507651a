"""The ordinary part: a workflow is registered, accepted, and answered for, week after week."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from sandbox.demo.cast import BEN, CHANNEL, DANA, PRIYA, TOMAS
from sandbox.demo.review import (
    MINUTES,
    answer,
    at,
    closed_card,
    draw,
    look_again,
    move,
    produce,
    remember_commitment,
)
from sandbox.demo.stage import KEY, TOKEN_FOR, Stage

TEN: Final = timedelta(hours=10)
FORM: Final = {
    "key": KEY,
    "purpose": "Sorts customers' messages into six categories, so each reaches the right desk.",
    "owner": DANA.id,
    "backup": BEN.id,
    "steward": PRIYA.id,
    "technical_owner": TOMAS.id,
    "channel": CHANNEL,
    "sample": "30",
    "floor": "0",
    "tighten": "1",  # it is a small team: it looks at thirty, watched or not
    "limit": "20",
    "volume_min": "20",
    "volume_max": "200",
}
MISTAKES: Final = {"key": "Support Triage", "backup": DANA.id}


def register(stage: Stage) -> None:
    """Dana fills the form in, at first with two mistakes."""
    opened = stage.command(DANA, "register")["view"]
    refused = stage.submit(DANA, opened, {**FORM, **MISTAKES})
    errors = stage.present(refused["errors"], "the form to complain of its mistakes")
    for name, sentence in errors.items():
        stage.narrator.sees(f"modal of {DANA.name}, under “{name}”", sentence)
    stage.require(set(errors) == set(MISTAKES), "a complaint under each mistaken field")
    stage.narrator.does(DANA.name, "corrects both and hands the form in")
    stage.receive(DANA, stage.submit(DANA, refused["view"], FORM))
    stage.show("is to answer for it")


def accept(stage: Stage) -> None:
    """Dana reads what she would answer for, and accepts."""
    move(stage, at(1, TEN))
    stage.press(DANA, "accept", "is to answer for it", in_channel=False)
    stage.wait_for_whisper(DANA, "You answer for")
    stage.show(f"Round 1 of {KEY}.")
    remember_commitment(stage, 1)
    stage.narrator.finds("the draw is committed to before the week has any output")


def let_in(stage: Stage) -> None:
    """Let the pipeline in with a token."""
    made = stage.console(*TOKEN_FOR, KEY)
    stage.token = made.succeeded()
    stage.require(stage.token.startswith("answ_"), "a token")
    stage.narrator.sees("console", f"{stage.token[:9]}… (shown this once)")
    known = "the token to open the gate's door"
    stage.player.wait_for(lambda: stage.pipeline.is_let_in() or None, known)


def first_week(stage: Stage) -> None:
    """Let the pipeline work; what it reports twice counts once."""
    produce(stage, 1)
    stage.require(stage.pipeline.report(stage.weeks[1]) == 0, "nothing to count twice")
    stage.narrator.finds("reporting the same messages again changes nothing")


def first_draw(stage: Stage) -> None:
    """End the week: the draw is revealed, and Dana is asked."""
    draw(stage, 1)
    stage.show("wait for your verdict", DANA)


def first_answer(stage: Stage) -> None:
    """Dana answers page by page; Ben, who sees nothing of it, looks at some a second time."""
    move(stage, at(2, TEN))
    look_again(stage, BEN, 1)
    answer(stage, DANA, 1)
    closed_card(stage, 1, "within limit")


def good_week(number: int) -> Callable[[Stage], None]:
    """Give a week in which everybody does what they owe."""

    def play(stage: Stage) -> None:
        produce(stage, number)
        draw(stage, number)
        move(stage, at(number + 1, TEN + 15 * MINUTES))
        look_again(stage, BEN, number)
        answer(stage, DANA, number)
        closed_card(stage, number, "within limit")

    return play
