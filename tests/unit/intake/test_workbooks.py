"""Sheets of a workbook: values from cells, what is no value, which sheet, and what is never opened (section 4)."""

import random
import sys
import zipfile
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconcile_cli.domain.money import MAX_MINOR
from reconcile_cli.intake.problems import MissingExtra
from reconcile_cli.intake.recipes import KindRule, Recipe
from reconcile_cli.intake.typed_cells import Number, number_text
from reconcile_cli.intake.workbook_look import MAX_NEEDED
from tests.unit.intake.reading import Told, read_bytes, read_files
from tests.unit.intake.workbooks import COLUMNS, edited, put, table, written

SHEET = "xl/worksheets/sheet1.xml"
JANUARY = date(2026, 1, 5)


def _read(tmp_path: Path, *rows: Any, columns: Any = COLUMNS, **options: Any) -> Told:
    return read_files([table(tmp_path / "book.xlsx", *rows, columns=columns)], **options)


def test_dates_and_numbers_come_from_cells(tmp_path: Path) -> None:
    """05/01 of a date cell and 1,234 of a number cell need no proof (C1): they are what they are."""
    told = _read(tmp_path, ["A-1", "invoice", 1001, JANUARY, 1234.5], ["A-1", "payment", "P-1", "2026-02-03", 12])
    assert told.problems == []
    assert [header[3:8] for header in told.headers] == [
        (0, "1001", "A-1", "CAD", 20260105),
        (1, "P-1", "A-1", "CAD", 20260203),
    ]
    assert told.signed == [123450, -1200]


@pytest.mark.parametrize("decimal", [None, ".", ","])
def test_a_number_cell_has_no_part_in_the_marks_of_texts(tmp_path: Path, decimal: str | None) -> None:
    """1.234 dinars as a number beside `2,500` as a text with a decimal comma."""
    told = _read(
        tmp_path,
        ["A", "invoice", "1", JANUARY, 1.234],
        ["A", "invoice", "2", JANUARY, "2,50" if decimal == "," else "2.50"],
        ["A", "invoice", "3", JANUARY, 1.234],
        currency="KWD",
        decimal=decimal,
    )
    assert told.problems == []
    assert told.signed == [1234, 2500, 1234]


def test_a_number_equals_no_text() -> None:
    assert {Number("1.234"): 1, "1.234": 2}[Number("1.234")] == 1
    assert Number("5") != "5"
    assert Number("5") == Number("5")


@given(st.integers(-MAX_MINOR, MAX_MINOR), st.integers(0, 3))
@example(MAX_MINOR, 3)
@example(MAX_MINOR - 1, 2)
@example(-1, 3)
def test_no_float_changes_a_cent(amount_minor: int, decimals: int) -> None:
    """Every amount of 0 to 3 decimals has at most 15 significant digits, which a double gives back."""
    digits = f"{abs(amount_minor):0{decimals + 1}}"
    whole, fraction = digits[: len(digits) - decimals], digits[len(digits) - decimals :]
    typed = ("-" if amount_minor < 0 else "") + whole + ("." + fraction if decimals else "")
    text = number_text(float(typed))
    assert text is not None
    read, _point, rest = text.removeprefix("-").partition(".")
    assert len(rest) <= decimals
    assert int(read + rest.ljust(decimals, "0")) == abs(amount_minor)
    assert text.startswith("-") == (amount_minor < 0)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3 * 1.1, "3.3"),
        (0.1 + 0.2, "0.3"),
        (-0.0, "0"),
        (1e15, "1000000000000000"),
        (1e-7, "0.0000001"),
        (1.5e14, "150000000000000"),
        (1234567890123456.0, None),
        (1234567890123.4567, None),
        (1e300, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_numbers_as_15_digits_tell_them(value: float, text: str | None) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("row", "where"),
    [
        (["A", "invoice", "1", time(14, 30), 5], ("date", "14:30:00")),
        (["A", "invoice", "1", 46027, 5], ("date", "46027")),
        (["A", "invoice", "1", JANUARY, True], ("amount", "TRUE")),
        (["A", "invoice", "1", JANUARY, JANUARY], ("amount", "2026-01-05")),
        (["A", "invoice", "1", JANUARY, 1.234], ("amount", "1.234")),
        (["A", "invoice", 1234567890123456, JANUARY, 5], ("document", "1234567890123456.0")),
        (["A", "invoice", "1", JANUARY, "=NA()"], ("amount", "#N/A")),
        (["=NA()", "invoice", "1", JANUARY, 5], ("account", "#N/A")),
    ],
)
def test_what_is_no_plain_value_is_a_bad_row(tmp_path: Path, row: list[Any], where: tuple[str, str]) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        put(book, sheet, [COLUMNS, ["A", "invoice", "0", JANUARY, 1], row])
        for column, value in enumerate(row):
            if value == "=NA()":
                sheet.write_formula(2, column, value, None, "#N/A")

    told = read_files([written(tmp_path / "book.xlsx", fill)])
    assert told.where == [(3, *where)]
    assert told.signed == [100]
    assert [row for _file, row, _kind, _document in told.bad] == [3]


