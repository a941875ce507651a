"""What the app's manifest lets it do: scopes, events, commands, shortcuts."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sandbox.wire import Json


@dataclass(frozen=True)
class Manifest:
    """The parts of an app manifest that Slack enforces at run time.

    Without a file (`is_open`) everything is allowed: good for a first try, useless as a judge.
    """

    is_open: bool = True
    scopes: tuple[str, ...] = ()
    events: frozenset[str] = frozenset()
    metadata_events: tuple[tuple[str, str], ...] = ()
    escaping: dict[str, bool] = field(default_factory=dict)
    usage_hints: dict[str, str] = field(default_factory=dict)
    shortcuts: dict[str, str] = field(default_factory=dict)
    shortcut_names: dict[str, str] = field(default_factory=dict)
    has_home: bool = True

    def grants(self, scope: str) -> bool:
        return self.is_open or scope in self.scopes

    def subscribes(self, event: str) -> bool:
        return self.is_open or event in self.events

    def follows_metadata(self, app_id: str, event_type: str) -> bool:
        """Whether a subscription to message metadata covers this; `*` stands for any."""
        return self.is_open or any(
            app in ("*", app_id) and kind in ("*", event_type) for app, kind in self.metadata_events
        )

    def knows_command(self, command: str) -> bool:
        return self.is_open or command in self.escaping

    @property
    def commands(self) -> list[str]:
        """Return the commands by name; without a manifest there is no knowing them."""
        return sorted(self.escaping)

    def knows_shortcut(self, callback_id: str, kind: str) -> bool:
        return self.is_open or self.shortcuts.get(callback_id) == kind


def load(path: Path | None) -> Manifest:
    """Return the manifest in this YAML or JSON file; with no file, one that allows everything."""
    if path is None:
        return Manifest()
    document = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(document, dict):
        raise TypeError(f"{path}: expected a manifest (a mapping), got {type(document).__name__}.")
    return parse(document)


def parse(document: Json) -> Manifest:
    features, settings = _part(document, "features"), _part(document, "settings")
    subscriptions = _part(settings, "event_subscriptions")
    return Manifest(
        is_open=False,
        scopes=tuple(_part(_part(document, "oauth_config"), "scopes").get("bot") or ()),
        events=frozenset(subscriptions.get("bot_events") or ()),
        metadata_events=tuple(
            (each["app_id"], each["event_type"])
            for each in subscriptions.get("metadata_subscriptions") or ()
        ),
        escaping={
            each["command"]: bool(each.get("should_escape"))
            for each in features.get("slash_commands") or ()
        },
        usage_hints={
            each["command"]: str(each.get("usage_hint", ""))
            for each in features.get("slash_commands") or ()
        },
        shortcuts={each["callback_id"]: each["type"] for each in features.get("shortcuts") or ()},
        shortcut_names={
            each["callback_id"]: each["name"] for each in features.get("shortcuts") or ()
        },
        has_home=bool(_part(features, "app_home").get("home_tab_enabled")),
    )


def _part(document: Json, name: str) -> dict[str, Any]:
    return document.get(name) or {}
