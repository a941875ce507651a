"""An owner is told once of a reviewer who is away or has left, and when they are back: I1."""

from datetime import timedelta

import pytest
from worlds import BACKUP, BUILDER, KEY, MEMBER, OWNER, STEWARD, World

from bot.domain.messages import Message, MessageKind, Shown
from bot.domain.people import Standing
from bot.rendering.render import message
from bot.usecases import delivery, showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

NOTICE = MessageKind.REVIEWER_NOTICE


class Told:
    """What somebody was told of reviewers, as each message stands in Slack by now."""

    def __init__(self, world: World, to: str = OWNER) -> None:
        self._world, self._to = world, to
        self._said: dict[str, str] = {}

    def now(self, *sparing: str) -> list[str]:
        """Deliver all that waits, and give each notice as it stands, the oldest first.

        Whoever is spared is not to be disturbed: what stands with them is brought up to date.
        """
        while posting := delivery.claim_message(self._world.deps, sparing=sparing):
            about = posting.message
            if (about.kind, about.to) == (NOTICE, self._to):
                self._said[about.case] = self._words(about)
            place = posting.shown or Shown(f"D{about.to}", str(posting.id))
            delivery.record_shown(self._world.deps, posting, place, "")
        return list(self._said.values())

    def _words(self, about: Message) -> str:
        shown = message(showing.view_of(self._world.deps, about))
        return f"{shown.text} {'[Take back]' if 'take_back' in str(shown.blocks) else ''}".strip()


@pytest.fixture
def told(live: World) -> Told:
    """Give what the owner reads of a member who has all four outputs of a round."""
    live.hands_out(1, MEMBER)
    told = Told(live)
    assert told.now() == []
    return told


HAS = f"They still have 4 outputs of round 1 of {KEY}"
OFFER = f"{HAS}. Nothing is handed on by itself: take them back, then answer them or hand them out"
LATER = f"A later message tells of what they have of round 1 of {KEY}."
IS_BACK = f"<@{MEMBER}> is back. {HAS}, and can answer them again."
HAS_LEFT = f"<@{MEMBER}> cannot review any more. {OFFER} again. [Take back]"


def test_a_reviewer_who_ends_their_absence_is_said_to_be_back(live: World, told: Told) -> None:
    live.is_away(MEMBER, BUILDER)
    live.tick()
    [away] = told.now()
    assert away.startswith(f"<@{MEMBER}> is away until")
    assert away.endswith(f"{OFFER} again. [Take back]")
    live.clock.move(live.clock.now() + timedelta(hours=1))
    live.comes_back(MEMBER)
    assert told.now() == [IS_BACK]
    live.answers_share_page(1, by=MEMBER)
    live.is_away(BACKUP, MEMBER)
    live.tick()
    assert told.now() == [IS_BACK]


def test_what_told_before_leads_to_what_tells_now_though_that_came_later(
    live: World, told: Told
) -> None:
    live.is_away(MEMBER, BUILDER)
    live.tick()
    told.now()
    live.leaves(MEMBER, Standing.GUEST)
    assert told.now(OWNER) == [HAS_LEFT], "the newer one waits"
    earlier, now = told.now()
    assert earlier.endswith(LATER)
    assert now == HAS_LEFT


def test_a_reviewer_who_ends_their_absence_at_once_is_back(live: World, told: Told) -> None:
    live.is_away(MEMBER, BUILDER)
    live.tick()
    told.now()
    live.comes_back(MEMBER)
    assert told.now() == [IS_BACK]


def test_a_reviewer_whose_absence_has_run_out_is_said_to_be_back(live: World, told: Told) -> None:
    live.is_away(MEMBER, days=1)
    live.tick()
    told.now()
    live.forward(24)
    assert told.now() == [IS_BACK]


def test_a_guest_who_is_a_full_member_again_is_said_to_be_back(live: World, told: Told) -> None:
    live.leaves(MEMBER, Standing.GUEST)
    assert told.now() == [HAS_LEFT]
    live.leaves(MEMBER, Standing.MEMBER)
    assert told.now() == [IS_BACK]


def test_who_is_back_before_it_was_told_is_not_said_to_be_away(live: World, told: Told) -> None:
    live.is_away(MEMBER)
    live.tick()
    live.comes_back(MEMBER)
    assert told.now() == [IS_BACK]


def test_of_a_reviewer_who_leaves_while_away_the_owner_is_told_once_more(
    live: World, told: Told
) -> None:
    live.is_away(MEMBER, STEWARD)
    live.tick()
    told.now()
    live.leaves(MEMBER, Standing.GUEST)
    former = f"<@{MEMBER}> cannot review any more. {LATER}"
    assert told.now() == [former, HAS_LEFT]
    live.leaves(MEMBER)
    assert told.now() == [former, HAS_LEFT]


def test_who_leaves_before_it_was_told_that_they_are_away_is_told_of_once(
    live: World, told: Told
) -> None:
    live.is_away(MEMBER)
    live.tick()
    live.leaves(MEMBER)
    assert told.now() == [HAS_LEFT]


def test_of_absences_that_run_into_each_other_each_is_told_once(live: World, told: Told) -> None:
    live.is_away(MEMBER, days=1)
    live.is_away(MEMBER, start=1, days=2)
    live.tick()
    [first] = told.now()
    live.forward(24)
    former, second = told.now()
    assert first != former
    assert former.endswith(LATER)
    assert second.endswith("[Take back]")


@pytest.mark.parametrize("reader", [OWNER, BACKUP])
def test_what_was_told_offers_nothing_that_is_taken_back(live: World, reader: str) -> None:
    live.is_away(OWNER, BACKUP)
    live.tick()
    live.hands_out(1, MEMBER, by=BACKUP)
    live.is_away(MEMBER)
    live.tick()
    told = Told(live, reader)
    assert "[Take back]" in told.now()[0]
    live.takes_back(1, by=BACKUP)
    [spent] = told.now()
    assert spent.endswith(f"They have nothing of round 1 of {KEY} any more.")


def test_a_reviewer_who_is_back_and_has_handed_in_has_nothing_more(live: World, told: Told) -> None:
    live.is_away(MEMBER)
    live.tick()
    told.now()
    live.comes_back(MEMBER)
    live.answers_share(1, by=MEMBER)
    has_nothing = f"<@{MEMBER}> is back. They have nothing of round 1 of {KEY} any more."
    assert told.now() == [has_nothing]