def test_errors_in_a_column_that_is_not_read_do_no_harm(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        put(book, sheet, [[*COLUMNS, "margin"], ["A", "invoice", "0", JANUARY, 1]])
        sheet.write_formula(1, 5, "=1/0", None, "#DIV/0!")

    told = read_files([written(tmp_path / "book.xlsx", fill)])
    assert (told.problems, told.signed) == ([], [100])


def test_results_of_formulas_are_read_and_formulas_without_one_refused(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        put(book, sheet, [COLUMNS, ["A", "invoice", "0", JANUARY], ["A", "invoice", "1", JANUARY]])
        sheet.write_formula(1, 4, "=3*1.1", None, 3 * 1.1)
        sheet.write_formula(2, 4, "=3*1.1", None, 77)

    path = edited(written(tmp_path / "book.xlsx", fill), SHEET, lambda xml: xml.replace(b"<v>77</v>", b""))
    told = read_files([path])
    assert told.signed == [330]
    assert told.where == [(3, "amount", "=")]
    assert "open the file" in told.problems[0].expected


def test_merged_cells_are_refused_where_they_cover_a_value(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 1, 4, "Sales of January")
        put(book, sheet, [COLUMNS, ["A", "invoice", "1", JANUARY, 5], [None, "invoice", "2", JANUARY, 5]], 3)
        sheet.merge_range(4, 0, 5, 0, "A")

    told = read_files([written(tmp_path / "book.xlsx", fill)])
    assert told.where == [(6, "account", "")]
    assert "A5" in told.problems[0].expected
    assert told.signed == [500]


def test_titles_empty_rows_and_empty_columns_around_the_table(tmp_path: Path) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write(1, 0, "Printed")
        sheet.write(1, 1, 2026)
        put(book, sheet, [[None, None, *COLUMNS], [None, None, "A", "invoice", "1", JANUARY, 5]], 4)
        put(book, sheet, [[None, None, "A", "invoice", "2", JANUARY, "x"]], 8)
        sheet.write(9, 12, "a remark beside the table")
        sheet.write_blank(40, 3, None, book.add_format({"bold": True}))

    told = read_files([written(tmp_path / "book.xlsx", fill)])
    assert told.signed == [500]
    assert told.where == [(9, "amount", "x")]


def test_a_header_that_only_the_options_know_is_found(tmp_path: Path) -> None:
    headers = ["Wer", "Was", "Nummer", "Wann", "Wieviel"]
    book = table(tmp_path / "book.xlsx", ["A", "invoice", "1", JANUARY, 5], columns=headers)
    told = read_files([book], columns=dict(zip(COLUMNS, headers, strict=True)))
    assert (told.problems, told.signed) == ([], [500])


def test_rows_that_a_profile_skips_are_no_header(tmp_path: Path) -> None:
    rows = (["account", "kind", "document", "date", "amount"], ["A", "invoice", "1", JANUARY, 5])
    told = _read(tmp_path, *rows, recipe=Recipe(skip_lines=1))
    assert (told.problems, told.signed) == ([], [500])


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe(kinds=(KindRule({}, "payment", "invoice", by_sign=True),)),
        Recipe(columns={"amount": ("amount", "other")}),
    ],
)
def test_a_number_that_a_profile_works_on_stays_a_number(tmp_path: Path, recipe: Recipe) -> None:
    """-1.234 dinars is not 1,234 of them, also where the texts of the file have a decimal comma (C1)."""
    columns = [*COLUMNS, "other"]
    rows = (["A", "payment", "1", JANUARY, -1.234, ""], ["A", "payment", "2", JANUARY, "-2,500", ""])
    told = _read(tmp_path, *rows, columns=columns, currency="KWD", decimal=",", signed=False, recipe=recipe)
    assert told.problems == []
    assert list(map(abs, told.signed)) == [1234, 2500]


def _several(path: Path) -> Path:
    def fill(book: Any) -> None:
        for name in ("Old", "Invoices", "Payments"):
            sheet = book.add_worksheet(name)
            put(book, sheet, [COLUMNS, ["A", "invoice", name, JANUARY, 5]])
            if name == "Old":
                sheet.hide()
            if name == "Invoices":
                sheet.activate()
        book.add_chartsheet("Chart")

    return written(path, fill)


