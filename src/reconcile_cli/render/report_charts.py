"""Charts of a report: its first figure by ledger code and by month, for each currency."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from reconcile_cli.domain.reporting import By, ReportLine
from reconcile_cli.render.amounts import money
from reconcile_cli.render.chart import Bar, Chart
from reconcile_cli.text import N_, _

_TITLES: Final = {
    By.LEDGER_CODE: N_("By ledger code, {currency}"),
    By.MONTH: N_("By month, {currency}"),
    By.REGISTER: N_("By register, {currency}"),
}
"""The keys of which a chart says something: few values, which people know by name."""


class Charted:
    """Adds lines up for the charts while they pass; a key of many values is drawn by its largest."""

    def __init__(self, by: Sequence[By], named: Callable[[int, By, ReportLine], str]) -> None:
        self._places = [(place, name) for place, name in enumerate(by) if name in _TITLES]
        self._named = named
        self._sums: dict[tuple[str, By], defaultdict[str, int]] = {}

    def adding(self, lines: Iterable[ReportLine]) -> Iterator[ReportLine]:
        """Pass lines on."""
        for line in lines:
            for place, name in self._places:
                sums = self._sums.setdefault((line.currency, name), defaultdict(int))
                sums[self._named(place, name, line)] += line.figures[0]
            yield line

    def charts(self) -> Iterator[Chart]:
        """Give what passed, months in their order, others in that of the report."""
        for (currency, name), sums in self._sums.items():
            bars = [Bar(key, amount, money(amount, currency)) for key, amount in sums.items()]
            if name is By.MONTH:
                bars.sort()
            if len(bars) > 1:
                yield Chart(_(_TITLES[name]).format(currency=currency), bars)
