"""Section 5 of the design, profiles: cells that no column holds, rows that are taken, and errors that name the key."""

from pathlib import Path
from typing import Any

import pytest

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.errors import ReconcileError
from reconcile_cli.intake import profile_files
from reconcile_cli.intake.copying import copy_rows
from reconcile_cli.intake.making import without_sign
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.profile import BadProfile
from reconcile_cli.intake.source import Source
from tests.unit.intake.reading import Told, read_text


def _profile(folder: Path, text: str) -> dict[str, Any]:
    path = folder / "desk.toml"
    path.write_text(text, "utf-8")
    profile = profile_files.read(path)
    return {**profile.options, "recipe": profile.recipe}


def _read(folder: Path, profile: str, text: str) -> Told:
    return read_text(folder, text, **_profile(folder, profile))


def _rows(told: Told) -> list[tuple[str, str, str, int]]:
    """Account, kind, document and signed amount of every line."""
    heads = {header[0]: header for header in told.headers}
    return [
        (heads[line[0]][5], Kind(heads[line[0]][3]).code, heads[line[0]][4], line[3] * line[4]) for line in told.lines
    ]


COLUMNS = '[columns]\naccount = "Who"\ndocument = "Nr"\ndate = "When"\namount = "Sum"\n'
HEADER = "Who,Nr,When,Sum,What\n"


class TestCells:
    def test_constants_stand_in_every_row_whatever_the_file_calls_a_column(self, tmp_path: Path) -> None:
        told = _read(
            tmp_path, COLUMNS + '[constants]\nkind = "invoice"', HEADER.replace("What", "Type") + "A,1,2024-01-31,5,x\n"
        )
        assert (told.problems, _rows(told)) == ([], [("A", "invoice", "1", 500)])

    def test_a_constant_beside_a_column_fills_what_is_empty(self, tmp_path: Path) -> None:
        profile = COLUMNS + '[constants]\nkind = "payment"\naccount = "guest"'
        told = _read(tmp_path, profile, HEADER + ",1,2024-01-31,5,\nB,2,2024-01-31,6,\n")
        assert [account for account, *_rest in _rows(told)] == ["guest", "B"]

    def test_the_first_column_that_is_filled_and_texts_with_columns_in_them(self, tmp_path: Path) -> None:
        profile = COLUMNS.replace('"Who"', '["Alias", "Nick", "Who"]') + 'kind = "What"\ndescription = "{Nr}% of {Who}"'
        told = _read(
            tmp_path, profile, "Nick,Who,Nr,When,Sum,What\nN,A,1,2024-01-31,5,invoice\n,A,2,2024-01-31,5,facture\n"
        )
        assert [account for account, *_rest in _rows(told)] == ["N", "A"]
        assert [line[5] for line in told.lines] == ["1% of A", "2% of A"]

    def test_values_stand_for_others_and_what_is_not_listed_for_itself(self, tmp_path: Path) -> None:
        profile = COLUMNS + 'kind = "What"\n[values.kind]\nsale = "invoice"\n"cash  in" = "payment"\n'
        told = _read(
            tmp_path, profile, HEADER + "A,1,2024-01-31,5,SALE\nA,2,2024-01-31,5,Cash in\nA,3,2024-01-31,5,refund\n"
        )
        assert [kind for _account, kind, *_rest in _rows(told)] == ["invoice", "payment", "refund"]

    def test_kinds_by_sign_drop_the_sign(self, tmp_path: Path) -> None:
        profile = COLUMNS + '[[kinds]]\npositive = "payment"\nnegative = "refund"\n'
        told = _read(
            tmp_path, profile, HEADER + "A,1,2024-01-31,5.00,\nA,2,2024-01-31,-6.00,\nA,3,2024-01-31,(7.00),\n"
        )
        assert [row[1:] for row in _rows(told)] == [
            ("payment", "1", -500),
            ("refund", "2", 600),
            ("refund", "3", 700),
        ]

    def test_kinds_by_value_and_by_side_the_first_rule_that_fits(self, tmp_path: Path) -> None:
        profile = (
            '[columns]\naccount = "Who"\ndocument = "Nr"\ndate = "When"\n'
            '[[kinds]]\nwhere = { What = ["VE*", "sales"] }\ndebit = "invoice"\ncredit = "credit_note"\n'
            '[[kinds]]\nwhere = { What = "bank" }\ndebit = "refund"\ncredit = "payment"\n'
        )
        rows = [
            "A,1,2024-01-31,5.00,0.00,ve1",
            "A,2,2024-01-31,,5.00,Sales",
            "A,3,2024-01-31,,5.00,bank",
            "A,4,2024-01-31,-5.00,,bank",
        ]
        told = _read(tmp_path, profile, "Who,Nr,When,Debit,Credit,What\n" + "\n".join(rows))
        assert [row[1:] for row in _rows(told)] == [
            ("invoice", "1", 500),
            ("credit_note", "2", -500),
            ("payment", "3", -500),
            ("refund", "4", -500),
        ]
        told = _read(tmp_path, profile, "Who,Nr,When,Debit,Credit,What\nA,1,2024-01-31,5,,od\n")
        assert [(problem.line, problem.column) for problem in told.problems] == [(2, "kind")]

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("-5", "5"),
            ("\N{MINUS SIGN}5", "5"),
            ("5-", "5"),
            ("(5)", "5"),
            ("$ (5)", "$ 5"),
            ("5 CR", "5 "),
            ("5", None),
            ("", None),
            ("5-5", None),
            ("--5", None),
            ("-(5)", None),
            ("-5 CR", None),
            ("(5", None),
        ],
    )
    def test_only_one_sign_is_taken_away(self, text: str, expected: str | None) -> None:
        assert without_sign(text) == expected


