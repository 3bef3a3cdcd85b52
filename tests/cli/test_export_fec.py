"""`export --profile fec`: a French accountant letters here and takes it back."""

from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.errors import Exit
from reconcile_cli.store.fec import COLUMNS
from tests.cli.driving import ok, reconcile

HEADER: Final = "|".join(COLUMNS)
LINES: Final = """\
VE|Ventes|00000001|20260109|41100000|Clients|C001|N. Dubois|FA-1|20260109|Cours|74,70|0,00|||||
VE|Ventes|00000002|20260112|41100000|Clients|C001|N. Dubois|FA-2|20260112|Stage|30,00|0,00|AA||||
BQ|Banque|00000001|20260209|41100000|Clients|C001|N. Dubois|RG-1|20260209|Virement|0,00|74,70|||||
BQ|Banque|00000002|20260210|41100000|Clients|C001|N. Dubois|RG-2|20260210|Virement|0,00|30,00|AA||||
VE|Ventes|00000003|20260302|41100000|Clients|C002|E. Morel|FA-3|20260302|Stage|30,00|0,00|||||
BQ|Banque|00000003|20260305|41100000|Clients|C002|E. Morel|RG-3|20260305|Chèque|0,00|20,00|||||
VE|Ventes|00000004|20260306|41100009||||FA-4|20260306|"Match"|5,00|0,00|||||
"""


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECONCILE_DB", str(tmp_path / "fec.db"))
    file = tmp_path / "fec.txt"
    file.write_text(f"{HEADER}\n{LINES.replace(chr(34), '')}", "utf-8")
    ok(reconcile("load", "--profile", "fec", str(file)))
    return tmp_path


def _exported(*more: str) -> list[dict[str, str]]:
    rows = [line.split("\t") for line in ok(reconcile("export", "--profile", "fec", *more)).out.splitlines()]
    assert rows[0] == list(COLUMNS)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]


def test_what_is_lettered_here_is_told_line_by_line(books: Path) -> None:
    """The letter it came with stays; a new group gets the next code; what is paid in part has none."""
    ok(reconcile("auto", "--all"))
    names = ("JournalCode", "EcritureNum", "EcritureDate", "CompteNum", "CompAuxNum", "Debit", "Credit", "EcritureLet")
    assert [tuple(line[name] for name in names) for line in _exported()] == [
        ("VE", "1", "20260109", "411", "C001", "74,70", "0,00", "AB"),
        ("VE", "2", "20260112", "411", "C001", "30,00", "0,00", "AA"),
        ("BQ", "1", "20260209", "411", "C001", "0,00", "74,70", "AB"),
        ("BQ", "2", "20260210", "411", "C001", "0,00", "30,00", "AA"),
        ("VE", "3", "20260302", "411", "C002", "30,00", "0,00", ""),
        ("BQ", "3", "20260305", "411", "C002", "0,00", "20,00", ""),
        ("VE", "4", "20260306", "41100009", "", "5,00", "0,00", ""),
    ]
    first, *_others, last = _exported()
    assert first["EcritureLib"] == "FA-1 Cours"
    assert len(first["DateLet"]) == 8
    assert last["CompAuxLib"] == ""
    assert books.exists()


def test_it_is_loaded_back_with_its_groups_and_their_journals(books: Path) -> None:
    ok(reconcile("auto", "--all"))
    ok(reconcile("export", "--profile", "fec", "-o", str(books / "lettered.txt")))
    copy = str(books / "copy.db")
    ok(reconcile("load", "--profile", "fec", str(books / "lettered.txt"), "--db", copy))
    card = ok(reconcile("show", "C001", "--db", copy, "-f", "json")).json
    kinds = [(one["kind"], one["status"]) for one in card["transactions"]]
    assert kinds == [("invoice", "reconciled")] * 2 + [("payment", "reconciled")] * 2
    assert ok(reconcile("accounts", "--db", copy, "-f", "csv")).out.count("unreconciled") == 2
    again = ok(reconcile("export", "--profile", "fec", "--db", copy)).out
    assert again == (books / "lettered.txt").read_bytes().decode()


def test_a_planned_payment_is_no_entry_and_what_it_covers_has_no_letter(club: Path) -> None:
    lines = [line for line in _exported("--currency", "CAD") if line["CompAuxNum"] in ("B-1", "C-1")]
    assert [(line["JournalCode"], line["EcritureNum"], line["EcritureLet"]) for line in lines] == [
        ("Web", "I-2", "AA"),
        ("Web", "P-2", "AA"),
        ("Arena", "I-3", ""),
        ("Arena", "P-3", ""),
    ]
    assert club.exists()


def test_several_currencies_are_not_one_file(club: Path) -> None:
    for more in ([], ["--currency", "EUR"]):
        answer = reconcile("export", "--profile", "fec", *more, "-o", str(club / "fec.txt"))
        assert answer.code == Exit.REFUSED
        assert "the books hold CAD, JPY, KWD: name one with --currency." in answer.err
        assert not (club / "fec.txt").exists()
    assert {line["Debit"] for line in _exported("--currency", "KWD")} == {"12,345"}
    assert reconcile("export", "--currency", "CAD").code == Exit.USAGE


def test_a_quote_in_a_code_is_refused_and_leaves_no_file(club: Path) -> None:
    row = 'account,kind,document,date,amount\n"a""b",invoice,Z-1,2024-01-01,1.00\n'
    db = str(club / "quote.db")
    ok(reconcile("load", "-", "--db", db, stdin=row))
    answer = reconcile("export", "--profile", "fec", "--db", db, "-o", str(club / "fec.txt"))
    assert answer.code == Exit.REFUSED
    assert 'The account a"b cannot stand in a FEC' in answer.err
    assert not (club / "fec.txt").exists()


def test_tabs_line_ends_and_quotes_of_texts_do_not_break_a_line(club: Path) -> None:
    row = "account,account_name,kind,document,date,amount,description\n"
    row += 'A,"x ""y""",invoice,Z 1,2024-01-01,1.00,"""q"" r"\n'
    db = str(club / "texts.db")
    ok(reconcile("load", "-", "--db", db, stdin=row))
    (line,) = _exported("--db", db)
    assert (line["CompAuxLib"], line["EcritureLib"]) == ("x 'y'", "'q' r")


def test_an_export_of_everything_goes_to_a_file_too(club: Path) -> None:
    ok(reconcile("export", "-o", str(club / "all.csv")))
    assert (club / "all.csv").read_text("utf-8") == ok(reconcile("export")).out
    assert reconcile("export", "-o", str(club / "all.csv")).code == Exit.REFUSED
