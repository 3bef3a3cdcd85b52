"""How the columns of a table share the width of a window."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

WIDE: Final = 2
NARROW: Final = 1
INDENT: Final = 2


class Need(NamedTuple):
    """What one column needs: its natural width, and how it may give way (see `Column`). Width 0 is hidden."""

    width: int
    floor: int
    rank: int
    spare: bool

    @property
    def least(self) -> int:
        """The smallest width."""
        return min(self.width, self.floor) if self.floor else self.width


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns stand in the row, how wide and how far apart, and which go to a second line under it."""

    row: tuple[int, ...]
    widths: tuple[int, ...]
    below: tuple[int, ...]
    gap: int

    @property
    def width(self) -> int:
        """The width of a row."""
        return sum(self.widths) + self.gap * max(len(self.widths) - 1, 0)


def plan(needs: Sequence[Need], width: int) -> Layout:
    """Share `width` among the columns: texts shrink, then columns leave the row by rank.

    Before one goes to a second line, the columns move closer together. What stays and still does not fit leaves
    from the right, the first column excepted.
    """
    wide = _plan(needs, width, WIDE)
    if not wide.below:
        return wide
    narrow = _plan(needs, width, NARROW)
    return narrow if len(narrow.below) < len(wide.below) else wide


def _plan(needs: Sequence[Need], width: int, gap: int) -> Layout:
    row = [index for index, need in enumerate(needs) if need.width]
    left: list[int] = []
    while len(row) > 1 and sum(needs[index].least for index in row) + gap * (len(row) - 1) > width:
        leaving = max(row[1:], key=lambda index: (needs[index].rank, index))
        row.remove(leaving)
        left.append(leaving)
    below = sorted(index for index in left if not needs[index].spare)
    room = width - gap * (len(row) - 1)
    return Layout(tuple(row), tuple(_shares([needs[index] for index in row], room)), tuple(below), gap)


def _shares(needs: Sequence[Need], room: int) -> list[int]:
    """Give each column its smallest width, then what is left evenly to those that shrank."""
    shares = [need.least for need in needs]
    slack = room - sum(shares)
    growing = sorted(range(len(needs)), key=lambda index: needs[index].width - shares[index])
    for place, index in enumerate(growing):
        more = max(0, min(slack // (len(growing) - place), needs[index].width - shares[index]))
        shares[index] += more
        slack -= more
    return shares
