"""The pipeline of the story: it asks the gate and reports what it produced, over HTTP."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.demo.samples import Triaged
from sandbox.player import JsonDoor, Unexpected
from sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A program with a token for one workflow."""

    door: JsonDoor
    workflow: str
    token: str

    def ask_gate(self) -> tuple[bool, str]:
        """Give what the gate says: whether the pipeline may act, and the gate's state."""
        path = f"/ofrep/v1/evaluate/flags/{self.workflow}"
        flag: Json = self.door.post(path, {"context": {}}, self._bearer)
        return bool(flag["value"]), str(flag["variant"])

    def is_let_in(self) -> bool:
        """Tell whether the bot knows the token; one made by another process, a moment later."""
        try:
            self.ask_gate()
        except Unexpected:
            return False
        return True

    def report(self, outputs: Sequence[Triaged]) -> int:
        """Report outputs and give how many were new. Raises Unexpected if one is rejected."""
        return self.send([each.report(self.workflow) for each in outputs])

    def send(self, reports: Sequence[Json]) -> int:
        """Send reports as they are and give how many were new. Raises Unexpected as above."""
        answer: Json = self.door.post("/v1/outputs", reports, self._bearer)
        if answer["rejected"]:
            raise Unexpected(f"every output to be taken; rejected: {answer['rejected'][0]}")
        return int(answer["accepted"])

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}
