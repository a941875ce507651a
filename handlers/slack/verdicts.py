"""An owner answers a sampling prompt: a button opens the review, each page is one submission."""

from slack_bolt import App

from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.rendering.views import ModalView, ReviewDone, ReviewPage
from bot.usecases import verdicts
from bot.usecases.verdicts import HandedIn, Page, PageAnswer
from handlers.slack.edge import on_button, on_submit
from handlers.slack.parts import Pressed, SlackParts, Submitted


def register(app: App, slack: SlackParts) -> None:
    def review(pressed: Pressed) -> ModalView:
        return _page(
            verdicts.open_review(slack.deps, pressed.actor, pressed.workflow, pressed.number)
        )

    def answer(submitted: Submitted) -> ModalView:
        outcome = verdicts.answer_page(slack.deps, submitted.actor, _answer(submitted))
        return _done(outcome) if isinstance(outcome, HandedIn) else _page(outcome)

    on_button(app, slack, "review", review)
    on_submit(app, slack, "review_page", answer)


def _answer(submitted: Submitted) -> PageAnswer:
    fields = submitted.fields
    return PageAnswer(
        workflow=submitted.workflow,
        number=submitted.number,
        position=int(submitted.about.split("/")[2]),
        judgement=Judgement(
            answer=Answer(fields["verdict"]),
            why=Why(fields["why"]) if fields["why"] else None,
            severity=Severity(fields["severity"]) if fields["severity"] else None,
            correction=fields["correction"].strip(),
        ),
    )


def _page(page: Page) -> ReviewPage:
    return ReviewPage(
        workflow=page.round.workflow,
        number=page.round.number,
        position=page.item.position,
        total=page.total,
        done=page.done,
        output=page.item.output,
        due_at=page.due_at,
        last=page.is_last,
    )


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
