"""People as mentions: who holds a role, with whom something is now, and who has ended it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.domain.authority import Holding, told_once
from bot.domain.endings import Settled
from bot.domain.obligations import ObligationKind
from bot.rendering.mrkdwn import Mrkdwn, join, mention, prose, say, some
from bot.rendering.views import Alone, Answerer, Barred, Held, Lent

# Why whoever owes something may not answer it. That one look is begun says not that it is given.
_BARRED: Final[Mapping[ObligationKind, str]] = {
    ObligationKind.REVIEW: "{b.person:person} cannot take this look: they gave the second one, or "
    "were shown it.",
    ObligationKind.SECOND_REVIEW: "{b.person:person} cannot take this look: they began the first "
    "one, or were shown it.",
    ObligationKind.SETTLE: "{b.person:person} cannot settle it: one of the answers is theirs, or "
    "they answer for the workflow.",
    ObligationKind.JUDGE: "{b.person:person} could not judge it: to say so too, it takes "
    "somebody else.",
}
_OTHERWISE: Final = "{b.person:person} may not answer this."


def holders(held: Sequence[Holding]) -> Mrkdwn:
    """Give a line for each role: who holds it now, or what to do as nobody does."""
    apart, in_common = told_once(held)
    return join([*map(_line, apart), *map(prose, in_common)], "\n")


def mentions(people: Sequence[str]) -> Mrkdwn:
    """Give these people one after another, and how many there are besides the first."""
    return some([mention(each) for each in people])


def whoever(who: Answerer) -> Mrkdwn:
    """Give somebody, and if they are away who answers in their place, or until when nobody does."""
    if who.stand_in:
        return say("{w.person:person} (away; {w.stand_in:person} stands in)", w=who)
    if who.until:
        return say("{w.person:person} (away until {w.until})", w=who)
    return mention(who.person)


def with_whom(held: Held, no_admin: str, asked: Collection[str] = ()) -> Mrkdwn:
    """Say whom silence has reached, who is asked in their place, and who else may answer.

    Or that nobody is left to be asked, and that whoever owes it may not answer it, or is away with
    nobody in their place. Nobody is named once more who is `asked` for it where this stands.
    """
    named = [_beside(each, held, asked) for each in held.others]
    others = [whoever(each) for each in named if each]
    still = say("{who} may still answer.", who=some(others)) if others else None
    return join([_reached(held, no_admin), _barred(held.barred), alone_now(held.alone), still])


def _barred(owing: Barred | None) -> Mrkdwn | None:
    return say(_BARRED.get(owing.kind, _OTHERWISE), b=owing) if owing else None


def _beside(who: Answerer, held: Held, asked: Collection[str]) -> Answerer | None:
    """Give who may still answer as far as it is not said of them already; None if it all is."""
    # Until when whoever owes it is away is said before, and why nobody answers in their place.
    if held.alone and held.alone.person == who.person:
        return Answerer(who.person)
    stand_in = "" if who.stand_in in asked else who.stand_in
    return None if who.person in asked and not stand_in else replace(who, stand_in=stand_in)


def _reached(held: Held, no_admin: str) -> Mrkdwn:
    if held.is_nobody:
        climbed = join([say("Nobody is left to be asked."), say(no_admin)])
    elif held.has_nobody:
        return say("It has climbed to the admins, and none of them is there to be asked.")
    elif held.has_climbed:
        climbed = _climbed(held)
    else:
        climbed = None
    if held.stand_in:
        asked = "told" if held.is_told else "asked"
        sentence = f"{{h.person:person}} is away: {{h.stand_in:person}} is {asked} in their place."
    else:
        sentence = "{h.person:person} is away until {h.until}, and nobody stands in."
    is_said = held.alone is not None and held.alone.person == held.person
    return join([climbed, say(sentence, h=held) if held.is_away and not is_said else None])


def alone_now(owing: Alone | None) -> Mrkdwn | None:
    """Say until when whoever owes it is away, and why nobody answers in their place, or nothing."""
    if owing is None:
        return None
    if not owing.stands_in:
        who = ", and nobody stands in."
    elif owing.is_own_word:
        who = ": {a.stands_in:person} stands in for them, but this takes their own word."
    else:
        who = ": {a.stands_in:person} stands in for them, but may not answer this."
    return say("{a.person:person} is away until {a.until}" + who, a=owing)


def why_asked(lent: Lent | None, *, has_climbed: bool) -> Mrkdwn | None:
    """Say to somebody who does not owe it why they are asked; None to whoever does."""
    if lent is None:
        return say("It has climbed to you.") if has_climbed else None
    return stands_in(lent.person, lent.until, stays=lent.stays)


def stands_in(person: str, until: datetime | None, *, stays: bool) -> Mrkdwn:
    """Say to somebody in whose place they are asked; `stays`: that one is answerable on."""
    answerable = " and stays answerable" if stays else ""
    sentence = f"You stand in for {{person}}, who is away until {{until}}{answerable}."
    away = say(sentence, person=mention(person), until=until)
    return join([away, say("Either of you may answer.")])


def _climbed(held: Held) -> Mrkdwn:
    """Say whom it has climbed to; of whoever may not answer only that they are told of it."""
    if not held.is_told:
        whom = mention(held.person) if held.person else "the admins"
        sentence = "It climbed to {whom} {h.since}." if held.since else "It has climbed to {whom}."
        return say(sentence, whom=whom, h=held)
    whom = mention(held.person) if held.person else "The admins"
    verb = ("was" if held.since else "is") if held.person else ("were" if held.since else "are")
    sentence = "{whom} {verb} told of it {h.since}." if held.since else "{whom} {verb} told of it."
    return say(sentence, whom=whom, verb=verb, h=held)


def settled(came: Settled) -> Mrkdwn:
    """Say what took the place of what was asked, and who brought it."""
    return say(
        came.sentence,
        by=mention(came.by),
        asker=mention(came.asker),
        entry=came.entry,
        breach=came.breach,
        decision=say("*{s.decision}*", s=came),
    )


def _line(held: Holding) -> Mrkdwn:
    if not held.people:
        nobody = say("*{role}* nobody now.", role=held.role.capitalize())
        return join([nobody, *map(prose, held.advice)])
    named = (Answerer(each, held.until.get(each), held.away.get(each, "")) for each in held.people)
    people = some([*map(whoever, named)])
    return say("*{role}* {people}", role=held.role.capitalize(), people=people)
