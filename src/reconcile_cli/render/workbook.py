"""A list as a workbook (.xlsx): figures are numbers, dates are dates, and a text is never a formula."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from datetime import datetime
from decimal import Decimal
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO, Final, Generic

from reconcile_cli.domain.dates import to_date
from reconcile_cli.domain.money import exponent
from reconcile_cli.intake.problems import MissingExtra
from reconcile_cli.render.columns import Column, Listing, Record, Shape, TotalRow, Value
from reconcile_cli.render.look import Look, Part, Target
from reconcile_cli.text import N_, _

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS: Final = 1_048_576
LONGEST: Final = 32_767
EXACT_BELOW: Final = 10**15
"""Spreadsheets keep 15 digits of a number: an amount of more is written as text."""

_LOOK: Final = Look()
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_FOR_TOTALS: Final = 200
_NAME: Final = 31
_RESERVED: Final = {"history"}  # by Excel
_WIDEST: Final = 48
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": False,
}


class Workbook:
    """The workbook of a target: a sheet for each list, further ones where a list is longer than a sheet may be."""

    def __init__(self, target: Target) -> None:
        try:
            import xlsxwriter  # noqa: PLC0415 - an extra
        except ImportError:
            instead = N_("Or write CSV.")
            raise MissingExtra(_("A workbook"), "xlsx", "xlsxwriter", instead) from None
        self._target = target
        self._stack = ExitStack()
        folder = self._stack.enter_context(TemporaryDirectory(prefix="reconcile-"))  # for this user only
        self._stream = _Stream(target.stream.buffer)
        self._book = xlsxwriter.Workbook(self._stream, _OPTIONS | {"tmpdir": folder})
        self.styles = Styles(self._book)
        self._names: set[str] = set()
        self._title = ""
        self._heading = ""

    def line(self, parts: Iterable[Part]) -> None:
        """A title names the sheets that follow; other sentences have no place in a workbook."""
        told = [(text, style) for text, style in parts if text]
        if len(told) == 1 and told[0][1] == "bold":
            self._heading = told[0][0]
            self._title = self._title or self._heading

    def add(
        self,
        listing: Listing[Record],
        records: Iterable[Record],
        totals: Callable[[], Iterable[TotalRow]],
    ) -> int:
        """Write a list to a sheet of its own."""
        name = _(listing.title) if listing.title else self._heading
        sheet = _Sheet(self, listing, name)
        count = 0
        for count, record in enumerate(records, 1):  # noqa: B007 - the last one is the number of rows
            if sheet.is_full:
                sheet.end()
                sheet = _Sheet(self, listing, name)
            sheet.row(record)
        if count:
            for total in totals():
                sheet.total(total)
        sheet.end()
        return count

    def close(self) -> None:
        """Write the workbook to the target's stream."""
        from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415 - an extra

        about = self._target.about
        with self._stack:
            if not self._names:
                self.sheet("")
            self._book.set_properties(
                {"title": self._title, "comments": " · ".join(filter(None, (about.books, about.made_at, about.asked)))}
            )
            try:
                self._book.close()
            except FileCreateError as error:
                raise self._stream.error or error.args[0] from None  # of the folder of its drafts

    def drop(self) -> None:
        """Remove the rows that were written so far: they lie in files of their own until the end."""
        for sheet in self._book.worksheets():
            with suppress(OSError):
                sheet.row_data_fh.close()
        self._stack.close()

    def sheet(self, title: str) -> "Worksheet":
        """Begin a sheet, under a name that no other has."""
        self._title = self._title or title
        wanted = " ".join(_LOOK.text(title).translate(_FORBIDDEN).split())
        name, number = wanted[:_NAME].strip("' ") or _("List"), 1
        while name.casefold() in self._names | _RESERVED:
            number += 1
            name = f"{wanted[: _NAME - 7].strip()} ({number})".strip("' ")
        self._names.add(name.casefold())
        return self._book.add_worksheet(name)


class _Stream:
    """A binary stream that is only written, and takes everything once it has failed.

    An archive that is dropped tries to end itself; where it could seek, that would fail again.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write, unless it failed already."""
        self._unless_failed(self._stream.write, data)
        return len(data)

    def flush(self) -> None:
        """Flush, unless it failed already."""
        self._unless_failed(self._stream.flush)

    def _unless_failed(self, act: Callable[..., object], *data: bytes) -> None:
        if self.error is None:
            try:
                act(*data)
            except OSError as error:
                self.error = error
                raise


class Styles:
    """The formats of cells, each made once."""

    def __init__(self, book: "xlsxwriter.Workbook") -> None:
        self._book = book
        self._made: dict[tuple[Any, ...], Any] = {}

    def of(self, shape: Shape, currency: str = "", *, bold: bool = False) -> Any:  # noqa: ANN401 - it has no types
        """The format of what a column holds; in `bold` for totals."""
        key = (shape, exponent(currency) if shape.is_money and currency else 0, bold)
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"num_format": _number_format(shape, key[1]), "valign": "top"}
                | ({"bold": True, "top": 1} if bold else {})
                | ({"align": "right"} if shape.right else {})
                | ({"align": "left"} if shape is Shape.DATE else {})
            )
        return self._made[key]

    def head(self, *, right: bool) -> Any:  # noqa: ANN401 - it has no types
        """The format of a title."""
        key = ("head", right)
        if key not in self._made:
            self._made[key] = self._book.add_format(
                {"bold": True, "bottom": 1, "text_wrap": True, "valign": "bottom", "bg_color": "#EEF1F5"}
                | {"align": "right" if right else "left"}
            )
        return self._made[key]


