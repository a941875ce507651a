"""People as mentions, and who holds a role: only whoever was refused sees that one."""

from collections.abc import Sequence

from bot.domain.authority import Holding, told_once
from bot.rendering.mrkdwn import Mrkdwn, join, mention, prose, say, some


def holders(held: Sequence[Holding]) -> Mrkdwn:
    """Give a line for each role: who holds it now, or what to do as nobody does."""
    apart, in_common = told_once(held)
    return join([*map(_line, apart), *map(prose, in_common)], "\n")


def mentions(people: Sequence[str]) -> Mrkdwn:
    """Give these people one after another, and how many there are besides the first."""
    return some([mention(each) for each in people])


def _line(held: Holding) -> Mrkdwn:
    if not held.people:
        nobody = say("*{role}* nobody now.", role=held.role.capitalize())
        return join([nobody, prose(held.advice)])
    return say("*{role}* {people}", role=held.role.capitalize(), people=mentions(held.people))
