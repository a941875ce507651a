"""A breach's card: acknowledge, decide with a reason, report as carried out."""

import re
from datetime import UTC, datetime, time
from typing import Final

from slack_bolt import App

from bot.domain.breaches import Decision
from bot.domain.refusals import Invalid
from bot.rendering.views import CarryOutForm, ModalView, NoticePage
from bot.usecases import breaches, wrong_outputs
from bot.usecases.breaches import DecideBreach
from handlers.slack.edge import on_act, on_button, on_submit
from handlers.slack.pages import page_pressed
from handlers.slack.parts import Pressed, SlackParts, Submitted

TURN: Final = re.compile(r"outputs:\d")  # one button back, one on


def register(app: App, slack: SlackParts) -> None:
    deps = slack.deps

    def acknowledge(pressed: Pressed) -> NoticePage:
        about = (pressed.workflow, pressed.number)
        taken = breaches.acknowledge_breach(deps, pressed.actor, *about)
        return NoticePage("Acknowledged", taken.sentence, taken.receipt)

    def see(pressed: Pressed) -> ModalView:
        about = (pressed.workflow, pressed.number)
        return wrong_outputs.see_outputs(deps, pressed.actor, *about, page=0)

    def turn(pressed: Pressed) -> ModalView:
        return wrong_outputs.see_outputs(deps, pressed.actor, *page_pressed(pressed))

    def open_decision(pressed: Pressed) -> ModalView:
        return breaches.open_decision(deps, pressed.actor, pressed.workflow, pressed.number)

    def decide(submitted: Submitted) -> ModalView:
        decided = breaches.decide_breach(deps, submitted.actor, _decision(submitted))
        return NoticePage("Decided", decided.sentence, decided.receipt)

    def open_carrying_out(pressed: Pressed) -> ModalView:
        breach = breaches.open_carrying_out(deps, pressed.actor, pressed.workflow, pressed.number)
        return CarryOutForm(breach.workflow, breach.number, breach.decision or Decision.CONTINUE)

    def carry_out(submitted: Submitted) -> ModalView:
        receipt = breaches.carry_out(
            deps,
            submitted.actor,
            submitted.workflow,
            submitted.number,
            submitted.fields["evidence"],
        )
        return NoticePage("Carried out", "The evidence is recorded.", receipt)

    on_act(app, slack, "acknowledge", acknowledge)
    on_button(app, slack, "see_outputs", see, on_top=True)
    on_button(app, slack, TURN, turn)
    on_button(app, slack, "decide", open_decision)
    on_submit(app, slack, "decide", decide)
    on_button(app, slack, "carry_out", open_carrying_out)
    on_submit(app, slack, "carry_out", carry_out)


def _decision(submitted: Submitted) -> DecideBreach:
    chosen = submitted.fields["decision"]
    if chosen not in set(Decision):
        raise Invalid({"decision": "Choose one of the decisions listed."})
    return DecideBreach(
        workflow=submitted.workflow,
        number=submitted.number,
        decision=Decision(chosen),
        reason=submitted.fields["reason"],
        due_at=_end_of(submitted.fields["due_on"]),
    )


def _end_of(day: str) -> datetime | None:
    """Give the last second of a day in UTC, or None if no day was chosen."""
    if not day:
        return None
    return datetime.combine(datetime.fromisoformat(day).date(), time(23, 59, 59), UTC)
