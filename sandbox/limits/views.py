"""What Slack would refuse in a view."""

import json

from sandbox.limits.blocks import check_in_view
from sandbox.limits.check import Check, Findings, choice, dicts, flag, plain, record, string
from sandbox.wire import Json, SlackError

LARGEST = 250_000

_SHARED: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_MODAL = record(
    {"type": choice("modal"), "title": plain(24), "blocks": check_in_view},
    {
        **_SHARED,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
_HOME = record({"type": choice("home"), "blocks": check_in_view}, _SHARED)


def check_view(view: object, kind: str) -> Json:
    """Return the view if Slack would take it as this kind; raises `SlackError` otherwise."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: view"])
    findings = Findings()
    (_HOME if kind == "home" else _MODAL)(view, "/view", findings)
    has_input = any(each.get("type") == "input" for each in dicts(view.get("blocks")))
    if kind == "modal" and has_input and "submit" not in view:
        findings.add("/view", "missing required field: submit (the view has input blocks)")
    if findings.messages:
        raise SlackError("invalid_arguments", findings.messages)
    if len(json.dumps(view, ensure_ascii=False).encode()) > LARGEST:
        raise SlackError("view_too_large")
    return view
