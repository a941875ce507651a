"""An owner answers a sampling prompt: a button opens the review, each page is one submission."""

from slack_bolt import App

from bot.rendering.views import AnsweredItem, HandInForm, ModalView, NoticePage, ReviewDone, Said
from bot.usecases import verdicts
from bot.usecases.verdicts import HandedIn
from handlers.slack.edge import on_button, on_submit
from handlers.slack.pages import page_answer, page_view
from handlers.slack.parts import Pressed, SlackParts, Submitted


def register(app: App, slack: SlackParts) -> None:
    def review(pressed: Pressed) -> ModalView:
        return _next(
            verdicts.open_review(slack.deps, pressed.actor, pressed.workflow, pressed.number)
        )

    def answer(submitted: Submitted) -> ModalView:
        outcome = verdicts.answer_page(slack.deps, submitted.actor, page_answer(submitted))
        return _done(outcome) if isinstance(outcome, HandedIn) else page_view(outcome)

    on_button(app, slack, "review", review)
    on_submit(app, slack, "review_page", answer)


def _done(handed: HandedIn) -> ReviewDone:
    return ReviewDone(
        workflow=handed.round.workflow,
        number=handed.round.number,
        result=handed.result,
        grade=handed.grade,
        is_late=handed.is_late,
        breach=handed.breach,
        proof=handed.receipt,
    )
