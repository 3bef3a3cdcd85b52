"""A sheet of a workbook (.xlsx) as a table (design, section 4). The library comes with the extra `[xlsx]`."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from reconcile_cli.errors import Problem
from reconcile_cli.intake.columns import MAX_COLUMNS, known_words
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.problems import MissingExtra, shown
from reconcile_cli.intake.source import Source
from reconcile_cli.intake.table import HEADER_WITHIN, header_score
from reconcile_cli.intake.text_records import Block
from reconcile_cli.intake.typed_cells import Number, Odd, number_text
from reconcile_cli.intake.workbook_look import NotRead, odd_cells, shared_texts
from reconcile_cli.text import _, figures

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_ROWS: Final = 2_000
_LISTED: Final = 20
_PANIC: Final = "PanicException"
"""What the library raises, beside Exception, where a file meets a defect of its own."""
_BLANK: Final = ("", "\0")

OddCells = Mapping[int, Mapping[int, Odd]]
"""By row and column, counted from 0."""


def open_workbook(source: Source, options: ReadOptions) -> "WorkbookTable | Problem":
    """The sheet that is asked for, or the first that is visible. Raises MissingExtra, UnreadableFile."""
    try:
        return WorkbookTable(source, options)
    except NotRead as refusal:
        return Problem(source.name, 0, refusal.column, refusal.value, refusal.expected)


class WorkbookTable:
    """One sheet of a workbook. It is in memory while its rows are read, and opened anew for the next time."""

    dirty = True

    def __init__(self, source: Source, options: ReadOptions) -> None:
        self._source = source
        self.name = source.name
        sheet, self._odd, self.notes = _open(source, options.sheet)
        self._sheet: CalamineSheet | None = sheet
        self._title = sheet.name
        self.header_line, header = self._find_header(sheet, options)
        self.header = [" ".join(cell.split()) for cell in header]
        if len(self.header) > MAX_COLUMNS:
            expected = _("at most {count} columns").format(count=figures.count(MAX_COLUMNS))
            raise NotRead(expected, _("columns"), str(len(self.header)))

    def blocks(self) -> Iterator[Block]:
        """The rows below the header, those without any cell left out; numbers are those of the sheet."""
        sheet = self._sheet or _open(self._source, self._title)[0]
        self._sheet = None
        size = self._source.size() or 0
        numbered = enumerate(islice(sheet.iter_rows(), self.header_line, None), self.header_line + 1)
        while few := list(islice(numbered, _ROWS)):
            texts = [(number, self._texts(number - 1, row)) for number, row in few]
            filled = [(number, row) for number, row in texts if any(cell not in _BLANK for cell in row)]
            read = size * few[-1][0] // (_last_row(sheet) + 1)
            yield Block([row for _n, row in filled], [number for number, _r in filled], [], dirty=True, bytes_read=read)

    def _texts(self, index: int, row: Sequence[Any]) -> list[str]:
        """The cells of a row as far as the header goes."""
        texts = [_TEXT[type(value)](value) for value in row[: len(self.header)]]
        for column, odd in self._odd.get(index, {}).items():
            if column < len(texts):
                texts[column] = odd
        return texts

    @staticmethod
    def _find_header(sheet: "CalamineSheet", options: ReadOptions) -> tuple[int, list[str]]:
        """The row that names most fields among the first, the earliest of equals."""
        words = known_words(options.headers)
        before = options.recipe.skip_lines
        best, line, header = 0, 0, list[str]()
        rows = islice(sheet.iter_rows() if sheet.end else (), before, before + HEADER_WITHIN)
        for number, row in enumerate(rows, before + 1):
            cells = [str(_TEXT[type(value)](value)) for value in row]
            score = header_score(cells, words)
            if score > best:
                best, line, header = score, number, cells
        while header and not header[-1].strip():
            header.pop()
        if not line:
            expected = _(
                "a header row that names the columns: account, kind, document, date, amount "
                "(compte, type, pièce, date, montant); --sheet names another sheet, --map another header"
            )
            raise NotRead(expected, _("sheet"), shown(sheet.name))
        return line, header


def _open(source: Source, wanted: str | None) -> tuple["CalamineSheet", OddCells, tuple[str, ...]]:
    """A sheet, its odd cells, and what is to be said about it. Raises NotRead, MissingExtra."""
    try:
        import python_calamine  # noqa: PLC0415 - an extra, and read where a workbook is
    except ImportError:
        raise MissingExtra(source.name, "xlsx", "python-calamine") from None
    with io.BufferedReader(source.open()) as file:
        shared = shared_texts(file)
        try:
            file.seek(0)
            workbook = python_calamine.CalamineWorkbook.from_filelike(file)
            name, notes = _choose(source, workbook, wanted)
            odd = odd_cells(file, name, shared)
            sheet = workbook.get_sheet_by_name(name)
        except BaseException as error:
            if isinstance(error, python_calamine.CalamineError) or type(error).__name__ == _PANIC:
                raise NotRead(_("a workbook that is whole; this one is damaged or protected by a password")) from None
            raise
    return sheet, _told(sheet, odd), notes


def _choose(source: Source, workbook: "CalamineWorkbook", wanted: str | None) -> tuple[str, tuple[str, ...]]:
    """The name of the sheet to read, and a note where others could have been meant."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 - an extra

    sheets = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    names = [sheet.name for sheet in sheets]
    listed = ", ".join(map(shown, names[:_LISTED])) + (", …" if len(names) > _LISTED else "")
    if wanted is not None:
        if wanted not in names:
            expected = _("the name of a sheet of this workbook; its sheets are {sheets}").format(sheets=listed)
            raise NotRead(expected, "--sheet", shown(wanted))
        return wanted, ()
    visible = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
    if not visible:
        raise NotRead(
            _("a sheet that is not hidden, or --sheet to name one; the sheets are {sheets}").format(sheets=listed)
        )
    if len(visible) == 1:
        return visible[0], ()
    note = _("{file}: the sheet {sheet} is read, the first of {sheets}; --sheet names another.").format(
        file=source.name, sheet=shown(visible[0]), sheets=listed
    )
    return visible[0], (note,)


