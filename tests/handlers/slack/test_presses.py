"""What somebody presses or hands in, by way of Bolt and the real store, on either engine."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import pytest
from slack_bolt import BoltRequest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from structlog.testing import capture_logs
from worlds import BUILDER, KEY, MEMBER, OWNER, ROLES, World, findings

from bot.clock import Clock, SystemClock
from bot.domain import marks
from bot.domain.record import Kind
from bot.usecases import people
from bot.usecases.marks import newest_mark
from handlers.slack import build
from handlers.slack.parts import SlackParts
from handlers.slack.people import Directory
from handlers.slack.publisher import Homes
from handlers.slack.timed import Answered
from store.engine import connect
from tests.engines import databases_of_both as databases
from tests.rendering.judge import ACTIONS

__all__ = ["databases"]

GUEST, STRANGER = "U0GUEST", "U0STRANGER"
NUMBERED = {"end_absence", "outputs", "take_back"}  # several of them in one message
ANSWERS = "https://hooks.slack.test/1"


class Windows(WebClient):
    """Slack, where all but two are members: what it is to show in a window it shows to the test."""

    def __init__(self) -> None:
        super().__init__("xoxb-sandbox-test")
        self.opened: list[dict[str, Any]] = []
        self.says_of_stranger = "user_not_found"
        self.strangers = {STRANGER}

    def users_info(self, *, user: str, **_: object) -> Any:  # noqa: ANN401 -- Slack's own
        if user in self.strangers:
            said = {"ok": False, "error": self.says_of_stranger}
            asked = {"client": self, "http_verb": "GET", "api_url": "", "req_args": {}}
            answer = SlackResponse(**asked, data=said, headers={}, status_code=200)
            raise SlackApiError("no", answer)
        guest = {"is_restricted": user == GUEST}
        named = {"real_name": "Ada Okafor"} if user == OWNER else {}
        return {"user": {"id": user, "name": user, "team_id": "T0WORK", **named, **guest}}

    def views_open(self, *, view: dict[str, Any], **_: object) -> Any:  # noqa: ANN401 -- the same
        self.opened.append(view)


@dataclass
class Bench:
    """The bot as Slack meets it; `said` is what people are told past the outbox."""

    world: World
    windows: Windows = field(default_factory=Windows)
    said: list[str] = field(default_factory=list)
    clock: Clock = field(default_factory=SystemClock)
    executor: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    def __post_init__(self) -> None:
        deps, clock = self.world.deps, self.clock
        directory = Directory(
            self.windows, deps.workspace, clock, partial(people.note_member, deps)
        )
        homes = Homes(deps, self.windows, directory, clock)
        slack = SlackParts(deps, self.windows, directory, self, lambda *_: None, homes)
        self.app = build(slack, self.executor, Answered(clock))

    def say(self, answer_url: str, sentence: str) -> None:
        assert answer_url == ANSWERS
        self.said.append(sentence)

    def presses(
        self, user: str, button: str, value: str, *, card: str = "", **more: object
    ) -> None:
        action = {"type": "button", "action_id": button, "block_id": "b", "action_ts": "1.0"}
        facts = {
            "actions": [{**action, "value": self._marked(value, card)}],
            "trigger_id": "1.2",
            **more,
        }
        assert self.sends("block_actions", user, facts).status == 200

    def hands_in(
        self, user: str, callback_id: str, about: str, *, card: str = "", **fields: str
    ) -> str:
        values = {name: {name: {"value": value}} for name, value in fields.items()}
        view = {
            "type": "modal",
            "id": "V1",
            "hash": "1.1",
            "callback_id": callback_id,
            "private_metadata": self._marked(about, card),
            "blocks": [
                {"type": "input", "block_id": name, "element": {"action_id": name}}
                for name in fields
            ],
            "state": {"values": values},
        }
        return str(self.sends("view_submission", user, {"view": view}).body)

    def types(self, user: str, text: str) -> str:
        facts = {"command": "/answerable", "text": text, "user_id": user, "trigger_id": "1.2"}
        body = {**facts, "team_id": "T0WORK", "channel_id": "C0RISK"}
        return str(self.app.dispatch(BoltRequest(body=body, mode="socket_mode")).body)

    def sends(self, kind: str, user: str, facts: dict[str, object]) -> Any:  # noqa: ANN401
        who = {"user": {"id": user, "team_id": "T0WORK"}, "team": {"id": "T0WORK"}}
        body = {"type": kind, **who, **facts}
        return self.app.dispatch(BoltRequest(body=body, mode="socket_mode"))

    def _marked(self, about: str, card: str) -> str:
        return marks.marked(card or newest_mark(self.world.deps), about)

    def shown(self) -> str:
        [window] = self.windows.opened
        return str(window)


def _pressed(button: str) -> dict[str, object]:
    action = {"type": "button", "action_id": button, "block_id": "b", "action_ts": "1.0"}
    return {"actions": [{**action, "value": f"{KEY}/1"}], "trigger_id": "1.2"}


def bench_of(world: World) -> Iterator[Bench]:
    bench = Bench(world)
    yield bench
    bench.executor.shutdown()


@pytest.fixture
def draft(world: World) -> Iterator[Bench]:
    world.registers()
    yield from bench_of(world)


@pytest.fixture
def bench(live: World) -> Iterator[Bench]:
    yield from bench_of(live)


def lose_after_the_next_commit(world: World) -> None:
    store = world.deps.store
    nowhere = connect("postgresql://nobody@127.0.0.1:9/nothing")
    store.listeners.append(lambda _: setattr(store, "engine", nowhere))


def test_i2_accepting_is_not_said_to_be_nothing_when_the_database_goes_right_after_it(
    draft: Bench,
) -> None:
    store = draft.world.deps.store
    engine = store.engine
    lose_after_the_next_commit(draft.world)
    draft.presses(OWNER, "accept", f"{KEY}/0")

    store.engine = engine
    assert len(draft.world.entries(Kind.OWNERSHIP_ACCEPTED)) == 1
    assert f"You answer for {KEY} now. Its first round is open." in draft.shown()
    assert "othing" not in draft.shown()


def test_i2_taking_over_is_not_said_to_be_nothing_when_the_database_goes_right_after_it(
    bench: Bench,
) -> None:
    bench.world.hands_over(replace(ROLES, owner=MEMBER))
    store = bench.world.deps.store
    engine = store.engine
    lose_after_the_next_commit(bench.world)
    bench.presses(MEMBER, "take_over", f"{KEY}/1")

    store.engine = engine
    assert len(bench.world.entries(Kind.HANDOVER_ACCEPTED)) == 1
    assert f"You answer for {KEY} now." in bench.shown()
    assert "othing" not in bench.shown()


def test_a_button_pressed_while_the_database_is_away_says_that_it_is_that(bench: Bench) -> None:
    card = newest_mark(bench.world.deps)
    bench.world.deps.store.engine = connect("postgresql://nobody@127.0.0.1:9/nothing")
    bench.presses(OWNER, "show", f"{KEY}/0", card=card, response_url=ANSWERS)
    bench.presses(OWNER, "review", f"{KEY}/1", card=card)

    [said] = bench.said
    assert said.startswith("The database does not answer. Nothing of yours was recorded")
    assert "The database does not answer. Nothing of yours was recorded" in bench.shown()


def test_i4_who_may_is_mentioned_in_a_window_and_named_under_a_field(bench: Bench) -> None:
    bench.world.raises()
    bench.presses(MEMBER, "acknowledge", f"{KEY}/1")
    assert f"*Owner* <@{OWNER}>" in bench.shown()

    said = bench.hands_in(MEMBER, "pause", KEY, reason="because")
    assert "that takes the owner" in said
    assert "Owner: Ada Okafor." not in said, "nobody has asked Slack yet who that is"
    bench.presses(OWNER, "show", f"{KEY}/0", response_url=ANSWERS)
    said = bench.hands_in(MEMBER, "pause", KEY, reason="because of this")
    assert "Owner: Ada Okafor." in said
    assert f"<@{OWNER}>" not in said, "no markup is read there"


@pytest.mark.parametrize("said", ["user_not_found", "user_not_visible"])
def test_i4_whom_slack_does_not_know_here_is_refused_once_and_not_told_to_try_again(
    bench: Bench, said: str
) -> None:
    bench.world.raises()
    bench.windows.says_of_stranger = said
    with capture_logs() as logged:
        bench.presses(STRANGER, "acknowledge", f"{KEY}/1")
        in_form = bench.hands_in(STRANGER, "pause", KEY, reason="because")
        typed = bench.types(STRANGER, "list")
    for told in (bench.shown(), in_form, typed):
        assert "Slack knows no member of it by your account: ask one of its full members." in told
        assert "try again" not in told
    assert [each["event"] for each in logged if each["log_level"] == "error"] == []
    rules = {str(each.facts["rule"]) for each in bench.world.entries(Kind.REFUSED)}
    assert rules == {f"foreign may not act: {each}" for each in ("acknowledge", "pause", "list")}


def test_i4_who_has_joined_since_they_were_refused_may_act_at_once(bench: Bench) -> None:
    assert "Slack knows no member of it by your account" in bench.types(STRANGER, "list")
    bench.windows.strangers.clear()

    assert f"*{KEY}*" in bench.types(STRANGER, "list")
    assert len(bench.world.entries(Kind.REFUSED)) == 1


def test_i4_who_was_refused_as_a_stranger_is_a_member_to_everybody_once_slack_says_so(
    bench: Bench,
) -> None:
    deps, elsewhere = bench.world.deps, {"user": {"id": MEMBER, "team_id": "T0OTHER"}}
    bench.sends("block_actions", MEMBER, {**_pressed("pause"), **elsewhere})
    with deps.store.read(deps.workspace) as reading:
        assert reading.people.gone() == {MEMBER: "foreign"}

    assert f"*{KEY}*" in bench.types(MEMBER, "list")
    with deps.store.read(deps.workspace) as reading:
        assert not reading.people.gone()
    [changed] = bench.world.entries(Kind.PERSON_CHANGED)
    assert changed.facts["standing"] == "member"


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_whatever_a_card_window_or_home_offers_has_a_listener_of_its_own(
    bench: Bench, name: str
) -> None:
    action_id = f"{name}:1" if name in NUMBERED else name
    with capture_logs() as logged:
        bench.presses(OWNER, action_id, f"{KEY}/1", response_url=ANSWERS)
    assert "nothing listens to this button" not in [each["event"] for each in logged]


def test_i2_a_form_sent_again_with_other_words_says_that_the_first_ones_are_recorded(
    bench: Bench,
) -> None:
    assert "Paused" in bench.hands_in(OWNER, "pause", KEY, reason="drift")
    said = bench.hands_in(OWNER, "pause", KEY, reason="it drifts by 4 %")

    assert "recorded already, with what you wrote first" in said
    assert "Anything you have changed since is not recorded" in said
    [paused] = bench.world.entries(Kind.GATE_CHANGED)[-1:]
    with bench.world.deps.store.read("T0WORK") as reading:
        assert reading.log.words(paused.seq, "reason") == "drift"


@pytest.mark.parametrize("half", ["\0", "\ud83d"], ids=["NUL", "half a surrogate"])
def test_i4_what_no_database_takes_is_kept_as_a_mark_in_what_somebody_said(
    bench: Bench, half: str
) -> None:
    said = bench.hands_in(
        MEMBER, "concern", "", workflow=KEY, words=f"it is{half}rude", severity="major", shown="yes"
    )

    assert "It is breach" in said
    [raised] = bench.world.entries(Kind.CONCERN_RAISED)
    with bench.world.deps.store.read("T0WORK") as reading:
        assert reading.log.words(raised.seq, "words") == "it is\ufffdrude"
    assert findings(bench.world) == []


@pytest.mark.parametrize("number", [10**12, -(10**12)])
@pytest.mark.parametrize(
    ("button", "words"),
    [
        ("end_absence:1", "You can end only an absence of your own."),
        ("second_review", "Nobody is asked for a second look at round"),
        ("acknowledge", "no breach"),
    ],
)
def test_a_number_that_no_database_keeps_is_refused_as_one_that_nothing_has(
    bench: Bench, button: str, words: str, number: int
) -> None:
    bench.presses(OWNER, button, f"{KEY}/{number}")

    assert words in bench.shown()
    assert "reference" not in bench.shown()


@pytest.mark.parametrize("card", [marks.UNKNOWN, "3.aaaaaaaa", "none of ours"])
def test_i4_neither_a_button_nor_a_window_of_another_record_does_anything(
    draft: Bench, card: str
) -> None:
    draft.presses(OWNER, "accept", f"{KEY}/0", card=card)
    assert "what it rests on is lost" in draft.shown()
    said = draft.hands_in(OWNER, "pause", KEY, card=card, reason="by mistake")
    assert "what it rests on is lost" in said
    assert not draft.world.entries(Kind.OWNERSHIP_ACCEPTED, Kind.GATE_CHANGED)


def test_i4_a_window_carries_on_the_mark_that_it_was_handed_in_with(bench: Bench) -> None:
    card = newest_mark(bench.world.deps)
    bench.presses(OWNER, "pause", f"{KEY}/0", card=card)
    [window] = bench.windows.opened
    assert window["private_metadata"] == marks.marked(card, KEY)


@pytest.mark.parametrize("key", [KEY, "payroll", "=cmd()"])
def test_i4_what_a_guest_tried_is_on_record_and_the_guest_learns_nothing(
    bench: Bench, key: str
) -> None:
    bench.presses(GUEST, "accept", f"{key}/0")
    bench.presses(GUEST, "decide", f"{key}/1")
    said = bench.hands_in(GUEST, "pause", key, reason="because")

    tried = ["accept", "decide", "pause"]
    assert bench.world.refusals() == [f"guest may not act: {each}" for each in tried]
    on = f"workflow/{KEY}" if key == KEY else "workspace/T0WORK"
    assert {each.on for each in bench.world.entries(Kind.REFUSED)} == {on}
    for told in (said, *map(str, bench.windows.opened)):
        assert "Guests of this workspace cannot use Answerable" in told
        assert key not in told


@pytest.mark.parametrize(
    ("who_left", "words"),
    [
        ((), "2 more are with 1 reviewer. Once they have handed in, press Review to hand"),
        ((BUILDER,), "2 more are with 1 reviewer who cannot review any more. Nothing is handed on"),
    ],
)
def test_i1_the_page_after_the_owners_last_answer_waits_for_nobody_who_has_left(
    bench: Bench, who_left: tuple[str, ...], words: str
) -> None:
    world = bench.world
    world.hands_out(1, BUILDER, keeps=True)
    for user in who_left:
        world.leaves(user)
    pages = [item.position for item in world.items(1) if not item.share]
    no_more = {"why": "", "severity": "", "correction": "", "reason": ""}
    for position in pages:
        about = f"{KEY}/1/{position}"
        told = bench.hands_in(OWNER, "review_page", about, verdict="correct", **no_more)
    assert words in told
    assert ("Once they have handed in" in told) is not bool(who_left)