def test_the_first_visible_sheet_or_the_one_named(tmp_path: Path) -> None:
    path = _several(tmp_path / "book.xlsx")
    told = read_files([path])
    assert [header[4] for header in told.headers] == ["Invoices"]
    assert "the first of Old, Invoices, Payments" in told.notes[0]
    for name in ("Payments", "Old"):
        told = read_files([path], sheet=name)
        assert ([header[4] for header in told.headers], told.notes) == ([name], [])
    for name in ("Chart", "payments", ""):
        told = read_files([path], sheet=name)
        assert told.where == [(0, "--sheet", name)]
        assert "Old, Invoices, Payments" in told.problems[0].expected


def test_a_sheet_of_a_text_file_is_refused(tmp_path: Path) -> None:
    told = read_bytes(tmp_path, b"account,kind,document,date,amount\n", sheet="Data")
    assert told.where == [(0, "--sheet", "Data")]


def test_a_sheet_without_header_is_refused_with_its_name(tmp_path: Path) -> None:
    told = read_files([written(tmp_path / "book.xlsx", lambda book: book.add_worksheet("Empty"))])
    assert told.where == [(0, "sheet", "Empty")]


def test_a_workbook_is_read_from_a_pipe_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = table(tmp_path / "book.xlsx", ["A", "invoice", "1", JANUARY, 5])
    with path.open("rb") as stream:
        monkeypatch.setattr("sys.stdin", type("Stdin", (), {"buffer": stream}))
        assert read_files([Path("-")]).signed == [500]


def test_without_the_extra_the_refusal_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtra) as refusal:
        _read(tmp_path, ["A", "invoice", "1", JANUARY, 5])
    assert "pip install 'reconcile-cli[xlsx]'" in refusal.value.sentence()


def _bomb(path: Path, part: str, data: bytes) -> Path:
    return edited(path, part, lambda xml: xml.replace(b"</sheetData>", data + b"</sheetData>"))


def test_a_cell_at_the_far_end_is_refused_before_memory_is_asked_for(tmp_path: Path) -> None:
    path = table(tmp_path / "book.xlsx", ["A", "invoice", "1", JANUARY, 5])
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    told = read_files([_bomb(path, SHEET, far)])
    assert "192 MiB" in told.problems[0].expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b'<row><c t="str"><v>', b"</v></c></row>"),
        (b'<row><c r="', b'"/></row>'),
        (b"<!--", b"-->"),
        (b"<row>" + b'<c t="str"><v>1234567</v></c>' * 1_000_000 + b"</row>", b""),
    ],
)
def test_a_sheet_that_inflates_without_end_is_refused(tmp_path: Path, before: bytes, after: bytes) -> None:
    """The real bytes count, whatever the archive declares, and memory stays small."""
    path = table(tmp_path / "book.xlsx", ["A", "invoice", "1", JANUARY, 5])
    told = read_files([_bomb(path, SHEET, before + b"x" * (MAX_NEEDED + 10 if after else 0) + after)])
    assert "192 MiB" in told.problems[0].expected
    assert path.stat().st_size < 10 << 20


def test_one_long_text_in_many_cells_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "book.xlsx", ["A" * 30_000, "invoice", "1", JANUARY, 5])
    told = read_files([_bomb(path, SHEET, b"<row>" + b'<c t="s"><v>5</v></c>' * 8000 + b"</row>")])
    assert "192 MiB" in told.problems[0].expected


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    path = table(tmp_path / "book.xlsx", ["A", "invoice", "1", JANUARY, 5])
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet'
    told = read_files([edited(path, SHEET, lambda xml: xml.replace(b"<worksheet", bomb, 1))])
    assert "document type" in told.problems[0].expected


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", SHEET, "xl/sharedStrings.xml"])
def test_a_part_that_is_missing_or_cut_is_refused(tmp_path: Path, part: str) -> None:
    path = table(tmp_path / "book.xlsx", ["A", "invoice", "1", JANUARY, 5])
    told = read_files([edited(path, part, lambda xml: xml[: len(xml) // 2])])
    assert [problem.expected.partition(";")[0] for problem in told.problems] == ["a workbook that is whole"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    assert read_files([path]).problems


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_workbook_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    """Bytes flipped and cut: a refusal, or the same documents as before; never an exception."""
    rows = [["A", "invoice", f"I-{number}", JANUARY, number + 0.25] for number in range(20)]
    path = table(tmp_path / "book.xlsx", *rows)
    whole = read_files([path]).lines
    chance = random.Random(seed)  # noqa: S311 - damage, not secrets
    data = bytearray(path.read_bytes())
    for _flip in range(chance.randint(1, 5)):
        data[chance.randrange(4, len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data[: chance.choice([len(data), len(data), chance.randrange(4, len(data))])])
    told = read_files([path])
    assert told.problems or told.lines == whole
