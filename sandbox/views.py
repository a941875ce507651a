"""Modals in their stacks, and Home tabs."""

from dataclasses import dataclass, field

from sandbox.clock import Clock
from sandbox.rooms import complete_blocks
from sandbox.wire import Json, SlackError, new_id
from sandbox.world import World

DEEPEST_STACK = 3


@dataclass
class Views:
    """Each person has at most one stack of modals, the last one on top, and one Home tab."""

    world: World
    clock: Clock
    stacks: dict[str, list[Json]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    _changes: int = 0

    def stack(self, user: str) -> list[Json]:
        return self.stacks.setdefault(user, [])

    def top(self, user: str) -> Json | None:
        stack = self.stack(user)
        return stack[-1] if stack else None

    def open(self, user: str, view: Json) -> Json:
        """Show this view as the root of a new stack."""
        self._refuse_known_external_id(view, None)
        opened = self._stored(view, new_id("V"))
        opened["root_view_id"] = opened["id"]
        self.stacks[user] = [opened]
        return opened

    def push(self, user: str, view: Json) -> Json:
        stack = self.stack(user)
        if not stack:
            raise SlackError("not_found", ["[ERROR] there is no open modal to push upon"])
        if len(stack) >= DEEPEST_STACK:
            raise SlackError("push_limit_reached")
        self._refuse_known_external_id(view, None)
        pushed = self._stored(view, new_id("V"))
        pushed |= {"root_view_id": stack[0]["id"], "previous_view_id": stack[-1]["id"]}
        stack.append(pushed)
        return pushed

    def replace(self, old: Json, view: Json) -> Json:
        """Show other content under the same id; typed values stay where block and action stay."""
        self._refuse_known_external_id(view, old["id"])
        new = self._stored(view, old["id"])
        new |= {"root_view_id": old["root_view_id"], "previous_view_id": old["previous_view_id"]}
        new["state"] = {"values": _kept(old, new)}
        stack = next(each for each in self.stacks.values() if old in each)
        stack[stack.index(old)] = new
        return new

    def publish(self, user: str, view: Json) -> Json:
        old = self.homes.get(user)
        home = self._stored(view, old["id"] if old else new_id("V"))
        home["root_view_id"] = home["id"]
        self.homes[user] = home
        return home

    def close_top(self, user: str) -> Json | None:
        stack = self.stack(user)
        return stack.pop() if stack else None

    def clear(self, user: str) -> None:
        self.stacks[user] = []

    def find(self, view_id: str) -> Json | None:
        """Return the open view or Home tab with this id, whoever has it."""
        shown = [*self._all_open(), *self.homes.values()]
        return next((each for each in shown if each["id"] == view_id), None)

    def find_external(self, external_id: str) -> Json | None:
        return next((e for e in self._all_open() if e["external_id"] == external_id), None)

    def _all_open(self) -> list[Json]:
        return [view for stack in self.stacks.values() for view in stack]

    def _refuse_known_external_id(self, view: Json, own_id: str | None) -> None:
        known = self.find_external(view["external_id"]) if view.get("external_id") else None
        if known and known["id"] != own_id:
            raise SlackError("duplicate_external_id")

    def _stored(self, view: Json, view_id: str) -> Json:
        self._changes += 1
        return {
            "title": None,
            "submit": None,
            "close": None,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            **view,
            "blocks": complete_blocks(view["blocks"]),
            "id": view_id,
            "team_id": self.world.team.id,
            "app_installed_team_id": self.world.team.id,
            "app_id": self.world.app_id,
            "bot_id": self.world.bot.id,
            "state": {"values": {}},
            "hash": f"{self.clock.now}.{self._changes:08x}",
            "root_view_id": None,
            "previous_view_id": None,
        }


def _kept(old: Json, new: Json) -> Json:
    """Return the typed values whose input is still there, of the same type."""
    types = {
        (block["block_id"], block["element"]["action_id"]): block["element"]["type"]
        for block in new["blocks"]
        if block["type"] == "input"
    }
    kept: Json = {}
    for block_id, actions in old["state"]["values"].items():
        for action_id, value in actions.items():
            if types.get((block_id, action_id)) == value["type"]:
                kept.setdefault(block_id, {})[action_id] = value
    return kept
