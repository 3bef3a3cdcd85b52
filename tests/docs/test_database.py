"""docs/database.md: its queries give what it shows, its columns are those of the views, its figures the program's."""

import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from tests.docs.queries import SECTION, answer, books, page, queries
from tests.docs.terminal import Terminal

QUERIES = list(queries(page()))
GIVEN_BACK = """account,kind,document,date,amount,ledger_code
G-1,adjustment,AD-1,2026-09-01,-40.00,7000
G-1,refund,R-1,2026-09-02,40.00,
G-2,invoice,F-3,2026-09-01,-25.00,4000
G-2,refund,R-3,2026-09-02,25.00,
"""
VIEWS = ("v_accounts", "v_items", "v_allocations")


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return books(tmp_path_factory.mktemp("club"))


def test_there_are_five_questions() -> None:
    assert SECTION == "Five questions"
    assert len(QUERIES) == 5 == page().count("```sql")


@pytest.mark.parametrize("question", [query.question for query in QUERIES])
def test_the_query_gives_what_the_page_shows(question: str, club: Path) -> None:
    (query,) = [query for query in QUERIES if query.question == question]
    assert answer(club, query.sql) == query.table


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_names_each_column(view: str, club: Path) -> None:
    (section,) = re.findall(rf"^## {view}\n(.*?)^## ", page(), re.MULTILINE | re.DOTALL)
    named = [
        name for row in re.findall(r"^\| (`.*?) \|", section, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    ]
    with closing(sqlite3.connect(club)) as connection:
        found = [name for name, *_rest in connection.execute(f"SELECT * FROM {view}").description]
    assert sorted(named) == sorted(found)


def test_what_is_held_is_what_the_report_says(tmp_path: Path) -> None:
    """R19: over all days, each ledger code with what was moved to it; also of money given back out of credits."""
    terminal = Terminal(tmp_path)
    assert terminal.type("reconcile --db club.db load sample_data/club_en.csv sample_data/club_fr.csv").code == 0
    (tmp_path / "given_back.csv").write_text(GIVEN_BACK, "utf-8")
    assert terminal.type("reconcile --db club.db load given_back.csv").code == 0
    assert terminal.type("reconcile --db club.db auto --all").code == 0
    reported: Counter[tuple[str, str]] = Counter()
    for row in json.loads(terminal.type("reconcile --db club.db report payments -f json").text):
        if row["row"] != "returned":
            reported[row["ledger_code"] or "(not reconciled)", row["currency"]] += _cents(row["amount"])
    (query,) = [query for query in QUERIES if "ledger code" in query.question]
    held = [line.strip("| ").split(" | ") for line in answer(tmp_path / "club.db", query.sql).splitlines()[2:]]
    assert len(held) > 5
    assert {(code, currency): _cents(amount) for code, currency, amount in held if _cents(amount)} == {
        key: amount for key, amount in reported.items() if amount
    }


def _cents(text: str) -> int:
    return int(Decimal(text) * 100)
