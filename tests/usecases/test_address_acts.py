"""Whoever reads what is theirs is spoken to: of others it is said by name."""

from dataclasses import replace

import pytest
from worlds import BACKUP, KEY, OWNER, ROLES, World, person, sent

from bot.domain.breaches import Decision
from bot.domain.messages import MessageKind
from bot.rendering.render import message
from bot.usecases import breaches, showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

NEXT = "U0NEXT"


def test_whoever_takes_a_workflow_over_reads_that_they_owe_what_the_one_before_did(
    live: World,
) -> None:
    live.hands_over(replace(ROLES, owner=NEXT))
    live.takes_over(NEXT)
    [told] = [
        each for each in sent(live) if (each.kind, each.to) == (MessageKind.DUTY_REQUEST, NEXT)
    ]
    said = message(showing.view_of(live.deps, told)).text
    assert said.startswith(f"Please review round 1 of {KEY} by <!date")
    assert "This has become yours: you owe it now." in said
    assert f"<@{NEXT}>" not in said


@pytest.mark.parametrize(
    ("by", "who"), [(OWNER, "You are"), (BACKUP, "The workflow's owner is")], ids=["own", "other"]
)
def test_whoever_decides_what_takes_work_reads_whether_that_is_theirs(
    live: World, by: str, who: str
) -> None:
    live.raises()
    live.acknowledges(1)
    asked = breaches.DecideBreach(KEY, 1, Decision.TIGHTEN, "seen")
    said = breaches.decide_breach(live.deps, person(by), asked).sentence
    whose = "yours" if by == OWNER else "theirs"
    assert said == (
        f"Your decision on breach 1 of {KEY} and its reason are recorded: tighten. {who} asked to "
        f"carry it out and to report that on the card. The policy is {whose} or an admin's to "
        f"change, with `/answerable register {KEY}`."
    )
