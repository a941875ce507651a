"""What people and pipelines do in the journeys, in the words of the product."""

import json
from collections.abc import Callable, Iterable
from http.client import UNAUTHORIZED
from time import sleep
from typing import Final

import httpx

from tests.stage import BOT_TOKEN, Stage
from tests.workspace import (
    ADMIN,
    BACKUP,
    CHANNEL,
    OWNER,
    STEWARD,
    TECHNICAL_OWNER,
    Json,
    Slack,
    shown,
    until,
)

CORRECT: Final = {"verdict": "correct"}
CRITICAL: Final = {"verdict": "wrong", "why": "error", "severity": "critical"}
MINOR: Final = {"verdict": "wrong", "why": "error", "severity": "minor"}

DAILY: Final = "FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0"

Judge = Callable[[Json], dict[str, str]]


def told(slack: Slack, user: str, text: str) -> str:
    """Give everything that the answer to a command shows to the person who typed it."""
    assert slack.command(user, text)["ephemeral"]
    return shown(slack.whispers(user)[-1])


def register(slack: Slack, key: str, by: str = ADMIN, **changed: str) -> Json:
    """Hand in the register form; give what the sandbox says of that."""
    form = slack.command(by, "register")["view"]
    return slack.submit(by, form, registration(key, **changed))


def registration(key: str, **changed: str) -> dict[str, str]:
    """Give what is filled in to register a workflow."""
    return {
        "key": key,
        "purpose": f"Routes the messages of {key} for the claims desk.",
        "owner": OWNER,
        "backup": BACKUP,
        "steward": STEWARD,
        "technical_owner": TECHNICAL_OWNER,
        "channel": CHANNEL,
        "hours": "always",  # so that journeys count plain hours
        **changed,
    }


def accept(slack: Slack, key: str, owner: str = OWNER) -> Json:
    return slack.press(owner, "accept", key)


def live(stage: Stage, key: str, **changed: str) -> str:
    """Register a workflow and have its owner accept; give its key."""
    done = register(stage.slack, key, **changed)
    assert done["errors"] is None, done["errors"]
    accept(stage.slack, key)
    return key


def token(stage: Stage, key: str, scope: str = "outputs:write,gate:read") -> str:
    made = stage.console("token", "create", "--workflow", key, "--scope", scope)
    assert made.returncode == 0, made.stderr
    secret = made.stdout.strip()
    # The serving bot looks ten times a second for what another process has changed.
    until(lambda: _ask_gate(stage, secret, key).status_code != UNAUTHORIZED, lambda: sleep(0.02))
    return secret


def output(number: int, key: str, **changed: object) -> Json:
    return {
        "workflow": key,
        "output_id": f"{key}-{number}",
        "produced_at": "2026-06-01T08:00:00Z",
        "category": "card" if number % 3 else "transfer",
        "text": f"Message {number}",
        **changed,
    }


def report(stage: Stage, secret: str, outputs: Iterable[Json]) -> Json:
    """Report outputs as a pipeline does."""
    headers = {"Authorization": f"Bearer {secret}"}
    answer = stage.http.post("/v1/outputs", json=list(outputs), headers=headers)
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def gate(stage: Stage, secret: str, key: str) -> Json:
    """Ask the gate as a pipeline does."""
    answer = _ask_gate(stage, secret, key)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def _ask_gate(stage: Stage, secret: str, key: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {secret}"}
    return stage.http.post(f"/ofrep/v1/evaluate/flags/{key}", json={}, headers=headers)


def sampled(stage: Stage, key: str, count: int, by: str = OWNER) -> None:
    """Report some outputs and close the open round's period now."""
    lines = stage.folder / f"{key}.jsonl"
    known = stage.rows("select count(*) from output where workflow = ?", key)[0][0]
    rows = (json.dumps(output(known + number, key)) for number in range(count))
    lines.write_text("\n".join(rows) + "\n", "utf-8")
    done = stage.console("import", "--workflow", key, str(lines))
    assert done.returncode == 0, done.stderr
    answer = stage.slack.command(by, f"sample {key}")
    assert "drawn" in answer["ephemeral"], answer


def about(view: Json) -> str:
    """Give what a window is about: all that it hands back but its mark."""
    return str(view["private_metadata"]).partition("#")[2]


def page_values(view: Json, answers: dict[str, str]) -> dict[str, str]:
    """Give a page's answers under the ids of its blocks, which are its own."""
    places = {
        block["element"]["action_id"]: block["block_id"]
        for block in view["blocks"]
        if block["type"] == "input"
    }
    return {places[name]: value for name, value in answers.items()}


def answer_pages(
    slack: Slack, user: str, view: Json, judge: Judge, pages: int | None = None
) -> Json:
    """Answer page after page, so many or until the review is done; give the view that follows."""
    while view["callback_id"] in {"review_page", "second_page", "share_page"} and pages != 0:
        done = slack.submit(user, view, page_values(view, judge(view)))
        assert done["errors"] is None, done["errors"]
        assert not done["problem"], done
        view = done["view"]
        pages = None if pages is None else pages - 1
    return view


def review(slack: Slack, key: str, judge: Judge, user: str = OWNER) -> Json:
    """Open the review that the DM asks for, and answer all of it."""
    view = slack.press(user, "review", key)["view"]
    return answer_pages(slack, user, view, judge)


def look_again(slack: Slack, key: str, judge: Judge, user: str = BACKUP) -> Json:
    """Open the second look that the DM asks for, and answer all of it."""
    view = slack.press(user, "second_review", key)["view"]
    return answer_pages(slack, user, view, judge)


def decide(slack: Slack, key: str, decision: str, by: str = OWNER, **more: str) -> Json:
    form = slack.press(by, "decide", key)["view"]
    values = {"decision": decision, "reason": f"Because of {decision}.", **more}
    return slack.submit(by, form, values)


def all_correct(_page: Json) -> dict[str, str]:
    return CORRECT


def first_is(answer: dict[str, str]) -> Judge:
    """Give this answer on the first page and `correct` on every other."""
    said = iter([answer])
    return lambda _page: next(said, CORRECT)


def of_another_version(slack: Slack, form: Json) -> None:
    """Have a form that somebody has open be one that this version of the bot does not know."""
    kept = ("type", "title", "submit", "close", "blocks", "private_metadata")
    view = {**{name: form[name] for name in kept}, "callback_id": "sign_off"}
    answer = slack.http.post(
        "/api/views.update",
        json={"view_id": form["id"], "view": view},
        headers={"Authorization": f"Bearer {BOT_TOKEN}"},
    )
    assert answer.json()["ok"], answer.text
