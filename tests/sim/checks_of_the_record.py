"""What is on record: in one order, once, and as people were told (I2, I5)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from tests.sim.case import RECEIPT, Case, flat
from tests.sim.evidence import Json, roots, seconds

# What somebody did, the entry it leads to, and how much of what it is about names that.
LEADS_TO: Final = {
    ("press", "accept"): (("ownership.accepted",), "workflow/", 1),
    ("press", "acknowledge"): (("breach.acknowledged",), "breach/", 2),
    ("press", "confirm"): (("resume.confirmed",), "resume/", 2),
    ("submit", "decide"): (("decision.recorded",), "breach/", 2),
    ("submit", "pause"): (("gate.changed",), "workflow/", 1),
    ("submit", "review_page"): (("draft.saved", "verdict.recorded"), "round/", 2),
    ("submit", "second_page"): (("second_draft.saved", "second_verdict.recorded"), "round/", 2),
}
# What the database and Slack do to a bot, by the names that its log has for it.
FROM_OUTSIDE: Final = frozenset(
    {
        *("", "Away", "Busy", "CommitUnknown", "HeldElsewhere"),
        *("OperationalError", "ProgrammingError", "Refused"),
    }
    | {"SlackApiError", "Unopened", "TimeoutError", "ConnectionResetError"}
)
OK: Final = 200
REPEATED: Final = 80.0  # seconds
ONCE: Final = {
    "ownership.accepted": ("on",),
    "breach.acknowledged": ("on",),
    "decision.recorded": ("on",),
    "decision.carried_out": ("on",),
    "breach.opened": ("on",),
    "breach.closed": ("on",),
    "round.opened": ("on",),
    "round.drawn": ("on",),
    "round.closed": ("on",),
    "resume.requested": ("on",),
    "resume.confirmed": ("on",),
    "obligation.opened": ("on",),
    "verdict.recorded": ("on", "output"),
    "second_verdict.recorded": ("on", "output"),
    "message.shown": ("on",),
}


def i5_one_order(case: Case) -> Iterator[str]:
    """Entries are numbered without gaps, times do not go back, and every root is of these bytes."""
    found = case.evidence
    if [each["seq"] for each in found.entries] != list(range(len(found.entries))):
        yield "the numbers have gaps or repeats"
    for one, other in pairwise(found.entries):
        if other["ts"] < one["ts"]:
            yield f"#{other['seq']} is earlier than #{one['seq']}"
    computed = roots(found.bodies)
    for size, root in found.heads.items():
        if size >= len(computed) or computed[size] != root:
            yield f"the signed root of the first {size} entries is not that of these entries"


def i5_nobody_in_between(case: Case) -> Iterator[str]:
    """A bot fails by nothing but what befell it: whoever has the seat is alone.

    Where two write at once the record's own guards stop one of them, and its work is lost.
    """
    for each in case.seen("fault", "reported"):
        if each.get("error", "") not in FROM_OUTSIDE:
            yield f"a bot failed by {each['error']}, which nothing from outside explains"


def i2_receipts_hold(case: Case) -> Iterator[str]:
    """Whatever anybody was shown as recorded is there, under the root they were shown."""
    computed = roots(case.evidence.bodies)
    for number, root in {each for text in _shown_texts(case) for each in RECEIPT.findall(text)}:
        covering = computed[int(number) + 1 :]
        if not any(each.startswith(root) for each in covering):
            yield f"a receipt names record #{number} under root {root}…, which never was"


def i2_exactly_once(case: Case) -> Iterator[str]:
    found = case.evidence
    for kind, by in ONCE.items():
        counted = Counter(
            tuple(str(each.get(name) or each["facts"].get(name)) for name in by)
            for each in found.of(kind)
        )
        for about, times in counted.items():
            if times > 1:
                yield f"{kind} of {' '.join(about)} is there {times} times"


def i2_outputs_taken_once(case: Case) -> Iterator[str]:
    """Of all outputs that a pipeline was told were taken each is counted, once."""
    recorded: Counter[str] = Counter()
    for entry in case.evidence.of("outputs.received"):
        recorded[entry["facts"]["workflow"]] += entry["facts"]["accepted"]
    sent, taken = defaultdict(set), defaultdict(set)
    for each in case.seen("reported"):
        sent[each["workflow"]].update(each["outputs"])
        if each["status"] == 202:
            known, told = taken[each["workflow"]], {*each["outputs"]} - {*each["rejected"]}
            if each["accepted"] > len(told - known):
                yield f"{each['workflow']}: {each['outputs']} were taken, and taken again"
            known.update(told)
    for key in {*recorded, *taken}:
        if not len(taken[key]) <= recorded[key] <= len(sent[key]):
            yield (
                f"{key}: {len(taken[key])} outputs were taken of {len(sent[key])} that were sent, "
                f"{recorded[key]} are on record"
            )


def i2_acks_hold(case: Case) -> Iterator[str]:
    """What somebody did is on record by the ack, as done or refused, or they are told it failed.

    An ack that says nothing lets them believe that it was taken.
    """
    acked = {each["delivery"]: each for each in case.seen("acked") if each["status"] == OK}
    told = defaultdict(list)
    for each in case.seen("told"):
        told[each["url"]].append(each["text"])
    for did in case.seen("did"):
        ack, wanted = acked.get(did["delivery"]), _wanted(did)
        if ack is None or wanted is None or _is_no(ack, told[did["url"]]):
            continue
        kinds, on = wanted
        is_there = any(
            each["on"] == on and seconds(each["ts"]) <= ack["at"] + case.skew
            for each in case.evidence.of(*kinds)
        )
        if not is_there and not _is_refused(case, did["user"], ack["at"]):
            yield f"{did['user']} was let believe that {did['about']} is recorded"


def _is_refused(case: Case, user: str, at: float) -> bool:
    """Tell whether somebody was refused something then; what repeats within a minute is counted."""
    return any(
        case.evidence.person(each) == user
        and abs(seconds(each["ts"]) - at) < REPEATED + case.jumped
        for each in case.evidence.of("refused")
    )


def _wanted(did: Json) -> tuple[tuple[str, ...], str] | None:
    """Give the entry that stands for what somebody did, None where nothing need be recorded."""
    act, _, about = did["about"].partition(" ")
    if (did["kind"], act) not in LEADS_TO:
        return None
    kinds, on, parts = LEADS_TO[did["kind"], act]
    return kinds, on + "/".join(about.split("/")[:parts])


def _is_no(ack: Json, told: list[str]) -> bool:
    """Tell whether somebody was told that it was not done, or not surely."""
    if ack["said"].get("response_action") == "errors":
        return True
    return any(RECEIPT.search(text) is None for text in told)


def _shown_texts(case: Case) -> Iterator[str]:
    for each in case.seen("acked"):
        yield flat(each["said"])
    for each in case.seen("told"):
        yield each["text"]
    for each in case.seen("call"):
        yield flat(each.get("shown", {}))
