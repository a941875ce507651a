"""Requests that take two people: confirmed or declined by the second, withdrawn by the first."""

from slack_bolt import App

from bot.rendering.views import ModalView, NoticePage
from bot.usecases import requests
from handlers.slack.edge import on_act, on_button, on_submit
from handlers.slack.parts import Pressed, SlackParts, Submitted


def register(app: App, slack: SlackParts) -> None:
    deps = slack.deps

    def confirm(pressed: Pressed) -> NoticePage:
        about = (pressed.workflow, pressed.number)
        given = requests.confirm_request(deps, pressed.actor, *about)
        return NoticePage("Confirmed", given.sentence, given.receipt)

    def open_decline(pressed: Pressed) -> ModalView:
        return requests.open_decline(deps, pressed.actor, pressed.workflow, pressed.number)

    def decline(submitted: Submitted) -> ModalView:
        about, reason = (submitted.workflow, submitted.number), submitted.fields["reason"]
        receipt = requests.decline_request(deps, submitted.actor, *about, reason)
        return NoticePage("Declined", "You declined: nothing changes. Who asked is told.", receipt)

    def withdraw(pressed: Pressed) -> NoticePage:
        about = (pressed.workflow, pressed.number)
        taken_back = requests.withdraw_request(deps, pressed.actor, *about)
        return NoticePage("Withdrawn", taken_back.sentence, taken_back.receipt)

    on_act(app, slack, "confirm", confirm)
    on_button(app, slack, "decline_request", open_decline)
    on_submit(app, slack, "decline_request", decline)
    on_act(app, slack, "withdraw_request", withdraw)
