"""Subtotals and totals of a report, made as its lines pass by."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from reconcile_cli.domain.reporting import ReportLine


@dataclass(slots=True)
class Totals:
    """The sums of the lines that passed, by currency: currencies never add up together."""

    by_currency: dict[str, list[int]] = field(default_factory=dict)

    def adding(self, lines: Iterable[ReportLine]) -> Iterator[ReportLine]:
        """Pass lines on and add them up."""
        for line in lines:
            sums = self.by_currency.setdefault(line.currency, [0] * len(line.figures))
            for place, figure in enumerate(line.figures):
                sums[place] += figure
            yield line


def with_subtotals(lines: Iterable[ReportLine]) -> Iterator[ReportLine]:
    """Put a subtotal behind the lines that share a currency and their first keys: of all keys but the last.

    A group of one line needs none. Each line tells how many keys it shares with the one before.
    """
    open_groups: list[_Group] = []
    for line in lines:
        same = _shared(open_groups, line)
        yield from _closed(open_groups, same)
        open_groups += [_Group(line, level) for level in range(same + 1, len(line.keys))]
        for group in open_groups:
            group.add(line)
        yield line._replace(shared=same)
    yield from _closed(open_groups, 0)


def with_shares(lines: Sequence[ReportLine]) -> Iterator[ReportLine]:
    """Tell of each line which part of its currency's total its first figure is; nothing where that says nothing.

    A part is told where no total and no line is negative.
    """
    totals: dict[str, int] = defaultdict(int)
    for line in lines:
        totals[line.currency] += 0 if line.level else line.figures[0]
    for line in lines:
        amount, total = line.figures[0], totals[line.currency]
        told = 0 <= amount <= total and total > 0 and not line.level
        yield line._replace(share=(amount * 2000 // total + 1) // 2) if told else line


class _Group:
    """Lines of the same first `level` keys."""

    def __init__(self, line: ReportLine, level: int) -> None:
        self.first = line
        self.level = level
        self.count = 0
        self.sums: dict[int, int] = defaultdict(int)

    def add(self, line: ReportLine) -> None:
        self.count += 1
        for place, figure in enumerate(line.figures):
            self.sums[place] += figure

    def holds(self, line: ReportLine) -> bool:
        head = (self.first.currency, self.first.keys[: self.level])
        return head == (line.currency, line.keys[: self.level])


def _shared(groups: list[_Group], line: ReportLine) -> int:
    """How many of the open groups hold the line too."""
    return next((place for place, group in enumerate(groups) if not group.holds(line)), len(groups))


def _closed(groups: list[_Group], keep: int) -> Iterator[ReportLine]:
    """Close the inner groups: their subtotals, innermost first."""
    while len(groups) > keep:
        group = groups.pop()
        if group.count > 1:
            figures = tuple(group.sums[place] for place in range(len(group.first.figures)))
            yield group.first._replace(figures=figures, level=group.level)
