"""Rows of a file for the file of rejects: whole, and such that files of any dialect can stand in one (R23)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.money import plain
from reconcile_cli.errors import Problem
from reconcile_cli.intake.amounts import COMMA, POINT, Amounts
from reconcile_cli.intake.cells import read_currency
from reconcile_cli.intake.columns import FIELDS, Layout
from reconcile_cli.intake.conventions import UNDECIDED, Convention, Evidence
from reconcile_cli.intake.datetexts import Dates
from reconcile_cli.intake.evidence import marks, orders
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.problems import Refused
from reconcile_cli.intake.recasting import arrange
from reconcile_cli.intake.source import Source
from reconcile_cli.intake.table import Table, open_table
from reconcile_cli.intake.typed_cells import Odd


class _Spelling:
    """How one file writes amounts and dates, and how they are written plainly: `1234.50`, `2026-01-31`.

    What cannot be read stays as it stands.
    """

    def __init__(self, table: Table, layout: Layout, options: ReadOptions) -> None:
        self._mark = _decided("--decimal", table, options.decimal, marks(table, layout, options.currency))
        self._order = _decided("--date-order", table, options.date_order, orders(table, layout))
        self._amounts, self._dates = Amounts(self._mark), Dates(self._order)
        self._index = layout.index
        self._currency = options.currency

    @property
    def comma(self) -> bool:
        """Whether the file writes a decimal comma."""
        return self._mark.chosen == COMMA

    def plainly(self, cells: list[str], *, comma: bool) -> list[str]:
        """The cells with amounts and dates written plainly, with a decimal comma or point."""
        spelled = [cell.value if isinstance(cell, Odd) else str(cell) for cell in cells]
        for name in ("amount", "debit", "credit"):
            place = self._index.get(name)
            if place is not None and place < len(cells):
                amount = self._amount(cells, place)
                spelled[place] = amount.replace(POINT, COMMA if comma else POINT) if amount else spelled[place]
        for name in ("date", "due_date"):
            place = self._index.get(name)
            if place is not None and place < len(cells):
                spelled[place] = self._date(spelled[place])
        return spelled

    def _amount(self, cells: Sequence[str], place: int) -> str:
        """The amount, plainly; empty where it cannot be read."""
        at = self._index.get("currency")
        try:
            currency = read_currency("" if at is None or at >= len(cells) else cells[at], self._currency)
            amount_minor = self._amounts.cache(currency)[cells[place]]
        except Refused:
            return ""
        return "" if self._mark.refused else plain(amount_minor, currency)

    def _date(self, text: str) -> str:
        try:
            date = self._dates.optional[text]
        except Refused:
            return text
        return text if date is None or self._order.refused else iso(date)


def _decided(option: str, table: Table, given: str | None, evidence: Evidence) -> Convention:
    """What was decided when the file was read: by the option, or by the values of one reading."""
    proved = [reading for reading in evidence if reading != UNDECIDED]
    return Convention(option, table.name, given or (proved[0] if len(proved) == 1 else None), dict)


@dataclass(frozen=True, slots=True)
class Copy:
    """Chosen rows of one file, with their line: column by column (`rows`), or field by field (`rows_by_field`).

    What a profile made stands in no column of the file: such rows are given as the fields that they have.
    """

    header: Sequence[str]
    _table: Table
    _layout: Layout
    _spelling: _Spelling
    _wanted: Iterable[int]

    @property
    def fields(self) -> frozenset[str]:
        """The fields for which the file has a column."""
        return frozenset(self._layout.index)

    @property
    def comma(self) -> bool:
        """Whether the file writes a decimal comma."""
        return self._spelling.comma

    def rows(self, *, comma: bool) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of the chosen rows, in the order of the file; read once.

        Amounts and dates that can be read are written plainly, so that the rows need no proof of their own (C1).
        """
        if self._layout.extra:
            yield from self.rows_by_field(self.header, comma=comma)
            return
        for line, cells in self._chosen():
            yield line, self._spelling.plainly(cells, comma=comma)

    def _chosen(self) -> Iterator[tuple[int, list[str]]]:
        wanted = iter(self._wanted)
        number = next(wanted, None)
        for block in self._table.blocks():
            for line, cells in zip(block.numbers, block.rows, strict=True):
                while number is not None and number < line:
                    number = next(wanted, None)
                if number == line:
                    yield line, cells

    def rows_by_field(self, fields: Sequence[str], *, comma: bool) -> Iterator[tuple[int, list[str]]]:
        """The same, one cell for each of these fields."""
        places = [self._layout.index.get(field) for field in fields]
        extra = self._layout.extra
        width = len(self._layout.titles) - extra
        for line, row in self._chosen():
            cells = row
            if extra and len(row) != width + extra:  # what was made stands behind the cells of the file
                cells = [*[*row[:-extra], *[""] * width][:width], *row[-extra:]]
            cells = self._spelling.plainly(cells, comma=comma)
            yield line, ["" if place is None or place >= len(cells) else cells[place] for place in places]


def copy_rows(source: Source, options: ReadOptions, wanted: Iterable[int]) -> Copy:
    """Prepare to copy the rows that begin on these lines (rising). The file was read before without a refusal."""
    table = open_table(source, options)
    if isinstance(table, Problem):
        raise TypeError(table)
    arranged, layout, _problems = arrange(table, options)
    header = [field for field in FIELDS if field in layout.index] if layout.extra else table.header
    return Copy(header, arranged, layout, _Spelling(arranged, layout, options), wanted)
