"""Reports as lists: one column for each key, subtotals and totals in tables."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.reporting import NONE, By, ReportLine
from reconcile_cli.render.columns import Column, Listing, Shape, TotalRow
from reconcile_cli.render.lists import Limit, or_say, write_list
from reconcile_cli.render.look import Format, Target
from reconcile_cli.reports.sums import Totals, with_subtotals
from reconcile_cli.text import N_, _

Lines = Iterable[ReportLine]
_TITLES: Final = {
    By.REGISTER: N_("Register"),
    By.LEDGER_CODE: N_("Ledger code"),
    By.MONTH: N_("Month"),
    By.DAY: N_("Date"),
    By.ACCOUNT: N_("Account"),
    By.METHOD: N_("Method"),
    By.ITEM: N_("Item"),
}
_AMOUNT: Final = N_("Amount")


def key_columns(by: Sequence[By]) -> Iterator[Column[ReportLine]]:
    """One column for each key."""
    for place, name in enumerate(by):
        yield Column(
            _TITLES[name], partial(_key, place, name), key=name.value, words=partial(_words, place, name), floor=12
        )


def _key(place: int, name: By, line: ReportLine) -> str | None:
    key = line.keys[place]
    if isinstance(key, int):
        return iso(key) if name is By.DAY else f"{key // 100:04}-{key % 100:02}"
    return key


def _words(place: int, name: By, line: ReportLine) -> str:
    """A key in a table: once for all lines below that share it, and with the word of a subtotal."""
    key = _key(place, name, line)
    if key is None or place < line.shared:
        return ""
    said = _("(none)") if key == NONE else key
    if not line.level:
        return said
    return _("Total {key}").format(key=said) if place == line.level - 1 else ""


def currency_column() -> Column[ReportLine]:
    """The currency of a line, beside its figures."""
    return Column("", lambda line: line.currency, key="currency")


def write_sales(target: Target, by: Sequence[By], lines: Lines, limit: Limit) -> int:
    """Write sales with subtotals of all keys but the last, and a total for each currency."""
    listing = Listing[ReportLine](
        columns=(
            Column("", lambda line: line.row.value, key="row", shown=False),
            *key_columns(by),
            currency_column(),
            Column(_AMOUNT, lambda line: line.figures[0], Shape.BALANCE, "amount"),
        ),
        currency=lambda line: line.currency,
        keys=" ".join(("row", *by, "currency", "amount")),
        strong=lambda line: line.level > 0,
    )
    count = write_report(target, listing, lines, limit, (_AMOUNT,))
    return or_say(target, count, _("Nothing was sold in this period."))


def write_report(
    target: Target, listing: Listing[ReportLine], lines: Lines, limit: Limit, titles: Sequence[str]
) -> int:
    """Write a report; `titles` are the columns of its figures. Data have the lines alone."""
    sums = Totals()
    passing = sums.adding(lines)
    shown = with_subtotals(passing) if target.format is Format.TABLE else passing
    return write_list(target, listing, shown, limit, _totals(sums, passing, titles))


def _totals(sums: Totals, passing: Iterator[ReportLine], titles: Sequence[str]) -> Callable[[], Iterable[TotalRow]]:
    def totals() -> Iterator[TotalRow]:
        for _line in passing:
            pass  # also of the lines that a screen leaves out
        for currency, figures in sums.by_currency.items():
            yield TotalRow(currency, dict(zip(titles, figures, strict=True)))

    return totals
