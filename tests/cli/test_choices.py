"""What each option of the commands chooses, on books that hold every status."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from reconcile_cli.errors import Exit
from tests.cli.driving import Answer, ok, reconcile

pytestmark = pytest.mark.usefixtures("club")


def _column(name: str, *argv: str) -> list[str]:
    return [row[name] for row in ok(reconcile(*argv, "-f", "csv")).rows]


@pytest.mark.parametrize(
    ("options", "accounts"),
    [
        ([], ["A-1", "B-1", "C-1", "D-1", "E-1", "E-1", "F-1", "G-1"]),
        (["a-1"], ["A-1"]),
        (["lea"], ["A-1"]),
        (["nothing"], []),
        (["--status", "unreconciled"], ["A-1", "E-1", "G-1"]),
        (["--status", "reconciled"], ["B-1"]),
        (["--status", "covered"], ["C-1", "D-1"]),
        (["--status", "partial"], ["E-1"]),
        (["--status", "error"], []),
        (["--owing"], ["A-1", "C-1", "D-1", "E-1", "E-1"]),
        (["--in-credit"], ["G-1"]),
        (["--owing", "--status", "covered"], ["C-1", "D-1"]),
        (["--sort", "code", "--limit", "2"], ["A-1", "B-1"]),
        (["--limit", "0"], ["A-1", "B-1", "C-1", "D-1", "E-1", "E-1", "F-1", "G-1"]),
        (["--sort", "name", "--status", "covered"], ["D-1", "C-1"]),
        (["--sort", "balance", "--status", "covered"], ["D-1", "C-1"]),
    ],
)
def test_accounts(options: list[str], accounts: list[str]) -> None:
    assert _column("account", "accounts", *options) == accounts


def test_accounts_that_owe_and_have_a_credit_are_none() -> None:
    assert _column("account", "accounts", "--owing", "--in-credit") == []


def test_the_largest_open_amount_comes_first() -> None:
    rows = ok(reconcile("accounts", "--sort", "open", "-f", "json")).json
    of_dollars = [float(row["open_debit"]) + float(row["open_credit"]) for row in rows if row["currency"] == "CAD"]
    assert of_dollars == sorted(of_dollars, reverse=True)


@pytest.mark.parametrize(
    ("argv", "documents"),
    [
        (["C-1"], ["I-3", "P-3", "PP-1"]),
        (["A-1", "--from", "2024-01-20"], ["P-1", "P-1b"]),
        (["A-1", "--to", "2024-01-20"], ["I-1", "P-1"]),
        (["A-1", "--from", "2024-01-20", "--to", "2024-01-20"], ["P-1"]),
        (["A-1", "--from", "2025-01-01", "--to", "2024-01-01"], []),
        (["C-1", "--open"], []),
        (["A-1", "--open"], ["I-1", "P-1", "P-1b"]),
        (["F-1"], []),
        (["F-1", "--all"], ["I-7", "P-7"]),
        (["F-1", "--all", "--open"], []),
    ],
)
def test_show(argv: list[str], documents: list[str]) -> None:
    card = ok(reconcile("show", *argv, "-f", "json")).json
    assert sorted(txn["document"] for txn in card["transactions"]) == documents


def test_show_matches_is_a_tree_from_either_side() -> None:
    of_invoice = ok(reconcile("show", "I-3", "--matches")).out
    assert all(name in of_invoice for name in ("P-3", "PP-1", "30.00", "50.00"))
    of_payment = ok(reconcile("show", "P-3", "--matches")).out
    assert "I-3" in of_payment
    assert "PP-1" not in of_payment


@pytest.mark.parametrize(
    ("options", "documents"),
    [
        ([], ["I-1", "I-1", "I-5", "I-6", "DEP-1", "P-1", "P-1b", "PP-2"]),
        (["A-1"], ["I-1", "I-1", "P-1", "P-1b"]),
        (["A-1", "G-1"], ["I-1", "I-1", "DEP-1", "P-1", "P-1b"]),
        (["--side", "debit"], ["I-1", "I-1", "I-5", "I-6"]),
        (["--side", "credit"], ["DEP-1", "P-1", "P-1b", "PP-2"]),
        (["A-1", "--side", "credit", "--limit", "1"], ["P-1"]),
        (["--older-than", "999999"], []),
        (["--held"], []),
        (["B-1"], []),
    ],
)
def test_unreconciled(options: list[str], documents: list[str]) -> None:
    assert sorted(_column("document", "unreconciled", *options)) == sorted(documents)


def test_older_than_counts_days_since_the_date() -> None:
    age = (datetime.now(UTC).date() - date(2024, 1, 20)).days
    older, not_older = (
        _column("document", "unreconciled", "A-1", "--older-than", str(days)) for days in (age - 1, age)
    )
    assert (older, not_older) == (["I-1", "I-1", "P-1"], ["I-1", "I-1"])


def test_planned_payments_are_listed_on_demand_only_where_open() -> None:
    ok(reconcile("unmatch", "PP-1"))
    assert "PP-1" not in _column("document", "unreconciled", "C-1")
    assert "PP-1" in _column("document", "unreconciled", "C-1", "--include-planned")


def test_when_nothing_is_open_one_glad_sentence(club: Path) -> None:
    assert ok(reconcile("unreconciled", "B-1")).out == "Nothing is unreconciled in B-1.\n"
    paid = "account,kind,document,date,order,amount\nA,invoice,1,2024-01-01,Z,5\nA,payment,1,2024-01-01,Z,5\n"
    ok(reconcile("load", "-", "--db", str(club / "paid.db"), stdin=paid))
    assert ok(reconcile("unreconciled", "--db", str(club / "paid.db"))).out == "Everything is reconciled.\n"


@pytest.mark.parametrize(
    ("options", "documents"),
    [
        ([], ["DEP-1", "P-1", "P-1b", "P-2", "P-3", "P-5", "P-7", "PP-1", "PP-2"]),
        (["--state", "posted"], ["DEP-1", "P-1", "P-1b", "P-2", "P-3", "P-5"]),
        (["--state", "planned"], ["PP-1", "PP-2"]),
        (["--state", "declined"], ["P-7"]),
        (["--state", "void"], []),
        (["--overdue"], ["PP-2"]),
        (["--overdue", "--state", "planned"], ["PP-2"]),
    ],
)
def test_payments(options: list[str], documents: list[str]) -> None:
    assert sorted(_column("document", "payments", *options)) == documents


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("I-1", ["I-1"]),
        ("swimming", ["I-1"]),
        ("fraser", ["I-3", "P-3", "PP-1"]),
        ("100.00", ["I-1"]),
        ("70.00", ["P-1"]),
        ("1500", ["I-5"]),
        ("12.345", ["I-6"]),
        ("O-1", ["I-2", "P-2"]),
        ("%", []),
        ("_", []),
        ("'", []),
    ],
)
def test_find(text: str, documents: list[str]) -> None:
    assert sorted(_column("document", "find", text)) == documents


class TestAuto:
    def test_until_leaves_what_is_later_on_both_sides(self) -> None:
        done = ok(reconcile("auto", "A-1", "--until", "2024-01-20", "-f", "json")).json
        assert {link["credit"] for link in done["allocations"]} == {"payment/P-1:1"}
        assert ok(reconcile("auto", "A-1", "--until", "2024-01-04", "-f", "json")).json["allocations"] == []

    def test_dry_run_shows_the_same_and_writes_nothing(self) -> None:
        before = ok(reconcile("export")).out
        shown = ok(reconcile("auto", "--all", "--dry-run", "-f", "json")).json
        assert (shown["dry_run"], shown["operation"]) == (True, None)
        assert ok(reconcile("export")).out == before
        assert ok(reconcile("auto", "--all", "-f", "json")).json["allocations"] == shown["allocations"]

    def test_by_due_takes_the_due_date(self, club: Path) -> None:
        rows = "account,kind,document,date,due_date,amount\n" + "".join(
            f"H-1,{row}\n"
            for row in (
                "invoice,H1,2024-01-01,2024-03-01,10",
                "invoice,H2,2024-01-02,2024-02-01,10",
                "payment,HP,2024-01-03,,10",
            )
        )
        ok(reconcile("load", "-", stdin=rows))
        assert club.exists()
        first = [
            ok(reconcile("auto", "H-1", "--dry-run", *by, "-f", "json")).json["allocations"][0]["debit"]
            for by in ([], ["--by", "date"], ["--by", "due"])
        ]
        assert first == ["invoice/H1:1", "invoice/H1:1", "invoice/H2:1"]

    def test_planned_payments_take_part_on_demand_only(self) -> None:
        ok(reconcile("unmatch", "PP-1"))
        assert ok(reconcile("auto", "C-1", "-f", "json")).json["allocations"] == []
        done = ok(reconcile("auto", "C-1", "--include-planned", "-f", "json")).json
        assert [link["credit"] for link in done["allocations"]] == ["payment/PP-1:1"]

    def test_held_items_take_no_part(self) -> None:
        ok(reconcile("hold", "P-1", "P-1b"))
        assert _column("document", "unreconciled", "--held") == ["P-1", "P-1b"]
        assert ok(reconcile("auto", "A-1", "-f", "json")).json["allocations"] == []
        ok(reconcile("release", "P-1"))
        assert {link["credit"] for link in ok(reconcile("auto", "A-1", "-f", "json")).json["allocations"]} == {
            "payment/P-1:1"
        }


class TestLoad:
    def _load(self, *options: str, rows: str) -> Answer:
        return reconcile("load", "-", *options, "-f", "json", stdin=rows)

    ORDER = "account,kind,document,date,order,amount\nK-1,invoice,K1,2024-02-01,Z,10\nK-1,payment,KP,2024-02-01,Z,10\n"

    def test_no_match_reconciles_nothing_at_checkout(self) -> None:
        assert ok(self._load("--no-match", rows=self.ORDER)).json["allocations"]["checkout"] == 0
        assert _column("status", "accounts", "K-1") == ["unreconciled"]

    def test_dry_run_says_the_same_and_writes_nothing(self) -> None:
        before = ok(reconcile("export")).out
        shown = ok(self._load("--dry-run", rows=self.ORDER)).json
        assert ok(reconcile("export")).out == before
        done = ok(self._load(rows=self.ORDER)).json
        assert shown["operation"] is None
        assert {**shown, "operation": 2, "dry_run": False, "files": done["files"]} == done

    def test_a_dry_run_before_the_first_load_leaves_no_database(self, club: Path) -> None:
        ok(reconcile("load", "-", "--dry-run", "--db", str(club / "new.db"), stdin=self.ORDER))
        assert not (club / "new.db").exists()

    def test_map_reads_another_column(self) -> None:
        rows = "Client no,What,Ref,Day,Total\nM-1,invoice,M1,2024-02-01,10\n"
        mapping = [
            word
            for pair in ("account=Client no", "kind=What", "document=Ref", "date=Day", "amount=Total")
            for word in ("--map", pair)
        ]
        assert ok(self._load(*mapping, rows=rows)).json["transactions"]["added"] == 1

    def test_an_update_of_what_is_reconciled_must_be_asked_for(self) -> None:
        ok(self._load(rows=self.ORDER))
        changed = self.ORDER.replace("K1,2024-02-01,Z,10", "K1,2024-02-01,Z,8")
        assert self._load(rows=changed).code == Exit.REFUSED
        done = ok(self._load("--update-reconciled", rows=changed)).json
        assert (done["transactions"]["updated"], done["allocations"]["removed"]) == (1, 1)

    def test_rejects_is_never_written_over(self, club: Path) -> None:
        kept = club / "kept.csv"
        kept.write_text("mine", encoding="utf-8")
        assert self._load("--rejects", str(kept), rows=self.ORDER + "x\n").code == Exit.REFUSED
        assert kept.read_text(encoding="utf-8") == "mine"

    def test_signed_and_unsigned(self) -> None:
        rows = "account,kind,document,date,amount\nS-1,invoice,S1,2024-02-01,10\nS-1,payment,SP,2024-02-01,-10\n"
        assert "--signed" in self._load(rows=rows).out
        assert ok(self._load("--signed", rows=rows)).code == Exit.DONE
        assert _column("balance", "accounts", "S-1") == ["0.00"]

    @pytest.mark.parametrize(
        ("options", "rows"),
        [
            (["--decimal", ","], "account;kind;document;date;amount\nN-1;invoice;N1;2024-02-01;1,5\n"),
            (["--date-order", "dmy"], "account,kind,document,date,amount\nN-1,invoice,N1,01/02/2024,1.5\n"),
            (["--delimiter", "tab"], "account\tkind\tdocument\tdate\tamount\nN-1\tinvoice\tN1\t2024-02-01\t1.5\n"),
            (["--encoding", "utf-8"], "account,kind,document,date,amount\nN-1,invoice,N1,2024-02-01,1.5\n"),
            (["--currency", "cad"], "account,kind,document,date,amount\nN-1,invoice,N1,2024-02-01,1.5\n"),
        ],
    )
    def test_how_a_file_is_read(self, options: list[str], rows: str) -> None:
        ok(self._load(*options, rows=rows))
        card = ok(reconcile("show", "N-1", "-f", "json")).json
        assert [(txn["date"], txn["amount"]) for txn in card["transactions"]] == [("2024-02-01", "1.50")]


@pytest.mark.parametrize(
    "argv",
    [
        ["load", "-"],
        ["auto", "A-1"],
        ["match", "I-1", "P-1"],
        ["unmatch", "I-2"],
        ["hold", "I-1"],
        ["release", "P-1"],
        ["undo", "--yes"],
    ],
)
def test_a_note_is_kept_for_the_auditor(argv: list[str]) -> None:
    ok(reconcile("hold", "P-1"))
    rows = "account,kind,document,date,amount\nA-1,invoice,I-9,2024-02-01,10\n"
    ok(reconcile(*argv, "--note", "--db is no option here", stdin=rows))
    assert _column("note", "history")[0] == "--db is no option here"


class TestNames:
    """`[KIND/]DOCUMENT[:LINE]`; what is unknown is answered with the nearest."""

    @pytest.mark.parametrize(
        ("argv", "nearest"),
        [
            (["show", "A-2"], "A-1"),
            (["show", "I-11"], "I-1"),
            (["auto", "B-2"], "B-1"),
            (["unreconciled", "C-11"], "C-1"),
            (["match", "I-1", "P-11"], "P-1"),
            (["hold", "invoice/I-11"], "I-1"),
            (["unmatch", "DEP-2"], "DEP-1"),
            (["show", "invoice/I-11"], "I-1"),
            (["show", "a-1"], "A-1"),
            (["hold", "i-1"], "I-1"),
        ],
    )
    def test_unknown(self, argv: list[str], nearest: str) -> None:
        answer = reconcile(*argv)
        assert answer.code == Exit.REFUSED
        assert f"called {argv[-1]}" in answer.err
        assert nearest in answer.err.partition("Did you mean")[2]

    def test_match_refused_names_what_is_open_on_both_sides(self) -> None:
        answer = reconcile("match", "I-1", "P-1=90.00")
        assert "100.00 CAD" in answer.err
        assert "70.00 CAD" in answer.err

    def test_a_shared_number_needs_its_kind(self) -> None:
        ok(reconcile("load", "-", stdin="account,kind,document,date,amount\nA-1,payment,I-1,2024-02-01,10\n"))
        answer = reconcile("hold", "I-1")
        assert answer.code == Exit.REFUSED
        assert "invoice/I-1" in answer.err
        assert "payment/I-1" in answer.err
        ok(reconcile("hold", "payment/I-1"))
        assert len(ok(reconcile("show", "I-1", "--matches")).out.splitlines()) > 2


def test_the_database_is_named_before_or_after_the_command(club: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILE_DB", str(club / "none.db"))
    path = str(club / "books.db")
    for argv in (
        ["--db", path, "accounts", "A-1"],
        ["accounts", "--db", path, "A-1"],
        ["accounts", "A-1", f"--db={path}", "--ascii", "--color", "never", "--lang", "en"],
    ):
        assert "Tremblay" in ok(reconcile(*argv)).out
    assert reconcile("accounts").code == Exit.REFUSED
    assert reconcile("accounts", "--", "--db", path).code == Exit.USAGE
    monkeypatch.setenv("RECONCILE_DB", path)
    assert "Tremblay" in ok(reconcile("accounts", "A-1")).out


def test_the_option_comes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILE_FORMAT", "json")
    assert ok(reconcile("accounts", "A-1")).json
    assert ok(reconcile("hold", "P-1")).json["operation"] == 2
    assert ok(reconcile("accounts", "A-1", "-f", "csv")).rows
    assert ok(reconcile("export")).out.startswith("account,")
    monkeypatch.setenv("RECONCILE_FORMAT", "xml")
    assert reconcile("accounts").code == Exit.USAGE
