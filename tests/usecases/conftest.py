"""Whatever is written is tried on both engines."""

from tests.engines import databases_of_both as databases

__all__ = ["databases"]
