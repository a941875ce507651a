"""Who people are, as Slack says: asked at most once a minute for each whom it knows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.domain.people import Person, Standing
from handlers.slack.errors import NOBODY, name_of

FRESH: Final = 60.0  # seconds
_SAME_ZONE: Final = {"Etc/UTC": "UTC"}  # Slack's name for it: people read one name alone


@dataclass
class Directory:
    """Looks people up. What it remembers is dropped when Slack says that somebody has changed.

    That Slack knows nobody by an id is not remembered: they may be joining just now. `has_found` is
    told of each full member as Slack is asked about them.
    """

    client: WebClient
    workspace: str
    clock: Clock
    has_found: Callable[[str], None]
    _known: dict[str, tuple[float, Person]] = field(default_factory=dict)

    def person(self, user_id: str) -> Person:
        """Give what Slack says of somebody now, or said within the last minute.

        Who is a stranger to Slack here is of elsewhere. Raises as `person_or_none` does.
        """
        return self.person_or_none(user_id) or Person(user_id, "", Standing.FOREIGN)

    def person_or_none(self, user_id: str) -> Person | None:
        """Give the same, or None of somebody whom Slack does not know in this workspace.

        Raises SlackApiError or an OSError if Slack does not say.
        """
        now = self.clock.elapsed()
        known = self._known.get(user_id)
        if known and now - known[0] < FRESH:
            return known[1]
        person = self._asked(user_id)
        if person is None:
            self.forget(user_id)
        else:
            self._known[user_id] = (now, person)
            if person.standing is Standing.MEMBER:
                self.has_found(user_id)
        return person

    def is_member(self, user_id: str) -> bool:
        """Tell whether somebody is a full member of the workspace. Raises as `person` does."""
        return self.person(user_id).standing is Standing.MEMBER

    def names(self) -> dict[str, str]:
        """Give the names of the people who were looked up here, by id; Slack is not asked."""
        known = [person for _, person in list(self._known.values())]
        return {each.user_id: each.called for each in known if each.called}

    def forget(self, user_id: str) -> None:
        self._known.pop(user_id, None)

    def _asked(self, user_id: str) -> Person | None:
        try:
            answer = self.client.users_info(user=user_id)
        except SlackApiError as error:
            if name_of(error) in NOBODY:
                return None
            raise
        return person_of(answer["user"], self.workspace)


def person_of(user: dict[str, Any], workspace: str) -> Person:
    """Give the person that Slack's user object describes."""
    zone = str(user.get("tz") or "UTC")
    return Person(
        user_id=str(user["id"]),
        name=str(user.get("name", "")),
        standing=_standing(user, workspace),
        zone=_SAME_ZONE.get(zone, zone),
        called=_called(user),
    )


def _called(user: dict[str, Any]) -> str:
    profile = user.get("profile") or {}
    names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"))
    return str(next((name for name in names if name), ""))


def _standing(user: dict[str, Any], workspace: str) -> Standing:
    if user.get("team_id", workspace) != workspace or user.get("is_stranger"):
        return Standing.FOREIGN
    if user.get("deleted"):
        return Standing.DEACTIVATED
    if user.get("is_bot") or user.get("id") == "USLACKBOT":
        return Standing.BOT
    if user.get("is_restricted") or user.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.MEMBER
