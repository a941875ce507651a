"""Homes are published when opened and after changes: soon, seldom, and never as messages."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from worlds import ADMIN, BACKUP, KEY, MEMBER, OWNER, STEWARD, World

from bot.clock import MovedClock
from bot.domain import people as known
from bot.usecases import people
from handlers.slack import home as home_feature
from handlers.slack.parts import SlackParts
from handlers.slack.people import Directory
from handlers.slack.publisher import BURST, EVERY, PACE, QUIET, SHUT, TRIES, Homes

GUEST, STRANGER = "U0GUEST", "U0STRANGER"


@dataclass
class Standing(MovedClock):
    """A clock whose seconds pass only when it is told so."""

    seconds: float = 1_000.0

    def elapsed(self) -> float:
        return self.seconds


def refusal(error: str, status: int = 200, wait: int = 1) -> SlackApiError:
    response = SlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/views.publish",
        req_args={},
        data={"ok": False, "error": error},
        headers={"Retry-After": str(wait)},
        status_code=status,
    )
    return SlackApiError(error, response)


@dataclass
class Slack:
    """Slack as far as Homes go: it remembers what was published, or says no."""

    published: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)

    def views_publish(self, *, user_id: str, view: dict[str, Any]) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.published.append((user_id, view))

    def users_info(self, *, user: str) -> dict[str, Any]:
        if user == STRANGER:
            raise refusal("user_not_found")
        return {"user": {"id": user, "name": user, "is_restricted": user == GUEST}}

    def taken(self) -> list[str]:
        """Give to whom was published since this was last asked."""
        told, self.published = [user_id for user_id, _ in self.published], []
        return told


@dataclass
class Bench:
    world: World
    slack: Slack
    clock: Standing
    homes: Homes

    def after(self, seconds: float) -> list[str]:
        """Let so many seconds pass and give to whom was published then."""
        self.clock.seconds += seconds
        self.homes.publish_due()
        return self.slack.taken()


@pytest.fixture
def bench(live: World) -> Bench:
    slack, clock = Slack(), Standing(live.clock.now())
    directory = Directory(slack, live.deps.workspace, clock, partial(people.note_member, live.deps))  # type: ignore[arg-type]
    homes = Homes(live.deps, slack, directory, clock)  # type: ignore[arg-type]
    return Bench(live, slack, clock, homes)


def opened(bench: Bench, *people: str) -> None:
    """Have these people open their Homes, and let it become quiet."""
    for each in people:
        bench.homes.open(each)
    assert sorted(bench.after(0)) == sorted(people)
    assert bench.after(60) == bench.after(60) == []
    bench.clock.seconds += 60


def test_who_opens_their_home_sees_it_at_once(bench: Bench) -> None:
    bench.homes.open(OWNER)
    bench.homes.publish_due()
    [(user_id, view)] = bench.slack.published
    assert (user_id, view["type"]) == (OWNER, "home")
    assert KEY in str(view)


def test_a_change_is_published_soon_to_whom_it_concerns_and_to_nobody_else(bench: Bench) -> None:
    opened(bench, OWNER, BACKUP, MEMBER)
    bench.world.pauses()
    assert bench.after(0) == []
    assert bench.after(QUIET) == [OWNER], "the backup sees nothing of a gate, a member nothing"
    assert bench.after(60) == []


def test_who_has_not_opened_theirs_is_published_nothing(bench: Bench) -> None:
    opened(bench, OWNER)
    bench.world.answers_round(1)
    assert bench.after(QUIET) == []
    assert bench.after(QUIET) == [OWNER]
    assert bench.after(60) == []


def test_many_changes_are_one_publishing_and_then_one_in_every_few_seconds(bench: Bench) -> None:
    opened(bench, OWNER)
    for _ in range(3):
        bench.world.answers_page(1)
    bench.world.pauses()
    bench.world.asks_to_resume()
    bench.after(0)
    assert bench.after(QUIET) == [OWNER]
    bench.world.confirms(1)
    assert [bench.after(EVERY / 4) for _ in range(3)] == [[], [], []]
    assert bench.after(EVERY / 4) == [OWNER]


def test_what_has_changed_nothing_that_is_shown_is_not_published(bench: Bench) -> None:
    opened(bench, MEMBER)
    bench.world.leaves(BACKUP)  # looked at for everybody
    bench.after(0)
    assert bench.after(60) == []


def test_who_loses_a_role_is_published_what_is_left(bench: Bench) -> None:
    opened(bench, OWNER)
    roles = replace(bench.world.workflow().roles, owner=MEMBER)
    bench.world.hands_over(roles)
    bench.world.takes_over(MEMBER)
    bench.after(0)
    bench.homes.publish_due()
    bench.clock.seconds += QUIET
    bench.homes.publish_due()
    [(user_id, view)] = bench.slack.published
    assert user_id == OWNER
    assert KEY not in str(view)


def test_a_turned_page_stays_when_something_changes(bench: Bench) -> None:
    for number in range(40):
        bench.world.registers(f"w{number:02}")
    opened(bench, OWNER)
    bench.homes.turn(OWNER, 1)
    assert bench.after(0) == [OWNER]
    bench.world.accepts("w00")
    bench.after(0)
    bench.clock.seconds += EVERY
    bench.homes.publish_due()
    [(_, view)] = bench.slack.published
    assert view["private_metadata"] == "page/1"


def test_after_a_restart_each_home_is_brought_up_to_date(bench: Bench) -> None:
    opened(bench, OWNER, STEWARD)
    deps, slack, directory = bench.world.deps, bench.slack, bench.homes.directory
    again = Homes(deps, slack, directory, bench.clock)  # type: ignore[arg-type]
    bench.homes = again
    assert bench.after(0) == []
    assert sorted(bench.after(QUIET)) == [OWNER, STEWARD]
    assert bench.after(60) == []


def test_i4_guests_and_strangers_are_told_what_this_is(bench: Bench) -> None:
    bench.homes.open(GUEST)
    bench.homes.open(STRANGER)
    bench.homes.publish_due()
    assert sorted(user_id for user_id, _ in bench.slack.published) == [GUEST, STRANGER]
    for _, view in bench.slack.published:
        assert KEY not in str(view)
        assert view["callback_id"] == "home_closed"
    bench.slack.taken()
    bench.world.pauses()
    assert bench.after(60) == bench.after(60) == [], "and theirs is not kept up"


def test_who_becomes_a_guest_sees_it_at_once(bench: Bench) -> None:
    opened(bench, GUEST)
    bench.homes.look_again(GUEST)
    bench.homes.look_again(MEMBER)  # who has none
    assert bench.after(0) == [GUEST]


def test_slacks_wait_is_kept_by_all_and_nothing_is_lost(bench: Bench) -> None:
    opened(bench, OWNER, STEWARD)
    bench.slack.refusals = [refusal("ratelimited", 429, wait=30)]
    bench.world.pauses()
    bench.after(0)
    assert bench.after(QUIET) == []
    assert bench.after(29) == []
    assert sorted(bench.after(1)) == [OWNER, STEWARD]


@pytest.mark.parametrize("fault", [refusal("internal_error", 500), TimeoutError("slow")])
def test_a_lost_publishing_is_made_again_and_given_up_in_the_end(
    bench: Bench, fault: Exception
) -> None:
    bench.slack.refusals = [fault] * (TRIES - 1)
    bench.homes.open(OWNER)
    assert [each for _ in range(TRIES) for each in bench.after(40)] == [OWNER]
    bench.slack.refusals = [fault] * TRIES
    bench.homes.open(OWNER)
    assert [each for _ in range(2 * TRIES) for each in bench.after(40)] == []
    bench.homes.open(OWNER)
    assert bench.after(0) == [OWNER], "until it is opened again"


def test_what_can_never_be_published_is_not_tried_again(bench: Bench) -> None:
    opened(bench, OWNER)
    bench.slack.refusals = [refusal("invalid_arguments")]
    bench.homes.open(OWNER)
    assert [bench.after(40) for _ in range(4)] == [[]] * 4


def test_while_slack_lets_nobody_in_all_homes_rest(bench: Bench) -> None:
    bench.slack.refusals = [refusal("token_revoked")]
    bench.homes.open(OWNER)
    assert bench.after(0) == []
    bench.homes.open(ADMIN)
    assert bench.after(SHUT / 2) == []
    assert sorted(bench.after(SHUT / 2)) == [ADMIN, OWNER]


def test_a_crowd_is_published_at_slacks_pace_and_who_looks_goes_first(bench: Bench) -> None:
    crowd = [f"U0CROWD{number:02}" for number in range(BURST + 10)]
    opened(bench, *crowd)
    bench.homes._published.clear()  # noqa: SLF001 -- as if each had seen something else
    bench.world.leaves(BACKUP)
    bench.after(0)
    assert len(bench.after(QUIET)) == BURST
    bench.homes.open(OWNER)
    assert bench.after(0) == [OWNER]
    assert len(bench.after(PACE)) == 1
    assert len([each for _ in range(20) for each in bench.after(PACE)]) == 9


def test_i1_no_home_is_in_the_outbox_or_on_record(bench: Bench) -> None:
    before = bench.world.contents()
    opened(bench, OWNER)
    bench.homes.turn(OWNER, 0)
    bench.after(0)
    after = bench.world.contents()
    assert {name for name in after if after[name] != before[name]} == {"home"}


def test_a_home_opens_again_to_who_is_a_member_again_whether_slack_told_that_or_not(
    bench: Bench,
) -> None:
    deps = bench.world.deps
    people.note_standing(deps, known.Person(STEWARD, "", known.Standing.FOREIGN))
    bench.homes.open(STEWARD)
    bench.homes.publish_due()
    assert "Only members of this workspace" not in str(bench.slack.published)
    with deps.store.read(deps.workspace) as reading:
        assert not reading.people.gone()


class Listeners:
    """What Bolt offers a feature to register with: here the listeners are called by hand."""

    def __init__(self) -> None:
        self.of: dict[str, Any] = {}

    def event(self, name: str) -> Any:  # noqa: ANN401 -- a decorator
        return lambda listener: self.of.setdefault(name, listener)

    def action(self, name: str) -> Any:  # noqa: ANN401 -- a decorator
        return lambda listener: self.of.setdefault(name, listener)


@pytest.mark.parametrize(
    ("team", "tab", "counts"),
    [("T0WORK", "home", True), ("T0WORK", "messages", False), ("T0OTHER", "home", False)],
)
def test_i13_a_home_is_opened_by_this_workspaces_people_on_that_tab(
    bench: Bench, team: str, tab: str, *, counts: bool
) -> None:
    listeners, acks = Listeners(), []
    nobody: Any = None
    slack = SlackParts(bench.world.deps, nobody, bench.homes.directory, nobody, nobody, bench.homes)
    home_feature.register(listeners, slack)  # type: ignore[arg-type]
    listeners.of["app_home_opened"](
        ack=lambda: acks.append(True),
        body={"team_id": team},
        event={"user": OWNER, "tab": tab},
    )
    assert acks == [True]
    assert bench.after(0) == ([OWNER] if counts else [])
