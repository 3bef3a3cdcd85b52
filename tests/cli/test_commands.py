"""Every command as table, CSV and JSON: the shapes and the exit codes are a contract (design, section 5)."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from reconcile_cli.cli.app import COMMANDS
from reconcile_cli.cli.commands.report import MEMBERS
from reconcile_cli.errors import Exit
from tests.cli.driving import Answer, many, ok, reconcile

pytestmark = pytest.mark.usefixtures("club")

AMOUNTS = {"balance", "open_debit", "open_credit", "covered", "amount", "open"}
WITHOUT = {"opening", "closing", "planned"}
"""Lines of a statement that have a balance or an amount, not both."""
DATES = {"date", "due_date"}
DECIMALS = {"JPY": r"-?\d+", "CAD": r"-?\d+\.\d\d", "KWD": r"-?\d+\.\d{3}"}
ISO = re.compile(r"\d{4}-\d\d-\d\d")
ONCE: dict[str, list[str]] = {
    "accounts": [],
    "show": ["A-1"],
    "find": ["I-"],
    "why": ["I-1"],
    "unreconciled": [],
    "payments": [],
    "auto": ["--all"],
    "suggest": [],
    "apply": ["-"],
    "match": ["I-1", "P-1"],
    "unmatch": ["I-2"],
    "hold": ["I-1"],
    "release": ["I-1"],
    "report": ["sales"],
    "statement": ["A-1"],
    "history": [],
    "lock": [],
    "undo": ["--yes"],
    "check": [],
    "backup": ["COPY"],
    "info": [],
    "config": [],
    "load": ["-", "--dry-run"],
    "profile": [],
}
LIST_KEYS = {
    "accounts": "account name currency status balance open_debit open_credit covered open_items",
    "unreconciled": (
        "account kind document line side date due_date currency amount open status ledger_code days_past_due"
    ),
}
ROW = "account,kind,document,date,amount\nA-1,invoice,I-9,2024-02-01,10\n"
PLAN = "account,currency,credit,debit,amount\nA-1,CAD,payment/P-1:1,invoice/I-1:1,10.00\n"


def _run(name: str, *more: str) -> Answer:
    words = [f"{os.environ['RECONCILE_DB']}.copy" if word == "COPY" else word for word in ONCE[name]]
    return ok(reconcile(name, *words, *more, stdin=PLAN if name == "apply" else ROW))


def _proven(value: Any, currency: str = "") -> None:
    """Prove that amounts are strings with their currency's decimals and dates ISO, at any depth."""
    if isinstance(value, list):
        for element in value:
            _proven(element, currency)
    elif isinstance(value, dict):
        currency = value.get("currency", currency)
        for key, inner in value.items():
            if key in AMOUNTS and not (value.get("row") in WITHOUT and not inner):
                assert re.fullmatch(DECIMALS[currency], inner), (key, inner, currency)
            elif key in DATES and inner is not None:
                assert ISO.fullmatch(inner), (key, inner)
            else:
                _proven(inner, currency)


@pytest.mark.parametrize("name", ONCE)
def test_every_command_writes_json_that_is_one_value_and_keeps_its_words_on_stderr(name: str) -> None:
    answer = _run(name, "-f", "json")
    _proven(answer.json)
    assert answer.out.endswith("\n")


@pytest.mark.parametrize("name", ONCE)
def test_every_command_writes_csv_with_one_header_and_rows_of_its_width(name: str) -> None:
    answer = _run(name, "--format", "csv")
    assert all(None not in row and None not in row.values() for row in answer.rows)
    for row in answer.rows:
        _proven(row | {name: row.get(name) or None for name in DATES})


@pytest.mark.parametrize("name", ONCE)
def test_every_command_writes_a_table_within_the_width(name: str) -> None:
    lines = _run(name).out.splitlines()
    assert lines
    assert max(map(len, lines)) <= 100


def test_the_list_of_commands_tried_here_is_whole() -> None:
    assert {*ONCE, "export", "demo"} == set(COMMANDS)


@pytest.mark.parametrize("name", LIST_KEYS)
def test_lists_have_the_keys_of_the_contract_in_json_and_csv(name: str) -> None:
    wanted = set(LIST_KEYS[name].split())
    assert all(wanted <= set(row) for row in _run(name, "-f", "json").json)
    assert wanted <= set(_run(name, "-f", "csv").rows[0])


