"""`reconcile profile`, `load --profile`, and FEC (issue: real files in; R11b, R22)."""

import tomllib
from pathlib import Path

import pytest

from reconcile_cli.intake import profile_files
from reconcile_cli.render.profiles import SHIPPED
from tests.cli.driving import Answer, ok, reconcile

FEC_HEADER = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum|CompAuxLib|PieceRef|PieceDate"
    "|EcritureLib|Debit|Credit|EcritureLet|DateLet|ValidDate|Montantdevise|Idevise|"
)

FEC = ("load", "--profile", "fec", "--encoding", "cp850")


def _line(entry: str, day: str, account: str, amounts: tuple[str, str], letter: str = "") -> str:
    journal, number = entry.split()
    general, _colon, auxiliary = account.partition(":")
    debit, credit = (f"{amount:0>13}" for amount in amounts)
    cells = [journal.ljust(4), "", number, day, general, "LIB  ", auxiliary.ljust(8), "Nom   " if auxiliary else ""]
    return "|".join([*cells, "P  1", day, "Été  ", debit, credit, letter.ljust(2), "", "", "", "", ""])


def _fec(folder: Path, name: str, *lines: str) -> str:
    path = folder / name
    path.write_bytes("\r\r\n".join([FEC_HEADER, *lines, ""]).encode("cp850"))
    return str(path)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECONCILE_DB", str(tmp_path / "books.db"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def _items(*accounts: str) -> list[tuple[str, ...]]:
    rows = ok(reconcile("export")).rows
    return [
        (row["account"], row["kind"], row["document"], row["debit"], row["credit"], row["match_code"])
        for row in rows
        if not accounts or row["account"] in accounts
    ]


class TestFec:
    CUSTOMERS = (
        _line("VE 0001", "20230109", "70100000", ("0,00", "100,00")),
        _line("VE 0001", "20230109", "41100000:C1", ("100,00", "0,00"), "AA"),
        _line("BQ 0001", "20230115", "41100000:C1", ("0,00", "100,00"), "AA"),
        _line("BQ 0001", "20230115", "51200000", ("100,00", "0,00")),
        _line("VE 0002", "20230120", "41100000:C1", ("0,00", "5,00"), "AB"),
        _line("VE 0003", "20230121", "41199999", ("7,00", "0,00")),
        _line("AN 0001", "20230101", "41100000:C2", ("9,00", "0,00")),
    )

    def test_lines_of_customers_with_their_letters(self, here: Path) -> None:
        file = _fec(here, "fec.txt", *self.CUSTOMERS)
        answer = ok(reconcile(*FEC, file))
        assert "1 as the source states" in answer.out
        assert "do not balance" in answer.out
        assert sorted(_items()) == [
            ("41199999", "invoice", "VE-20230121-3-1", "7.00", "", ""),
            ("C1", "credit_note", "VE-20230120-2-1", "", "5.00", "AB"),
            ("C1", "invoice", "VE-20230109-1-2", "100.00", "", "AA"),
            ("C1", "payment", "BQ-20230115-1-1", "", "100.00", "AA"),
            ("C2", "adjustment", "AN-20230101-1-1", "9.00", "", ""),
        ]
        assert "P 1 Été" in ok(reconcile("export")).out
        assert "unchanged" in ok(reconcile(*FEC, file)).out

    def test_suppliers_keep_the_sides_of_the_ledger(self, here: Path) -> None:
        file = _fec(
            here,
            "fec.txt",
            _line("AC 0", "20230109", "40100000:F1", ("0,00", "60,00"), "A"),
            _line("BQ 0", "20230115", "40100000:F1", ("40,00", "0,00"), "A"),
            _line("BQ 0", "20230116", "40100000:F1", ("20,00", "0,00"), "A"),
            _line("AC 0", "20230109", "40100000:F1", ("0,00", "8,00")),
        )
        ok(reconcile(*FEC, "--accounts", "401,404", file))
        assert sorted(_items()) == [
            ("F1", "invoice", "AC-20230109-0-1", "", "60.00", "A"),
            ("F1", "invoice", "AC-20230109-0-2", "", "8.00", ""),
            ("F1", "payment", "BQ-20230115-0-1", "40.00", "", "A"),
            ("F1", "payment", "BQ-20230116-0-1", "20.00", "", "A"),
        ]
        assert [(row["account"], row["balance"]) for row in ok(reconcile("accounts", "-f", "csv")).rows] == [
            ("F1", "-8.00")
        ]

    def test_a_later_export_with_more_lines_and_letters_updates(self, here: Path) -> None:
        invoice = ("VE 1", "20230109", "41100000:C1", ("100,00", "0,00"))
        payment = ("BQ 1", "20230115", "41100000:C1", ("0,00", "100,00"))
        ok(reconcile(*FEC, _fec(here, "january.txt", _line(*invoice))))
        later = _fec(here, "february.txt", _line(*invoice, "AA"), _line(*payment, "AA"))
        answer = ok(reconcile(*FEC, later))
        assert "1 added, 1 updated" in answer.out
        assert "1 as the source states" in answer.out

    def test_rejects_keep_the_numbers_of_their_lines(self, here: Path) -> None:
        bad = self.CUSTOMERS[1].replace("20230109", "20230231")
        file = _fec(here, "fec.txt", bad, self.CUSTOMERS[2])
        answer = reconcile(*FEC, "--rejects", "bad.csv", file)
        assert answer.code == 3
        rejected = Path("bad.csv").read_text("utf-8")
        Path("good.csv").write_text(rejected.replace("20230231", "20230228"), "utf-8")
        ok(reconcile("load", "good.csv"))
        assert len(_items("C1")) == 2


