"""How the columns of a table share the width of a window."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from reconcile_cli.render.columns import Column

WIDE: Final = 2
NARROW: Final = 1
INDENT: Final = 2


class Layout(NamedTuple):
    """Which columns stand in the row, how wide and how far apart, and which go to a second line under it."""

    row: tuple[int, ...]
    widths: tuple[int, ...]
    below: tuple[int, ...]
    gap: int

    @property
    def width(self) -> int:
        """The width of a row."""
        return sum(self.widths) + self.gap * max(len(self.widths) - 1, 0)


def plan(columns: Sequence[Column[Any]], natural: Sequence[int], width: int) -> Layout:
    """Share `width` among the columns: texts shrink, then columns leave the row by rank (see `Column`).

    `natural` is the width that each needs, 0 where it is hidden. Before a column goes to a second line, the columns
    move closer together. What stays and still does not fit leaves from the right; one column always stays.
    """
    wide = _plan(columns, natural, width, WIDE)
    if not wide.below:
        return wide
    narrow = _plan(columns, natural, width, NARROW)
    return narrow if len(narrow.below) < len(wide.below) else wide


def _plan(columns: Sequence[Column[Any]], natural: Sequence[int], width: int, gap: int) -> Layout:
    least = [min(size, column.floor or size) for size, column in zip(natural, columns, strict=True)]
    row = [index for index, size in enumerate(natural) if size]
    left: list[int] = []
    while len(row) > 1 and sum(least[index] for index in row) + gap * (len(row) - 1) > width:
        leaving = max(row, key=lambda index: (columns[index].rank, index))
        row.remove(leaving)
        left.append(leaving)
    room = width - gap * (len(row) - 1)
    shares = _shares([least[index] for index in row], [natural[index] for index in row], room)
    below = sorted(index for index in left if not columns[index].spare)
    return Layout(tuple(row), tuple(shares), tuple(below), gap)


def _shares(least: Sequence[int], natural: Sequence[int], room: int) -> list[int]:
    """Give each column its smallest width, then what is left evenly to those that shrank."""
    shares = list(least)
    slack = room - sum(shares)
    growing = sorted(range(len(shares)), key=lambda index: natural[index] - shares[index])
    for place, index in enumerate(growing):
        more = max(0, min(slack // (len(growing) - place), natural[index] - shares[index]))
        shares[index] += more
        slack -= more
    return shares
