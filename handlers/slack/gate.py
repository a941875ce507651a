"""Closing the gate by one person, opening it by two; and whatever else takes a second word."""

from slack_bolt import App

from bot.rendering.views import ModalView, NoticePage, PauseForm
from bot.usecases import gate, requests
from handlers.slack.edge import on_button, on_submit
from handlers.slack.parts import Pressed, SlackParts, Submitted


def register(app: App, slack: SlackParts) -> None:
    deps = slack.deps

    def open_pause(pressed: Pressed) -> ModalView:
        workflow = gate.open_pause(deps, pressed.actor, pressed.workflow)
        return PauseForm(workflow.key, workflow.gate.state)

    def pause(submitted: Submitted) -> ModalView:
        key = submitted.about
        receipt = gate.pause_workflow(deps, submitted.actor, key, submitted.fields["reason"])
        sentence = f"{key} is paused. Two people have to resume it."
        return NoticePage("Paused", sentence, receipt)

    def request(submitted: Submitted) -> ModalView:
        key = submitted.about
        receipt = gate.request_resume(deps, submitted.actor, key, submitted.fields["reason"])
        sentence = "Your request is recorded. A second person has to confirm it."
        return NoticePage("Requested", sentence, receipt)

    def confirm(pressed: Pressed) -> None:
        requests.confirm_request(deps, pressed.actor, pressed.workflow, pressed.number)

    on_button(app, slack, "pause", open_pause)
    on_submit(app, slack, "pause", pause)
    on_submit(app, slack, "resume", request)
    on_button(app, slack, "confirm", confirm)