class TestRows:
    def test_rows_are_kept_and_skipped(self, tmp_path: Path) -> None:
        profile = COLUMNS + '[constants]\nkind = "invoice"\n[keep]\nWhat = ["a*", ""]\n[skip]\nNr = "2"\n'
        rows = [f"A,{number},2024-01-31,5,{what}" for number, what in enumerate(["Ab", "a", "b", ""], 1)]
        told = _read(tmp_path, profile, HEADER + "\n".join(rows))
        assert [document for _account, _kind, document, _amount in _rows(told)] == ["1", "4"]
        assert [line[1] for line in told.lines] == [2, 5], "lines of the file"

    def test_a_short_row_is_told_with_the_cells_of_the_file(self, tmp_path: Path) -> None:
        told = _read(
            tmp_path, COLUMNS + '[constants]\nkind = "invoice"\n', HEADER + "A,1,2024-01-31\nA,2,2024-01-31,5,,\n,,,,\n"
        )
        assert [(problem.line, problem.expected) for problem in told.problems] == [
            (2, "5 cells, as the header has; this row has 3"),
            (3, "5 cells, as the header has; this row has 6"),
        ]

    def test_lines_above_the_header_are_skipped(self, tmp_path: Path) -> None:
        told = _read(
            tmp_path,
            "skip_lines = 1\n" + COLUMNS + '[constants]\nkind = "invoice"\n',
            "Who,Nr,When,Sum,Old\n" + HEADER + "A,1,2024-01-31,5,x\n",
        )
        assert (told.problems, len(told.lines)) == ([], 1)

    def test_a_field_left_out_makes_no_header_of_empty_cells(self, tmp_path: Path) -> None:
        profile = COLUMNS + 'register = ""\n[constants]\nkind = "invoice"\n'
        told = _read(tmp_path, profile, "Sum of the year,,,,\n" + HEADER + "A,1,2024-01-31,5,x\n")
        assert (told.problems, [line[1] for line in told.lines]) == ([], [3])

    def test_rejects_of_a_short_row_keep_their_cells_in_place(self, tmp_path: Path) -> None:
        options = ReadOptions(**_profile(tmp_path, COLUMNS + '[constants]\nkind = "invoice"\n'))
        path = tmp_path / "a.csv"
        path.write_text(HEADER + "A,1,2024-01-31\n", "utf-8")
        copy = copy_rows(Source(str(path)), options, [2])
        assert copy.header == ["account", "kind", "document", "date", "amount"]
        assert list(copy.rows(comma=False)) == [(2, ["A", "invoice", "1", "2024-01-31", ""])]


