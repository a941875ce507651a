"""Forgetting somebody: which openings are theirs, and who cannot be forgotten yet."""

import re
from collections.abc import Iterable
from typing import Final

from bot.domain.people import Circle
from bot.domain.refusals import Invalid, Refused
from bot.domain.registry import Workflow, WorkflowState, named_roles

_USER: Final = re.compile(r"[UW][A-Z0-9]{1,30}")
# Facts that name people and are no words of anybody: each person's own are theirs alone.
_NAMES_PEOPLE: Final = frozenset(
    f"facts.{name}_c"
    for name in ("person", "owner", "backup", "steward", "technical_owner", "owed_by", "asked")
) | frozenset(f"facts.{name}_c" for name in ("away", "delegate", "successor", "reviewer"))


def require_user_id(text: str) -> None:
    """Raise Invalid for what cannot be anybody's id: it may stand where nobody does."""
    if not _USER.fullmatch(text):
        raise Invalid({"USER_ID": "Give a Slack user id, such as U012AB3CD."})


def is_theirs(field: str, value: str, user_id: str, *, is_by_them: bool) -> bool:
    """Tell whether an opening names this person, or holds words that they typed or that name them.

    Words that others typed about somebody without their id cannot be told from any others.
    """
    if field in _NAMES_PEOPLE:
        return user_id in value.split()
    return is_by_them or names(value, user_id)


def names(text: str, user_id: str) -> bool:
    """Tell whether this id stands in a text, whole."""
    return re.search(rf"(?<![A-Z0-9]){re.escape(user_id)}(?![A-Z0-9])", text) is not None


def require_free(user_id: str, workflows: Iterable[Workflow], circle: Circle) -> None:
    """Refuse to forget whoever answers for something: without them nobody would."""
    held = [
        (
            f"{role} of {workflow.key}",
            f"hand that role over with `/answerable handover {workflow.key}`",
        )
        for workflow in workflows
        if workflow.state is not WorkflowState.RETIRED
        for role, holder in named_roles(workflow.roles)
        if holder == user_id
    ]
    settings = {"ANSWERABLE_ADMINS": circle.admins, "ANSWERABLE_AUDITORS": circle.auditors}
    held += [
        (f"named in {name}", f"take them out of {name} and start the bot again")
        for name, people in settings.items()
        if user_id in people
    ]
    if held:
        named = ", ".join(what for what, _ in held)
        first = ", ".join(dict.fromkeys(how for _, how in held))
        raise Refused("holds a role", f"{user_id} is {named}. First {first}. Nothing was erased.")