def test_accounts_in_json() -> None:
    rows = {(row["account"], row["currency"]): row for row in _run("accounts", "-f", "json").json}
    assert rows["A-1", "CAD"] | {"held": 0, "overdue": 0} == {
        "account": "A-1",
        "name": "Léa Tremblay",
        "currency": "CAD",
        "status": "unreconciled",
        "balance": "10.00",
        "open_debit": "100.00",
        "open_credit": "90.00",
        "covered": "0.00",
        "open_items": 4,
        "held": 0,
        "overdue": 0,
    }
    assert [rows["C-1", "CAD"][key] for key in ("status", "balance", "covered", "open_items")] == [
        "covered",
        "50.00",
        "50.00",
        0,
    ]
    assert rows["D-1", "CAD"]["open_items"] == 1
    assert [rows["E-1", code]["balance"] for code in ("JPY", "KWD")] == ["1000", "12.345"]
    assert rows["F-1", "CAD"]["status"] is None
    assert rows["G-1", "CAD"]["balance"] == "-25.00"


def test_the_count_of_open_items_is_the_number_of_rows_that_unreconciled_lists() -> None:
    for row in _run("accounts", "-f", "json").json:
        listed = [
            line
            for line in ok(reconcile("unreconciled", row["account"], "-f", "json")).json
            if line["currency"] == row["currency"]
        ]
        assert len(listed) == row["open_items"], row


def test_show_an_account_in_json() -> None:
    card = ok(reconcile("show", "C-1", "-f", "json")).json
    assert {key: card[key] for key in ("account", "name", "status", "balances")} == {
        "account": "C-1",
        "name": "Zoë Fraser",
        "status": "covered",
        "balances": [{"currency": "CAD", "balance": "50.00"}],
    }
    invoice = next(txn for txn in card["transactions"] if txn["document"] == "I-3")
    wanted = "kind document date due_date state currency amount open_debit open_credit status order register items"
    assert set(wanted.split()) <= set(invoice)
    assert [invoice[key] for key in ("amount", "open_debit", "status", "order", "register")] == [
        "80.00",
        "0.00",
        "covered",
        "O-2",
        "Arena",
    ]
    item = invoice["items"][0]
    assert {"line", "side", "description", "ledger_code", "amount", "open", "status", "held", "allocations"} <= set(
        item
    )
    assert (item["line"], item["side"], item["held"]) == (1, "debit", False)
    paid = [(link["kind"], link["document"], link["line"], link["amount"]) for link in item["allocations"]]
    assert sorted(paid) == [("payment", "P-3", 1, "30.00"), ("payment", "PP-1", 1, "50.00")]
    assert {link["operation"] for link in item["allocations"]} == {1}
    payment = next(txn for txn in card["transactions"] if txn["document"] == "P-3")
    assert payment["amount"] == "-30.00"
    assert payment["items"][0]["amount"] == "30.00"


def test_show_a_document_in_json_has_the_same_transactions() -> None:
    of_account = ok(reconcile("show", "B-1", "-f", "json")).json["transactions"]
    for name in ("I-2", "invoice/I-2"):
        found = ok(reconcile("show", name, "-f", "json")).json
        shown = found["transactions"] if isinstance(found, dict) else found
        assert [{key: txn[key] for key in of_account[0]} for txn in shown] == [of_account[0]]


@pytest.mark.parametrize(
    ("argv", "links"),
    [
        (["match", "I-1:2", "P-1=12.50"], [("payment/P-1:1", "invoice/I-1:2", "12.50")]),
        (
            ["match", "P-1", "I-1"],
            [("payment/P-1:1", "invoice/I-1:1", "60.00"), ("payment/P-1:1", "invoice/I-1:2", "10.00")],
        ),
        (["unmatch", "I-2"], [("payment/P-2:1", "invoice/I-2:1", "50.00")]),
        (
            ["auto", "A-1"],
            [
                ("payment/P-1:1", "invoice/I-1:1", "60.00"),
                ("payment/P-1:1", "invoice/I-1:2", "10.00"),
                ("payment/P-1b:1", "invoice/I-1:2", "20.00"),
            ],
        ),
    ],
)
def test_changes_in_json_name_their_allocations(argv: list[str], links: list[tuple[str, str, str]]) -> None:
    done = ok(reconcile(*argv, "-f", "json")).json
    assert [(link["credit"], link["debit"], link["amount"]) for link in done["allocations"]] == links
    assert {(link["account"], link["currency"]) for link in done["allocations"]} <= {("A-1", "CAD"), ("B-1", "CAD")}
    assert (done["operation"], done["dry_run"]) == (2, False)
    total = sum(int(amount.replace(".", "")) for _credit, _debit, amount in links)
    assert done["totals"] == [{"currency": "CAD", "count": len(links), "amount": f"{total / 100:.2f}"}]


