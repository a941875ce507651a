"""What waits for the database is said once for as long as it waits, not with every look."""

from dataclasses import dataclass

import structlog

log = structlog.get_logger()


@dataclass
class Postponed:
    """Whether something that is looked at again and again is put off just now."""

    event: str
    _is_told: bool = False

    def tell(self, why: Exception) -> None:
        """Log that it is put off, unless that was said since it last was not."""
        if not self._is_told:
            log.info(self.event, reason=str(why))
        self._is_told = True

    def is_over(self) -> None:
        self._is_told = False
