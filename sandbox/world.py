"""Who and what is in the workspace before anything happens."""

import json
from datetime import datetime
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator

from sandbox.wire import Json


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", validate_assignment=True)


class Team(_Part):
    id: str
    name: str
    domain: str


class Bot(_Part):
    id: str
    user_id: str
    name: str


class Tokens(_Part):
    bot: str = "xoxb-sandbox-answerable"
    app: str = "xapp-sandbox-answerable"
    signing_secret: str = "sandbox-signing-secret"  # noqa: S105 (opens nothing but this sandbox)


class User(_Part):
    id: str
    name: str
    real_name: str
    title: str = ""
    tz: str = "Etc/UTC"
    team_id: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_restricted: bool = False
    is_ultra_restricted: bool = False
    is_bot: bool = False
    deleted: bool = False
    quiet_from: int = 0
    quiet_until: int = 0
    snoozed_until: int = 0

    @field_validator("tz")
    @classmethod
    def _is_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"there is no time zone {name!r}") from None
        return name

    @property
    def is_guest(self) -> bool:
        return self.is_restricted or self.is_ultra_restricted

    def to_slack(self, team: str, now: int) -> Json:
        """Return the user as `users.info` does: a deactivated person has no zone or role."""
        profile = {
            "real_name": self.real_name,
            "display_name": self.name,
            "real_name_normalized": self.real_name,
            "title": self.title,
            "team": self.team_id,
        }
        base: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": now,
        }
        if self.deleted:
            return base
        offset = datetime.fromtimestamp(now, ZoneInfo(self.tz)).utcoffset()
        roles: Json = {
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz.rpartition("/")[2].replace("_", " "),
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "is_admin": self.is_admin,
            "is_owner": self.is_owner,
            "is_primary_owner": self.is_owner,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": self.is_ultra_restricted,
        }
        stranger = {"is_stranger": True} if self.team_id != team else {}
        return {**base, **roles, **stranger}


class Channel(_Part):
    id: str
    name: str = ""
    members: list[str] = Field(default_factory=list)
    is_archived: bool = False
    is_private: bool = False
    is_im: bool = False
    is_mpim: bool = False
    user: str = ""

    def to_slack(self, bot_user: str, now: int) -> Json:
        shared: Json = {
            "id": self.id,
            "created": now,
            "is_archived": self.is_archived,
            "is_im": self.is_im,
            "is_mpim": self.is_mpim,
        }
        if self.is_im:
            return {**shared, "user": self.user, "is_open": True}
        return {
            **shared,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_private,
            "is_group": self.is_private,
            "is_private": self.is_private,
            "is_general": self.name == "general",
            "is_member": bot_user in self.members,
            "is_ext_shared": False,
            "num_members": len(self.members),
        }


class World(_Part):
    team: Team
    bot: Bot
    app_id: str
    tokens: Tokens = Field(default_factory=Tokens)
    users: list[User]
    channels: list[Channel]

    def model_post_init(self, _context: object) -> None:
        """People are of this team unless the file says otherwise; the bot has a user of its own."""
        for user in self.users:
            user.team_id = user.team_id or self.team.id
        if all(user.id != self.bot.user_id for user in self.users):
            self.users.append(
                User(
                    id=self.bot.user_id,
                    name=self.bot.name,
                    real_name=self.bot.name.capitalize(),
                    team_id=self.team.id,
                    is_bot=True,
                )
            )


def load(path: Path | None) -> World:
    """Return the world of this file, or the built-in one."""
    if path is None:
        text = resources.files("sandbox").joinpath("default_world.json").read_text("utf-8")
    else:
        text = path.read_text("utf-8")
    return World.model_validate(json.loads(text))
