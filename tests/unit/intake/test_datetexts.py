"""C1, C3: what a date may look like, and what it proves."""

from pathlib import Path

import pytest

from reconcile_cli.intake.conventions import Convention
from reconcile_cli.intake.datetexts import Dates
from reconcile_cli.intake.problems import Refused
from tests.unit.intake.reading import HEADER, read_text


def _day(text: str, order: str) -> int:
    return Dates(Convention("--date-order", "file", order, dict)).needed[text]


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("2024-01-31", "dmy", 20240131),
        ("2024-1-5", "mdy", 20240105),
        ("2024/01/31", "dmy", 20240131),
        ("20240105", "dmy", 20240105),
        ("05/01/2024", "dmy", 20240105),
        ("05/01/2024", "mdy", 20240501),
        ("5-1-2024", "dmy", 20240105),
        ("31.01.2024", "dmy", 20240131),
        ("31 janvier 2024", "mdy", 20240131),
        ("1er août 2024", "mdy", 20240801),
        ("31-Jan-2024", "mdy", 20240131),
        ("31 déc. 2024", "mdy", 20241231),
        ("January 31, 2024", "dmy", 20240131),
        ("Feb 29 2024", "dmy", 20240229),
        ("15 FÉVRIER 2024", "dmy", 20240215),
        ("15 fevrier 2024", "dmy", 20240215),
        ("2999-12-31", "dmy", 29991231),
        (" 1900-01-01 ", "dmy", 19000101),
        ("2024-01-31 00:00", "dmy", 20240131),
        ("2024-01-31T23:59:59.999", "dmy", 20240131),
        ("05/01/2024 1:05 pm", "dmy", 20240105),
    ],
)
def test_dates(text: str, order: str, expected: int) -> None:
    assert _day(text, order) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "45322",
        "2024-02-30",
        "20240230",
        "31/13/2024",
        "13/31/2024x",
        "1899-12-31",
        "3000-01-01",
        "05/01/24",
        "31-Jan-15",
        "2024-W01-1",
        "2024-01-31T00:00:00Z",
        "2024-01-31 00:00 UTC",
        "2024-01-31 00",
        "2024-01/31",
        "05/01-2024",
        "2024-\N{FULLWIDTH DIGIT ZERO}1-31",
        "31 brumaire 2024",
        "31 2024",
        "today",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        _day(text, "dmy")


def _read(folder: Path, *dates: str, **options: str) -> tuple[list[int], list[tuple[int, str, str]]]:
    rows = "".join(f'A,invoice,I{number},"{date}",5\n' for number, date in enumerate(dates))
    told = read_text(folder, HEADER + rows, **options)
    return [header[7] for header in told.headers], told.where


def test_a_day_above_12_decides_for_the_whole_file(tmp_path: Path) -> None:
    """C1: the proof may come last."""
    assert _read(tmp_path, "05/01/2024", "13/01/2024") == ([20240105, 20240113], [])
    assert _read(tmp_path, "05/01/2024", "01/13/2024") == ([20240501, 20240113], [])


def test_no_proof_is_refused_and_names_the_option(tmp_path: Path) -> None:
    """C1: 05/01/2024 alone proves nothing; 05/05/2024 needs no proof."""
    assert _read(tmp_path, "05/05/2024", "05/01/2024")[1] == [(3, "date", "05/01/2024")]
    assert _read(tmp_path, "05/05/2024") == ([20240505], [])
    assert _read(tmp_path, "05/01/2024", date_order="dmy") == ([20240105], [])
    assert _read(tmp_path, "05/01/2024", date_order="mdy") == ([20240501], [])


def test_proof_both_ways_is_refused(tmp_path: Path) -> None:
    """C1."""
    told = read_text(tmp_path, HEADER + "A,invoice,1,13/01/2024,5\nA,invoice,2,01/14/2024,5\n")
    assert told.where == [(3, "date", "01/14/2024")]
    assert "13/01/2024 in line 2" in told.problems[0].expected


def test_the_due_date_proves_too(tmp_path: Path) -> None:
    told = read_text(tmp_path, "account,kind,document,date,amount,due\nA,invoice,1,05/01/2024,5,31/01/2024\n")
    assert (told.headers[0][7], told.headers[0][8]) == (20240105, 20240131)


def test_with_the_option_the_other_order_is_a_bad_value(tmp_path: Path) -> None:
    assert _read(tmp_path, "01/13/2024", "2024-01-31", date_order="dmy") == ([20240131], [(2, "date", "01/13/2024")])
