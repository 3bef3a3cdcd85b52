"""Damaged files are loaded exactly or refused whole (R23). DAMAGED=5000 says how many are tried; else 300."""

import os
import time
from decimal import Decimal
from pathlib import Path

import pytest

from reconcile_cli.domain.money import exponent
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.reading import read_documents
from reconcile_cli.intake.source import Source
from tests.cli.driving import reconcile
from tests.properties.damage import SEEDS, Sums, damaged, readings

COUNT = int(os.environ.get("DAMAGED", "300"))
_PORTION = 50
_LONGEST_SECONDS = 20


def _loaded(path: Path) -> Sums | None:
    """What is owed by account and currency as intake reads it; None where there is any problem."""
    account_of: dict[int, tuple[str, str]] = {}
    sums: dict[tuple[str, str], int] = {}
    for batch in read_documents([Source(str(path))], ReadOptions()):
        if batch.problems:
            return None
        account_of |= {header[0]: (header[5], header[6]) for header in zip(*batch.documents.headers(), strict=True)}
        for seq, _row, _line, side, amount_minor, *_texts in zip(*batch.documents.lines(), strict=True):
            place = account_of[seq]
            sums[place] = sums.get(place, 0) + side * amount_minor
    return {place: Decimal(total).scaleb(-exponent(place[1])) for place, total in sums.items() if total}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_slow_reader_reads_the_undamaged_files(tmp_path: Path, seed: bytes) -> None:
    path = tmp_path / "whole.csv"
    path.write_bytes(seed)
    sums = _loaded(path)
    assert sums
    assert sums in list(readings(seed))


@pytest.mark.parametrize("first", range(0, COUNT, _PORTION))
def test_a_damaged_file_is_read_exactly_or_refused(tmp_path: Path, first: int) -> None:
    for seed in range(first, first + _PORTION):
        data = damaged(seed)
        path = tmp_path / "damaged.csv"
        path.write_bytes(data)
        before = time.monotonic()
        sums = _loaded(path)
        assert time.monotonic() - before < _LONGEST_SECONDS, seed
        assert sums is None or sums in list(readings(data)), (seed, data, sums)


@pytest.mark.parametrize("seed", range(0, COUNT, 20))
def test_a_damaged_file_is_loaded_whole_or_not_at_all(tmp_path: Path, seed: int) -> None:
    data = damaged(seed)
    path, books = tmp_path / "damaged.csv", tmp_path / "books.db"
    path.write_bytes(data)
    answer = reconcile("load", str(path), "--db", str(books))
    if answer.code:
        assert answer.code == 1, answer
        assert answer.err.splitlines()[-1].startswith("Error: "), answer
        assert not books.exists()
    elif books.exists():
        rows = reconcile("accounts", "-f", "json", "--db", str(books)).json
        balances = {(row["account"], row["currency"]): Decimal(row["balance"]) for row in rows}
        assert {place: sum_ for place, sum_ in balances.items() if sum_} in list(readings(data)), seed
