"""The edge to Bolt: payloads in, one use case, answers out. Commit, then ack.

Each `on_…` registers one listener. What goes wrong is said here, once, where the person is
looking: in the command's answer, in the open modal, or in a message only they see.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from re import Pattern
from typing import Final

import structlog
from slack_bolt import Ack, App, BoltResponse

from bot.domain import marks
from bot.domain.authority import Holding, held_in_words
from bot.domain.messages import Lost, Undeliverable
from bot.domain.people import Actor
from bot.domain.refusals import Busy, CommitUnknown, Invalid, Refused, Repeated
from bot.rendering.marked import marked_message, marked_view
from bot.rendering.render import message, modal
from bot.rendering.views import MessageView, ModalView, Notice, NoticePage
from bot.usecases.marks import newest_mark
from bot.usecases.questions import who_may
from handlers.slack.actor import actor_of
from handlers.slack.failures import sentence_for
from handlers.slack.parts import (
    Body,
    Command,
    Pressed,
    Quoted,
    SlackParts,
    Submitted,
    number_of,
)
from handlers.slack.windows import open_modal, open_window, show_notice

log = structlog.get_logger()

# Nobody knows whether the person has changed anything: whoever has is not to think it is kept.
_WRITTEN_FIRST: Final = (
    "This is recorded already, with what you wrote first. Anything you have changed since is not "
    "recorded."
)


def on_command(
    app: App, slack: SlackParts, answer: Callable[[Command, Body], MessageView | None]
) -> None:
    """Answer the slash command with the view that `answer` gives, or with nothing for None."""

    def listener(ack: Ack, body: Body) -> None:
        try:
            actor = actor_of(body, slack.directory, f"command/{body['trigger_id']}")
            command = Command(actor, str(body["channel_id"]), str(body.get("text", "")).strip())
            said = answer(command, body)
        except Repeated as again:
            said = Notice("This is recorded already.", again.proof)
        except Exception as error:  # noqa: BLE001 -- the outer edge: said and logged, never swallowed
            said = Notice(sentence_for(error), held=_who_may(slack, error))
        if said is None:
            ack()
            return
        rendered = marked_message(message(said), lambda: newest_mark(slack.deps))
        ack(text=rendered.text, blocks=rendered.blocks, response_type="ephemeral")

    app.command("/answerable")(listener)


def on_button(
    app: App,
    slack: SlackParts,
    action_id: str | Pattern[str],
    press: Callable[[Pressed], ModalView | None],
    *,
    on_top: bool = False,
) -> None:
    """Do what a button asks for; if that gives a view, open it as a modal.

    Pressed within a modal it takes that one's place, or is laid `on_top` of it.
    """

    def press_and_open(pressed: Pressed, body: Body) -> None:
        view = press(pressed)
        if view is not None:
            open_window(slack, body, view, on_top=on_top)

    _on_press(app, slack, action_id, press_and_open)


def on_act(
    app: App, slack: SlackParts, action_id: str, act: Callable[[Pressed], NoticePage]
) -> None:
    """Record what a button says, and show the receipt where the person is looking.

    Where there is an address for answers the outbox brings it there, else it is shown in a window.
    """

    def act_and_show(pressed: Pressed, body: Body) -> None:
        receipt = act(pressed)
        if not pressed.actor.answer_url:
            show_notice(slack, body, receipt)  # it is recorded, whether the window opens or not

    _on_press(app, slack, action_id, act_and_show)


def _on_press(
    app: App,
    slack: SlackParts,
    action_id: str | Pattern[str],
    press: Callable[[Pressed, Body], None],
) -> None:
    def listener(ack: Ack, body: Body, action: Body) -> None:
        answer_url = str(body.get("response_url") or "")
        try:
            actor = actor_of(body, slack.directory, _press_id(body, action), answer_url)
            press(_pressed(actor, action), body)
        except Refused as refusal:
            if not answer_url:  # else it is told through the outbox, by the unit of work
                held = _who_may(slack, refusal)
                show_notice(slack, body, NoticePage("Not done", refusal.sentence, held=held))
        except Exception as error:  # noqa: BLE001 -- the outer edge: said and logged, never swallowed
            if answer_url:
                tell(slack, answer_url, sentence_for(error))
            else:
                show_notice(slack, body, NoticePage("Not done", sentence_for(error)))
        ack()

    app.action(action_id)(listener)


def on_shortcut(app: App, slack: SlackParts, use: Callable[[Quoted], ModalView]) -> None:
    """Open the modal that `use` gives for the message which the shortcut was used on."""

    def listener(ack: Ack, body: Body) -> None:
        answer_url = str(body["response_url"])
        try:
            actor = actor_of(body, slack.directory, f"shortcut/{body['trigger_id']}", answer_url)
            open_modal(slack, str(body["trigger_id"]), use(_quoted(actor, body["message"])))
        except Refused:
            pass  # told through the outbox, by the unit of work
        except Exception as error:  # noqa: BLE001 -- the outer edge: said and logged, never swallowed
            tell(slack, answer_url, sentence_for(error))
        ack()

    app.message_shortcut("raise_concern")(listener)


def on_submit(
    app: App, slack: SlackParts, callback_id: str, submit: Callable[[Submitted], ModalView]
) -> None:
    """Take a modal that was handed in; the view that `submit` gives replaces it."""

    def listener(ack: Ack, body: Body, view: Body) -> None:
        try:
            actor = actor_of(body, slack.directory, f"view/{view['id']}/{view.get('hash', '')}")
            following = submit(_submitted(actor, callback_id, view))
        except Repeated as again:
            following = NoticePage("Recorded", _WRITTEN_FIRST, again.proof)
        except Exception as error:  # noqa: BLE001 -- the outer edge: said and logged, never swallowed
            ack(response_action="errors", errors=at_fields(view, _by_field(slack, error)))
            return
        ack(response_action="update", view=marked_view(modal(following), lambda: _card_of(view)))

    app.view(callback_id)(listener)


def on_event(app: App, name: str, take: Callable[[Body, Body], None]) -> None:
    """Take what Slack tells on its own: the body, and the event in it.

    What the store did not take is not acknowledged, and Slack tells it again.
    """

    def listener(ack: Ack, body: Body, event: Body) -> BoltResponse | None:
        try:
            take(body, event)
        except (Busy, CommitUnknown) as error:
            log.warning("event not taken", event_type=name, reason=str(error))
            return BoltResponse(status=HTTPStatus.SERVICE_UNAVAILABLE)
        ack()
        return None

    app.event(name)(listener)


def _who_may(slack: SlackParts, error: Exception) -> tuple[Holding, ...]:
    """Give who may do what was refused; that it cannot be read does not keep the answer."""
    if not isinstance(error, Refused):
        return ()
    try:
        return who_may(slack.deps, error)
    except Busy as fault:
        log.warning("not said who may", error=str(fault))
        return ()


def tell(slack: SlackParts, answer_url: str, sentence: str) -> None:
    """Say it where the person is looking; that it cannot be said does not keep the ack."""
    try:
        slack.answers.say(answer_url, sentence)
    except (Lost, Undeliverable) as fault:
        log.warning("nobody could be told", error=str(fault))


def fields_of(view: Body) -> dict[str, str]:
    """Give what was filled in, by field name: an empty string where nothing was."""
    values: Mapping[str, Mapping[str, Body]] = view["state"]["values"]
    return {
        action_id: _value(element)
        for elements in values.values()
        for action_id, element in elements.items()
    }


def _value(element: Body) -> str:
    if "selected_option" in element:
        return str((element["selected_option"] or {}).get("value", ""))
    if "selected_users" in element:
        return " ".join(map(str, element["selected_users"] or []))
    if "selected_options" in element:
        return " ".join(str(each["value"]) for each in element["selected_options"] or [])
    names = ("value", "selected_user", "selected_conversation", "selected_channel", "selected_date")
    return str(next((element[name] for name in names if element.get(name)), ""))


def _pressed(actor: Actor, action: Body) -> Pressed:
    card, about = marks.split(str(action["value"]))
    workflow, _, number = about.rpartition("/")
    doing = str(action["action_id"]).partition(":")[0]  # one that we have a listener for
    return Pressed(replace(actor, card=card, doing=doing), workflow, number_of(number))


def _submitted(actor: Actor, callback_id: str, view: Body) -> Submitted:
    card, about = marks.split(str(view["private_metadata"]))
    return Submitted(replace(actor, card=card, doing=callback_id), about, fields_of(view))


def _card_of(view: Body) -> str:
    return marks.split(str(view["private_metadata"]))[0]


def _quoted(actor: Actor, message: Body) -> Quoted:
    """Read a message. By what name a program calls itself is not looked at: it may be anybody's."""
    author = message.get("user") or message.get("bot_id") or ""
    actor = replace(actor, doing="concern")
    return Quoted(actor, str(message.get("text") or ""), str(author))


def _press_id(body: Body, action: Body) -> str:
    place = body.get("container", {})
    where = place.get("message_ts") or place.get("view_id") or ""
    return f"press/{where}/{action['action_id']}/{action.get('action_ts', '')}"


def at_fields(view: Body, errors: Mapping[str, str]) -> dict[str, str]:
    """Put each sentence under its very field; one without a field goes under the first."""
    places = {
        block["element"]["action_id"]: block["block_id"]
        for block in view["blocks"]
        if block["type"] == "input"
    }
    first = next(iter(places.values()))
    return {places.get(field, first): sentence for field, sentence in errors.items()}


def _by_field(slack: SlackParts, error: Exception) -> Mapping[str, str]:
    match error:
        case Invalid():
            return error.errors
        case Refused():
            held = _who_may(slack, error)
            sentence = f"{error.sentence} {held_in_words(held, slack.directory.names())}".strip()
            return {**error.besides, error.field: sentence}
    return {"": sentence_for(error)}
