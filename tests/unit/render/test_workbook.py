"""Workbooks: numbers that are the amounts, dates that are dates, texts that are texts."""

import dataclasses
import io
import re
import zipfile
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from reconcile_cli.domain.money import plain
from reconcile_cli.render import workbook
from reconcile_cli.render.columns import Column, Listing, Shape, TotalRow
from reconcile_cli.render.look import About, Format, Target

Row = tuple[str, str, int | None, int]
ROWS: Final = Listing[Row](
    columns=(
        Column("Name", lambda row: row[0], key="name", floor=10),
        Column("", lambda row: row[1], key="currency"),
        Column("Amount", lambda row: row[2], Shape.AMOUNT, "amount"),
        Column("Date", lambda row: row[3], Shape.DATE, "date"),
        Column("Note", lambda _row: "", hide_empty=True),
    ),
    currency=lambda row: row[1],
    keys="name currency amount date",
    title="Names: all [of] them?",
)


def _made(rows: Iterable[Row], totals: Iterable[TotalRow] = ()) -> bytes:
    held = io.BytesIO()
    stream = io.TextIOWrapper(held, encoding="utf-8")
    book = workbook.Workbook(Target(stream, Format.XLSX, about=About("club.db", "2026-11-20", "reconcile accounts")))
    book.add(ROWS, rows, lambda: totals)
    book.close()
    return held.getvalue()


def _cells(data: bytes, sheet: int = 0) -> list[list[Any]]:
    rows: list[list[Any]] = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(sheet).to_python()
    return rows


def _part(data: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def test_a_header_rows_and_totals() -> None:
    data = _made([("Léa", "CAD", 123_450, 20260131), ("Bo", "JPY", 7, 20260201)], [TotalRow("CAD", {"Amount": 1})])
    assert _cells(data) == [
        ["Name", "Currency", "Amount", "Date", "Note"],
        ["Léa", "CAD", 1234.5, date(2026, 1, 31), ""],
        ["Bo", "JPY", 7.0, date(2026, 2, 1), ""],
        ["Total", "CAD", 0.01, "", ""],
    ]
    sheet = _part(data, "xl/worksheets/sheet1.xml")
    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in sheet
    assert '<autoFilter ref="A1:E3"/>' in sheet
    assert re.search(r'<col min="5" max="5" width="[\d.]+" hidden="1"', sheet)
    assert 'name="Names all of them"' in _part(data, "xl/workbook.xml")
    assert "<dc:title>Names: all [of] them?</dc:title>" in _part(data, "docProps/core.xml")
    assert "reconcile accounts" in _part(data, "docProps/core.xml")


@pytest.mark.parametrize(
    ("currency", "digits"), [("JPY", "#,##0;-#,##0"), ("CAD", "#,##0.00;-#,##0.00"), ("KWD", "#,##0.000;-#,##0.000")]
)
def test_the_format_of_numbers_is_that_of_the_currency(currency: str, digits: str) -> None:
    styles = _part(_made([("A", currency, 5, 20260101)]), "xl/styles.xml")
    assert f'formatCode="{digits};&quot;-&quot;"' in styles


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-2", "@SUM(A1)", "http://x", "mailto:a@b", "00123", "1E5", "{=1}", "TRUE"]
)
def test_a_text_is_never_anything_else(text: str) -> None:
    data = _made([(text, "CAD", None, 20260101)])
    assert _cells(data)[1][0] == text
    sheet = _part(data, "xl/worksheets/sheet1.xml")
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_control_characters_and_markup_do_not_break_the_sheet() -> None:
    text = "a\x00\x0b\x1b[31m\x9b\u202e</t><b>&\ud800_x0041_]]>"
    (cell,) = (row[0] for row in _cells(_made([(text, "CAD", 1, 20260101)]))[1:])
    assert not re.search("[\x00-\x1f\x80-\x9f\u202e]", cell)
    assert "</t><b>&" in cell
    assert "_x0041_" in cell


def test_a_text_longer_than_a_cell_ends_with_dots() -> None:
    cell = _cells(_made([("x" * 40_000, "CAD", 1, 20260101)]))[1][0]
    assert len(cell) == workbook.LONGEST
    assert cell.endswith("x…")


@settings(max_examples=60, deadline=None)
@given(st.integers(-(10**15) + 1, 10**15 - 1), st.sampled_from(["JPY", "CAD", "KWD"]))
def test_an_amount_of_15_digits_is_that_number_exactly(amount: int, currency: str) -> None:
    data = _made([("A", currency, amount, 20260101)])
    (number,) = re.findall(r'<c r="C2"[^>]*><v>([^<]*)</v>', _part(data, "xl/worksheets/sheet1.xml"))
    assert Decimal(number) == Decimal(plain(amount, currency))
    assert _cells(data)[1][2] == float(plain(amount, currency))


@pytest.mark.parametrize("amount", [10**15, -(10**15), 10**17 + 1])
def test_an_amount_of_more_digits_is_text(amount: int) -> None:
    assert _cells(_made([("A", "CAD", amount, 20260101)]))[1][2] == plain(amount, "CAD")


@pytest.mark.parametrize("day", [19000101, 19000228, 19000301, 19991231, 20240229, 29991231])
def test_every_day_of_the_books_is_that_day(day: int) -> None:
    found = _cells(_made([("A", "CAD", 1, day)]))[1][3]
    assert found.strftime("%Y%m%d") == str(day)


def test_a_list_longer_than_a_sheet_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 203)
    data = _made([(str(n), "CAD", n, 20260101) for n in range(5)], [TotalRow("CAD", {"Amount": 10})])
    assert [[row[0] for row in _cells(data, sheet)] for sheet in range(3)] == [
        ["Name", "0", "1"],
        ["Name", "2", "3"],
        ["Name", "4", "Total"],
    ]


def test_nothing_written_is_a_workbook_all_the_same() -> None:
    held = io.BytesIO()
    stream = io.TextIOWrapper(held, encoding="utf-8")
    workbook.Workbook(Target(stream, Format.XLSX)).close()
    assert _cells(held.getvalue()) == []


def test_sheets_have_names_that_spreadsheets_take() -> None:
    held = io.BytesIO()
    stream = io.TextIOWrapper(held, encoding="utf-8")
    book = workbook.Workbook(Target(stream, Format.XLSX))
    for title in ("'quoted'", "History", "a/b:c*", "x" * 30 + "'y", "x" * 30, "X" * 30, "", "[]", "same", "Same"):
        book.line([(title, "bold")])
        book.add(dataclasses.replace(ROWS, title=""), [("A", "CAD", 1, 20260101)], tuple)
    book.close()
    names = CalamineWorkbook.from_filelike(io.BytesIO(held.getvalue())).sheet_names
    assert names[:3] == ["quoted", "History (2)", "a b c"]
    assert len({name.casefold() for name in names}) == 10
    assert all(0 < len(name) <= 31 and name.strip("'") == name for name in names)
