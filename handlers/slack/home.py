"""The Home tab: opened, its pages turned, and what its own buttons open."""

from collections.abc import Callable
from typing import Final

from slack_bolt import App

from bot.domain.obligations import ObligationKind
from bot.rendering.views import ModalView, RequestPage, SheetPage
from bot.usecases import questions
from handlers.slack.edge import on_button, on_event
from handlers.slack.parts import Body, Command, Pressed, SlackParts
from handlers.slack.registry import open_register

# What is not answered from its row: its request is read first.
READ: Final = {
    "read_accept": ObligationKind.ACCEPT,
    "read_confirm": ObligationKind.CONFIRM,
    "read_take_over": ObligationKind.TAKE_OVER,
}


def register(app: App, slack: SlackParts) -> None:
    def opened(body: Body, event: Body) -> None:
        is_here = body.get("team_id") == slack.deps.workspace
        if is_here and event.get("tab") == "home":  # the other tab is the conversation
            slack.homes.open(str(event["user"]))

    def turn(pressed: Pressed) -> None:
        questions.require_reader(slack.deps, pressed.actor)
        slack.homes.turn(pressed.actor.user_id, pressed.number)

    def show(pressed: Pressed) -> ModalView:
        return SheetPage(questions.show_workflow(slack.deps, pressed.actor, pressed.workflow))

    def open_form(pressed: Pressed) -> ModalView:
        questions.require_reader(slack.deps, pressed.actor)
        return open_register(slack, Command(pressed.actor, channel="", rest=""))

    def read(kind: ObligationKind) -> Callable[[Pressed], ModalView]:
        def open_request(pressed: Pressed) -> ModalView:
            about = (kind, pressed.workflow, pressed.number)
            return RequestPage(questions.show_request(slack.deps, pressed.actor, *about))

        return open_request

    on_event(app, "app_home_opened", opened)
    on_button(app, slack, "earlier", turn)
    on_button(app, slack, "later", turn)
    on_button(app, slack, "show", show)
    on_button(app, slack, "register", open_form)
    for action_id, kind in READ.items():
        on_button(app, slack, action_id, read(kind))
