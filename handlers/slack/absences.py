"""Being away on given dates, and coming back early."""

import re
from datetime import date
from typing import Final

from slack_bolt import App

from bot.domain.absences import zone_of
from bot.domain.people import Actor
from bot.domain.refusals import Invalid
from bot.rendering.views import Absences, DelegateForm, ModalView, NoticePage
from bot.usecases import absences
from bot.usecases.absences import Announcement
from handlers.slack.edge import on_button, on_submit
from handlers.slack.parts import Pressed, SlackParts, Submitted

END: Final = re.compile(r"end_absence:\d+")  # a button for each absence, numbered in its message


def register(app: App, slack: SlackParts) -> None:
    def open_form(pressed: Pressed) -> ModalView:
        return absence_form(slack, pressed.actor)

    def announce(submitted: Submitted) -> ModalView:
        asked = _announcement(slack, submitted)
        receipt = absences.announce_absence(slack.deps, submitted.actor, asked)
        who = "Who stands in is told" if asked.delegate else "Nobody stands in"
        sentence = f"Your absence is announced. {who}; you stay answerable."
        return NoticePage("Announced", sentence, receipt)

    def end(pressed: Pressed) -> None:
        absences.end_absence(slack.deps, pressed.actor, pressed.number)

    on_button(app, slack, "announce", open_form)
    on_submit(app, slack, "delegate", announce)
    on_button(app, slack, END, end)


def standing_absences(slack: SlackParts, actor: Actor) -> Absences | None:
    """Give what somebody has announced, or None if that is nothing."""
    found = absences.list_absences(slack.deps, actor)
    return found if found.absences else None


def absence_form(slack: SlackParts, actor: Actor) -> DelegateForm:
    """Give the form, its days those of where this person is."""
    zone = slack.directory.person(actor.user_id).zone
    today = slack.deps.store.clock.now().astimezone(zone_of(zone)).date()
    return DelegateForm(today, zone)


def _announcement(slack: SlackParts, submitted: Submitted) -> Announcement:
    fields = submitted.fields
    faults: dict[str, str] = {}
    first, last = (_day(fields[name], name, faults) for name in ("from", "until"))
    if faults:
        raise Invalid(faults)
    delegate = fields["delegate"]
    return Announcement(
        delegate=delegate,
        first=first,
        last=last,
        zone=submitted.about,
        reason=fields["reason"],
        is_outsider=bool(delegate) and not slack.directory.is_member(delegate),
    )


def _day(text: str, name: str, faults: dict[str, str]) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults[name] = "Choose a day."
        return date.min
