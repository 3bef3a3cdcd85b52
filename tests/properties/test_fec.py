"""`export --profile fec` and `load --profile fec`: whatever was reconciled, the groups come back."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconcile_cli.store.books import Books
from reconcile_cli.store.fec import COLUMNS
from tests.cli.driving import ok, reconcile
from tests.properties.strategies import as_csv, books

Fec = list[dict[str, str]]
_CURRENCIES = "SELECT DISTINCT currency FROM v_items ORDER BY 1"
_POSTED = "SELECT count(*), sum(side = 'debit') FROM v_items WHERE state = 'posted' AND currency = ?"
_RECONCILED = """
SELECT account, match_code, count(*) FROM v_items
WHERE status = 'reconciled' AND match_code IS NOT NULL GROUP BY 1, 2
"""


def _exported(db: Path, currency: str) -> str:
    return ok(reconcile("export", "--profile", "fec", "--currency", currency, "--db", str(db))).out


def _lines(text: str) -> Fec:
    assert text.endswith("\r\n")
    rows = [line.split("\t") for line in text.removesuffix("\r\n").split("\r\n")]
    assert all(len(row) == len(COLUMNS) for row in rows)
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]


def _minor(text: str) -> int:
    return int(text.replace(",", ""))


def _groups(lines: Fec) -> dict[tuple[str, str], Fec]:
    groups: dict[tuple[str, str], Fec] = {}
    for line in lines:
        if line["EcritureLet"]:
            groups.setdefault((line["CompAuxNum"] or line["CompteNum"], line["EcritureLet"]), []).append(line)
    return groups


def _round_trip(db: Path, folder: Path) -> None:
    with Books.open(db) as opened:
        currencies = [found for (found,) in opened.connection.execute(_CURRENCIES)]
        posted = {found: opened.connection.execute(_POSTED, (found,)).fetchone() for found in currencies}
    for currency in currencies:
        first = _exported(db, currency)
        lines = _lines(first)
        debits = sum(_minor(line["Debit"]) > 0 for line in lines)
        assert len(lines) == posted[currency][0]
        assert debits <= (posted[currency][1] or 0)
        for group in _groups(lines).values():
            assert sum(_minor(line["Debit"]) - _minor(line["Credit"]) for line in group) == 0
            assert len({line["DateLet"] for line in group}) == 1
        if not lines:
            continue
        file, copy = folder / "fec.txt", folder / "copy.db"
        file.write_text(first, "utf-8", newline="")
        copy.unlink(missing_ok=True)
        ok(reconcile("load", "--profile", "fec", "--currency", currency, "--db", str(copy), str(file)))
        again = _lines(_exported(copy, currency))
        kept = ("EcritureDate", "CompteNum", "CompAuxNum", "Debit", "Credit", "EcritureLet")
        assert [[line[name] for name in kept] for line in again] == [[line[name] for name in kept] for line in lines]
        with Books.open(copy) as opened:
            found = {(account, code): count for account, code, count in opened.connection.execute(_RECONCILED)}
        assert found == {key: len(group) for key, group in _groups(lines).items()}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=books(), automatic=st.booleans())
def test_the_groups_of_any_books_come_back(tmp_path: Path, *, rows: list[dict[str, str]], automatic: bool) -> None:
    db, file = tmp_path / "books.db", tmp_path / "rows.csv"
    db.unlink(missing_ok=True)
    file.write_text(as_csv(rows), "utf-8")
    ok(reconcile("load", str(file), "--db", str(db)))
    if automatic:
        ok(reconcile("auto", "--all", "--db", str(db)))
    _round_trip(db, tmp_path)


@pytest.mark.parametrize("automatic", [False, True])
def test_the_groups_of_the_sample_season_come_back(tmp_path: Path, *, automatic: bool) -> None:
    db, samples = tmp_path / "books.db", Path(__file__).parents[2] / "sample_data"
    ok(reconcile("load", str(samples / "club_en.csv"), str(samples / "club_fr.csv"), "--db", str(db)))
    if automatic:
        ok(reconcile("auto", "--all", "--db", str(db)))
    _round_trip(db, tmp_path)
    groups = _groups(_lines(_exported(db, "CAD")))
    assert len(groups) > 20
    assert max(Counter(account for account, _code in groups).values()) > 1
