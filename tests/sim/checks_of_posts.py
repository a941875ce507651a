"""What stands in Slack: it is on record, once, and at Slack's pace (I2)."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from tests.sim.case import SETTLED, Case
from tests.sim.evidence import Json

NEAREST: Final = 0.6  # seconds: a second, but for how long each is on its way
BETWEEN_TRIES: Final = 55.0  # before what may have been posted is posted again


def i2_posts_are_recorded(case: Case) -> Iterator[str]:
    """Whatever stands in Slack is on record as shown, and what is on record stands there."""
    shown = {each["on"]: each for each in case.evidence.of("message.shown")}
    failed = {each["on"] for each in case.evidence.of("message.failed")}
    posted = defaultdict(list)
    for call in case.seen("call"):
        if call["accepted"] and call["outbox"] and call["method"] == "chat.postMessage":
            posted[f"message/{call['outbox'][0]}"].append(call)
    for on, calls in posted.items():
        if on not in shown and on not in failed and calls[-1]["at"] < case.ended_at - SETTLED:
            yield f"{on} stands in Slack and nobody recorded that it does"
    stands = {each["answer"]["ts"] for calls in posted.values() for each in calls}
    for on, entry in shown.items():
        ts = entry["facts"]["ts"]
        if ts and ts not in stands and entry["facts"]["sha256"] is None:
            yield f"{on} is recorded as shown and was never posted"


def i2_posts_are_not_repeated(case: Case) -> Iterator[str]:
    """A message is posted again only if nobody could know, and not at once."""
    calls = defaultdict(list)
    for call in case.seen("call"):
        if call["outbox"] and call["method"] == "chat.postMessage":
            calls[call["outbox"][0]].append(call)
    for row, tries in calls.items():
        for one, other in pairwise(tries):
            waited = other["at"] - (one["accepted"] or one["at"])
            if one["outbox"] == other["outbox"] and one["accepted"] and other["accepted"]:
                yield f"message {row} was sent twice as one attempt"
            if one["heard"] == "answer" and one["accepted"]:
                if not _died(case, one):
                    yield f"message {row} was posted again though Slack had said that it stands"
            elif one["accepted"] and waited < BETWEEN_TRIES and not _died(case, one):
                yield f"message {row} was posted again after {waited:.0f} s"


def posts_keep_the_pace(case: Case) -> Iterator[str]:
    """A channel gets a message a second and no more: there is one sender, and it keeps to that."""
    posts = defaultdict(list)
    for call in case.seen("call"):
        if call["accepted"] and call["method"] == "chat.postMessage":
            posts[call["to"]].append(call)
        if call.get("answer") == "ratelimited":
            yield f"Slack had to slow the bot down in {call['to']}"
    for to, calls in posts.items():
        for one, other in pairwise(sorted(calls, key=lambda each: float(each["accepted"]))):
            apart = other["accepted"] - one["accepted"]
            if apart < NEAREST and not _died(case, one):  # who takes over knows of no pace
                yield f"{to} had two messages within {apart:.2f} s"


def _died(case: Case, call: Json) -> bool:
    """Tell whether who made a call died, or lost its database, before it could say so."""
    return any(
        each["at"] <= call["at"] + 60 and each["at"] >= call["at"] - 1
        for each in case.seen("crashed", "trouble")
    )
