"""An owner hands outputs of a round to reviewers, and takes them back; they answer theirs."""

import re
from typing import Final

from slack_bolt import App

from bot.domain.figures import counted
from bot.domain.people import Actor
from bot.rendering.views import HandInShareForm, ModalView, NoticePage
from bot.usecases import Deps, looking_back, precedents, shares
from bot.usecases.shares import Handed, Handing, SharedIn, ShareReady
from bot.usecases.steps.pages import Page
from handlers.slack.edge import on_button, on_submit
from handlers.slack.pages import page_answer, page_pressed, page_view
from handlers.slack.parts import Pressed, SlackParts, Submitted

TAKE_BACK: Final = re.compile(r"take_back:\d+")  # a button for each share, numbered in its message


def register(app: App, slack: SlackParts) -> None:
    deps = slack.deps

    def open_form(pressed: Pressed) -> ModalView:
        return shares.open_handing(deps, pressed.actor, pressed.workflow, pressed.number)

    def hand_out(submitted: Submitted) -> ModalView:
        return _handed(shares.hand_items(deps, submitted.actor, _handing(slack, submitted)))

    def take_back(pressed: Pressed) -> None:
        shares.take_share_back(deps, pressed.actor, pressed.workflow, pressed.number)

    def open_share(pressed: Pressed) -> ModalView:
        return open_theirs(deps, pressed.actor, pressed.workflow, pressed.number)

    def back(pressed: Pressed) -> ModalView:
        about = page_pressed(pressed)
        page = looking_back.look_back_in_share(deps, pressed.actor, *about)
        return page_view(page, share=about[1])

    def like_this(pressed: Pressed) -> ModalView:
        return precedents.precedents_in_share(deps, pressed.actor, *page_pressed(pressed))

    def answer(submitted: Submitted) -> ModalView:
        number, said = submitted.number, page_answer(submitted)
        return _next(shares.answer_share_page(deps, submitted.actor, number, said), number)

    def hand_in(submitted: Submitted) -> ModalView:
        about = (submitted.workflow, submitted.number)
        return _shared(shares.hand_in_share(deps, submitted.actor, *about))

    on_button(app, slack, "hand_out", open_form)
    on_submit(app, slack, "hand_items", hand_out)
    on_button(app, slack, TAKE_BACK, take_back)
    on_button(app, slack, "share", open_share)
    on_button(app, slack, "share_back", back)
    on_button(app, slack, "share_precedents", like_this, on_top=True)
    on_submit(app, slack, "share_page", answer)
    on_submit(app, slack, "hand_in_share", hand_in)


def _handing(slack: SlackParts, submitted: Submitted) -> Handing:
    reviewers = tuple(dict.fromkeys(submitted.fields["reviewers"].split()))
    return Handing(
        workflow=submitted.workflow,
        number=submitted.number,
        reviewers=reviewers,
        owner_keeps=submitted.fields["keeps"] == "yes",
        outsiders=frozenset(each for each in reviewers if not slack.directory.is_member(each)),
    )


def _handed(done: Handed) -> NoticePage:
    people = f"{len(done.given)} {'person' if len(done.given) == 1 else 'people'}"
    outputs = counted(sum(count for _, count in done.given), "output")
    kept = f" {done.kept} stay with you." if done.kept else ""
    sentence = (
        f"{outputs} handed to {people}, who are asked in a direct message.{kept} A message "
        "to you tells how far they are. You hand the round in."
    )
    return NoticePage("Handed out", sentence, done.receipt)


def open_theirs(deps: Deps, actor: Actor, key: str, share: int) -> ModalView:
    """Give what a reviewer sees of their share when they open it."""
    return _next(shares.open_share(deps, actor, key, share), share)


def _next(outcome: Page | ShareReady | SharedIn, share: int) -> ModalView:
    match outcome:
        case SharedIn():
            return _shared(outcome)
        case ShareReady():
            ready = outcome.share
            return HandInShareForm(
                ready.workflow,
                ready.number,
                outcome.outputs,
                outcome.due_at,
                outcome.is_overdue,
            )
        case Page():
            return page_view(outcome, share)


def _shared(done: SharedIn) -> NoticePage:
    sentence = (
        f"Your verdicts on {counted(done.outputs, 'output')} of {done.share.workflow}, round "
        f"{done.share.round}, are recorded under your name. The owner is told, and hands the round "
        "in."
    )
    if done.skipped:
        skipped = counted(done.skipped, "output")
        sentence += f" You could not judge {skipped}: the owner has to see to that."
    if done.breach is not None:
        sentence += f" Breach {done.breach} was opened and waits to be acknowledged."
    return NoticePage("Handed in", sentence, done.receipt)