class TestNumbering:
    """Rows without a document: the same file again says the same, and two equal rows are two (R22)."""

    PROFILE = (
        'number_rows = true\n[columns]\naccount = "Who"\ndate = "When"\namount = "Sum"\n[constants]\nkind = "payment"\n'
    )

    def _documents(self, folder: Path, *rows: str) -> list[str]:
        told = _read(folder, self.PROFILE, "Who,When,Sum,What\n" + "\n".join(rows))
        assert told.problems == []
        return [document for _account, _kind, document, _amount in _rows(told)]

    def test_by_content_and_occurrence(self, tmp_path: Path) -> None:
        first = self._documents(tmp_path, "A,2024-01-31,5,x", "B,2024-01-31,5,x", "A,2024-01-31,5,y")
        assert len(set(first)) == 3
        assert first[2] == f"{first[0]}-2"
        assert self._documents(tmp_path, "B,2024-01-31,5,x", "A,2024-01-31, 5 ,z") == [first[1], first[0]]

    def test_a_document_that_is_there_stays(self, tmp_path: Path) -> None:
        text = "account,kind,document,date,amount\nA,invoice,7,2024-01-31,5\nA,invoice,,2024-01-31,5\n"
        told = read_text(tmp_path, text, **_profile(tmp_path, "number_rows = true"))
        assert [document[:4] for _account, _kind, document, _amount in _rows(told)] == ["7", "row-"]

    def test_by_columns_nothing_collides_and_left_out_rows_count(self, tmp_path: Path) -> None:
        profile = (
            'number_rows = ["J", "N"]\n[columns]\naccount = "Who"\ndate = "When"\namount = "Sum"\n'
            '[constants]\nkind = "invoice"\n[skip]\nWho = "no"\n'
        )
        rows = ["A,V,0,5", "no,V,0,5", "A,V,0,5", "A,V-0,1,5", "A,V,007,5", "A,V,7,5", "A,V,,5"]
        text = "Who,J,N,Sum,When\n" + "\n".join(f"{row},2024-01-31" for row in rows)
        documents = [document for _account, _kind, document, _amount in _rows(_read(tmp_path, profile, text))]
        assert documents == ["V-0-1", "V-0-3", "V-0-1-1", "V-7-1", "V-7-2", "V--1"]


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ("colums = 1", "colums", "allowed are about, encoding"),
        ("[columns]\nacount = 'x'", "columns.acount", "account, account_name"),
        ("[columns]\naccount = 5", "columns.account", "a text, or a list of texts"),
        ("columns = 5", "columns", "a table"),
        ("[constants]\nkind = 1", "constants.kind", "a text in quotes"),
        ("decimal = ';'", "decimal", "a point or a comma"),
        ("date_order = 'ymx'", "date_order", "dmy, mdy or ymd"),
        ("encoding = 'utf-9'", "encoding", "cp1252"),
        ("currency = 'EURO'", "currency", "ISO 4217"),
        ("signed = 'yes'", "signed", "true or false"),
        ("skip_lines = -1", "skip_lines", "from 0 to 50"),
        ("number_rows = []", "number_rows", "true, false or a list"),
        ("optional = ['kind']", "optional", "under [columns]"),
        ("[[kinds]]\nkind = 'sale'", "kinds 1.kind", "a kind"),
        ("[[kinds]]\ndebit = 'invoice'", "kinds 1", "debit and credit"),
        ("[[kinds]]\nwhen = {}", "kinds 1.when", "where, kind"),
        ("[kinds]\nkind = 'invoice'", "kinds", "[[kinds]]"),
        ("[accounts]\ncolumn = 'x'", "accounts", "begin"),
        ("[accounts]\ncolum = 'x'", "accounts.colum", "column, begin"),
        ("[values]\nkind = 'x'", "values.kind", "a table"),
        ("= 5", "", "not TOML"),
    ],
)
def test_what_means_nothing_is_named(tmp_path: Path, text: str, key: str, expected: str) -> None:
    with pytest.raises(BadProfile) as caught:
        _profile(tmp_path, text)
    assert caught.value.key == key
    assert expected in str(caught.value)
    assert str(tmp_path / "desk.toml") in str(caught.value)


@pytest.mark.parametrize("name", [name for name, _path in profile_files.names(Path("none"))])
def test_every_profile_of_the_program_can_be_read(name: str) -> None:
    assert profile_files.find(name, Path("none")).about


def test_a_column_that_is_missing_is_named_with_the_profile(tmp_path: Path) -> None:
    told = _read(
        tmp_path, COLUMNS + '[constants]\nkind = "invoice"\n', HEADER.replace("Sum", "Total") + "A,1,2024-01-31,5,\n"
    )
    assert told.problems[0].column == "amount"
    assert "Sum, which the profile desk names" in told.problems[0].expected


def test_the_users_profile_stands_before_that_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "fec.toml").write_text('currency = "XPF"', "utf-8")
    assert profile_files.find("fec", tmp_path).options == {"currency": "XPF"}
    (tmp_path / "fec.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ReconcileError, match="not UTF-8"):
        profile_files.find("fec", tmp_path)
