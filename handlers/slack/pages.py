"""A page of a review as a modal, and what was filled in on it; both looks have the same."""

from bot.domain.rounds import Look
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.rendering.views import ReviewPage, Said, Unjudged
from bot.usecases.steps.answers import PageAnswer
from bot.usecases.steps.pages import Page
from handlers.slack.parts import Pressed, Submitted, number_of


def page_view(page: Page, share: int = 0) -> ReviewPage:
    return ReviewPage(
        workflow=page.round.workflow,
        number=page.round.number,
        position=page.item.position,
        total=page.total,
        done=page.done,
        output=page.item.output,
        due_at=page.due_at,
        is_overdue=page.is_overdue,
        last=page.is_last,
        is_second=page.look is Look.SECOND,
        is_link=page.is_link,
        place=page.place,
        share=share,
        held_by=page.held_by,
        begun_by=page.begun_by,
        may_hand_out=page.may_hand_out,
        has_before=page.has_before,
        said=Said.of(page.said) if page.said else None,
        unjudged=Unjudged(page.not_judged.by, page.not_judged.reason) if page.not_judged else None,
        copies=page.copies,
        trigger=page.trigger,
    )


def page_answer(submitted: Submitted) -> PageAnswer:
    fields = submitted.fields
    return PageAnswer(
        workflow=submitted.workflow,
        number=submitted.number,
        position=submitted.position,
        judgement=Judgement(
            answer=Answer(fields["verdict"]),
            why=Why(fields["why"]) if fields["why"] else None,
            severity=Severity(fields["severity"]) if fields["severity"] else None,
            correction=fields["correction"].strip(),
            reason=fields.get("reason", "").strip(),  # a page shown by an earlier release has none
        ),
    )


def page_pressed(pressed: Pressed) -> tuple[str, int, int]:
    """Give what a button of a page is about: the workflow, a number of it, and the place."""
    key, _, number = pressed.workflow.rpartition("/")
    return key, number_of(number), pressed.number
