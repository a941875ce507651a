"""How much is lost or doubled when the bot is killed again and again, at whatever moment.

Two pipelines report outputs, two owners answer reviews and an admin registers workflows, all at
once and without a pause. The bot is killed with SIGKILL at a random moment, a thousand times, and
each of them does again what was not answered, as people and programs do. Whatever was answered is
then to be on record, once; each message has arrived; and the record has to verify. A message whose
sender dies in the act is sent again unless a bot is there to hear Slack say that it was posted.

    python bench/kills.py [--kills 1000] [--engine sqlite] [--seed 1] [--longest 1.0]
"""

import argparse
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from threading import Event
from typing import TypeVar

import httpx

from tests.engines import POSTGRESQL, SQLITE, an_empty_server_database
from tests.journeys import story
from tests.stage import Stage, staged
from tests.workspace import ADMIN, BACKUP, OWNER, STEWARD, Json, Slack, shown, until

Given = TypeVar("Given")
ANSWERING = {"answers-a": (OWNER, BACKUP), "answers-b": (STEWARD, OWNER)}  # owner and backup
REPORTING = ("reports-a", "reports-b")
OUTPUTS = 300  # in each review, drawn all at once
REST = 180.0  # seconds; a message that was being sent waits a minute for Slack's word
DEAD = (httpx.TransportError, ConnectionError)


@dataclass
class Acts:
    """What was answered, and how often something had to be done again."""

    reported: list[str] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    registered: list[str] = field(default_factory=list)
    again: Counter[str] = field(default_factory=Counter)


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=1000)
    options.add_argument("--engine", choices=[SQLITE, POSTGRESQL], default=SQLITE)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--longest", type=float, default=1.0, help="seconds a bot serves at most")
    given = options.parse_args()
    address = nullcontext("") if given.engine == SQLITE else an_empty_server_database()
    with (
        TemporaryDirectory() as folder,
        address as database,
        staged(Path(folder), address=database, retry_factor=1) as stage,
    ):
        acts = Acts()
        secrets = _prepare(stage)
        with _everybody_at_work(stage, acts, secrets):
            _kill(stage, given.kills, Random(given.seed), given.longest)  # noqa: S311 -- moments
            stage.serve()
        _come_to_rest(stage)
        faults = [*_faults(stage, acts)]
        often = [often for _, _, often in _asked(stage, acts)]
        stage.exported()  # and verified, with the log's own key
    _report(acts, f"{given.engine}: {given.kills} kills", often, faults)
    return 1 if faults else 0


def _prepare(stage: Stage) -> dict[str, str]:
    """Have the workflows live, with everything drawn that is to be answered; give the tokens."""
    stage.serve()
    for key, (owner, backup) in ANSWERING.items():
        values = story.registration(
            key, owner=owner, backup=backup, steward="U0TOMAS", sample="300"
        )
        form = stage.slack.command(ADMIN, "register")["view"]
        done = stage.slack.submit(ADMIN, form, values)
        if done["errors"]:
            raise RuntimeError(done["errors"])
        story.accept(stage.slack, key, owner)
        story.sampled(stage, key, OUTPUTS, by=owner)
    for key in REPORTING:
        story.live(stage, key)
    secrets = {key: story.token(stage, key) for key in REPORTING}
    stage.until_sent()
    return secrets


def _kill(stage: Stage, kills: int, moments: Random, longest: float) -> None:
    for number in range(1, kills + 1):
        bot = stage.bot
        if bot is None:
            raise RuntimeError("no bot serves")
        time.sleep(moments.uniform(0, longest))
        if bot.stop(signal.SIGKILL) != -signal.SIGKILL:
            raise RuntimeError(f"it ended by itself:\n{stage.errors()}")
        print(f"\r{number} of {kills} kills", end="", file=sys.stderr, flush=True)
        if number < kills:
            stage.serve()
    print(file=sys.stderr)


@contextmanager
def _everybody_at_work(stage: Stage, acts: Acts, secrets: dict[str, str]) -> Iterator[None]:
    """Have everybody go on until the block ends, and then finish what they are at."""
    over = Event()
    people: list[Future[None]] = []
    with ThreadPoolExecutor(8) as pool:
        for key, (owner, _) in ANSWERING.items():
            people.append(pool.submit(_answers, stage.slack.url, key, owner, acts, over))
        people.extend(
            pool.submit(_reports, stage, key, secret, acts, over) for key, secret in secrets.items()
        )
        people.append(pool.submit(_registers, stage.slack.url, acts, over))
        try:
            yield
        finally:
            over.set()
        for each in people:
            each.result()


def _reports(stage: Stage, key: str, secret: str, acts: Acts, over: Event) -> None:
    headers = {"Authorization": f"Bearer {secret}"}
    with httpx.Client(base_url=str(stage.http.base_url), trust_env=False, timeout=10) as http:
        for number in count(0, 3):
            if over.is_set():
                return
            outputs = [story.output(number + each, key) for each in range(3)]

            def taken(body: list[Json] = outputs) -> bool:
                try:
                    answer = http.post("/v1/outputs", json=body, headers=headers)
                except DEAD:
                    return False
                return answer.status_code == httpx.codes.ACCEPTED

            _until_done(taken, acts, "reports")
            acts.reported += [str(each["output_id"]) for each in outputs]
            time.sleep(0.02)


