"""Tables for people, on Rich's console: columns that align, figures that are never cut, pages of any number of rows."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import islice, zip_longest
from typing import Final, Generic

from rich.cells import set_cell_size
from rich.measure import Measurement
from rich.padding import Padding
from rich.segment import Segment
from rich.text import Text

from reconcile_cli.domain.status import Status
from reconcile_cli.render import symbols
from reconcile_cli.render.amounts import NONE
from reconcile_cli.render.columns import Listing, Record, Shape, TotalRow, written
from reconcile_cli.render.layout import INDENT, WIDE, Layout, plan
from reconcile_cli.render.look import Part, Target
from reconcile_cli.render.screen import ELLIPSIS, Line, cells, flowed
from reconcile_cli.text import _

PAGE: Final = 500

Cells = list[Part]
_NOTHING: Final = ("", NONE)
_BLANK: Final = Text()


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
    from rich.table import Table  # noqa: PLC0415 - lists need none, and it takes 5 ms

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
        self._style = cache(self._screen.get_style)
        self.statuses: set[Status] = set()

    def page(self, records: Sequence[Record], totals: Sequence[TotalRow]) -> None:
        """Draw the rows, and the totals under a line."""
        rows = [self._cells(record) for record in records]
        sums = [self._sums(total) for total in totals]
        before = self._layout.row
        self._layout = self._arranged([*rows, *sums])
        lines: list[Line] = []
        if self._layout.row != before:
            lines += [*([[]] if before else []), *self._heading(), self._rule()]
        lines += self._lines(rows)
        for row in sums:
            self._name(row)
        self._screen.write([*lines, self._rule(), *self._lines(sums)] if sums else lines)

    def _cells(self, record: Record) -> Cells:
        currency = self._currency(record)
        found = []
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
            found.append((text, style))
        return found

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
                widest = max(map(cells, texts))
                word, title = Measurement.get(self._screen, self._screen.options, Text(self._titles[index]))
                self._widths[index] = max(self._widths[index], widest, word if column.shape.right else title)
        return plan(self._columns, self._widths, self._look.width)

    def _heading(self) -> Iterable[Line]:
        """The titles, each broken into as many lines as its column asks for; they end in the same line."""
        titles = [
            reversed(Text(self._titles[index]).wrap(self._screen, width, overflow="ellipsis"))
            for index, width in zip(self._layout.row, self._layout.widths, strict=True)
        ]
        lines = reversed(list(zip_longest(*titles, fillvalue=_BLANK)))
        return (self._line((title.plain.rstrip(), "bold") for title in line) for line in lines)

    def _rule(self) -> Line:
        stroke = "-" if self._look.ascii else "\N{BOX DRAWINGS LIGHT HORIZONTAL}"
        return [Segment(stroke * self._layout.width, self._style("dim"))]

    def _lines(self, rows: Iterable[Cells]) -> Iterable[Line]:
        """The rows, each with what had to leave it under it."""
        for row in rows:
            yield self._line(row[index] for index in self._layout.row)
            if parts := list(self._below(row)):
                text = flowed(parts, self._look.width - INDENT, WIDE)
                yield from self._screen.lines(Padding.indent(text, INDENT))

    def _line(self, parts: Iterable[Part]) -> Line:
        """One line of texts under their titles, each as wide as its column."""
        line: Line = []
        plain = ""
        for (part, style), index, width in zip(parts, self._layout.row, self._layout.widths, strict=True):
            text, room = part, width - cells(part)
            if room < 0:
                text, room = set_cell_size(part, width - 1) + ELLIPSIS, 0
            right = room if self._columns[index].shape.right else 0
            plain += " " * right
            if style:
                line += Segment(plain), Segment(text, self._style(style))
                plain = ""
            else:
                plain += text
            plain += " " * (room - right + self._layout.gap)
        return [*line, Segment(plain)]

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
