"""Registering a workflow or changing its policy in a modal; its owner's acceptance by button."""

from collections.abc import Sequence
from dataclasses import astuple, replace
from datetime import datetime

from slack_bolt import App

from bot.domain.cadences import in_words
from bot.domain.moments import local_text
from bot.domain.outlook import told
from bot.domain.policy import Policy
from bot.domain.registry import Roles
from bot.rendering.views import ChangeForm, ModalView, NoticePage, RegisterForm
from bot.usecases import policies, registry
from bot.usecases.policies import Change, Changed
from bot.usecases.registry import Registration
from handlers.slack.edge import on_act, on_submit
from handlers.slack.parts import Command, Pressed, SlackParts, Submitted
from handlers.slack.people import Directory
from handlers.slack.policy_fields import fields_of_policy, policy_changed, policy_read


def register(app: App, slack: SlackParts) -> None:
    def hand_in(submitted: Submitted) -> ModalView:
        asked = _registration(submitted)
        asked = replace(asked, outsiders=_outsiders(slack.directory, asked.roles))
        receipt = registry.register_workflow(slack.deps, submitted.actor, asked)
        who = "You are" if asked.roles.owner == submitted.actor.user_id else "Its owner is"
        sentence = (
            f"{asked.key} is registered as a draft. {who} asked to accept the duties, in its "
            "channel and in a direct message; until then its gate is not ready."
        )
        more = (
            _rhythm(asked.policy, registry.next_draws(slack.deps, asked.policy)),
            *told(asked.policy, registry.outlook(slack.deps, asked.key, asked.policy)),
            *_measured(asked.policy),
        )
        return NoticePage("Registered", sentence, receipt, more=more)

    def change(submitted: Submitted) -> ModalView:
        asked = _change(slack, submitted)
        changed = policies.change_policy(slack.deps, submitted.actor, asked)
        title = "Requested" if changed.is_waiting else "Changed"
        outlook = registry.outlook(slack.deps, asked.workflow, asked.policy)
        more = (*_what_follows(changed), *told(changed.policy, outlook))
        return NoticePage(title, _what_changes(changed), changed.receipt, more=more)

    def accept(pressed: Pressed) -> NoticePage:
        accepted = registry.accept_ownership(slack.deps, pressed.actor, pressed.workflow)
        return NoticePage("Accepted", accepted.sentence, accepted.receipt)

    on_submit(app, slack, "register", hand_in)
    on_submit(app, slack, "change", change)
    on_act(app, slack, "accept", accept)


def _registration(submitted: Submitted) -> Registration:
    fields = submitted.fields
    policy, faults = policy_read(fields)
    return Registration(
        key=fields["key"].strip(),
        purpose=fields["purpose"],
        roles=Roles(
            fields["owner"], fields["backup"], fields["steward"], fields["technical_owner"]
        ),
        channel=fields["channel"],
        policy=policy,
        faults=faults,
    )


def open_register(slack: SlackParts, command: Command) -> RegisterForm | ChangeForm:
    """Give the form to register a workflow, or to change the policy of one that is registered."""
    changeable = policies.open_change(slack.deps, command.actor, command.rest)
    if changeable is None:
        owner = registry.open_registration(slack.deps, command.actor)
        return RegisterForm(owner, command.channel, key=command.rest)
    policy = changeable.policy
    return ChangeForm(command.rest, policy.number, fields_of_policy(policy), changeable.waiting)


def _change(slack: SlackParts, submitted: Submitted) -> Change:
    key, version = submitted.workflow, submitted.number
    shown = policies.policy_shown(slack.deps, key, version)
    policy = policy_changed(submitted.fields, shown)
    return Change(key, policy, submitted.fields["reason"])


def _what_changes(changed: Changed) -> str:
    version = f"version {changed.policy.number} of the policy of {changed.workflow}"
    if changed.is_waiting:
        ways = "; ".join(each.words for each in changed.weakens)
        return (
            f"Your request for {version} is recorded. It makes the policy weaker, so a second "
            f"person has to confirm it: it {ways}. Until then everything stays as it is."
        )
    kept = ""
    if changed.kept is not None:
        kept = (
            f" Round {changed.kept}, which is open, keeps the policy it was opened under and ends "
            "when it said it would."
        )
    sentence = f"V{version[1:]} is in force. What is owed from now on and the next round follow it."
    return f"{sentence}{kept}"


def _what_follows(changed: Changed) -> tuple[str, ...]:
    if changed.is_waiting:
        return ()
    rhythm = f"A sample is drawn {in_words(changed.policy.cadence)}."
    return (rhythm, *_measured(changed.policy))


def _outsiders(directory: Directory, roles: Roles) -> frozenset[str]:
    named = {user_id for user_id in astuple(roles) if user_id}
    return frozenset(user_id for user_id in named if not directory.is_member(user_id))


def _rhythm(policy: Policy, draws: Sequence[datetime]) -> str:
    times = ", ".join(local_text(at) for at in draws)
    return f"A sample is drawn {in_words(policy.cadence)} ({policy.zone}): {times}, and so on."


def _measured(policy: Policy) -> tuple[str, ...]:
    """Say which limits were understood, in the words that they are kept in."""
    if not policy.limits:
        return ()
    return (f"Limits of measurements: {', '.join(map(str, policy.limits))}.",)
