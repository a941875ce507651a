"""Closing the gate by one person, asking to open it again, or trying a stop."""

from slack_bolt import App

from bot.rendering.views import ModalView, NoticePage, PauseForm
from bot.usecases import drills, gate
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
        sentence = (
            "Your request is recorded. A second person has to confirm it: the message in the "
            "workflow's channel says who may, and until when."
        )
        return NoticePage("Requested", sentence, receipt)

    def open_drill(pressed: Pressed) -> ModalView:
        return drills.open_drill(deps, pressed.actor, pressed.workflow, pressed.number)

    def start_drill(submitted: Submitted) -> ModalView:
        about, remark = (submitted.workflow, submitted.number), submitted.fields["remark"]
        receipt = drills.start_drill(deps, submitted.actor, *about, remark)
        sentence = (
            f"{submitted.workflow} is paused until its pipeline has asked. It goes back by itself."
        )
        return NoticePage("Drill started", sentence, receipt)

    on_button(app, slack, "pause", open_pause)
    on_submit(app, slack, "pause", pause)
    on_submit(app, slack, "resume", request)
    on_button(app, slack, "drill", open_drill)
    on_submit(app, slack, "drill", start_drill)
