"""Section 4: header names in two languages, `--map`, notes, and two columns for one field."""

from pathlib import Path

import pytest

from reconcile_cli.intake.columns import FIELDS
from tests.unit.intake.reading import read_text

_NAMES = {
    "account": "account|Compte|CLIENT|customer|No client|N° client|Tiers|Compte auxiliaire",
    "kind": "kind|Type|genre|nature",
    "document": "document|Numéro|NUMERO|No|number|Invoice|Pièce|piece|Référence",
    "date": "date|Date pièce|DATE_PIECE",
    "amount": "amount|Montant",
    "account_name": "account_name|Account Name|Nom|customer name",
    "line": "line|Ligne",
    "due_date": "due_date|Due-Date|Échéance|due",
    "state": "state|État|Statut",
    "description": "description|Libellé|memo",
    "ledger_code": "ledger_code|Poste comptable|Code GL|GL code|ledger",
    "currency": "currency|Devise",
    "order": "order|Commande|Order ID",
    "applies_to": "applies_to|Appliqué à|applies to",
    "match_code": "match_code|Lettrage|lettre",
    "register": "register|Registre|caisse|Point de vente",
    "method": "method|Mode|Mode de paiement",
    "held": "held|Retenu",
}
_VALUES = {
    "account": "A",
    "kind": "facture",
    "document": "I1",
    "date": "2024-01-31",
    "amount": "5",
    "line": "7",
    "due_date": "2024-02-28",
    "state": "comptabilisé",
    "currency": "EUR",
    "held": "oui",
}


@pytest.mark.parametrize(
    ("field", "name"), [(field, name) for field, names in _NAMES.items() for name in names.split("|")]
)
def test_every_name_of_every_column(tmp_path: Path, field: str, name: str) -> None:
    header = [name if known == field else known for known in _NAMES]
    told = read_text(tmp_path, ";".join(header) + "\n" + ";".join(_VALUES.get(known, known) for known in _NAMES))
    assert (told.problems, told.notes) == ([], [])
    assert told.headers[0][3:14] == (
        0, "I1", "A", "EUR", 20240131, 20240228, 0, "order", "register", "method", 2 | 4 | 8,
    )  # fmt: skip
    assert told.lines[0] == (1, 2, 7, 1, 500, "description", "ledger_code", "applies_to", "match_code")
    assert told.names == {"A": "account_name"}


def test_the_table_of_names_is_whole() -> None:
    assert set(FIELDS) == {*_NAMES, "debit", "credit"}


def test_unknown_columns_are_noted_once(tmp_path: Path) -> None:
    rows = "".join(f"A,invoice,{n},2024-01-31,5,x,,\n" for n in range(5000))
    told = read_text(tmp_path, "account,kind,document,date,amount,Colour,,Pets\n" + rows)
    assert [note.partition(": ")[2] for note in told.notes] == ["columns ignored: Colour, Pets."]


def test_the_exact_name_wins_over_other_names(tmp_path: Path) -> None:
    told = read_text(tmp_path, "client,account,kind,document,date,amount\nB,A,invoice,1,2024-01-31,5\n")
    assert told.headers[0][5] == "A"
    assert "client" in told.notes[0]


def test_two_headers_for_one_field_are_refused_until_map_decides(tmp_path: Path) -> None:
    text = "client,compte,kind,document,date,amount\nB,A,invoice,1,2024-01-31,5\n"
    told = read_text(tmp_path, text)
    assert told.where == [(1, "account", "client, compte")]
    assert "--map account=" in told.problems[0].expected
    assert read_text(tmp_path, text, columns={"account": "Compte"}).headers[0][5] == "A"


def test_map_names_a_header_of_any_language(tmp_path: Path) -> None:
    text = "Kunde,kind,Beleg,date,amount,order\nA,invoice,1,2024-01-31,5,O\n"
    told = read_text(tmp_path, text, columns={"account": "Kunde", "document": "beleg", "order": ""})
    assert told.headers[0][4:6] == ("1", "A")
    assert told.headers[0][10] is None
    missing = read_text(tmp_path, text, columns={"account": "Kunde", "document": "Nummer"})
    assert missing.where == [(1, "document", "Nummer")]
    assert "Kunde, kind, Beleg" in missing.problems[0].expected


def test_one_column_may_be_mapped_to_two_fields(tmp_path: Path) -> None:
    text = "client,kind,document,date,amount\nA,invoice,1,2024-01-31,5\n"
    told = read_text(tmp_path, text, columns={"account": "client", "account_name": "client"})
    assert told.names == {"A": "A"}


def test_every_missing_column_is_told(tmp_path: Path) -> None:
    told = read_text(tmp_path, "account,type,debit\n")
    assert [problem.column for problem in told.problems] == ["document", "date", "amount"]
    assert {problem.line for problem in told.problems} == {1}


def test_an_amount_beside_debit_and_credit_is_refused(tmp_path: Path) -> None:
    text = "account,kind,document,date,amount,debit,credit\nA,payment,1,2024-01-31,9,0,5\n"
    assert [problem.column for problem in read_text(tmp_path, text).problems] == ["amount"]
    assert read_text(tmp_path, text, columns={"amount": ""}).signed == [-500]
