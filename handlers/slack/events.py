"""What Slack tells on its own: somebody has changed; a message of ours was posted after all."""

from typing import Final

from slack_bolt import App

from bot.domain.messages import Shown
from bot.usecases import people
from handlers.slack.edge import on_event
from handlers.slack.parts import Body, SlackParts
from handlers.slack.people import person_of

METADATA_TYPE: Final = "answerable_outbox"


def register(app: App, slack: SlackParts) -> None:
    def user_changed(_body: Body, event: Body) -> None:
        person = person_of(event["user"], slack.deps.workspace)
        slack.directory.forget(person.user_id)
        people.note_standing(slack.deps, person)
        slack.homes.look_again(person.user_id)

    def posted(body: Body, event: Body) -> None:
        metadata = event.get("metadata", {})
        if _is_ours(body, event, slack) and metadata.get("event_type") == METADATA_TYPE:
            sent = metadata["event_payload"]
            shown = Shown(str(event["channel_id"]), str(event["message_ts"]))
            for row_id in (sent["outbox_id"], *str(sent.get("with_it", "")).split()):
                slack.posted(int(row_id), shown)

    on_event(app, "user_change", user_changed)
    on_event(app, "message_metadata_posted", posted)


def _is_ours(body: Body, event: Body, slack: SlackParts) -> bool:
    """Tell whether this app posted it, here: any app may put our name into its metadata."""
    ours = (body.get("api_app_id"), slack.deps.workspace)
    return (event.get("app_id"), event.get("team_id")) == ours
