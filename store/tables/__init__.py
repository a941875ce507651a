"""The tables. Private to the store. The workspace is part of every key.

What a person typed and who a pseudonym is lie in `opening` and `person` only; other tables point
there by the number of an entry, so that forgetting somebody is done in one place.
"""

from store.tables.measurements import awaited, measurement
from store.tables.messages import digest, home, message, outbox
from store.tables.obligations import breach, concern, obligation, request
from store.tables.people import absence, handover
from store.tables.record import (
    checkpoint,
    delivery,
    entry,
    head,
    opening,
    person,
    refusal,
    witness,
)
from store.tables.registry import drill, policy, token, workflow
from store.tables.rounds import (
    drawn,
    handed_in,
    output,
    plant,
    round_,
    series,
    settlement,
    share,
    skip,
)
from store.tables.schema import metadata

__all__ = [
    "absence",
    "awaited",
    "breach",
    "checkpoint",
    "concern",
    "delivery",
    "digest",
    "drawn",
    "drill",
    "entry",
    "handed_in",
    "handover",
    "head",
    "home",
    "measurement",
    "message",
    "metadata",
    "obligation",
    "opening",
    "outbox",
    "output",
    "person",
    "plant",
    "policy",
    "refusal",
    "request",
    "round_",
    "series",
    "settlement",
    "share",
    "skip",
    "token",
    "witness",
    "workflow",
]
