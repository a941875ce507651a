"""Windows: opened, laid on top, put in another's place; and what is so if Slack opens none."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from slack_sdk.errors import SlackApiError

from bot.rendering.marked import marked_view
from bot.rendering.render import modal
from bot.rendering.views import HandInForm, ModalView, NoticePage, OutputsPage
from bot.usecases.marks import newest_mark
from handlers.slack.errors import NoAnswer
from handlers.slack.parts import Body, SlackParts

log = structlog.get_logger()


class Unopened(Exception):  # noqa: N818 -- Slack's state, no fault of ours
    """Slack opened no window, or did not say that it had. `kept` says what is on record anyway."""

    def __init__(self, kept: str, cause: Exception) -> None:
        super().__init__(str(cause))
        self.kept = kept
        self.cause = cause


def open_modal(slack: SlackParts, trigger_id: str, view: ModalView) -> None:
    """Open a window. Raises Unopened if Slack does not, or does not say."""
    with _opening(view):
        slack.client.views_open(trigger_id=trigger_id, view=_marked(slack, view))


def open_window(slack: SlackParts, body: Body, view: ModalView, *, on_top: bool = False) -> None:
    """Open a window; asked for within one it takes its place, so that nothing stale is beneath.

    What is only to be read is laid on top: what somebody has typed beneath stays. Raises Unopened
    if Slack does not do it, or does not say.
    """
    within: Body = body.get("view") or {}
    if within.get("type") == "modal" and on_top:
        with _opening(view):
            slack.client.views_push(trigger_id=str(body["trigger_id"]), view=_marked(slack, view))
    elif within.get("type") == "modal":
        with _opening(view):
            slack.client.views_update(
                view_id=str(within["id"]), hash=str(within["hash"]), view=_marked(slack, view)
            )
    else:
        open_modal(slack, str(body["trigger_id"]), view)


def show_notice(slack: SlackParts, body: Body, notice: NoticePage) -> None:
    """Say it in a window: on a Home tab there is no other place that this person looks at."""
    try:
        open_window(slack, body, notice)
    except Unopened as fault:
        log.warning("nobody could be told", error=str(fault))


def _marked(slack: SlackParts, view: ModalView) -> dict[str, object]:
    return marked_view(modal(view), lambda: newest_mark(slack.deps))


@contextmanager
def _opening(view: ModalView) -> Iterator[None]:
    try:
        yield
    except (SlackApiError, NoAnswer) as error:
        raise Unopened(_kept(view), error) from error


def _kept(view: ModalView) -> str:
    """Give what is on record before this window opens, in words; empty if that is nothing.

    Seen is noted first: if it were noted afterwards, a crash would hide that somebody has seen.
    """
    if isinstance(view, OutputsPage | HandInForm) and view.is_noted:
        return (
            "It is on record all the same that you opened these outputs, as that is noted before "
            "they are shown: press the button again to see them."
        )
    return ""
