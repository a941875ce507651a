"""Who is asked next, and when, is said with the absences that are announced: I3 climb."""

from datetime import datetime, timedelta

from worlds import (
    ADMIN,
    BACKUP,
    CHANNEL,
    KEY,
    MEMBER,
    OWNER,
    STEWARD,
    World,
    findings,
    person,
    sent,
)

from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind
from bot.domain.people import Role, Standing
from bot.rendering import views
from bot.usecases import home, questions, showing
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests


def forecast(world: World) -> views.Next | None:
    """Give who the sheet says is asked next for the review."""
    owed = questions.show_workflow(world.deps, person(ADMIN), KEY).owed
    return next(each.next for each in owed if each.kind is ObligationKind.REVIEW)


def begins(world: World, number: int) -> datetime:
    with world.deps.store.read(world.deps.workspace) as reading:
        absence = reading.absences.find(number)
    assert absence is not None
    return absence.begins_at


def test_i3_what_climbs_when_whoever_it_is_with_goes_away_is_said_to_climb_then(
    live: World,
) -> None:
    live.is_away(OWNER, days=7)
    live.is_away(BACKUP, start=2, days=7)
    live.tick()
    at = begins(live, 2)
    assert at < live.owed(ObligationKind.REVIEW, 1).climbs_at
    assert forecast(live) == views.Next(Role.STEWARD, at)
    live.forward(to=at)
    reached = {each.to for each in sent(live) if each.kind is MessageKind.REMINDER}
    assert reached == {BACKUP, STEWARD, CHANNEL}
    assert findings(live) == []


def test_i3_it_is_said_on_the_cards_from_the_announcement(live: World) -> None:
    live.raises()
    live.forward(0.5)
    sent(live)
    live.is_away(STEWARD, start=1)  # in whose hands it is not
    assert MessageKind.REMINDER not in {each.kind for each in sent(live)}
    live.forward(1.5)
    sent(live)
    live.acknowledges(1)
    sent(live)
    live.is_away(OWNER, start=1, days=1)
    [posted] = [
        each for each in sent(live) if (each.kind, each.to) == (MessageKind.BREACH_CARD, CHANNEL)
    ]
    view = showing.view_of(live.deps, posted)
    assert isinstance(view, views.BreachCard)
    assert view.next == views.Next(Role.BACKUP, begins(live, 2))


def test_i3_nothing_is_said_to_climb_sooner_where_somebody_stands_in(live: World) -> None:
    usual = views.Next(Role.OWNER, live.owed(ObligationKind.REVIEW, 1).due_at)
    live.is_away(OWNER, MEMBER, start=1)
    assert forecast(live) == usual
    live.is_away(MEMBER, start=2, days=1)
    assert forecast(live) == views.Next(Role.BACKUP, begins(live, 2))
    live.comes_back(MEMBER, 2)
    assert forecast(live) == usual


def test_i3_what_is_with_the_admins_waits_for_its_time(live: World) -> None:
    live.live_through(72 + 2 + 4 + 8)
    at = live.owed(ObligationKind.REVIEW, 1).climbs_at
    live.is_away(STEWARD, start=0)
    assert forecast(live) == views.Next(Role.ADMIN, at, is_again=True)
    assert at - live.clock.now() <= timedelta(hours=8)


def listed(world: World) -> set[datetime | None]:
    """Give when the list and the admin's Home say that what is overdue climbs next."""
    [row] = questions.list_workflows(world.deps, person(ADMIN)).workflows
    seen = home.show_home(world.deps, ADMIN, Standing.MEMBER).view
    assert isinstance(seen, views.Home)
    return {row.climbs_at, *(each.climbs_at for each in seen.team)}


def test_i3_the_list_and_home_give_the_time_that_the_sheet_gives(live: World) -> None:
    live.answers_round(1)
    live.raises()
    live.forward(1)
    assert listed(live) == {None}
    live.forward(9)
    by_clock = live.owed(ObligationKind.ACKNOWLEDGE, 1).climbs_at
    assert listed(live) == {by_clock}
    live.is_away(MEMBER, start=1)
    assert listed(live) == {by_clock}, "it is with others"
    for number, each in enumerate((OWNER, BACKUP, STEWARD), start=2):
        live.is_away(each, start=1)
        at = begins(live, number)
    assert at < by_clock
    owed = questions.show_workflow(live.deps, person(ADMIN), KEY).owed
    [following] = [each.next for each in owed if each.kind is ObligationKind.ACKNOWLEDGE]
    assert following
    assert listed(live) == {following.at}