def _answers(url: str, key: str, owner: str, acts: Acts, over: Event) -> None:
    slack = Slack(url)
    view = _opened(slack, key, owner, acts)
    while not over.is_set() and view["callback_id"] == "review_page":
        page, seen = story.page_values(view, story.CORRECT), view

        def answered(view: Json = seen, page: dict[str, str] = page) -> Json | None:
            done = slack.submit(owner, view, page)
            return done["view"] if done["acked"] and not done["problem"] else None

        view = _until_done(answered, acts, "answers")
        acts.judged.append(key)
        time.sleep(0.05)


def _opened(slack: Slack, key: str, owner: str, acts: Acts) -> Json:
    def opened() -> Json | None:
        done = slack.press(owner, "review", key)
        return done["view"] if done["acked"] else None

    return _until_done(opened, acts, "openings")


def _registers(url: str, acts: Acts, over: Event) -> None:
    slack = Slack(url)
    for number in count(1):
        if over.is_set():
            return
        key = f"new-{number}"

        def asked() -> Json | None:
            done = slack.command(ADMIN, "register")
            return done["view"] if done["acked"] else None

        form = _until_done(asked, acts, "forms")

        def recorded(form: Json = form, key: str = key) -> bool:
            done = slack.submit(ADMIN, form, story.registration(key))
            if done["errors"]:
                raise RuntimeError(done["errors"])
            return bool(done["acked"])

        _until_done(recorded, acts, "registrations")
        acts.registered.append(key)
        time.sleep(0.5)


def _until_done(act: Callable[[], Given | None], acts: Acts, kind: str) -> Given:
    """Do it again until it is answered."""
    while not (given := act()):
        acts.again[kind] += 1
        time.sleep(0.02)
    return given


def _come_to_rest(stage: Stage) -> None:
    """Wait until nothing is left to say, and nothing of which it is not known whether it was."""
    query = "select count(*) from outbox where state not in ('sent', 'given up')"
    until(lambda: stage.rows(query) == [(0,)], lambda: time.sleep(0.5), REST)


def _faults(stage: Stage, acts: Acts) -> Iterator[str]:
    yield from _faults_of_outputs(stage, acts)
    drafts = [each["facts"] for each in stage.entries("draft.saved")]
    judged = Counter((str(each["workflow"]), str(each["output"])) for each in drafts)
    yield from (f"an answer stands twice: {each}" for each in judged if judged[each] > 1)
    for key, pages in Counter(acts.judged).items():  # each page is another output's
        kept = sum(workflow == key for workflow, _ in judged)
        if kept < pages:
            yield f"{pages - kept} of {pages} answers to {key} are lost"
    registered = Counter(each["on"] for each in stage.entries("workflow.registered"))
    mine = [f"workflow/{key}" for key in acts.registered]
    yield from (f"a registration is lost: {each}" for each in mine if not registered[each])
    yield from (f"registered twice: {each}" for each, often in registered.items() if often > 1)
    for place, key, often in _asked(stage, acts):
        if not often:
            yield f"{key}: its question has not arrived in the {place}"


def _asked(stage: Stage, acts: Acts) -> Iterator[tuple[str, str, int]]:
    """Give how often each workflow's question is in its channel and in its owner's messages."""
    places = {"channel": stage.slack.messages(), "DM": stage.slack.messages(OWNER)}
    for place, messages in places.items():
        for key in acts.registered:
            yield place, key, sum(f"Who answers for {key}?" in shown(each) for each in messages)


def _faults_of_outputs(stage: Stage, acts: Acts) -> Iterator[str]:
    stored = {each for (each,) in stage.rows("select output_id from output")}
    yield from (f"an output is lost: {each}" for each in acts.reported if each not in stored)
    received = sum(int(each["facts"]["accepted"]) for each in stage.entries("outputs.received"))
    if received != len(stored):
        yield f"the record has {received} outputs received, and {len(stored)} are stored"


def _report(acts: Acts, run: str, often: list[int], faults: list[str]) -> None:
    answered = (
        f"{len(acts.reported)} outputs, {len(acts.judged)} answers, "
        f"{len(acts.registered)} registrations"
    )
    repeated = ", ".join(f"{times} {kind}" for kind, times in sorted(acts.again.items()))
    print(f"{run}; answered: {answered}; done again: {repeated or 'nothing'}")
    again = sum(each > 1 for each in often)
    print(f"{len(often)} messages asked for, {again} of them arrived again: nobody had heard Slack")
    for fault in faults:
        print(fault)
    print(f"{len(faults)} lost or doubled")


if __name__ == "__main__":
    sys.exit(main())
