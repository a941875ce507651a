"""Read-only: what stands again on others' Homes, for whoever answers for these people."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from bot.domain.pace import LEAST_AGAIN
from bot.domain.registry import who_is_told
from bot.rendering import views
from bot.usecases.own_pace import LATELY, MOST_TOLD, Paces

MOST_LOOKED_AT: Final = 6  # people, those who answered most: a Home is shown often


def to_talk_about(paces: Paces, user_id: str) -> tuple[views.ToTalkAbout, ...]:
    """Give what somebody is told of people whose answers stand out again; mostly nothing.

    It is what stands on these people's own Homes at this moment, with this person's name.
    """
    told = (
        views.ToTalkAbout(each.workflow, person, each.again)
        for person in _people_of(paces, user_id)
        for each in paces.own(person)
        if each.again and each.told == user_id
    )
    return tuple(islice(told, MOST_TOLD))


def _people_of(paces: Paces, user_id: str) -> Iterator[str]:
    """Give those of whom somebody is told and who answered enough, the most first."""
    roles = {
        key: each for key, each in paces.roles.items() if user_id in (each.owner, each.steward)
    }
    since = paces.now - LATELY
    much = paces.reading.handed_in.most(roles, since, LEAST_AGAIN) if roles else ()
    people = (
        each.person for each in much if who_is_told(roles[each.workflow], each.person) == user_id
    )
    return islice(
        (each for each in dict.fromkeys(people) if each not in paces.gone), MOST_LOOKED_AT
    )