def _number_format(shape: Shape, digits: int) -> str:
    decimals = f".{'0' * digits}" if digits else ""
    figure = f"#,##0{decimals}"
    return {
        Shape.AMOUNT: f'{figure};-{figure};"-"',
        Shape.BALANCE: f"{figure};-{figure}",
        Shape.COUNT: '#,##0;-#,##0;"-"',
        Shape.DATE: "yyyy-mm-dd",
        Shape.SHARE: "0%",
    }.get(shape, "@")


class _Sheet(Generic[Record]):
    """Writes the rows of one sheet."""

    def __init__(self, book: Workbook, listing: Listing[Record], title: str) -> None:
        self._columns = listing.shown()
        self._currency = listing.currency
        self._strong = listing.strong
        self._styles = book.styles
        self._sheet = book.sheet(title)
        self._filled = [not column.hide_empty for column in self._columns]
        self._widths = [0] * len(self._columns)
        self._next = 1
        self._count = 0
        self._sheet.freeze_panes(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        for place, column in enumerate(self._columns):
            heading = _LOOK.text(column.full_heading())
            self._widths[place] = max(map(len, heading.split() or [""]))
            self._sheet.write_string(0, place, heading, self._styles.head(right=column.shape.right))

    @property
    def is_full(self) -> bool:
        """Whether no further record has a place; some rows are left for totals."""
        return self._next >= MOST_ROWS - _FOR_TOTALS

    def row(self, record: Record) -> None:
        """Write a record."""
        currency = self._currency(record)
        strong = self._strong is not None and self._strong(record)
        for place, column in enumerate(self._columns):
            value = _cell(column, record)
            self._filled[place] = self._filled[place] or value not in _NOTHING
            self._write(place, column.shape, value, (currency, strong))
        self._next += 1
        self._count += 1

    def total(self, total: TotalRow) -> None:
        """Write a row of totals."""
        for place, column in enumerate(self._columns):
            value: Value = total.figures.get(column.title)
            if column.key == "currency":
                value = total.currency
            elif place == 0 and value is None:
                value = _("Total")
            shape = Shape.BALANCE if column.shape.is_money else column.shape
            self._write(place, shape, value, (total.currency, True))
        self._next += 1

    def end(self) -> None:
        """Set what depends on all rows: widths, columns without anything."""
        if self._count:
            self._sheet.autofilter(0, 0, self._count, len(self._columns) - 1)
        for place, width in enumerate(self._widths):
            hidden = {} if self._filled[place] else {"hidden": True}
            self._sheet.set_column(place, place, min(width, _WIDEST) + 2, None, hidden)

    def _write(self, place: int, shape: Shape, value: Value, kind: tuple[str, bool]) -> None:
        """Write a cell; `kind`: its currency, and whether it stands out."""
        currency, bold = kind
        if value is None and not bold:
            return
        style = self._styles.of(shape, currency, bold=bold)
        if isinstance(value, int) and shape is Shape.DATE:
            self._sheet.write_datetime(self._next, place, datetime.combine(to_date(value), datetime.min.time()), style)
            width = 10
        elif isinstance(value, int) and abs(value) < EXACT_BELOW and shape in _NUMBERS:
            number = _number(shape, value, currency)
            self._sheet.write_number(self._next, place, number, style)
            width = len(f"{number:,}")
        elif value is None or value == "":
            self._sheet.write_blank(self._next, place, None, style)
            width = 0
        else:
            text = _text(shape, value, currency)
            self._sheet.write_string(self._next, place, text, style)
            width = len(text)
        self._widths[place] = max(self._widths[place], width)


_NUMBERS: Final = frozenset({Shape.AMOUNT, Shape.BALANCE, Shape.COUNT, Shape.SHARE})
_NOTHING: Final = (None, "", 0)


def _number(shape: Shape, value: int, currency: str) -> Decimal | int:
    if shape is Shape.SHARE:
        return Decimal(value).scaleb(-3)
    return Decimal(value).scaleb(-exponent(currency)) if shape.is_money else value


def _cell(column: Column[Record], record: Record) -> Value:
    """The value of figures and dates; in other columns what the table says."""
    value = column.value(record)
    if column.shape in _NUMBERS or column.shape is Shape.DATE:
        return value
    return column.cell(record, "", _LOOK) if value is not None or column.words else None


def _text(shape: Shape, value: Value, currency: str) -> str:
    from reconcile_cli.render.data import plain_value  # noqa: PLC0415 - rarely

    text = str(plain_value(shape, value, currency))
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
