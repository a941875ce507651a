"""A concern that anybody raises: by command, or from a message that it is about."""

from slack_bolt import App

from bot.domain.refusals import Invalid
from bot.domain.verdicts import Severity
from bot.rendering.views import ModalView, NoticePage
from bot.usecases import concerns
from bot.usecases.concerns import Raise
from handlers.slack.edge import on_shortcut, on_submit
from handlers.slack.parts import Quoted, SlackParts, Submitted
from handlers.slack.quoted import Names, as_read, author_of


def register(app: App, slack: SlackParts) -> None:
    deps = slack.deps

    def about_message(quoted: Quoted) -> ModalView:
        names = Names(slack.directory)
        author = author_of(quoted.author, names.of)
        text = as_read(quoted.text, names.of)
        return concerns.open_concern(deps, quoted.actor, quoted=text, author=author)

    def hand_in(submitted: Submitted) -> ModalView:
        asked = _concern(submitted)
        raised = concerns.raise_concern(deps, submitted.actor, asked)
        if not raised.is_new:
            sentence = (
                f"You raised this before: it is breach {raised.breach} of {asked.workflow}, and "
                "stays as it was raised. If it has got worse, say so in other words."
            )
            return NoticePage("Recorded", sentence, raised.receipt)
        sentence = (
            f"It is breach {raised.breach} of {asked.workflow}. {raised.asked} You are told when "
            "somebody has taken it on, and what is decided."
        )
        return NoticePage("Raised", sentence, raised.receipt)

    on_shortcut(app, slack, about_message)
    on_submit(app, slack, "concern", hand_in)


def _concern(submitted: Submitted) -> Raise:
    fields = submitted.fields
    if fields["severity"] not in set(Severity):
        raise Invalid({"severity": "Choose one of those listed."})
    return Raise(
        workflow=fields["workflow"],
        words=fields["words"],
        severity=Severity(fields["severity"]),
        is_named=fields["shown"] == "yes",
        author=submitted.about,
    )