def test_undo_in_json() -> None:
    ok(reconcile("auto", "A-1"))
    done = ok(reconcile("undo", "--yes", "-f", "json")).json
    assert {"operation", "dry_run", "allocations", "totals"} <= set(done)
    assert len(done["allocations"]) == 3
    assert done["totals"] == [{"currency": "CAD", "count": 3, "amount": "90.00"}]


def test_load_in_json(club: Path) -> None:
    new = club / "new.csv"
    new.write_text(ROW, encoding="utf-8")
    done = ok(reconcile("load", str(new), str(club / "club.csv"), "-f", "json")).json
    assert {"rows", "transactions", "allocations", "problems", "operation"} <= set(done)
    assert done["transactions"] == {"added": 1, "updated": 0, "unchanged": 16, "rejected": 0}
    assert set(done["allocations"]) == {"within_document", "stated", "checkout", "removed"}
    assert (done["rows"], done["problems"], done["operation"]) == (18, [], 2)
    again = ok(reconcile("load", str(new), "-f", "json")).json
    assert again["operation"] is None
    assert again["transactions"]["unchanged"] == 1


def test_a_refused_load_in_json_lists_every_problem(club: Path) -> None:
    bad = club / "bad.csv"
    bad.write_text("account,kind,document,date,amount\nA,invoice,1,2024-01-01,x\nA,what,2,never,1\n", encoding="utf-8")
    answer = reconcile("load", str(bad), "-f", "json")
    assert answer.code == Exit.REFUSED
    assert answer.json["operation"] is None
    assert {(p["file"], p["line"], p["column"], p["value"]) for p in answer.json["problems"]} == {
        (str(bad), 2, "amount", "x"),
        (str(bad), 3, "kind", "what"),
        (str(bad), 3, "date", "never"),
    }
    assert all(problem["expected"] for problem in answer.json["problems"])


def test_check_in_json() -> None:
    found = ok(reconcile("check", "-f", "json")).json
    assert found.items() >= {"ok": True, "findings": [], "operations": 1, "found": None}.items()
    assert re.fullmatch("[0-9a-f]{64}", found["head"])


def test_export_is_csv_that_load_takes_back(club: Path) -> None:
    ok(reconcile("auto", "--all"))
    out = ok(reconcile("export")).out
    (club / "export.csv").write_text(out, encoding="utf-8")
    ok(reconcile("load", str(club / "export.csv"), "--db", str(club / "second.db")))
    assert ok(reconcile("export", "--db", str(club / "second.db"))).out == out


def test_totals_are_in_tables_only() -> None:
    assert "Total" in _run("accounts").out
    assert "Total" not in _run("accounts", "-f", "csv").out
    assert "Total" not in _run("accounts", "-f", "json").out