@pytest.mark.usefixtures("here")
class TestPrecedence:
    def test_an_option_is_stronger_than_the_profile(self) -> None:
        Path("desk.toml").write_text(
            'currency = "EUR"\n[columns]\naccount = "Who"\n[constants]\nkind = "invoice"\n', "utf-8"
        )
        Path("a.csv").write_text("Who,Payer,Nature,document,date,amount\nA,B,payment,1,2024-01-31,5\n", "utf-8")
        ok(reconcile("load", "--profile", "./desk.toml", "a.csv"))
        ok(
            reconcile(
                "load",
                "--profile",
                "./desk.toml",
                "--currency",
                "usd",
                "--map",
                "account=Payer",
                "--map",
                "kind=Nature",
                "a.csv",
            )
        )
        rows = ok(reconcile("export")).rows
        assert [(row["account"], row["kind"], row["currency"]) for row in rows] == [
            ("A", "invoice", "EUR"),
            ("B", "payment", "USD"),
        ]

    def test_accounts_need_a_profile_that_has_them(self) -> None:
        Path("a.csv").write_text("account,kind,document,date,amount\n", "utf-8")
        answer = reconcile("load", "--accounts", "401", "a.csv")
        assert (answer.code, "[accounts]" in answer.err) == (2, True)


@pytest.mark.usefixtures("here")
class TestProfile:
    def test_save_show_list_use(self) -> None:
        ok(
            reconcile(
                "profile",
                "save",
                "desk",
                "--delimiter",
                "tab",
                "--map",
                "account=Who",
                "--decimal",
                ",",
                "--number-rows",
            )
        )
        shown = ok(reconcile("profile", "show", "desk")).out
        assert shown.splitlines() == [
            'delimiter = "tab"',
            'decimal = ","',
            "number_rows = true",
            "",
            "[columns]",
            'account = "Who"',
        ]
        listed = ok(reconcile("profile", "-f", "json")).json
        assert {"name": "desk", "shipped": False}.items() <= listed[0].items()
        Path("a.txt").write_text("Who\tkind\tdate\tamount\nA\tinvoice\t2024-01-31\t1.000,00\n", "utf-8")
        assert "1 added" in ok(reconcile("load", "--profile", "desk", "a.txt")).out
        assert "1 unchanged" in ok(reconcile("load", "--profile", "desk", "a.txt")).out

    def test_saving_over_another_needs_yes(self) -> None:
        ok(reconcile("profile", "save", "desk", "--decimal", ","))
        answer = reconcile("profile", "save", "desk", "--decimal", ".")
        assert (answer.code, "--yes" in answer.err) == (1, True)
        ok(reconcile("profile", "save", "desk", "--decimal", ".", "--yes"))
        assert 'decimal = "."' in ok(reconcile("profile", "show", "desk")).out

    def test_saving_upon_another(self) -> None:
        ok(reconcile("profile", "save", "ours", "--profile", "fec", "--accounts", "411,416", "--map", "register="))
        shown = ok(reconcile("profile", "show", "ours")).out
        assert '"416"' in shown
        assert 'register = ""' in shown

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["show", "fce"], "Did you mean fec?"),
            (["show", "zzzzzz"], "profile list"),
            (["show", "./none.toml"], "no such file"),
            (["save", "a/b"], "letters"),
            (["save"], "profile save NAME"),
            (["list", "fec"], "profile show fec"),
            (["show", "fec", "--decimal", ","], "save"),
            (["save", "x", "--decimal", ";"], "a point or a comma"),
        ],
    )
    def test_refusals(self, words: list[str], said: str) -> None:
        answer: Answer = reconcile("profile", *words)
        assert answer.code in {1, 2}
        assert said in answer.err


