"""What nothing listens to any more: cards, forms and shortcuts of other versions stand for years.

Whoever uses one is told so, and what to do instead, where they are looking. Nothing is recorded.
"""

import re
from typing import Final

import structlog
from slack_bolt import Ack, App

from bot.rendering.render import message, modal
from bot.rendering.views import Notice, NoticePage
from handlers.slack.edge import at_fields, tell
from handlers.slack.parts import Body, SlackParts
from handlers.slack.windows import show_notice

log = structlog.get_logger()

_WHATEVER: Final = re.compile("")
_SHOWN: Final = 60  # as much of a name as is logged
_BUTTON: Final = (
    "This button is of another version of Answerable: it does nothing any more, and nothing was "
    "recorded. `/answerable due` lists what you owe."
)
_FORM: Final = (
    "This form is of another version of Answerable, and nothing was recorded: close it, and open "
    "it again from its message or by its command."
)
_SHORTCUT: Final = (
    "This shortcut is of another version of Answerable: it does nothing any more, and nothing was "
    "recorded. `/answerable help` lists what there is."
)
_COMMAND: Final = (
    "This command is of another version of Answerable: it does nothing any more, and nothing was "
    "recorded. `/answerable help` lists what there is."
)


def register(app: App, slack: SlackParts) -> None:
    """Listen to whatever no other listener has taken: it is to be registered after all others."""

    def press(ack: Ack, body: Body, action: Body) -> None:
        log.warning("nothing listens to this button", action_id=_named(action, "action_id"))
        _say(slack, body, _BUTTON)
        ack()

    def hand_in(ack: Ack, view: Body) -> None:
        log.warning("nothing listens to this form", callback_id=_named(view, "callback_id"))
        if any(block["type"] == "input" for block in view["blocks"]):
            # What they have typed stays, and can be copied.
            ack(response_action="errors", errors=at_fields(view, {"": _FORM}))
        else:
            ack(response_action="update", view=modal(NoticePage("Not done", _FORM)))

    def close(ack: Ack) -> None:
        ack()  # nothing was handed in: there is nothing to be told

    def use(ack: Ack, body: Body) -> None:
        log.warning("nothing listens to this shortcut", callback_id=_named(body, "callback_id"))
        _say(slack, body, _SHORTCUT)
        ack()

    def answer(ack: Ack, body: Body) -> None:
        log.warning("nothing listens to this command", command=_named(body, "command"))
        rendered = message(Notice(_COMMAND))
        ack(text=rendered.text, blocks=rendered.blocks, response_type="ephemeral")

    app.action(_WHATEVER)(press)
    app.view(_WHATEVER)(hand_in)
    app.view_closed(_WHATEVER)(close)
    app.shortcut(_WHATEVER)(use)
    app.command(_WHATEVER)(answer)


def _say(slack: SlackParts, body: Body, sentence: str) -> None:
    answer_url = str(body.get("response_url") or "")
    if answer_url:
        tell(slack, answer_url, sentence)
    else:
        show_notice(slack, body, NoticePage("Not done", sentence))


def _named(body: Body, name: str) -> str:
    return str(body.get(name))[:_SHOWN]
