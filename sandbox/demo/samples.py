"""The sample: eight weeks of a fictional shop's customer messages, each triaged by an AI."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.player import Unexpected
from sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Triaged:
    """One message with the category that the AI chose, and the right one."""

    output_id: str
    produced_at: str
    message: str
    prediction: str
    confidence: float
    model_version: str
    truth: str

    @property
    def is_wrong(self) -> bool:
        return self.prediction != self.truth

    def report(self, workflow: str) -> Json:
        """Give it as the pipeline reports it; the truth is nothing that a pipeline knows."""
        return {
            "workflow": workflow,
            "output_id": self.output_id,
            "produced_at": self.produced_at,
            "category": self.prediction,
            "confidence": self.confidence,
            "model_version": self.model_version,
            "text": f"{self.message}\n→ {self.prediction}",
        }


def read_samples(path: Path) -> Mapping[int, Sequence[Triaged]]:
    """Give the messages of each week. Raises Unexpected if the file is not such a sample."""
    weeks: dict[int, list[Triaged]] = defaultdict(list)
    try:
        for line in path.read_text("utf-8").split("\n"):
            if line:
                row = json.loads(line)
                weeks[int(row["week"])].append(_triaged(row))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unexpected(f"a sample in {path}; it cannot be read: {error!r}") from error
    return dict(weeks)


def _triaged(row: Json) -> Triaged:
    return Triaged(
        output_id=row["output_id"],
        produced_at=row["produced_at"],
        message=row["input"],
        prediction=row["prediction"],
        confidence=row["confidence"],
        model_version=row["model_version"],
        truth=row["truth"],
    )
