"""Where the clock can be moved to without a time being typed: what is named next, working hours."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sandbox.wire import Json
from sandbox.workspace import Workspace

OPENS, CLOSES = time(9), time(17)
SATURDAY: Final = 5
MOST_HOURS: Final = 2_088
_DATE: Final = re.compile(r"<!date\^(\d{1,11})\^")


def next_named(workspace: Workspace) -> int | None:
    """Return the earliest time still to come that a message, answer or Home shows; None if none.

    The sandbox knows nothing of what an app waits for: it reads what people can read.
    """
    now = workspace.clock.now
    named = (moment for part in _shown(workspace) for moment in _named_in(part))
    return min((moment for moment in named if moment > now), default=None)


def working_hours_later(moment: int, hours: float, zone: str) -> int:
    """Return when so many hours between 09:00 and 17:00, Monday to Friday, have passed there.

    Refuses no hours at all, and more than there are in a year.
    """
    if not 0 < hours <= MOST_HOURS:
        raise ValueError(f"Working hours are more than 0 and at most {MOST_HOURS:,}.")
    here = datetime.fromtimestamp(moment, ZoneInfo(zone)).replace(tzinfo=None)
    left = timedelta(hours=hours)
    while True:
        here = _opened(here)
        closing = datetime.combine(here.date(), CLOSES)
        if here + left <= closing:
            break
        left -= closing - here
        here = closing
    return int((here + left).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).timestamp())


def _opened(here: datetime) -> datetime:
    """Return this moment, or if nobody works then, the next at which somebody begins."""
    if here.weekday() < SATURDAY and here.time() < CLOSES:
        return max(here, datetime.combine(here.date(), OPENS))
    return _opened(datetime.combine(here.date() + timedelta(days=1), OPENS))


def _shown(workspace: Workspace) -> Iterator[Json]:
    for channel in workspace.channels:
        for message in workspace.rooms.in_channel(channel):
            yield {"text": message.text, "blocks": message.blocks}
    for answer in workspace.rooms.ephemerals:
        yield {"text": answer.text, "blocks": answer.blocks}
    for home in workspace.views.homes.values():
        yield {"text": "", "blocks": home["blocks"]}


def _named_in(part: Json) -> Iterator[int]:
    """Yield the times that are drawn as times: text that was escaped, or plain, names none."""
    if "<!date^" not in json.dumps(part):
        return
    if not part["blocks"]:
        yield from _times(part["text"])
    yield from _times_in(part["blocks"])


def _times_in(value: object) -> Iterator[int]:
    if isinstance(value, list):
        for each in value:
            yield from _times_in(each)
    elif isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            yield from _times(str(value.get("text", "")))
        yield from _times_in(list(value.values()))


def _times(text: str) -> Iterator[int]:
    return (int(found) for found in _DATE.findall(text))
