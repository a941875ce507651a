"""Drawn outputs that are the same to whoever judges them: they are judged once, and count each.

The draw goes by outputs and never looks at what they say, so a rate over outputs stays one. What
is asked of people is each different content of it, and the answer to one holds for its copies.
"""

from collections.abc import Iterable, Mapping, Sequence

from bot.domain.outputs import Output
from bot.domain.rounds import DrawnItem

Groups = tuple[tuple[int, ...], ...]


def groups_among(outputs: Sequence[Output]) -> Groups:
    """Give the places of outputs that are the same, two or more together, in their order.

    The first of each group is the one that is asked.
    """
    places: dict[tuple[str, ...], list[int]] = {}
    for place, output in enumerate(outputs):
        if output.text:  # without one nothing here tells what it is
            content = output.category, output.text, output.url, output.digest
            places.setdefault(content, []).append(place)
    return tuple(tuple(each) for each in places.values() if len(each) > 1)


def originals(groups: Groups) -> dict[int, int]:
    """Give by the place of each copy that of the output whose answer it gets."""
    return {copy: first for first, *copies in groups for copy in copies}


def copies_in(items: Iterable[DrawnItem]) -> Mapping[int, tuple[DrawnItem, ...]]:
    """Give by the place of an output its copies, in the order of the draw."""
    found: dict[int, tuple[DrawnItem, ...]] = {}
    for item in items:
        if item.is_copy:
            found[item.copy_of] = (*found.get(item.copy_of, ()), item)
    return found
