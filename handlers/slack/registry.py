"""Registering a workflow in a modal, and its owner's acceptance by button."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, replace
from datetime import datetime
from typing import Final

from slack_bolt import App

from bot.domain.cadences import Cadence, in_words, read_cadence
from bot.domain.evidence import outputs_to_prove, upper_bound
from bot.domain.hours import read_hours, written
from bot.domain.policy import Policy, percent
from bot.domain.refusals import Invalid
from bot.domain.registry import Roles
from bot.rendering.views import ModalView, NoticePage
from bot.usecases import registry
from bot.usecases.registry import Registration
from handlers.slack.edge import on_button, on_submit
from handlers.slack.parts import Pressed, SlackParts, Submitted
from handlers.slack.people import Directory

FIRST_VERSION: Final = 1


def register(app: App, slack: SlackParts) -> None:
    def hand_in(submitted: Submitted) -> ModalView:
        asked = _registration(submitted)
        asked = replace(asked, outsiders=_outsiders(slack.directory, asked.roles))
        receipt = registry.register_workflow(slack.deps, submitted.actor, asked)
        sentence = f"{asked.key} is registered as a draft. Its owner is asked to accept. "
        sentence += _rhythm(asked.policy, registry.next_draws(slack.deps, asked.policy))
        sentence += _reach(asked.policy)
        return NoticePage("Registered", sentence, receipt)

    def accept(pressed: Pressed) -> None:
        registry.accept_ownership(slack.deps, pressed.actor, pressed.workflow)

    on_submit(app, slack, "register", hand_in)
    on_button(app, slack, "accept", accept)


def _registration(submitted: Submitted) -> Registration:
    fields = submitted.fields
    faults: dict[str, str] = {}
    cadence = _cadence(fields, faults)
    policy = Policy(
        number=FIRST_VERSION,
        cadence=cadence.rule,
        zone=_zone(fields, cadence, faults),
        sample=_whole(fields, "sample", faults),
        floor=_whole(fields, "floor", faults),
        limit_bp=_basis_points(fields, faults),
        volume_min=_whole(fields, "volume_min", faults),
        volume_max=_whole(fields, "volume_max", faults),
        hours=_hours(fields, faults),
        holidays_in=fields["holidays"].strip().upper(),
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


def _outsiders(directory: Directory, roles: Roles) -> frozenset[str]:
    named = {user_id for user_id in astuple(roles) if user_id}
    return frozenset(user_id for user_id in named if not directory.is_member(user_id))


def _rhythm(policy: Policy, draws: Sequence[datetime]) -> str:
    times = ", ".join(f"{at:%a %d %b %Y %H:%M}" for at in draws)
    return f"A sample is drawn {in_words(policy.cadence)} ({policy.zone}): {times}, and so on."


def _reach(policy: Policy) -> str:
    """Say what a round can show, if that is less than the limit asks for."""
    needed = outputs_to_prove(policy.limit_bp)
    if policy.sample >= needed:
        return ""
    best = 100 * upper_bound(0, policy.sample)
    return (
        f" Know that {policy.sample} outputs without an error show at most {best:.1f} %: "
        f"to prove a limit of {percent(policy.limit_bp)} % within one round takes {needed}."
    )


def _cadence(fields: Mapping[str, str], faults: dict[str, str]) -> Cadence:
    try:
        return read_cadence(fields["cadence"])
    except ValueError as fault:
        faults["cadence"] = str(fault)
        return Cadence("")


def _zone(fields: Mapping[str, str], cadence: Cadence, faults: dict[str, str]) -> str:
    """Give the one zone of the workflow; naming two is a fault, never a choice of ours."""
    named = fields["zone"].strip()
    if named and cadence.zone and named != cadence.zone:
        faults["zone"] = f"Above it says {cadence.zone}: leave this empty, or name the same zone."
    return named or cadence.zone or "UTC"


def _hours(fields: Mapping[str, str], faults: dict[str, str]) -> str:
    try:
        return written(read_hours(fields["hours"]))
    except ValueError as fault:
        faults["hours"] = str(fault)
        return ""


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
