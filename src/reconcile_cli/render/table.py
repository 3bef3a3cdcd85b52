"""Tables for people, drawn by Rich: columns that align, figures that are never cut, pages of any number of rows."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, Generic

from rich.box import HORIZONTALS, Box
from rich.cells import cell_len, set_cell_size
from rich.console import Console, ConsoleOptions
from rich.measure import Measurement
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from reconcile_cli.domain.status import Status
from reconcile_cli.render import symbols
from reconcile_cli.render.amounts import NONE
from reconcile_cli.render.columns import Listing, Record, Shape, TotalRow, written
from reconcile_cli.render.layout import INDENT, WIDE, Layout, plan
from reconcile_cli.render.look import Part, Target
from reconcile_cli.render.screen import Line, flowed
from reconcile_cli.text import _

PAGE: Final = 500

Cells = list[Part]
_NOTHING: Final = ("", NONE)
_ASCII_HORIZONTALS: Final = Box(" -- \n    \n -- \n    \n -- \n -- \n    \n -- \n", ascii=True)


def write_table(
    target: Target,
    listing: Listing[Record],
    records: Iterable[Record],
    totals: Callable[[], Iterable[TotalRow]] = tuple,
) -> int:
    """Write records as a table and return how many there were; without any, nothing is written.

    `totals` is asked after the last record. Rows are kept a page at a time; columns may grow wider from page to
    page, and the heading is written again only where other columns stand in the row. On a terminal the symbols
    shown are explained at the end.
    """
    drawing = _Drawing(target, listing)
    pages = iter(records)
    page = list(islice(pages, PAGE))
    count = len(page)
    while page:
        following = list(islice(pages, PAGE))
        drawing.page(page, () if following else list(totals()))
        page = following
        count += len(page)
    if target.look.terminal:
        target.flow(symbols.legend(drawing.statuses, target.look))
    return count


def write_facts(target: Target, facts: Iterable[tuple[str, str]]) -> None:
    """Write titles and values in two columns; what has no value is left out."""
    if target.format.is_document:
        for title, value in facts:
            if value:
                target.flow([(title, "bold"), (value, "")])
        return
    look = target.look
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for title, value in facts:
        if value:
            table.add_row(Text(look.text(title)), Text(look.text(value)))
    target.screen.draw(table)


class _Drawing(Generic[Record]):
    """Draws the pages of one table."""

    def __init__(self, target: Target, listing: Listing[Record]) -> None:
        self._screen = target.screen
        self._look = target.look
        self._columns = listing.shown()
        self._titles = [self._look.text(column.heading()) for column in self._columns]
        self._currency = listing.currency
        self._strong = listing.strong or _never
        self._widths = [0] * len(self._columns)
        self._layout = Layout((), (), (), WIDE)
        self.statuses: set[Status] = set()

    def page(self, records: Sequence[Record], totals: Sequence[TotalRow]) -> None:
        """Draw the rows, and the totals under a line."""
        rows = [self._cells(record) for record in records]
        sums = [self._sums(total) for total in totals]
        before = self._layout.row
        self._layout = self._arranged([*rows, *sums])
        anew = self._layout.row != before
        for row in sums:
            self._name(row)
        lines = self._screen.lines(self._table(rows, sums, heading=anew), self._layout.width)
        if self._layout.below:
            lines = list(self._with_second_lines(lines, rows, sums))
        self._screen.write([[], *lines] if anew and before else lines)

    def _cells(self, record: Record) -> Cells:
        currency = self._currency(record)
        cells = []
        plain = "bold" if self._strong(record) else ""
        for column in self._columns:
            text = column.cell(record, currency, self._look)
            own = column.style(record) if column.style is not None else ""
            style = "dim" if text == NONE else own or ("cyan" if column.shape is Shape.SHARE else plain)
            if column.shape is Shape.STATUS:
                status = column.value(record)
                if isinstance(status, Status):
                    self.statuses.add(status)
                    style = symbols.colour(status)
            cells.append((text, style))
        return cells

    def _sums(self, total: TotalRow) -> Cells:
        return [
            (
                total.currency
                if column.key == "currency"
                else self._look.text(
                    written(
                        Shape.BALANCE if column.shape.is_money else column.shape,
                        total.figures.get(column.title),
                        total.currency,
                    )
                ),
                "bold",
            )
            for column in self._columns
        ]

    def _name(self, row: Cells) -> None:
        """Say what the row is, in the first column that stands in the row."""
        first = self._layout.row[0]
        if not row[first][0]:
            row[first] = self._look.text(_("Total")), "bold"

    def _arranged(self, rows: Sequence[Cells]) -> Layout:
        """Widen the columns for these rows. Titles over figures break between words; others stand on one line."""
        for index, column in enumerate(self._columns):
            texts = [row[index][0] for row in rows]
            if not (column.hide_empty and all(text in _NOTHING for text in texts)):
                widest = max(map(cell_len, texts))
                word, title = Measurement.get(self._screen, self._screen.options, Text(self._titles[index]))
                self._widths[index] = max(self._widths[index], widest, word if column.shape.right else title)
        return plan(self._columns, self._widths, self._look.width)

    def _table(self, rows: Sequence[Cells], sums: Sequence[Cells], *, heading: bool) -> Table:
        layout = self._layout
        table = Table(
            box=_ASCII_HORIZONTALS if self._look.ascii else HORIZONTALS,
            show_header=heading,
            show_footer=bool(sums),
            show_edge=False,
            pad_edge=False,
            padding=(0, layout.gap - 1, 0, 0),
            border_style="dim",
        )
        for index, width in zip(layout.row, layout.widths, strict=True):
            column = self._columns[index]
            table.add_column(
                Text(self._titles[index], "bold", no_wrap=False),
                _Stacked(sums, index, right=column.shape.right),
                width=width,
                no_wrap=True,
                justify="right" if column.shape.right else "left",
            )
        table.add_row(*[_Stacked(rows, index, right=self._columns[index].shape.right) for index in layout.row])
        return table

    def _with_second_lines(self, lines: Sequence[Line], rows: Sequence[Cells], sums: Sequence[Cells]) -> Iterable[Line]:
        """Put under each row what had to leave it; the lines before the rows and between them and the sums stay."""
        figures = [*rows, *([None] if sums else []), *sums]
        first = len(lines) - len(figures)
        yield from lines[:first]
        for line, row in zip(lines[first:], figures, strict=True):
            yield line
            if row and (parts := list(self._below(row))):
                text = flowed(parts, self._look.width - INDENT, WIDE)
                yield from self._screen.lines(Padding.indent(text, INDENT))

    def _below(self, row: Cells) -> Iterable[Part]:
        """What had to leave the row: figures and dates with their titles."""
        for index in self._layout.below:
            text, style = row[index]
            if text not in _NOTHING:
                column = self._columns[index]
                titled = column.titled or column.shape.right or column.shape is Shape.DATE
                yield f"{self._titles[index]} {text}" if titled else text, style


def _never(_record: object) -> bool:
    return False


class _Stacked:
    """One column of many rows, each on its own line.

    To Rich it is one cell: rows of cells take it ten times as long, a text of many lines three times.
    """

    def __init__(self, rows: Sequence[Cells], index: int, *, right: bool) -> None:
        self._parts = [row[index] for row in rows]
        self._right = right

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        for part, style in self._parts:
            text, room = part, options.max_width - cell_len(part)
            if room < 0:
                text = set_cell_size(part, options.max_width - 1) + "\N{HORIZONTAL ELLIPSIS}"
            blank = " " * room
            if not style:
                yield Segment(f"{blank}{text}\n" if self._right else f"{text}{blank}\n")
            elif self._right:
                yield Segment(blank)
                yield Segment(f"{text}\n", console.get_style(style))
            else:
                yield Segment(text, console.get_style(style))
                yield Segment(f"{blank}\n")