class TestExitCodes:
    """0 done, 1 refused, 2 wrong usage, 3 findings, 5 unusable; one message on stderr, nothing on stdout."""

    @pytest.mark.parametrize(
        "argv",
        [
            ["show", "Z-9"],
            ["match", "I-1", "P-1=90"],
            ["match", "I-1", "I-2"],
            ["match", "I-1", "P-2"],
            ["match", "I-1", "P-1=0"],
            ["match", "I-1", "P-1=1.005"],
            ["unmatch", "Z-9"],
            ["unmatch", "--account", "Z-9"],
            ["unmatch", "I-3"],
            ["undo"],
            ["undo", "99", "--yes"],
            ["undo", "99999999999999999999999", "--yes"],
            ["hold", "Z-9"],
            ["auto", "Z-9"],
            ["unreconciled", "Z-9"],
            ["load", "missing.csv"],
            ["load", "."],
            ["load", "-"],
            ["accounts", "--db", "missing.db"],
        ],
    )
    def test_refused(self, argv: list[str]) -> None:
        before = ok(reconcile("history", "-f", "csv")).out
        answer = reconcile(*argv)
        assert answer.code == Exit.REFUSED, answer
        assert answer.out == ""
        assert answer.err.splitlines()[-1].startswith("Error: ")
        assert ok(reconcile("history", "-f", "csv")).out == before

    @pytest.mark.parametrize(
        "argv",
        [
            ["nope"],
            ["show"],
            ["show", "A-1", "B-1"],
            ["show", "A-1", "--from", "05/01/2024"],
            ["accounts", "--status", "green"],
            ["accounts", "--sort", "colour"],
            ["accounts", "-f", "xml"],
            ["accounts", "--limit", "ten"],
            ["accounts", "--limit", "-1"],
            ["unreconciled", "--side", "left"],
            ["unreconciled", "--older-than", "1.5"],
            ["payments", "--state", "gone"],
            ["payments", "--overdue", "--state", "posted"],
            ["match", "I-1"],
            ["match"],
            ["unmatch"],
            ["unmatch", "I-1", "--account", "A-1"],
            ["auto"],
            ["auto", "A-1", "--all"],
            ["auto", "--all", "--by", "amount"],
            ["undo", "one"],
            ["hold"],
            ["load"],
            ["load", "-", "--map", "account"],
            ["load", "-", "--map", "colour=X"],
            ["load", "-", "--decimal", "x"],
            ["load", "-", "--currency", "QQQ"],
            ["load", "-", "--date-order", "x"],
            ["load", "-", "--encoding", "x"],
            ["load", "-", "--delimiter", "ab"],
            ["--lang", "zz", "accounts"],
            ["--color", "red", "accounts"],
            ["accounts", "--db"],
            ["export", "-f", "csv"],
        ],
    )
    def test_wrong_usage(self, argv: list[str]) -> None:
        answer = reconcile(*argv)
        assert answer.code == Exit.USAGE, answer
        assert answer.out == ""
        assert answer.err

    def test_findings(self, club: Path) -> None:
        assert reconcile("unreconciled", "--exit-code").code == Exit.FINDINGS
        assert reconcile("unreconciled", "B-1", "--exit-code").code == Exit.DONE
        rows = ROW + "A-1,invoice,I-10,2024-02-01,x\n"
        answer = reconcile("load", "-", "--rejects", str(club / "rejects.csv"), stdin=rows)
        assert answer.code == Exit.FINDINGS
        assert "I-10" in (club / "rejects.csv").read_text(encoding="utf-8")
        assert "I-9" not in (club / "rejects.csv").read_text(encoding="utf-8")

    @pytest.mark.parametrize("name", [name for name in ONCE if name not in ("load", "profile", "config")])
    def test_unusable(self, name: str, club: Path) -> None:
        (club / "foreign.db").write_text("not a database", encoding="utf-8")
        answer = reconcile(name, *ONCE[name], "--db", str(club / "foreign.db"))
        assert answer.code == Exit.UNUSABLE
        assert answer.out == ""
        assert answer.err.startswith("Error: ")
        assert (club / "foreign.db").read_text(encoding="utf-8") == "not a database"

    def test_a_folder_is_no_database(self, club: Path) -> None:
        for name in ("accounts", "check", "load"):
            assert reconcile(name, *ONCE.get(name, []), "--db", str(club), stdin=ROW).code == Exit.UNUSABLE

    @pytest.mark.parametrize("what", ["fifo", "loop", "long", "device"])
    def test_what_is_no_file_is_no_database_either(self, what: str, club: Path) -> None:
        path = club / what
        if what == "fifo":
            os.mkfifo(path)
        elif what == "loop":
            path.symlink_to(path)
        elif what == "long":
            path = club / ("x" * 300)
        else:
            path = Path(os.devnull)
        for name in ("accounts", "load"):
            answer = reconcile(name, *ONCE[name], "--db", str(path), stdin=ROW)
            assert answer.code in (Exit.UNUSABLE, Exit.REFUSED), answer
            assert "defect" not in answer.err


@pytest.mark.parametrize("language", ["en", "fr", "fr_CA"])
def test_the_lists_of_commands_say_each_in_one_whole_line_of_80_columns(language: str) -> None:
    asked = [(["--help"], ""), (["report", "--help"], "")]
    for answer, names in zip(
        many(asked, {"RECONCILE_LANG": language, "COLUMNS": "80"}), (COMMANDS, MEMBERS), strict=True
    ):
        lines = [line for line in answer.out.splitlines() if re.match(r"  [a-z]+ {2,}\w", line)]
        assert [line.split()[0] for line in lines] == list(names)
        assert [line for line in lines if not line.endswith(".") or line.endswith("...") or len(line) > 80] == []
