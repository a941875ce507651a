"""The manifest asks for what the code uses: no scope more, no event less."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import jsonschema
import pytest
import yaml

from bot.app.manifest import manifest_text
from handlers.slack.events import METADATA_TYPE

ROOT: Final = Path(__file__).resolve().parents[2]
SLACK: Final = ROOT / "handlers/slack"
SCHEMAS: Final = ROOT.parent / "shared/contracts"

# Scopes a bot token needs, as Slack's pages of these methods and events say. None: no scope.
SCOPES_OF_CHANNELS: Final = {"conversations_info": {"channels:read", "groups:read"}}
SCOPE_OF_METHOD: Final = {
    "apps_connections_open": None,  # the app-level token's own
    "auth_test": None,
    "chat_postMessage": "chat:write",
    "chat_update": "chat:write",
    "conversations_open": "im:write",
    "dnd_info": "dnd:read",
    "files_upload_v2": "files:write",
    "users_info": "users:read",
    "views_open": None,
    "views_push": None,
    "views_update": None,
    "views_publish": None,
    "api_call": None,  # the sandbox's own clock
}
SCOPE_OF_EVENT: Final = {
    "app_home_opened": None,
    "message_metadata_posted": "metadata.message:read",
    "user_change": "users:read",
}
SCOPE_OF_COMMANDS: Final = "commands"


# The page of 2021 names the scopes of that time: of a bot's and a user's token apart.
OF_ITS_TIME: Final = re.compile(r":(bot|user)$")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return dict(yaml.safe_load((ROOT / "manifest.yml").read_text()))


def calls(*owners: str) -> Iterator[ast.Call]:
    """Give every call of `<owner>.<method>(…)` in Slack's handlers, however long the way to it."""
    for path in SLACK.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                owner = node.func.value
                name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
                if name in owners:
                    yield node


def called_methods() -> set[str]:
    return {call.func.attr for call in calls("client") if isinstance(call.func, ast.Attribute)}


def registered(kind: str) -> set[str]:
    """Give the names under which `app.<kind>(name)` listens, where they are written out."""
    return {
        str(call.args[0].value)
        for call in calls("app")
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == kind
        and isinstance(call.args[0], ast.Constant)
    }


def heard() -> set[str]:
    """Give the events which `on_event(app, name, …)` listens to."""
    return {
        ast.literal_eval(node.args[1])
        for path in SLACK.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "on_event"
    }


def test_every_method_that_is_called_has_its_scope_in_the_table() -> None:
    assert called_methods() == {*SCOPE_OF_METHOD, *SCOPES_OF_CHANNELS}


def test_the_scopes_are_those_of_the_methods_events_and_commands(manifest: dict[str, Any]) -> None:
    called = called_methods()
    needed = {SCOPE_OF_METHOD[method] for method in called - SCOPES_OF_CHANNELS.keys()} - {None}
    needed |= set().union(
        *(SCOPES_OF_CHANNELS[method] for method in called & {*SCOPES_OF_CHANNELS})
    )
    needed |= {SCOPE_OF_EVENT[event] for event in heard()} - {None}
    needed |= {SCOPE_OF_COMMANDS} if registered("command") else set()
    asked = manifest["oauth_config"]["scopes"]["bot"]
    assert set(asked) == needed
    assert sorted(set(asked)) == asked


def test_what_is_optional_is_among_what_is_asked_for(manifest: dict[str, Any]) -> None:
    scopes = manifest["oauth_config"]["scopes"]
    assert scopes["bot_optional"] == ["channels:read", "dnd:read", "groups:read"]
    assert set(scopes["bot_optional"]) <= set(scopes["bot"])


def test_no_scope_reads_conversations_or_posts_uninvited(manifest: dict[str, Any]) -> None:
    asked = manifest["oauth_config"]["scopes"]["bot"]
    assert not [scope for scope in asked if scope.endswith(":history")]
    assert "chat:write.public" not in asked


def test_the_events_are_those_that_are_listened_to(manifest: dict[str, Any]) -> None:
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert set(events) == heard()


def test_the_commands_are_those_that_are_answered(manifest: dict[str, Any]) -> None:
    commands = {each["command"] for each in manifest["features"]["slash_commands"]}
    assert commands == registered("command")


def test_the_shortcuts_are_those_that_are_answered(manifest: dict[str, Any]) -> None:
    shortcuts = manifest["features"]["shortcuts"]
    assert {each["type"] for each in shortcuts} == {"message"}
    assert {each["callback_id"] for each in shortcuts} == registered("message_shortcut")


def test_the_metadata_that_is_subscribed_to_is_what_is_posted(manifest: dict[str, Any]) -> None:
    subscriptions = manifest["settings"]["event_subscriptions"]["metadata_subscriptions"]
    assert [each["event_type"] for each in subscriptions] == [METADATA_TYPE]


@pytest.mark.parametrize("url", [None, "https://answerable.example"])
def test_slack_takes_the_manifest_for_either_way_in(url: str | None) -> None:
    manifest = yaml.safe_load(manifest_text(url))
    version = manifest["_metadata"]["major_version"]
    schema = SCHEMAS / f"manifest.schema.{version}.0.0.json"
    if not schema.exists():
        pytest.skip("Slack's schema of manifests is not beside this clone")
    found = jsonschema.Draft7Validator(json.loads(schema.read_text())).iter_errors(manifest)
    assert [f"{each.json_path}: {each.message[:200]}" for each in found] == []


def test_the_scopes_of_the_methods_are_those_that_slack_says() -> None:
    described = SCHEMAS / "slack_web_openapi_v2.json"
    if not described.exists():
        pytest.skip("Slack's description of its methods is not beside this clone")
    paths = json.loads(described.read_text())["paths"]
    compared = set()
    for method, scope in SCOPE_OF_METHOD.items():
        path = paths.get("/" + method.replace("_", ".", 1).replace("_open", ".open"))
        if path is None:  # newer than that page, or the SDK's own
            continue
        [operation] = path.values()
        said = {OF_ITS_TIME.sub("", each) for each in operation["security"][0]["slackAuth"]}
        assert (scope or "none") in said, method
        compared.add(method)
    assert compared >= {
        *("chat_postMessage", "chat_update", "conversations_open", "dnd_info", "users_info")
    }
