"""An owner answers a sampling prompt: a button opens the review, each page is one submission."""

from slack_bolt import App

from bot.domain.figures import counted
from bot.domain.rounds import Look
from bot.rendering.views import AnsweredItem, HandInForm, ModalView, NoticePage, ReviewDone, Said
from bot.usecases import looking_back, precedents, shares, verdicts
from bot.usecases.steps.pages import Page
from bot.usecases.verdicts import HandedIn, Ready, WithReviewers
from handlers.slack.edge import on_button, on_submit
from handlers.slack.pages import page_answer, page_pressed, page_view
from handlers.slack.parts import Pressed, SlackParts, Submitted
from handlers.slack.shares import open_theirs


def register(app: App, slack: SlackParts) -> None:
    deps = slack.deps

    def review(pressed: Pressed) -> ModalView:
        actor, about = pressed.actor, (pressed.workflow, pressed.number)
        if share := shares.share_instead(deps, actor.user_id, *about):
            return open_theirs(deps, actor, pressed.workflow, share)
        return _next(verdicts.open_review(deps, actor, *about))

    def back(pressed: Pressed) -> ModalView:
        about = (Look.FIRST, *page_pressed(pressed))
        return page_view(looking_back.look_back(deps, pressed.actor, *about))

    def like_this(pressed: Pressed) -> ModalView:
        about = (Look.FIRST, *page_pressed(pressed))
        return precedents.precedents(deps, pressed.actor, *about)

    def answer(submitted: Submitted) -> ModalView:
        return _next(verdicts.answer_page(deps, submitted.actor, page_answer(submitted)))

    def hand_in(submitted: Submitted) -> ModalView:
        about = (submitted.workflow, submitted.number)
        return _next(verdicts.hand_in_round(deps, submitted.actor, *about))

    on_submit(app, slack, "review_page", answer)
    on_submit(app, slack, "hand_in", hand_in)
    on_button(app, slack, "review", review)
    on_button(app, slack, "review_back", back)
    on_button(app, slack, "review_precedents", like_this, on_top=True)


def _next(outcome: Page | WithReviewers | Ready | HandedIn) -> ModalView:
    match outcome:
        case Page():
            return page_view(outcome)
        case WithReviewers():
            return _with_reviewers(outcome)
        case Ready():
            return _ready(outcome)
        case HandedIn():
            return _done(outcome)


def _with_reviewers(waiting: WithReviewers) -> NoticePage:
    stuck = [count for each, count in waiting.held if each in waiting.unable]
    others = [count for each, count in waiting.held if each not in waiting.unable]
    of_what = f"round {waiting.round.number} of {waiting.round.workflow}"
    sentences = [f"You have answered all that is with you of {of_what}."]
    if others:
        sentences.append(
            f"{_with(others)}. Once they have handed in, press Review to hand the round in. If you "
            "cannot wait, press it now: you can answer theirs."
        )
    if stuck:
        sentences.append(
            f"{_with(stuck)} who cannot review any more. Nothing is handed on by itself: press "
            "Review to answer what they have, or take it back and hand it out again."
        )
    return NoticePage("Saved", " ".join(sentences))


def _with(held: list[int]) -> str:
    outputs = sum(held)
    are = "is" if outputs == 1 else "are"
    return f"{outputs:,} more {are} with {counted(len(held), 'reviewer')}"


def _ready(ready: Ready) -> HandInForm:
    return HandInForm(
        workflow=ready.round.workflow,
        number=ready.round.number,
        answers=tuple(
            AnsweredItem(each.output_id, each.by, Said.of(each.judgement)) for each in ready.answers
        ),
        due_at=ready.due_at,
        is_overdue=ready.is_overdue,
        is_noted=ready.is_noted,
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
        skipped=handed.skipped,
        others=handed.others,
    )
