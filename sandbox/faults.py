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
]
DELIVERY: frozenset[str] = frozenset({"drop_ack", "duplicate"})


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
        if (fault.kind in DELIVERY) != (fault.method == "delivery"):
            raise ValueError("drop_ack and duplicate go with method `delivery`, and only they do.")
        self.waiting.append(fault)

    def take(self, method: str, kind: Kind | None = None) -> Fault | None:
        """Return the first fault for this method (`*` is for every method) and use it once."""
        for fault in self.waiting:
            named = fault.method == method or (fault.method == "*" and method != "delivery")
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
