"""The Slack app's manifest, for the way in that was chosen."""

from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from handlers.http.slack import PATH


def manifest_text(url: str | None = None) -> str:
    """Give the manifest for Socket Mode, or for HTTP at this address, such as https://host."""
    text = _packaged()
    if url is None:
        return text
    manifest: dict[str, Any] = yaml.safe_load(text)
    address = url.rstrip("/") + PATH
    settings = manifest["settings"]
    settings["socket_mode_enabled"] = False
    settings["event_subscriptions"]["request_url"] = address
    settings["interactivity"]["request_url"] = address
    for command in manifest["features"]["slash_commands"]:
        command["url"] = address
    return str(yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True))


def scopes() -> frozenset[str]:
    """Give the scopes that the bot token needs."""
    return _asked("bot") - optional_scopes()


def optional_scopes() -> frozenset[str]:
    """Give the scopes that the bot uses where it has them, and does without where it has not."""
    return _asked("bot_optional")


def _asked(whose: str) -> frozenset[str]:
    asked: list[str] = yaml.safe_load(_packaged())["oauth_config"]["scopes"][whose]
    return frozenset(asked)


def _packaged() -> str:
    """Read what lies in the package; in a clone it is at the top, where people look for it."""
    packaged = resources.files("bot").joinpath("manifest.yml")
    if packaged.is_file():
        return packaged.read_text("utf-8")
    return (Path(__file__).parents[2] / "manifest.yml").read_text("utf-8")
