"""C1, C2, R2: what an amount may look like, and what it proves."""

from pathlib import Path

import pytest

from reconcile_cli.intake.amounts import Amounts, proof, take_apart
from reconcile_cli.intake.conventions import UNDECIDED, Convention
from reconcile_cli.intake.problems import Refused
from tests.unit.intake.reading import HEADER, read_text

NBSP, NARROW, THIN, MINUS = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "\N{THIN SPACE}", "\N{MINUS SIGN}"


def _minor(text: str, decimal: str, currency: str = "CAD") -> int:
    mark = Convention("--decimal", "file", decimal, dict)
    return Amounts(mark).cache(currency)[text]


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("5", "CAD", 500),
        ("5.0", "CAD", 500),
        ("5.5", "CAD", 550),
        ("12.34", "CAD", 1234),
        (".50", "CAD", 50),
        ("0000000074.70", "CAD", 7470),
        ("1,234.50", "CAD", 123450),
        ("1,234,567", "CAD", 123456700),
        ("12,345", "CAD", 1234500),
        ("1 234.50", "CAD", 123450),
        (f"1{NBSP}234{NBSP}567.5", "CAD", 123456750),
        (f"1{NARROW}234.50", "CAD", 123450),
        (f"1{THIN}234.50", "CAD", 123450),
        ("1'234.50", "CAD", 123450),
        ("-12.00", "CAD", -1200),
        ("12.00-", "CAD", -1200),
        (f"{MINUS}12.00", "CAD", -1200),
        (f"- {NBSP}12.00", "CAD", -1200),
        ("(12.00)", "CAD", -1200),
        ("12.00 CR", "CAD", -1200),
        ("12.00CR", "CAD", -1200),
        ("$12.00", "CAD", 1200),
        ("-$1,234.50", "CAD", -123450),
        ("$-1,234.50", "CAD", -123450),
        ("($12.00)", "CAD", -1200),
        ("$(12.00)", "CAD", -1200),
        ("12.00 $", "CAD", 1200),
        ("12.00 $ CA", "CAD", 1200),
        ("$12.00 CAD", "CAD", 1200),
        ("CAD 12.00", "CAD", 1200),
        ("12.00 cad", "CAD", 1200),
        ("US$12", "USD", 1200),
        ("€5", "EUR", 500),
        ("Fr. 12.50", "CHF", 1250),
        ("12.00 CRC", "CRC", 1200),
        ("1234", "JPY", 1234),
        ("¥1,234", "JPY", 1234),
        ("1.234", "KWD", 1234),
        ("1.2", "KWD", 1200),
        ("-0", "CAD", 0),
        ("  7.00 ", "CAD", 700),
        ("10000000000000.00", "CAD", 10**15),
        ("-10,000,000,000,000.00", "CAD", -(10**15)),
        ("000000000000000000000000000001", "CAD", 100),
    ],
)
def test_amounts_with_a_decimal_point(text: str, currency: str, expected: int) -> None:
    assert _minor(text, ".", currency) == expected


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("12,34", "CAD", 1234),
        ("1.234,50", "CAD", 123450),
        ("1.234", "CAD", 123400),
        (f"-1{NBSP}234,50{NBSP}$", "CAD", -123450),
        ("1 234,56 €", "EUR", 123456),
        ("0000000074,70", "EUR", 7470),
        ("1,234", "KWD", 1234),
        ("(1'234,5)", "CAD", -123450),
        ("1.234.567", "JPY", 1234567),
    ],
)
def test_amounts_with_a_decimal_comma(text: str, currency: str, expected: int) -> None:
    assert _minor(text, ",", currency) == expected


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("", "CAD"),
        (" ", "CAD"),
        ("-", "CAD"),
        ("$", "CAD"),
        (".", "CAD"),
        ("5.", "CAD"),
        ("+5.00", "CAD"),
        ("1e5", "CAD"),
        ("1_000", "CAD"),
        ("NaN", "CAD"),
        ("inf", "CAD"),
        ("0x10", "CAD"),
        ("\N{FULLWIDTH DIGIT ONE}2", "CAD"),
        ("\N{ARABIC-INDIC DIGIT ONE}", "CAD"),
        ("1\N{SUPERSCRIPT TWO}", "CAD"),
        ("12.345", "CAD"),
        ("5.000", "CAD"),
        ("12.0", "JPY"),
        ("1.2345", "KWD"),
        ("12,34", "CAD"),
        ("1,23,456", "CAD"),
        ("1,2345", "CAD"),
        ("1234,567", "CAD"),
        ("0,123", "CAD"),
        ("1,234 567", "CAD"),
        ("1.234.567", "CAD"),
        ("1.2.3", "CAD"),
        ("--5", "CAD"),
        ("-5-", "CAD"),
        ("(-5)", "CAD"),
        ("(5", "CAD"),
        ("5)", "CAD"),
        (")5(", "CAD"),
        ("-5 CR", "CAD"),
        ("5 DR", "CAD"),
        ("C-AD 5", "CAD"),
        ("€5", "CAD"),
        ("5 USD", "CAD"),
        ("US$5", "CAD"),
        ("5 dollars", "CAD"),
        ("5 6", "CAD"),
        ("10000000000000.01", "CAD"),
        ("9" * 5000, "CAD"),
        ("2024-01-31", "CAD"),
    ],
)
def test_what_is_no_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(Refused):
        _minor(text, ".", currency)


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("12", "CAD", None),
        ("1 234", "CAD", None),
        ("1'234", "CAD", None),
        ("12.34", "CAD", "."),
        ("12,34", "CAD", ","),
        ("1.5", "CAD", "."),
        ("1,5", "CAD", ","),
        (".50", "CAD", "."),
        ("1 234,56", "CAD", ","),
        ("1,234.56", "CAD", "."),
        ("1.234,56", "CAD", ","),
        ("1,234,567", "CAD", "."),
        ("1.234.567", "CAD", ","),
        ("12,345", "CAD", UNDECIDED),
        ("12.345", "CAD", UNDECIDED),
        ("-$1,234", "CAD", UNDECIDED),
        ("1.234", "KWD", UNDECIDED),
        ("1.23", "KWD", "."),
        ("0.123", "KWD", "."),
        ("1234.567", "KWD", "."),
        ("1 234,567", "KWD", ","),
        ("1,234", "JPY", UNDECIDED),
        ("1,234,567", "JPY", "."),
        # what the currency cannot have proves nothing: it is an error either way
        ("1234.567", "CAD", None),
        ("0.123", "CAD", None),
        ("12,3456", "CAD", None),
        ("12.3", "JPY", None),
    ],
)
def test_what_an_amount_proves(text: str, currency: str, expected: str | None) -> None:
    """C1: nothing is guessed from one value."""
    assert proof(take_apart(text, currency), currency) == expected


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (["12.34", "1,234"], [1234, 123400]),
        (["1,234", "12.34"], [123400, 1234]),
        (["1,234", "12,34"], None),
        (["1.234", "12,34"], [123400, 1234]),
        (["1 234", "7"], [123400, 700]),
        (["1,234", "1,234,567"], [123400, 123456700]),
    ],
)
def test_one_proof_decides_for_the_whole_file(tmp_path: Path, amounts: list[str], expected: list[int] | None) -> None:
    """C1: proof may stand anywhere; with a proved comma, `1,234` has a third decimal."""
    rows = "".join(f'A,invoice,I{number},2024-01-31,"{amount}"\n' for number, amount in enumerate(amounts))
    told = read_text(tmp_path, HEADER + rows)
    assert (None if told.problems else told.signed) == expected


