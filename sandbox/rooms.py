"""The messages of the workspace's conversations, with every version they ever had."""

from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.wire import Json, SlackError, new_id


@dataclass
class Message:
    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json]
    thread_ts: str | None = None
    bot: Json | None = None
    metadata: Json | None = None
    edited: str | None = None
    files: list[Json] = field(default_factory=list)
    earlier: list[Json] = field(default_factory=list)
    reply_broadcast: bool = False

    def change(self, text: str, blocks: list[Json], edited: str) -> None:
        """Replace what is shown and keep what was shown before."""
        self.earlier.append(self.to_slack())
        self.text, self.blocks, self.edited = text, blocks, edited

    def to_slack(self) -> Json:
        """Return the message as it stands in payloads and answers of the Web API."""
        body: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        if self.bot:
            body |= {
                "bot_id": self.bot["id"],
                "app_id": self.bot["app_id"],
                "team": self.bot["team_id"],
                "bot_profile": self.bot,
            }
        if self.blocks:
            body["blocks"] = self.blocks
        if self.thread_ts:
            body["thread_ts"] = self.thread_ts
        if self.metadata:
            body["metadata"] = self.metadata
        if self.edited:
            body["edited"] = {"user": self.bot["id"] if self.bot else self.user, "ts": self.edited}
        if self.files:
            body["files"] = self.files
        return body

    def to_page(self) -> Json:
        """Return the message as people at the controls see it."""
        extra = {"versions": 1 + len(self.earlier), "reply_broadcast": self.reply_broadcast}
        return {"blocks": [], **self.to_slack(), **extra}


@dataclass
class Ephemeral:
    """A message only one person sees, and only until they reload."""

    ts: str
    channel: str
    user: str
    text: str
    blocks: list[Json]
    via: str
    thread_ts: str | None = None

    def to_page(self) -> Json:
        return {
            "ts": self.ts,
            "channel": self.channel,
            "text": self.text,
            "blocks": self.blocks,
            "via": self.via,
            "thread_ts": self.thread_ts,
        }


@dataclass
class Rooms:
    clock: Clock
    messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    ephemerals: list[Ephemeral] = field(default_factory=list)
    _count: int = 0

    def next_ts(self) -> str:
        """Return a `ts` no other message has: the workspace's second and a running number."""
        self._count += 1
        return f"{self.clock.now}.{self._count % 1_000_000:06d}"

    def add(self, message: Message) -> None:
        self.messages.setdefault(message.channel, {})[message.ts] = message

    def in_channel(self, channel: str) -> list[Message]:
        return sorted(self.messages.get(channel, {}).values(), key=lambda each: each.ts)

    def latest(self) -> dict[str, str]:
        """Return the newest message's `ts` of every conversation in which something was said."""
        return {room: max(messages) for room, messages in self.messages.items() if messages}

    def find(self, channel: str, ts: str) -> Message | None:
        return self.messages.get(channel, {}).get(ts)

    def get(self, channel: str, ts: str) -> Message:
        """Return this message; an ephemeral one cannot be found, whoever asks."""
        message = self.find(channel, ts)
        if message is None:
            raise SlackError("message_not_found")
        return message

    def delete(self, channel: str, ts: str) -> None:
        self.messages.get(channel, {}).pop(ts, None)

    def whisper(self, ephemeral: Ephemeral) -> None:
        self.ephemerals.append(ephemeral)

    def whispers_to(self, user: str) -> list[Ephemeral]:
        return [each for each in self.ephemerals if each.user == user]

    def find_whisper(self, user: str, ts: str) -> Ephemeral | None:
        return next((each for each in self.whispers_to(user) if each.ts == ts), None)

    def unwhisper(self, user: str, ts: str) -> None:
        self.ephemerals = [e for e in self.ephemerals if (e.user, e.ts) != (user, ts)]


def complete(value: object) -> object:
    """Return blocks as Slack stores them: ids where the app gave none, text flags spelt out."""
    if isinstance(value, list):
        return [complete(each) for each in value]
    if not isinstance(value, dict):
        return value
    done = {name: complete(each) for name, each in value.items()}
    if done.get("type") == "plain_text":
        done.setdefault("emoji", True)
    if done.get("type") == "mrkdwn":
        done.setdefault("verbatim", False)
    return done


def complete_blocks(blocks: list[Json]) -> list[Json]:
    return [_with_ids(block) for block in blocks]


def _with_ids(block: Json) -> Json:
    done = complete(block)
    if not isinstance(done, dict):
        raise TypeError(f"A block is an object, not {type(done).__name__}.")
    _named(done, "block_id")
    interactive = [done.get("element"), done.get("accessory")]
    if done["type"] == "actions":
        interactive += done["elements"]
    for element in interactive:
        if isinstance(element, dict) and element["type"] != "image":
            _named(element, "action_id")
    return done


def _named(part: Json, name: str) -> None:
    if name not in part:
        part[name] = new_id("", 5)
