"""Letters of a ledger account: one code for each group of items that allocations connect and that balances wholly."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import count, product
from string import ascii_uppercase
from typing import NamedTuple


class Lettered(NamedTuple):
    """An item as lettering sees it; `code` is the mark it came with."""

    id: int
    open_minor: int
    code: str | None


class Link(NamedTuple):
    """An allocation: its two items, its number and its day, `yyyymmdd`. Higher numbers were made later."""

    debit: int
    credit: int
    number: int
    day: int


class Letter(NamedTuple):
    """The mark of a group, and the day on which it was complete."""

    code: str
    day: int


def letters(items: Sequence[Lettered], links: Iterable[Link]) -> dict[int, Letter]:
    """Give the letter of each item of one account that has one.

    A group has a letter where nothing of it is open and all of it is among `items`: what is linked to an item that is
    not has none. Groups that came with one code, and with no open item of that code, are one group and keep the code;
    other groups get codes that no item came with, in the order in which they were completed, so that a later group
    changes no letter.
    """
    groups = _Groups(items, links)
    by_code: defaultdict[str, list[int]] = defaultdict(list)
    for item in items:
        if item.code:
            by_code[item.code].append(item.id)
    for ids in by_code.values():
        if all(map(groups.is_closed, ids)):
            for other in ids[1:]:
                groups.join(ids[0], other)
    kept: defaultdict[int, list[str]] = defaultdict(list)
    for code, ids in by_code.items():
        roots = {groups.root(one) for one in ids}
        if len(roots) == 1:
            kept[roots.pop()].append(code)
    fresh = (code for code in _codes() if code not in by_code)
    found = {
        root: Letter(min(kept[root], key=lambda code: (len(code), code)) if root in kept else next(fresh), last.day)
        for root, last in sorted(groups.closed(), key=lambda group: group[1].number)
    }
    return {item.id: found[root] for item in items if (root := groups.root(item.id)) in found}


def _codes() -> Iterator[str]:
    """AA, AB, ... ZZ, AAA, ..."""
    for length in count(2):
        yield from map("".join, product(ascii_uppercase, repeat=length))


class _Groups:
    """Items that are connected, each group known by one of them."""

    def __init__(self, items: Sequence[Lettered], links: Iterable[Link]) -> None:
        self._above = {item.id: item.id for item in items}
        self._last: dict[int, Link] = {}
        self._open = {item.id for item in items if item.open_minor}
        for link in links:
            inside = [one for one in link[:2] if one in self._above]
            if len(inside) == 1:
                self._open.add(self.root(inside[0]))
            elif inside:
                self._last[self.root(link.debit)] = max(
                    link, self._last.get(self.root(link.debit), link), key=lambda one: one.number
                )
                self.join(*inside)

    def root(self, item: int) -> int:
        """The item by which the group is known."""
        above = self._above
        while above[item] != item:
            above[item] = item = above[above[item]]
        return item

    def join(self, one: int, other: int) -> None:
        """Make one group of two."""
        root, gone = self.root(one), self.root(other)
        if root == gone:
            return
        self._above[gone] = root
        if gone in self._open:
            self._open.add(root)
        if (last := self._last.pop(gone, None)) is not None:
            self._last[root] = max(last, self._last.get(root, last), key=lambda link: link.number)

    def is_closed(self, item: int) -> bool:
        """Whether the group of an item has links and nothing open."""
        root = self.root(item)
        return root in self._last and root not in self._open

    def closed(self) -> list[tuple[int, Link]]:
        """Every closed group with its last link."""
        return [(root, last) for root, last in self._last.items() if root not in self._open]
