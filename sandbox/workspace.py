"""One workspace: everything there is, and the few rules that need more than one part of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.guide import Guide
from sandbox.journal import Journal
from sandbox.manifest import Manifest
from sandbox.passes import Pace, ResponseUrls, Triggers
from sandbox.rooms import Rooms
from sandbox.telling import Telling
from sandbox.views import Views
from sandbox.wire import ControlError, Json, SlackError
from sandbox.world import Channel, User, World


@dataclass(frozen=True)
class Settings:
    """What the command line sets. `patience` is Slack's 3 s: for an ack, and a trigger's life."""

    channel_rate: float = 1.0
    patience: float = 3.0
    retry_factor: float = 1.0
    settle_seconds: float = 0.04
    events_url: str | None = None


def _nobody_listens(_event: Json, _subscription: str) -> None:
    """Drop the event: nothing is connected yet."""


@dataclass
class Workspace:
    world: World
    manifest: Manifest
    clock: Clock
    settings: Settings
    base_url: str = ""
    emit: Callable[[Json, str], None] = _nobody_listens
    journal: Journal = field(init=False)
    rooms: Rooms = field(init=False)
    views: Views = field(init=False)
    files: Files = field(init=False)
    triggers: Triggers = field(init=False)
    response_urls: ResponseUrls = field(init=False)
    pace: Pace = field(init=False)
    faults: Faults = field(default_factory=Faults)
    users: dict[str, User] = field(init=False)
    channels: dict[str, Channel] = field(init=False)
    revoked: set[str] = field(default_factory=set)
    guide: Guide | None = None
    telling: Telling = field(default_factory=Telling)

    def __post_init__(self) -> None:
        self.journal = Journal(self.clock)
        self.rooms = Rooms(self.clock)
        self.views = Views(self.world, self.clock)
        self.files = Files(self.clock)
        self.triggers = Triggers(self.settings.patience)
        self.response_urls = ResponseUrls(self.clock)
        self.pace = Pace(self.settings.channel_rate)
        self.users = {each.id: each for each in self.world.users}
        self.channels = {each.id: each for each in self.world.channels}

    @property
    def names(self) -> dict[str, str]:
        """Return what each person is called, by id."""
        return {each.id: each.real_name for each in self.users.values()}

    @property
    def bot_user(self) -> str:
        return self.world.bot.user_id

    @property
    def bot_profile(self) -> Json:
        bot = self.world.bot
        return {
            "id": bot.id,
            "app_id": self.world.app_id,
            "name": bot.name,
            "deleted": False,
            "updated": self.clock.now,
            "team_id": self.world.team.id,
        }

    def revoke_bot_token(self, following: str) -> None:
        """Make the bot's token worthless; an empty `following` leaves the app without one."""
        self.revoked.add(self.world.tokens.bot)
        self.revoked.discard(following)
        self.world.tokens.bot = following

    def user(self, user_id: str) -> User:
        user = self.users.get(user_id)
        if user is None:
            raise SlackError("user_not_found")
        return user

    def direct_channel(self, user: User) -> Channel:
        """Return the conversation between the bot and this person, opened if it was not."""
        channel_id = f"D{user.id[1:]}"
        if channel_id not in self.channels:
            self.channels[channel_id] = Channel(
                id=channel_id, is_im=True, user=user.id, members=[user.id, self.bot_user]
            )
        return self.channels[channel_id]

    def visible_channel(self, channel_id: str) -> Channel:
        """Return a channel the bot may know of; a private one without it does not exist for it."""
        channel = self.channels.get(channel_id)
        hidden = channel and channel.is_private and self.bot_user not in channel.members
        if channel is None or hidden:
            raise SlackError("channel_not_found")
        return channel

    def writable_channel(self, target: str) -> Channel:
        """Return where a post to this channel or user id lands, or Slack's reason why not."""
        if target in self.users:
            return self._writable_person(self.users[target])
        channel = self.visible_channel(target)
        if channel.is_archived:
            raise SlackError("is_archived")
        uninvited = self.bot_user not in channel.members
        if uninvited and not self.manifest.grants("chat:write.public"):
            raise SlackError("not_in_channel")
        return channel

    def acting_user(self, user_id: str, *, force: bool = False) -> User:
        """Return a person who can act at all; `force` lets a deactivated one or a bot act."""
        user = self.users.get(user_id)
        if user is None:
            raise ControlError(f"There is nobody with the id {user_id!r}.", 404)
        if (user.deleted or user.is_bot) and not force:
            why = "is deactivated" if user.deleted else "is a bot"
            raise ControlError(f"{user.real_name} {why} and cannot act; `force` overrides it.", 403)
        return user

    def seen_channel(self, user: User, channel_id: str) -> Channel:
        """Return a channel this person sees: their own, or a public one if they are no guest."""
        channel = self.channels.get(channel_id)
        if channel_id == f"D{user.id[1:]}":
            channel = self.direct_channel(user)
        if channel is None:
            raise ControlError(f"There is no channel {channel_id!r}.", 404)
        outside = user.is_guest or user.team_id != self.world.team.id
        closed = channel.is_private or channel.is_im or outside
        if user.id not in channel.members and closed:
            raise ControlError(f"{user.real_name} does not see {channel_id}.", 403)
        return channel

    def _writable_person(self, user: User) -> Channel:
        if user.is_bot:
            raise SlackError("cannot_dm_bot")
        return self.direct_channel(user)
