"""Each button and each window that can be handed in carries a mark; the templates know of none."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

from bot.domain import marks
from bot.rendering.render import Rendered


def marked_message(rendered: Rendered, mark: Callable[[], str]) -> Rendered:
    """Give the message with the mark in each of its buttons; without any it is not asked for."""
    once = cache(mark)
    return replace(rendered, blocks=[_marked_block(block, once) for block in rendered.blocks])


def marked_view(view: dict[str, object], mark: Callable[[], str]) -> dict[str, object]:
    """Give a modal or a Home tab with the mark in its buttons, and in what it hands in.

    One that only shows something asks for no mark.
    """
    once = cache(mark)
    blocks = view["blocks"]
    if not isinstance(blocks, list):
        raise TypeError("a view has no list of blocks")
    shown = {**view, "blocks": [_marked_block(block, once) for block in blocks]}
    if "submit" in view:
        shown["private_metadata"] = marks.marked(once(), str(view["private_metadata"]))
    return shown


def _marked_block(block: dict[str, object], mark: Callable[[], str]) -> dict[str, object]:
    """Give a block with its buttons marked: they stand in a row, or beside a text."""
    elements, accessory = block.get("elements"), block.get("accessory")
    if block["type"] == "actions" and isinstance(elements, list):
        return {**block, "elements": [_marked_button(each, mark) for each in elements]}
    if isinstance(accessory, dict):
        return {**block, "accessory": _marked_button(accessory, mark)}
    return block


def _marked_button(element: dict[str, object], mark: Callable[[], str]) -> dict[str, object]:
    if element["type"] != "button":
        return element
    return {**element, "value": marks.marked(mark(), str(element["value"]))}