def test_no_proof_is_refused_once_and_names_the_option(tmp_path: Path) -> None:
    """C1."""
    told = read_text(tmp_path, HEADER + 'A,invoice,1,2024-01-31,5\nA,invoice,2,2024-01-31,"12,345"\n' * 2)
    assert told.where == [(3, "amount", "12,345")]
    assert "--decimal ." in told.problems[0].expected
    assert told.bad == [(0, 0, None, None)]
    assert told.headers == []


@pytest.mark.parametrize(("decimal", "expected"), [(".", 1234500), (",", None)])
def test_the_option_decides(tmp_path: Path, decimal: str, expected: int | None) -> None:
    """C1: `--decimal`; under a comma 12,345 dollars has a third decimal (C2)."""
    told = read_text(tmp_path, HEADER + 'A,invoice,1,2024-01-31,"12,345"\n', decimal=decimal)
    assert told.signed == ([] if expected is None else [expected])
    assert len(told.problems) == (expected is None)


def test_proof_both_ways_names_both_lines(tmp_path: Path) -> None:
    """C1."""
    told = read_text(tmp_path, HEADER + 'A,invoice,1,2024-01-31,12.34\nA,invoice,2,2024-01-31,"12,34"\n')
    assert told.where == [(3, "amount", "12,34")]
    assert "12.34 in line 2" in told.problems[0].expected
    assert (0, 0, None, None) in told.bad


def test_the_option_makes_the_other_mark_a_bad_value(tmp_path: Path) -> None:
    told = read_text(tmp_path, HEADER + 'A,invoice,1,2024-01-31,"12,34"\nA,invoice,2,2024-01-31,5\n', decimal=".")
    assert told.where == [(2, "amount", "12,34")]
    assert told.bad == [(0, 2, 0, "1")]
    assert told.signed == [500]


def test_one_thousands_mark_in_a_file(tmp_path: Path) -> None:
    """C1: every kind of space is one mark."""
    rows = ("1 234.56", f"1{NBSP}234.56", "1,234.56")
    told = read_text(
        tmp_path, HEADER + "".join(f'A,invoice,{n},2024-01-31,"{amount}"\n' for n, amount in enumerate(rows))
    )
    assert told.where == [(4, "amount", "1,234.56")]


def test_each_row_has_the_decimals_of_its_own_currency(tmp_path: Path) -> None:
    """R2."""
    text = "account,kind,document,date,amount,currency\n" + "".join(
        f"A,invoice,{number},2024-01-31,{amount},{currency}\n"
        for number, (amount, currency) in enumerate([("5", "JPY"), ("5", "cad"), ("5", ""), ("0.5", "KWD"), ("5", "$")])
    )
    told = read_text(tmp_path, text, currency="EUR")
    assert told.signed == [5, 500, 500, 500]
    assert [header[6] for header in told.headers] == ["JPY", "CAD", "EUR", "KWD"]
    assert told.where == [(6, "currency", "$")]
