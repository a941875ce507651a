"""What people are told when something fails: who failed, what is on record, what to do."""

from typing import Final
from uuid import uuid4

import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.messages import MISSING_SCOPE
from bot.domain.refusals import (
    Away,
    Busy,
    CommitUnknown,
    Damaged,
    HeldElsewhere,
    Invalid,
    Refused,
    Unwritable,
)
from bot.domain.witness import Shortened
from handlers.slack.errors import (
    AMBIGUOUS,
    PASSING,
    SHUT_OUT,
    THEIR_FAULT,
    TOO_LATE,
    TOO_MANY,
    NoAnswer,
    name_of,
    scope_needed,
)
from handlers.slack.windows import Unopened

log = structlog.get_logger()

BUSY: Final = (
    "Answerable is busy recording other changes. Nothing of yours was recorded: try again."
)
HELD: Final = (
    "Another program holds the database. Nothing of yours was recorded: try again. If it goes on, "
    "tell whoever runs this bot."
)
AWAY: Final = (
    "The database does not answer. Nothing of yours was recorded: try again. If it goes on, tell "
    "whoever runs this bot."
)
UNWRITABLE: Final = (
    "The database takes nothing in. Nothing of yours was recorded: tell whoever runs this bot, and "
    "try again when it does."
)
UNKNOWN: Final = (
    "The database was lost while this was recorded: it may be on record and may not be. Look, and "
    "do it again if it is not: it counts once."
)
_NOTHING: Final = "Nothing was recorded"


def sentence_for(error: Exception) -> str:
    """Give what a person is told; a fault of ours is logged under the reference it names."""
    match error:
        case Refused() | Shortened():
            return error.sentence
        case Busy() | CommitUnknown():
            return _of_the_store(error)
        case Invalid():
            return " ".join(error.errors.values())
        case Unopened():
            return _of_slack(error.cause, error.kept, is_window=True) or _ours(error, error.kept)
        case SlackApiError() | NoAnswer():
            return _of_slack(error) or _ours(error)
    return _ours(error)


def _of_the_store(error: Busy | CommitUnknown) -> str:
    if isinstance(error, Away):
        log.warning("database away", error=str(error.__cause__ or error))
        return AWAY
    if isinstance(error, Damaged):
        log.error("nothing is recorded", reason=str(error))
        return error.sentence
    if isinstance(error, Unwritable):
        log.error("nothing is recorded", reason=str(error))
        return UNWRITABLE
    if isinstance(error, HeldElsewhere):
        log.warning("database held", reason=str(error))
        return HELD
    if isinstance(error, Busy):
        return BUSY
    log.warning("commit unknown", error=str(error))
    return UNKNOWN


def _ours(error: Exception, kept: str = "") -> str:
    reference = uuid4().hex[:8]
    log.error("unexpected", reference=reference, exc_info=error)
    return (
        f"Something went wrong here. {kept or f'{_NOTHING}: try again.'} If it happens twice, tell "
        f"whoever runs this bot the reference {reference}."
    )


def _of_slack(error: Exception, kept: str = "", *, is_window: bool = False) -> str:
    """Give what a person is told when Slack would not; an empty string if it is a fault of ours."""
    name = name_of(error) if isinstance(error, SlackApiError) else ""
    if name in TOO_LATE:
        return f"Slack gave up before the window opened. {kept or f'{_NOTHING}: try again.'}"
    if name in SHUT_OUT:
        log.error("slack does not let us in", error=name, run="answerable doctor")
        return (
            f"Slack does not let Answerable in ({name.replace('_', ' ')}). "
            f"{kept or f'{_NOTHING}.'} Tell whoever runs this bot; its console's doctor says what "
            "to do."
        )
    if name == MISSING_SCOPE and isinstance(error, SlackApiError):
        return _lacking(scope_needed(error), kept)
    if name in PASSING or _status(error) == TOO_MANY:
        later = f"{_NOTHING}: try again in a minute."
        return f"Slack is too busy just now. {kept or later}"
    if isinstance(error, NoAnswer) or name in AMBIGUOUS or _status(error) >= THEIR_FAULT:
        log.warning("slack failed", error=str(error))
        return _unclear(kept, is_window=is_window)
    return ""


def _lacking(scope: str, kept: str) -> str:
    log.error("the app lacks a scope", scope=scope, run="answerable doctor")
    return (
        f"Slack does not let Answerable do this ({MISSING_SCOPE.replace('_', ' ')}): the app lacks "
        f"{f'the scope {scope}' if scope else 'a scope'}. {kept or f'{_NOTHING}.'} An admin of "
        "this workspace has to install it again with that; in the console, `answerable doctor` "
        "says what to do."
    )


def _unclear(kept: str, *, is_window: bool) -> str:
    """Say that Slack is in trouble, which is no fault of ours; a window may be open nonetheless."""
    if is_window:
        doubt = "Slack is having trouble and did not say whether a window opened."
        return f"{doubt} {kept or f'{_NOTHING}: if there is none, try again.'}"
    return f"Slack is having trouble and did not answer. {_NOTHING}: try again in a minute."


def _status(error: Exception) -> int:
    return error.response.status_code if isinstance(error, SlackApiError) else 0
