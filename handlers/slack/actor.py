"""Who acts: read from the payload's own user and team, from nothing else in it."""

from typing import Any

from bot.domain.people import Actor, Origin, Standing
from handlers.slack.people import Directory


def actor_of(
    body: dict[str, Any], directory: Directory, delivery: str, answer_url: str = ""
) -> Actor:
    """Give who sent this payload. Somebody of another team is never looked up, only marked."""
    user_id, team = _user_and_team(body)
    if team != directory.workspace:
        standing, name = Standing.FOREIGN, ""
    else:
        person = directory.person(user_id)
        standing, name = person.standing, person.name
    return Actor(
        origin=Origin.SLACK,
        user_id=user_id,
        standing=standing,
        name=name,
        delivery=delivery,
        answer_url=answer_url,
    )


def _user_and_team(body: dict[str, Any]) -> tuple[str, str]:
    if "user_id" in body:  # slash commands are flat
        return str(body["user_id"]), str(body["team_id"])
    user = body["user"]
    return str(user["id"]), str(user.get("team_id") or body["team"]["id"])
