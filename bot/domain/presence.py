"""Who is there to be asked: not who has left, is away, or whose answer would not count."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.domain.people import Standing


class Passed(StrEnum):
    """Why nobody was asked on a rung."""

    EMPTY = "nobody holds this role"
    DEACTIVATED = "deactivated"
    NOT_A_MEMBER = "no full member any more"
    AWAY = "away"
    SAME_PERSON = "same person as before"
    OWN_REQUEST = "nobody confirms their own request"
    NOT_INDEPENDENT = "not independent of what was answered"


@dataclass(frozen=True, slots=True)
class Presence:
    """Who cannot be asked for one obligation now, and who answers in whose place.

    `gone` are no full members any more; `absent` are away for now, with who stands in for them,
    or an empty string; the answer of those `barred` would not count, because of what they did
    before.
    """

    gone: Mapping[str, Standing] = field(default_factory=dict)
    absent: Mapping[str, str] = field(default_factory=dict)
    barred: Collection[str] = ()

    def there(self, named: Collection[str]) -> tuple[str, ...]:
        """Give who can be asked: those named, and for who is away whoever stands in, each once."""
        known = [user_id for user_id in named if user_id not in self.gone]
        found = dict.fromkeys(user_id for user_id in known if user_id not in self.absent)
        found |= dict.fromkeys(self.absent[each] for each in known if self.absent.get(each))
        return tuple(user_id for user_id in found if user_id not in self.barred)

    def away(self, named: Collection[str]) -> tuple[str, ...]:
        """Give those named who are away and have not left."""
        return tuple(each for each in named if each in self.absent and each not in self.gone)

    def with_stand_ins(self, people: Collection[str]) -> frozenset[str]:
        """Give these people, and whoever stands in for one of them."""
        return frozenset(people) | {self.absent[each] for each in people if self.absent.get(each)}

    def why_nobody(self, named: Collection[str]) -> Passed:
        """Give why none of those named can be asked."""
        if not self.with_stand_ins(named).isdisjoint(self.barred):
            return Passed.NOT_INDEPENDENT
        if self.away(named):
            return Passed.AWAY
        if Standing.DEACTIVATED in {self.gone.get(user_id) for user_id in named}:
            return Passed.DEACTIVATED
        return Passed.NOT_A_MEMBER if named else Passed.EMPTY
