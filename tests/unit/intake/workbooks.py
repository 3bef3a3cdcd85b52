"""Workbooks for tests, written by XlsxWriter; and what else a .xlsx may be, made by hand."""

import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

COLUMNS = ("account", "kind", "document", "date", "amount")


def written(path: Path, fill: Callable[[Any], None]) -> Path:
    """A workbook that `fill` has filled."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False, "strings_to_urls": False}) as book:
        fill(book)
    return path


def put(book: Any, sheet: Any, rows: Sequence[Sequence[Any]], first: int = 0) -> None:
    """Write rows from a row on; a date becomes a date cell, None nothing."""
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    clock = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    for number, row in enumerate(rows, first):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(number, column, value, clock)
            elif isinstance(value, date | time):
                sheet.write_datetime(number, column, value, day)
            elif value is not None:
                sheet.write(number, column, value)


def table(path: Path, *rows: Sequence[Any], columns: Sequence[Any] = COLUMNS) -> Path:
    """One sheet with a header and these rows."""
    return written(path, lambda book: put(book, book.add_worksheet(), [columns, *rows]))


def edited(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The same workbook with one part changed."""
    held = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == part else data)
    path.write_bytes(held.getvalue())
    return path
