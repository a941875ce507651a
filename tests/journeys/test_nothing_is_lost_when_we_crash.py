"""Killed after every commit and before every ack: the person does it again, and it stands once."""

import contextlib
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest

from tests.engines import POSTGRESQL, SQLITE, an_empty_server_database
from tests.journeys import story
from tests.launcher import KILLED
from tests.stage import Stage, staged
from tests.workspace import ADMIN, OWNER, PATIENCE, STEWARD, Json, buttons, shown, until

BY_PEOPLE = "handlers/slack/edge.py"
BY_PIPELINES = "handlers/http/intake.py"
BY_DELIVERY = "handlers/delivery.py"
BY_TICKER = "handlers/ticker.py"


class CrashingBot:
    """A bot on a stage, to be killed and started again."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.armed = stage.folder / "armed"
        self._people = ThreadPoolExecutor(8)
        self._acts: list[Future[object]] = []
        self.start()

    def start(self) -> None:
        """Start a bot, and see what its predecessor left unsettled as overdue."""
        _let_leases_expire(self.stage)
        self._bot = self.stage.serve(fuse=str(self.armed))

    def kill(self) -> None:
        assert self.stop(signal.SIGKILL) == -signal.SIGKILL

    def stop(self, number: int = signal.SIGTERM) -> int:
        return self._bot.stop(number)

    def dies_after(self, path: str, act: Callable[[], object], count: int = 1) -> None:
        """Do something that the bot records and does not live to answer; then start it again.

        Slack's client waits its three seconds for the answer while the bot is on its feet again.
        """
        # Between two messages the one who sends them looks whether there are any: no act of ours.
        after = " told" if path == BY_DELIVERY else ""
        self.armed.write_text(f"{path} {count}{after}")
        self._acts.append(self._people.submit(act))
        assert self._bot.wait(PATIENCE) == KILLED
        self._bot.stop()
        self.start()

    def until_settled(self) -> None:
        """Wait until all is said, also what a dead bot may or may not have said."""
        unsaid = "select count(*) from outbox where state != 'sent'"
        until(lambda: self.stage.rows(unsaid) == [(0,)], lambda: time.sleep(0.02))

    def results(self) -> list[object]:
        """Give what the people saw whose bot died; wait for those who are still waiting."""
        done = [act.result() for act in self._acts]
        self._acts.clear()
        return done

    def close(self) -> None:
        self._people.shutdown()


def _let_leases_expire(stage: Stage) -> None:
    """Make what a dead bot held due at once: leases go by the machine's clock, which is not ours.

    What was being sent is put as if its lease had run out and the wait for Slack's event as well.
    """
    if not stage.has_database():
        return
    stage.change("update outbox set state = 'unknown' where state = 'sending'")
    stage.change("update outbox set available_at = 0 where state = 'unknown'")


@pytest.fixture(scope="module", params=[SQLITE, POSTGRESQL])
def bot(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CrashingBot]:
    is_file = request.param == SQLITE
    database = contextlib.nullcontext("") if is_file else an_empty_server_database()
    with database as address, staged(tmp_path_factory.mktemp("stage"), address=address) as stage:
        bot = CrashingBot(stage)
        try:
            yield bot
        finally:
            bot.close()


def once(stage: Stage, *kinds: str, on: str) -> list[Json]:
    """Give the entries of these kinds about one thing; each kind must be there exactly once."""
    found = stage.entries(*kinds, on=on)
    assert Counter(each["kind"] for each in found) == Counter(kinds)
    return found


def test_each_act_of_people_and_pipelines_stands_exactly_once(bot: CrashingBot) -> None:
    stage, slack = bot.stage, bot.stage.slack
    form = slack.command(ADMIN, "register")["view"]
    values = story.registration("claims", sample="4", floor="0", cadence=story.DAILY)
    bot.dies_after(BY_PEOPLE, lambda: slack.submit(ADMIN, form, values))
    again = slack.submit(ADMIN, form, values)
    assert "Recorded" in str(again["view"]["title"]), "the person is told that it is there"
    once(stage, "workflow.registered", "policy.changed", on="workflow/claims")

    bot.until_settled()  # a card whose arrival is not yet on record would be posted once more
    bot.dies_after(BY_PEOPLE, lambda: story.accept(slack, "claims"))
    bot.until_settled()
    card = next(each for each in slack.messages(OWNER) if "claims" in each["text"])
    assert not buttons(card), "what the dead bot had still to say is said"
    slack.click(OWNER, card, "accept", stale=True)
    once(stage, "ownership.accepted", "gate.changed", on="workflow/claims")

    secret = story.token(stage, "claims")
    outputs = [story.output(number, "claims") for number in range(8)]
    bot.dies_after(BY_PIPELINES, lambda: _report_in_vain(stage, secret, outputs))
    assert story.report(stage, secret, outputs)["duplicates"] == 8
    once(stage, "outputs.received", on="round/claims/1")

    bot.dies_after(BY_PEOPLE, lambda: slack.command(OWNER, "sample claims"))
    assert "nothing to draw from" in slack.command(OWNER, "sample claims")["ephemeral"]
    once(stage, "round.opened", "round.drawn", on="round/claims/1")
    assert not stage.entries("round.drawn", on="round/claims/2")

    view = slack.press(OWNER, "review", "claims")["view"]
    for position, said in enumerate((story.CRITICAL, story.CORRECT, story.CORRECT)):
        page = story.page_values(view, said)
        bot.dies_after(BY_PEOPLE, lambda v=view, p=page: slack.submit(OWNER, v, p))
        view = slack.submit(OWNER, view, page)["view"]
        assert story.about(view) == f"claims/1/{position + 1}"
    page = story.page_values(view, story.CORRECT)
    bot.dies_after(BY_PEOPLE, lambda: slack.submit(OWNER, view, page))
    done = slack.submit(OWNER, view, page)["view"]
    assert "Handed in" in str(done["title"])
    for kind in ("draft.saved", "verdict.recorded"):
        judged = [each["facts"]["output"] for each in stage.entries(kind, on="round/claims/1")]
        assert (len(judged), len(set(judged))) == (4, 4)
    once(stage, "round.closed", on="round/claims/1")

    card = slack.message_with("acknowledge", "claims", user=OWNER)
    bot.dies_after(BY_PEOPLE, lambda: slack.click(OWNER, card, "acknowledge"))
    slack.click(OWNER, card, "acknowledge", stale=True)
    form = slack.press(STEWARD, "decide", "claims")["view"]
    values = {"decision": "pause", "reason": "Too risky."}
    bot.dies_after(BY_PEOPLE, lambda: slack.submit(STEWARD, form, values))
    assert "Decided" in str(slack.submit(STEWARD, form, values)["view"]["title"])
    once(
        stage,
        "breach.opened",
        "breach.acknowledged",
        "decision.recorded",
        "decision.carried_out",
        "breach.closed",
        on="breach/claims/1",
    )
    assert story.gate(stage, secret, "claims.mode")["value"] == "paused"
    assert not any(done["acked"] for done in bot.results() if isinstance(done, dict))


def test_every_message_arrives_once_although_its_sender_dies_again_and_again(
    bot: CrashingBot,
) -> None:
    stage, slack = bot.stage, bot.stage.slack
    keys = [f"told-{number}" for number in range(1, 6)]
    for number, key in enumerate(keys, start=1):  # taken up, shown, taken up, shown, nothing left
        stage.until_sent()  # or what is left to say about the one before is counted
        form = slack.command(ADMIN, "register")["view"]
        values = story.registration(key)
        bot.dies_after(BY_DELIVERY, lambda f=form, v=values: slack.submit(ADMIN, f, v), number)
    bot.results()
    bot.until_settled()
    for key in keys:
        once(stage, "workflow.registered", "policy.changed", on=f"workflow/{key}")
        for place in (slack.messages(), slack.messages(OWNER)):
            assert len(_asks(place, key)) == 1, key


def test_a_message_whose_sender_died_in_the_act_arrives_and_at_most_twice(bot: CrashingBot) -> None:
    stage, slack = bot.stage, bot.stage.slack
    stage.until_sent()
    slack.fault("chat.postMessage", "timeout_after", hold_seconds=20)
    story.register(slack, "twice", cadence=story.DAILY)
    slack.until(lambda: _asks(slack.messages(), "twice") + _asks(slack.messages(OWNER), "twice"))
    bot.kill()
    slack.mend()
    bot.start()
    stage.until_sent()
    counts = sorted(
        len(_asks(place, "twice")) for place in (slack.messages(), slack.messages(OWNER))
    )
    assert counts in ([1, 1], [1, 2])
    story.accept(slack, "twice")
    stage.until_sent()
    assert not [each for each in _asks(slack.messages(OWNER), "twice") if "accept" in buttons(each)]


def test_a_lost_answer_is_settled_by_what_slack_says_on_its_own(bot: CrashingBot) -> None:
    stage, slack = bot.stage, bot.stage.slack
    stage.until_sent()
    slack.fault("chat.postMessage", "reset_after", times=2)
    story.register(slack, "unheard")
    bot.until_settled()
    for place in (slack.messages(), slack.messages(OWNER)):
        assert len(_asks(place, "unheard")) == 1


def test_the_clock_goes_on_where_it_died(bot: CrashingBot) -> None:
    stage, slack = bot.stage, bot.stage.slack
    stage.until_sent()
    bot.dies_after(BY_TICKER, lambda: slack.forward(days=1))
    stage.until_recorded("round.opened", "round/claims/3")
    stage.until_sent()
    bot.dies_after(BY_TICKER, lambda: slack.forward(days=3), 2)
    stage.until_recorded("round.opened", "round/twice/3")
    for key, number in (("claims", 2), ("claims", 3), ("twice", 1), ("twice", 2)):
        once(stage, "round.opened", "round.drawn", "round.closed", on=f"round/{key}/{number}")
    found = stage.until_recorded("obligation.climbed", "obligation/accept/told-1/0", 4)
    rungs = [each["facts"]["rung"] for each in found]
    assert rungs[:4] == [0, 1, 2, 3], "no rung is skipped or doubled"
    assert set(rungs[4:]) <= {3}, "but the last repeats"


def test_killed_while_idle_and_stopped_in_peace_nothing_changes(bot: CrashingBot) -> None:
    stage = bot.stage
    stage.until_sent()
    bot.kill()
    before = len(stage.entries())
    bot.start()
    stage.until_sent()
    assert len(stage.entries()) == before
    began = time.monotonic()  # noqa: TID251 -- a test's own patience
    assert bot.stop() == 0
    assert time.monotonic() - began < 10  # noqa: TID251
    bot.start()
    assert len(stage.entries()) == before
    stage.exported()


def _asks(messages: list[Json], key: str) -> list[Json]:
    return [each for each in messages if f"Who answers for {key}?" in shown(each)]


def _report_in_vain(stage: Stage, secret: str, outputs: list[Json]) -> None:
    with pytest.raises(httpx.TransportError):
        story.report(stage, secret, outputs)
