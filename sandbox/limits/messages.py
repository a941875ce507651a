"""What Slack would refuse in a message, and what it would only frown at."""

import json
import re
from collections.abc import Iterator

from sandbox.limits.blocks import check_message
from sandbox.limits.check import Check, Findings, any_object, record, string
from sandbox.wire import Json, SlackError

LONGEST_TEXT = 40_000
LONGEST_EDIT = 4_000
COMFORTABLE_TEXT = 4_000
LONGEST_BLOCK_TEXT = 13_200
LARGEST_METADATA = 8_000

# `<!date^…>` is a way to write a time, and calls nobody.
_LOUD = re.compile(r"<!(?:here|channel|everyone|subteam)\b")
_METADATA: Check = record({"event_type": string(50), "event_payload": any_object})


def check_content(text: str, blocks: object, *, longest: int = LONGEST_TEXT) -> list[str]:
    """Warnings; raises `SlackError` for what Slack refuses.

    Slack cuts a post silently at 40,000 characters; here that is refused, because whatever was cut
    off was not said.
    """
    if blocks is not None and not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if not text and not blocks:
        raise SlackError("no_text")
    if len(text) > longest:
        raise SlackError("msg_too_long")
    messages = check_message(blocks or [])
    if messages:
        raise SlackError("invalid_blocks", messages)
    if sum(len(each) for each in block_texts(blocks)) > LONGEST_BLOCK_TEXT:
        raise SlackError("msg_blocks_too_long")
    return _warnings(text, blocks)


def check_metadata(metadata: object) -> Json | None:
    """Return the metadata of a message, or None; raises `SlackError` if Slack would refuse it."""
    if metadata in (None, {}):
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    findings = Findings()
    _METADATA(metadata, "/metadata", findings)
    if findings.messages:
        raise SlackError("invalid_metadata_schema", findings.messages)
    if len(json.dumps(metadata)) > LARGEST_METADATA:
        raise SlackError("metadata_too_large")
    return metadata


def block_texts(value: object) -> Iterator[str]:
    """Every text a reader of these blocks sees."""
    if isinstance(value, list):
        for each in value:
            yield from block_texts(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name == "text" and isinstance(each, str):
                yield each
            else:
                yield from block_texts(each)


def _warnings(text: str, blocks: list[Json] | None) -> list[str]:
    found = []
    if not text:
        found.append(
            "missing_text: no top-level text, so notifications and screen readers stay mute"
        )
    if len(text) > COMFORTABLE_TEXT:
        found.append("long_text: Slack advises at most 4,000 characters of text")
    loud = {each for part in (text, *block_texts(blocks)) for each in _LOUD.findall(part)}
    if loud:
        found.append(f"broadcast: {', '.join(sorted(loud))} reaches many people")
    return found
