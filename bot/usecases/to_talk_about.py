"""Read-only: what stands again on others' Homes, for whoever answers for these people."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from bot.domain.pace import LEAST_AGAIN
from bot.domain.registry import Workflow, who_is_told
from bot.rendering import views
from bot.usecases.own_pace import LATELY, MOST_TOLD, Said, own_pace
from store.reading import Reading

MOST_LOOKED_AT: Final = 6  # people, those who answered most: a Home is shown often


def to_talk_about(
    reading: Reading, user_id: str, workflows: Sequence[Workflow], now: datetime, said: Said
) -> tuple[views.ToTalkAbout, ...]:
    """Give what somebody is told of people whose answers stand out again; mostly nothing.

    It is what stands on these people's own Homes at this moment, with this person's name.
    """
    gone = reading.people.gone()
    told = (
        views.ToTalkAbout(each.workflow, person, each.again)
        for person in _people_of(reading, user_id, workflows, now)
        if person not in gone
        for each in own_pace(reading, person, now, said)
        if each.again and each.told == user_id
    )
    return tuple(islice(told, MOST_TOLD))


def _people_of(
    reading: Reading, user_id: str, workflows: Sequence[Workflow], now: datetime
) -> Iterator[str]:
    """Give those of whom somebody is told and who answered enough, the most first."""
    roles = {
        each.key: each.roles
        for each in workflows
        if user_id in (each.roles.owner, each.roles.steward)
    }
    much = reading.overview.answered_most(roles, now - LATELY, LEAST_AGAIN) if roles else ()
    people = (
        each.person for each in much if who_is_told(roles[each.workflow], each.person) == user_id
    )
    return islice(dict.fromkeys(people), MOST_LOOKED_AT)
