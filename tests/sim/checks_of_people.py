"""Who may do what, and that a stop stops (I4, I10)."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from tests.sim.case import ON_TIME, RECEIPT, Case, flat, gate_at
from tests.sim.evidence import Json, seconds

SEEN_BY_ALL: Final = 0.25
STOPPED: Final = ("paused", "retired", "503")
BY_HAND: Final = {
    "ownership.accepted": {"accept"},
    "draft.saved": {"review_page"},
    "verdict.recorded": {"review_page", "hand_in"},
    "second_draft.saved": {"second_page"},
    "second_verdict.recorded": {"second_page"},
    "breach.acknowledged": {"acknowledge"},
    "decision.recorded": {"decide"},
    "gate.changed": {"pause", "decide"},
    "resume.requested": {"resume"},
    "resume.confirmed": {"confirm"},
}


def i4_each_for_themselves(case: Case) -> Iterator[str]:
    """Whatever is recorded as somebody's act, they did at their own client."""
    did = defaultdict(list)
    for each in case.seen("did"):
        did[each["user"]].append(each)
    for entry in case.evidence.entries:
        acts = BY_HAND.get(entry["kind"])
        user = case.evidence.person(entry)
        if acts is None or not user:
            continue
        if entry["kind"] == "gate.changed" and entry["facts"]["to"] != "paused":
            continue
        about = entry["facts"]["workflow"]
        at = seconds(entry["ts"]) + ON_TIME + case.jumped
        if not any(
            each["about"].split(" ")[0] in acts and about in each["about"] and each["at"] <= at
            for each in did[user]
        ):
            yield f"#{entry['seq']} {entry['kind']} is said to be {user}'s, who never did it"


def i4_second_person(case: Case) -> Iterator[str]:
    """A gate is opened again by two people, not both of them its owner."""
    asked = {each["on"]: each for each in case.evidence.of("resume.requested")}
    for entry in case.evidence.of("resume.confirmed"):
        first = asked.get(entry["on"])
        if first is None or first["actor"] == entry["actor"]:
            yield f"{entry['on']} was confirmed by who asked for it"
        if not any(_role(each) != "owner" for each in (entry, first or entry)):
            yield f"{entry['on']} was asked for and confirmed by owners"


def i4_within_roles(case: Case) -> Iterator[str]:
    """Nobody acts who has no part in a workflow; what is critical the steward decides."""
    critical = {
        each["on"] for each in case.evidence.of("breach.opened") if each["facts"]["critical"]
    }
    for entry in case.evidence.of(*BY_HAND):
        if case.evidence.person(entry) in {"U0MEMBER", "U0AUDITOR"}:
            yield f"#{entry['seq']} {entry['kind']} is by somebody without a role"
    for entry in case.evidence.of("decision.recorded"):
        if entry["on"] in critical and _role(entry) != "steward":
            yield f"#{entry['seq']}: a critical breach was decided as {_role(entry)}"


def i4_refusals_kept(case: Case) -> Iterator[str]:
    """Whoever was told that they cannot do something is on record with having tried."""
    refused = {case.evidence.person(each) for each in case.evidence.of("refused")}
    told = {each["url"]: each["text"] for each in case.seen("told") if each["accepted"]}
    acked = {each["delivery"]: flat(each["said"]) for each in case.seen("acked")}
    for did in case.seen("did"):
        heard = acked.get(did["delivery"], "") + told.get(did["url"], "")
        if "You cannot " in heard and did["user"] not in refused:
            yield f"{did['user']} was refused {did['about']} and it is not on record"


def i10_stops(case: Case) -> Iterator[str]:
    """Once a pause is acknowledged no gate lets its pipeline run: at once there, soon elsewhere.

    Of one that is delivered twice, there is where it was acknowledged first.
    """
    did = {each["delivery"]: each for each in case.seen("did")}
    first: dict[str, Json] = {}
    for ack in case.seen("acked"):
        first.setdefault(ack["delivery"], ack)
        act, _, key = did.get(ack["delivery"], {"about": ""})["about"].partition(" ")
        if act != "pause" or not RECEIPT.search(flat(ack["said"])):
            continue
        for each in case.seen("gate"):
            since = each["at"] - ack["at"]
            is_there = each["process"] == ack["process"] and ack is first[ack["delivery"]]
            is_due = since >= (0 if is_there else SEEN_BY_ALL)
            is_about = each["workflow"] == key and is_due and each["said"] not in STOPPED
            if is_about and not _is_loosened(case, key, ack["at"], each["at"]):
                yield f"{key}: {each['process']} said {each['said']} {since:.2f} s after a pause"


def i10_gates_are_as_recorded(case: Case) -> Iterator[str]:
    """A gate says what is on record, but for what changes just then."""
    changes = case.evidence.of("gate.changed")
    for each in case.seen("gate"):
        at, key = each["at"], each["workflow"]
        near = {
            change["facts"][end]
            for change in changes
            if change["facts"]["workflow"] == key and abs(seconds(change["ts"]) - at) <= case.skew
            for end in ("from", "to")
        }
        if each["said"] not in near | {gate_at(changes, key, at=at), "503"}:
            yield f"{key}: {each['process']} said {each['said']}, which is not on record"


def i10_paused_until_agreed(case: Case) -> Iterator[str]:
    """A pause ends by a confirmed request, by nothing else."""
    confirmed = {each["seq"] for each in case.evidence.of("resume.confirmed")}
    for entry in case.evidence.of("gate.changed"):
        facts = entry["facts"]
        loosened = facts["from"] == "paused" and facts["to"] not in {"paused", "retired"}
        same_work = [
            seq for seq in confirmed
            if case.evidence.entries[seq]["ts"] == entry["ts"]
            and case.evidence.entries[seq]["facts"]["workflow"] == facts["workflow"]
        ]  # fmt: skip
        if loosened and not same_work:
            yield f"#{entry['seq']}: {facts['workflow']} runs again and no two people agreed"


def _is_loosened(case: Case, key: str, since: float, until: float) -> bool:
    return any(
        each["facts"]["workflow"] == key
        and each["facts"]["from"] == "paused"
        and since - case.skew <= seconds(each["ts"]) <= until + case.skew
        for each in case.evidence.of("gate.changed")
    )


def _role(entry: Json) -> str:
    return str(entry["role"]).removeprefix("delegate of ")