def _told(sheet: "CalamineSheet", errors: Mapping[tuple[int, int], str]) -> OddCells:
    """Errors, formulas without a result and what merged cells cover, each with what to do."""
    odd: dict[int, dict[int, Odd]] = {}
    for (first, left), (last, right) in sheet.merged_cell_ranges or ():
        covered = Odd(
            "",
            _("a cell of its own: it is merged with {cell}; unmerge it, and fill every cell").format(
                cell=_reference(first, left)
            ),
        )
        for row in range(first, min(last, _last_row(sheet)) + 1):
            odd.setdefault(row, {}).update(
                {column: covered for column in range(left, right + 1) if (row, column) != (first, left)}
            )
    for (row, column), value in errors.items():
        odd.setdefault(row, {})[column] = (
            Odd(value, _("a formula with its result; open the file in a spreadsheet program and save it"))
            if value == "="
            else Odd(value, _("a value; this is the error of a formula"))
        )
    return odd


def _last_row(sheet: "CalamineSheet") -> int:
    """Counted from 0."""
    return sheet.end[0] if sheet.end else 0


def _reference(row: int, column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


@lru_cache(maxsize=50_000)
def _number(value: float) -> str:
    text = number_text(value)
    if text is None:
        return Odd(
            repr(value), _("a number of at most 15 digits, as spreadsheets keep them; write a longer one as text")
        )
    return Number(text)


def _moment(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time() else value.isoformat(" ")


_TEXT: Final[Mapping[type, Callable[[Any], str]]] = {
    str: str,
    int: _number,
    float: _number,
    bool: lambda value: "TRUE" if value else "FALSE",
    date: date.isoformat,
    datetime: _moment,
    time: time.isoformat,
    timedelta: str,
}
