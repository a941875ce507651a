"""Registering a workflow in a modal, and its owner's acceptance by button."""

from collections.abc import Mapping
from typing import Final

from slack_bolt import App

from bot.domain.policy import Policy
from bot.domain.refusals import Invalid
from bot.domain.registry import Roles
from bot.rendering.views import ModalView, NoticePage
from bot.usecases import registry
from bot.usecases.registry import Registration
from handlers.slack.edge import on_button, on_submit
from handlers.slack.parts import Pressed, SlackParts, Submitted

FIRST_VERSION: Final = 1


def register(app: App, slack: SlackParts) -> None:
    def hand_in(submitted: Submitted) -> ModalView:
        asked = _registration(submitted)
        receipt = registry.register_workflow(slack.deps, submitted.actor, asked)
        sentence = f"{asked.key} is registered as a draft. Its owner is asked to accept."
        return NoticePage("Registered", sentence, receipt)

    def accept(pressed: Pressed) -> None:
        registry.accept_ownership(slack.deps, pressed.actor, pressed.workflow)

    on_submit(app, slack, "register", hand_in)
    on_button(app, slack, "accept", accept)


def _registration(submitted: Submitted) -> Registration:
    fields = submitted.fields
    faults: dict[str, str] = {}
    policy = Policy(
        number=FIRST_VERSION,
        cadence=fields["cadence"],
        zone=fields["zone"].strip(),
        sample=_whole(fields, "sample", faults),
        floor=_whole(fields, "floor", faults),
        limit_bp=_basis_points(fields, faults),
        volume_min=_whole(fields, "volume_min", faults),
        volume_max=_whole(fields, "volume_max", faults),
    )
    if faults:
        raise Invalid(faults)
    return Registration(
        key=fields["key"].strip(),
        purpose=fields["purpose"],
        roles=Roles(
            fields["owner"], fields["backup"], fields["steward"], fields["technical_owner"]
        ),
        channel=fields["channel"],
        policy=policy,
    )


def _whole(fields: Mapping[str, str], name: str, faults: dict[str, str]) -> int:
    written = fields[name].strip().replace(",", "")
    if written.isascii() and written.isdigit() and len(written) <= 9:  # noqa: PLR2004
        return int(written)
    faults[name] = "Write a whole number."
    return 0


def _basis_points(fields: Mapping[str, str], faults: dict[str, str]) -> int:
    whole, _, part = fields["limit"].strip().removesuffix("%").strip().partition(".")
    digits = whole + part
    if digits.isascii() and digits.isdigit() and whole and len(whole) <= 2 and len(part) <= 2:  # noqa: PLR2004
        return int(whole) * 100 + int(part.ljust(2, "0"))
    faults["limit"] = "Write a percentage with at most two decimals, such as 5 or 2.5."
    return 0
