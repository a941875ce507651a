"""Who holds a role, with mentions: only whoever was refused sees it, so nobody is called by it."""

from collections.abc import Sequence

from bot.domain.authority import Holding
from bot.rendering.mrkdwn import Mrkdwn, join, mention, prose, say, some


def holders(held: Sequence[Holding]) -> Mrkdwn:
    """Give a line for each role: who holds it now, or what to do as nobody does."""
    return join(map(_line, held), "\n")


def _line(held: Holding) -> Mrkdwn:
    if not held.people:
        return say(
            "*{role}* nobody now. {advice}", role=held.role.capitalize(), advice=prose(held.advice)
        )
    people = some([mention(each) for each in held.people])
    return say("*{role}* {people}", role=held.role.capitalize(), people=people)
