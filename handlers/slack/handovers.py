"""Handing a workflow over, accepting one, and saying every 90 days that all is right still."""

from dataclasses import astuple

from slack_bolt import App

from bot.domain.registry import Roles
from bot.rendering.views import ModalView, NoticePage
from bot.usecases import attesting, handovers
from handlers.slack.edge import on_act, on_button, on_submit
from handlers.slack.parts import Pressed, SlackParts, Submitted


def register(app: App, slack: SlackParts) -> None:
    deps = slack.deps

    def open_form(pressed: Pressed) -> ModalView:
        return handovers.open_handover(deps, pressed.actor, pressed.workflow)

    def hand_in(submitted: Submitted) -> ModalView:
        done = handovers.change_people(deps, submitted.actor, _change(slack, submitted))
        title = "Proposed" if done.is_proposal else "Changed"
        return NoticePage(title, done.sentence, done.receipt)

    def take_over(pressed: Pressed) -> NoticePage:
        taken = handovers.take_over(deps, pressed.actor, pressed.workflow, pressed.number)
        return NoticePage("Taken over", taken.sentence, taken.receipt)

    def open_decline(pressed: Pressed) -> ModalView:
        return handovers.open_decline(deps, pressed.actor, pressed.workflow, pressed.number)

    def decline(submitted: Submitted) -> ModalView:
        about, reason = (submitted.workflow, submitted.number), submitted.fields["reason"]
        receipt = handovers.decline_handover(deps, submitted.actor, *about, reason)
        return NoticePage("Declined", "You declined, and who proposed you is told.", receipt)

    def withdraw(pressed: Pressed) -> None:
        handovers.withdraw_handover(deps, pressed.actor, pressed.workflow, pressed.number)

    def open_attestation(pressed: Pressed) -> ModalView:
        return attesting.open_attestation(deps, pressed.actor, pressed.workflow, pressed.number)

    def attest(submitted: Submitted) -> ModalView:
        about, remark = (submitted.workflow, submitted.number), submitted.fields["remark"]
        receipt = attesting.attest(deps, submitted.actor, *about, remark)
        sentence = f"You said that all is right still with {submitted.workflow}."
        return NoticePage("Attested", sentence, receipt)

    on_button(app, slack, "hand_over", open_form)
    on_submit(app, slack, "handover", hand_in)
    on_act(app, slack, "take_over", take_over)
    on_button(app, slack, "decline", open_decline)
    on_submit(app, slack, "decline", decline)
    on_button(app, slack, "withdraw", withdraw)
    on_button(app, slack, "attest", open_attestation)
    on_submit(app, slack, "attest", attest)


def _change(slack: SlackParts, submitted: Submitted) -> handovers.Change:
    fields = submitted.fields
    roles = Roles(fields["owner"], fields["backup"], fields["steward"], fields["technical_owner"])
    named = {user_id for user_id in astuple(roles) if user_id}
    outsiders = frozenset(each for each in named if not slack.directory.is_member(each))
    return handovers.Change(
        submitted.workflow, roles, fields["reason"], submitted.number, outsiders
    )