@pytest.mark.usefixtures("here")
class TestPreview:
    TEXT = "Compte;Type;Pièce;Date;Montant\nA;facture;1;31/01/2024;1 234,50\nA;paiement;2;01/02/2024;5,00\n"

    def test_the_decision_is_told_before_loading_and_its_proofs_in_a_dry_run(self) -> None:
        Path("a.csv").write_text(self.TEXT, "cp1252")
        answer = ok(reconcile("load", "--dry-run", "a.csv"))
        assert "a.csv: cp1252, ';', decimal comma, day/month." in answer.err
        assert "decimal comma, proved by 1 234,50 in line 2" in answer.out
        assert "day/month, proved by 31/01/2024 in line 2" in answer.out
        assert "1,234.50" in answer.out
        assert not Path("books.db").exists()

    def test_as_json(self) -> None:
        Path("a.csv").write_text(self.TEXT, "cp1252")
        told = ok(reconcile("load", "--dry-run", "a.csv", "-f", "json", "--decimal", ",")).json["files"][0]
        assert told["decimal"] == {"reading": ",", "given": True, "value": None, "line": None}
        assert told["date_order"] == {"reading": "dmy", "given": False, "value": "31/01/2024", "line": 2}
        assert [(kind["kind"], kind["rows"], kind["debit"]) for kind in told["kinds"]] == [
            ("invoice", 1, "1234.50"),
            ("payment", 1, "0.00"),
        ]
        loaded = ok(reconcile("load", "a.csv", "-f", "json")).json["files"][0]
        assert (loaded["encoding"], loaded["rows"]) == ("cp1252", [])

    def test_with_problems_too(self) -> None:
        Path("a.csv").write_text(self.TEXT + "A;paiement;3;32/01/2024;5,00\n", "utf-8")
        answer = reconcile("load", "--dry-run", "a.csv")
        assert answer.code == 1
        assert answer.out == ""
        assert "proved by 31/01/2024" in answer.err
        assert "32/01/2024" in answer.err


@pytest.mark.usefixtures("here")
def test_names_of_profiles_are_completed(monkeypatch: pytest.MonkeyPatch) -> None:
    ok(reconcile("profile", "save", "free", "--decimal", ","))
    monkeypatch.setenv("_RECONCILE_COMPLETE", "complete_bash")
    for words in ("reconcile load a.csv --profile fre", "reconcile profile show fre"):
        monkeypatch.setenv("COMP_WORDS", words.replace(" ", "\n"))
        monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
        assert ok(reconcile()).out.split() == ["free", "freshbooks", "freshbooks-payments"]


def test_what_a_shipped_profile_says_of_itself_can_be_translated() -> None:
    told = [tomllib.loads(path.read_text("utf-8"))["about"] for path in profile_files.SHIPPED.glob("*.toml")]
    assert sorted(told) == sorted(SHIPPED)
