"""A second person looks at a tenth of a round, blind; a third settles where the two differ."""

from slack_bolt import App

from bot.domain.figures import counted
from bot.domain.refusals import Invalid
from bot.domain.rounds import Look
from bot.rendering.views import ModalView, NoticePage, Said, SettlePage
from bot.usecases import disagreements, looking_back, precedents, second_looks
from bot.usecases.disagreements import Question, Settle, Settled
from bot.usecases.second_looks import LookedAgain
from handlers.slack.edge import on_button, on_submit
from handlers.slack.pages import page_answer, page_pressed, page_view
from handlers.slack.parts import Pressed, SlackParts, Submitted


def register(app: App, slack: SlackParts) -> None:
    deps = slack.deps

    def look(pressed: Pressed) -> ModalView:
        return page_view(
            second_looks.open_second_look(deps, pressed.actor, pressed.workflow, pressed.number)
        )

    def back(pressed: Pressed) -> ModalView:
        about = (Look.SECOND, *page_pressed(pressed))
        return page_view(looking_back.look_back(deps, pressed.actor, *about))

    def like_this(pressed: Pressed) -> ModalView:
        about = (Look.SECOND, *page_pressed(pressed))
        return precedents.precedents(deps, pressed.actor, *about)

    def answer(submitted: Submitted) -> ModalView:
        said = page_answer(submitted)
        outcome = second_looks.answer_second_page(deps, submitted.actor, said)
        return _looked(outcome) if isinstance(outcome, LookedAgain) else page_view(outcome)

    def open_settling(pressed: Pressed) -> ModalView:
        return _question(
            disagreements.open_disagreements(deps, pressed.actor, pressed.workflow, pressed.number)
        )

    def settle(submitted: Submitted) -> ModalView:
        outcome = disagreements.settle_disagreement(deps, submitted.actor, _word(submitted))
        return _settled(outcome) if isinstance(outcome, Settled) else _question(outcome)

    on_button(app, slack, "second_review", look)
    on_button(app, slack, "second_back", back)
    on_button(app, slack, "second_precedents", like_this, on_top=True)
    on_submit(app, slack, "second_page", answer)
    on_button(app, slack, "settle", open_settling)
    on_submit(app, slack, "settle_page", settle)


def _looked(done: LookedAgain) -> NoticePage:
    outputs = counted(done.outputs, "output")
    sentence = (
        f"Your second look at round {done.round.number} of {done.round.workflow} is recorded: "
        f"{outputs}. It changes no figure of the round. Where it differs from the first, a third "
        "person is asked which of the two stands."
    )
    if done.skipped:
        sentence += f" You could not judge {done.skipped:,}; nothing more is asked of you."
    if done.breach is not None:
        sentence += f" Breach {done.breach} was opened and waits to be acknowledged."
    return NoticePage("Handed in", sentence, done.receipt)


def _word(submitted: Submitted) -> Settle:
    chosen = submitted.fields["stands"]
    if chosen not in set(Look):
        raise Invalid({"stands": "Choose one of the two looks."})
    return Settle(
        workflow=submitted.workflow,
        number=submitted.number,
        position=submitted.position,
        stands=Look(chosen),
        reason=submitted.fields["reason"],
    )


def _question(question: Question) -> SettlePage:
    return SettlePage(
        workflow=question.round.workflow,
        number=question.round.number,
        position=question.position,
        total=question.total,
        done=question.done,
        output=question.output,
        first=Said.of(question.first),
        second=Said.of(question.second),
        due_at=question.due_at,
        is_overdue=question.is_overdue,
        is_link=question.is_link,
    )


def _settled(done: Settled) -> NoticePage:
    sentence = (
        f"Every disagreement on round {done.round.number} of {done.round.workflow} is settled and "
        "recorded with its reason. The round's figures stay as they were."
    )
    return NoticePage("Settled", sentence, done.receipt)
