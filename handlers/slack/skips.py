"""A second person judges what could not be judged, or says that it cannot be."""

from slack_bolt import App

from bot.rendering.views import JudgePage, ModalView, NoticePage, Unjudged
from bot.usecases import skips
from bot.usecases.skips import AllSaid, ToJudge
from handlers.slack.edge import on_button, on_submit
from handlers.slack.pages import page_answer
from handlers.slack.parts import Pressed, SlackParts, Submitted


def register(app: App, slack: SlackParts) -> None:
    deps = slack.deps

    def open_skipped(pressed: Pressed) -> ModalView:
        return _page(skips.open_skipped(deps, pressed.actor, pressed.workflow, pressed.number))

    def judge(submitted: Submitted) -> ModalView:
        outcome = skips.judge_skipped(deps, submitted.actor, page_answer(submitted))
        return _done(outcome) if isinstance(outcome, AllSaid) else _page(outcome)

    on_button(app, slack, "judge", open_skipped)
    on_submit(app, slack, "judge_page", judge)


def _page(waiting: ToJudge) -> JudgePage:
    return JudgePage(
        workflow=waiting.round.workflow,
        number=waiting.round.number,
        position=waiting.position,
        left=waiting.left,
        output=waiting.output,
        unjudged=Unjudged(waiting.skipped_by, waiting.reason),
        due_at=waiting.due_at,
        is_overdue=waiting.is_overdue,
        is_link=waiting.is_link,
        is_own=waiting.is_own,
    )


def _done(done: AllSaid) -> NoticePage:
    sentence = (
        f"All that could not be judged in round {done.round.number} of {done.round.workflow} is "
        "answered and recorded. The round's figures stay as they were."
    )
    if done.breach is not None:
        sentence += f" Breach {done.breach} was opened and waits to be acknowledged."
    return NoticePage("Recorded", sentence, done.receipt)
