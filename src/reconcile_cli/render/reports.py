"""Reports as lists: one column for each key, shares, subtotals and totals in tables; data have the lines alone."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, groupby, islice
from typing import Final

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.reporting import NONE, By, Grouping, ReportLine, Row
from reconcile_cli.render import words
from reconcile_cli.render.columns import Column, Listing, Shape, TotalRow
from reconcile_cli.render.lists import SCREENFUL, Limit, or_say, write_list
from reconcile_cli.render.look import Format, Target
from reconcile_cli.render.report_charts import Charted
from reconcile_cli.reports.ledger import LedgerProof
from reconcile_cli.reports.sums import Totals, with_shares, with_subtotals
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
_DATA: Final = (Format.CSV, Format.JSON)
_LEDGER: Final = {
    "sold": N_("Sold"),
    "paid": N_("Paid"),
    "offset": N_("Offset"),
    "covered": N_("Covered"),
    "open": N_("Open"),
}


def write_sales(target: Target, grouping: Grouping, lines: Lines, limit: Limit) -> int:
    """Write sales with subtotals of all keys but the last, and a total for each currency."""
    charted = Charted(grouping.by, _name)
    listing = _listing(grouping.by, _amount_columns(), "amount")._replace(
        title=N_("Sales"),
        period=words.period(grouping.period),
        charts=charted.charts,
    )
    passing = lines if target.format in _DATA else charted.adding(lines)
    count = write_report(target, listing, passing, limit, (_AMOUNT,))
    return or_say(target, count, _("Nothing was sold in this period."))


def write_payments(target: Target, grouping: Grouping, lines: Lines, limit: Limit) -> int:
    """Write the cash of a period, and below it what was moved; in data the one after the other."""
    columns = (*_amount_columns(), Column[ReportLine]("", lambda line: line.of, key="of", shown=False))
    listing = _listing(grouping.by, columns, "amount of")
    if target.format in _DATA:
        return write_list(target, listing, lines, limit)
    charted = Charted(grouping.by, _name)
    received = listing._replace(title=N_("Payments"), period=words.period(grouping.period), charts=charted.charts)
    parts = groupby(lines, lambda line: line.row is Row.MOVED)
    moved, part = next(parts, (True, iter(())))
    count = 0
    if not moved:
        count = write_report(target, received, charted.adding(part), limit, (_AMOUNT,))
        moved, part = next(parts, (False, iter(())))
    or_say(target, count, _("No money was received or paid back in this period."))
    if moved and (first := next(part, None)) is not None:
        target.line()
        target.line(
            _("Moved: earlier money reconciled in this period, and credits used on another ledger code."), "bold"
        )
        count += write_report(target, listing, chain([first], part), Limit(limit.asked), (_AMOUNT,))
    return count


def write_ledger(target: Target, grouping: Grouping, lines: Lines, limit: Limit) -> LedgerProof:
    """Write what was sold and how it stands, and what was proved of it."""
    columns = (
        *(
            Column[ReportLine](title, partial(_figure, place), Shape.AMOUNT, key, hide_empty=key == "covered")
            for place, (key, title) in enumerate(_LEDGER.items())
        ),
    )
    listing = _listing(grouping.by, columns, " ".join(_LEDGER))._replace(
        title=N_("Sales and how they stand"),
        period=words.period(grouping.period),
    )
    proof = LedgerProof()
    count = write_report(target, listing, proof.proving(lines), limit, tuple(_LEDGER.values()))
    or_say(target, count, _("Nothing was sold up to this day."))
    if target.format not in _DATA and count and proof.holds:
        target.line(_("Sold = paid + offset + covered + open, in every row; offset adds up to zero."), "dim")
    return proof


def _figure(place: int, line: ReportLine) -> int:
    return line.figures[place]


def _listing(by: Sequence[By], columns: Iterable[Column[ReportLine]], keys: str) -> Listing[ReportLine]:
    """A report: the keys, its currency, its own columns."""
    return Listing(
        columns=(
            Column("", lambda line: line.row, key="row", shown=False),
            *_key_columns(by),
            Column("", lambda line: line.currency, key="currency"),
            *columns,
        ),
        currency=lambda line: line.currency,
        keys=" ".join(("row", *by, "currency", keys)),
        strong=lambda line: line.level > 0,
    )


def _amount_columns() -> tuple[Column[ReportLine], ...]:
    return (
        Column(_AMOUNT, lambda line: line.figures[0], Shape.BALANCE, "amount"),
        Column(N_("Share"), lambda line: line.share, Shape.SHARE, rank=9, spare=True, hide_empty=True),
    )


def _key_columns(by: Sequence[By]) -> Iterator[Column[ReportLine]]:
    for place, name in enumerate(by):
        said = partial(_words, place, name)
        yield Column(_TITLES[name], partial(_key, place, name), key=name, words=said, floor=12)
    if By.LEDGER_CODE not in by:
        yield Column("", _row, floor=12, hide_empty=True)


def _key(place: int, name: By, line: ReportLine) -> str | None:
    key = line.keys[place]
    if isinstance(key, int):
        return iso(key) if name is By.DAY else f"{key // 100:04}-{key % 100:02}"
    return key


def _words(place: int, name: By, line: ReportLine) -> str:
    """A key in a table: once for all lines below that share it, and with the word of a subtotal."""
    if place < line.shared and not line.level:
        return ""
    key = _key(place, name, line)
    if line.level:
        return _("Total {key}").format(key=_said(key)) if place == line.level - 1 else ""
    return _row(line) if key is None else _said(key)


def _name(place: int, name: By, line: ReportLine) -> str:
    """A key as a chart calls it."""
    key = _key(place, name, line)
    return _row(line) or _said(key) if key is None else _said(key)


def _said(key: str | None) -> str:
    return _("(none)") if key in (None, NONE) else str(key)


def _row(line: ReportLine) -> str:
    """What a row is whose ledger code says nothing."""
    said = {
        Row.CODE: _("ledger codes"),
        Row.RETURNED: _("returned"),
        Row.NOT_RECONCILED: _("not reconciled"),
    }
    return "" if line.level else said.get(line.of or line.row, "")


def write_report(
    target: Target, listing: Listing[ReportLine], lines: Lines, limit: Limit, titles: Sequence[str]
) -> int:
    """Write a report; `titles` are the columns of its figures. A table that fits a screen has shares.

    A workbook has the lines alone, each with all its keys, so that filters and sums find every one of them, once.
    """
    if target.format in _DATA:
        return write_list(target, listing, lines, limit)
    sums = Totals()
    passing = sums.adding(lines)
    shown = passing if target.format is Format.XLSX else with_subtotals(passing)
    first = list(islice(shown, SCREENFUL + 1))
    if len(first) <= SCREENFUL:
        first = list(with_shares(first))
    return write_list(target, listing, chain(first, shown), limit, _totals(sums, passing, titles))


def _totals(sums: Totals, passing: Iterator[ReportLine], titles: Sequence[str]) -> Callable[[], Iterable[TotalRow]]:
    def totals() -> Iterator[TotalRow]:
        for _line in passing:
            pass  # also of the lines that a screen leaves out
        for currency, figures in sums.by_currency.items():
            yield TotalRow(currency, dict(zip(titles, figures, strict=True)))

    return totals
