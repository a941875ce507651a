"""Faults people ask for: what Slack, or the network before it, does wrong."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict

Kind = Literal[
    "429",
    "500",
    "error",
    "timeout_before",
    "timeout_after",
    "reset_before",
    "reset_after",
    "drop_ack",
    "duplicate",
    "silent",
    "link_disabled",
]
# These befall no call of the Web API: a delivery, and a connection that is being opened.
ELSEWHERE: dict[str, str] = {
    "drop_ack": "delivery",
    "duplicate": "delivery",
    "silent": "socket",
    "link_disabled": "socket",
}


class Fault(BaseModel):
    """One fault, `times` times. `..._after`: the call counted, and only its answer is lost."""

    model_config = ConfigDict(extra="forbid")

    method: str
    kind: Kind
    error: str = "internal_error"
    retry_after: int = 1
    times: int = 1
    hold_seconds: float = 60.0


@dataclass
class Faults:
    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        named = fault.method if fault.method in ELSEWHERE.values() else None
        if ELSEWHERE.get(fault.kind) != named:
            raise ValueError(
                "drop_ack and duplicate go with method `delivery`, silent and link_disabled with "
                "method `socket`, and only they do."
            )
        self.waiting.append(fault)

    def take(self, method: str, kind: Kind | None = None) -> Fault | None:
        """Return the first fault for this method (`*` is for every method) and use it once."""
        is_call = method not in ELSEWHERE.values()
        for fault in self.waiting:
            named = fault.method == method or (fault.method == "*" and is_call)
            if named and kind in (None, fault.kind):
                self._use(fault)
                return fault
        return None

    def clear(self) -> None:
        self.waiting.clear()

    def _use(self, fault: Fault) -> None:
        fault.times -= 1
        if fault.times <= 0:
            self.waiting.remove(fault)
