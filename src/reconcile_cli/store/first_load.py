"""The first load: straight into empty books, without staging.

Where nothing is there to compare with, each document is new and its rows can be written as they come, in half the
time. Anything that is not plain (a problem, a document in two places) raises `NotPlain`, and the load begins
again with `Stage`, which knows what to do.
"""

import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.records import Total
from reconcile_cli.store import bulk
from reconcile_cli.store.known import NotPlain
from reconcile_cli.store.operation import Operation
from reconcile_cli.store.stating import prepare_flagged

_TXN = "txn (id, kind, document, pocket_id, date, due_date, state, order_code, register, method, digest, made_by)"
_ITEM = """item (txn_id, pocket_id, date, state, line, side, amount_minor, open_minor, description, ledger_code,
  applies_to, match_code, made_by)"""
_FRESH = "INSERT INTO temp.fresh (txn_id, new) SELECT id, 1 FROM txn"
_CODED = """
INSERT INTO temp.coded SELECT i.id FROM temp.flagged f JOIN item i ON i.txn_id = f.txn_id
WHERE f.flags & 4 AND i.state <= 1 AND i.match_code IS NOT NULL
"""
_PLAIN_FLAGS = 7


class _Pockets(dict[tuple[str, str], int]):
    """The accounts and currencies, written as they appear."""

    def __init__(self, connection: sqlite3.Connection, operation: int) -> None:
        super().__init__()
        self._connection = connection
        self._operation = operation
        self._accounts: dict[str, int] = {}

    def __missing__(self, key: tuple[str, str]) -> int:
        code, currency = key
        run = self._connection.execute
        account = self._accounts.get(code)
        if account is None:
            sql = "INSERT INTO account (code, name, made_by) VALUES (?, '', ?)"
            account = self._accounts[code] = int(run(sql, (code, self._operation)).lastrowid or 0)
        sql = "INSERT INTO pocket (account_id, currency, exponent) VALUES (?, ?, 0)"
        self[key] = number = int(run(sql, (account, currency)).lastrowid or 0)
        return number


class FirstLoad:
    """The documents of one load, written as they come. The open operation holds the write lock."""

    def __init__(self, op: Operation) -> None:
        self.connection = op.connection
        taken = self.connection.execute("SELECT 1 FROM txn LIMIT 1").fetchone()  # somebody was quicker
        if taken or op.locked_until is not None:  # a lock looks at every row
            raise NotPlain
        self._first_txn = op.first.txn
        self._operation = op.number
        self._pockets = _Pockets(op.connection, op.number)
        self._names: dict[str, str] = {}
        self._op = op
        op.suspend_indexes("txn", "item")
        prepare_flagged(op.connection)

    def add(
        self, headers: list[tuple[Any, ...]], lines: list[tuple[Any, ...]], names: Iterable[tuple[str, str]]
    ) -> None:
        """Write a batch; headers and lines in intake's order of fields."""
        first, pockets = self._first_txn, self._pockets
        heads = {row[0]: (first + row[0], pockets[row[5], row[6]], row[7], row[9]) for row in headers}
        txns = [
            (
                first + row[0],
                row[3],
                row[4],
                heads[row[0]][1],
                row[7],
                row[8],
                row[9],
                row[10],
                row[11],
                row[12],
                row[14],
            )
            for row in headers
        ]
        items = [(*heads[row[0]], row[2], row[3], row[4], row[4], *row[5:]) for row in lines]
        bulk.insert(self.connection, _TXN, 11, txns, constant=self._operation)
        bulk.insert(self.connection, _ITEM, 12, items, constant=self._operation)
        flagged = [(first + row[0], row[13]) for row in headers if row[13] & _PLAIN_FLAGS]
        bulk.insert(self.connection, "temp.flagged (txn_id, flags, new)", 2, flagged, constant=1)
        self._names.update(names)

    def hold(self, held: Iterable[tuple[int, int, int]]) -> None:
        """Held items are settled after staging."""
        if any(held):
            raise NotPlain

    def reject(self, bad: Iterable[object], reasons: Iterable[object]) -> None:
        """A problem is told after staging."""
        if any(bad) or any(reasons):
            raise NotPlain

    def finish(self, exponent: Callable[[str], int]) -> None:
        """All rows are in: complete the accounts and build the indexes."""
        connection = self.connection
        for currency in {currency for _account, currency in self._pockets}:
            sql = "UPDATE pocket SET exponent = ? WHERE currency = ?"
            connection.execute(sql, (exponent(currency), currency))
        connection.executemany(
            "UPDATE account SET name = ? WHERE code = ?", [(name, code) for code, name in self._names.items()]
        )
        try:
            self._op.restore_indexes(keep_off=frozenset({"item_open"}))
        except sqlite3.IntegrityError:  # a document came twice
            raise NotPlain from None

    def count(self) -> int:
        """How many transactions there are."""
        return int(self.connection.execute("SELECT count(*) FROM txn").fetchone()[0])

    def prepare(self) -> None:
        """Write down what R10 to R12 look at."""
        self.connection.execute(_FRESH)
        self.connection.execute(_CODED)

    def accounts(self, limit: int) -> list[str]:
        """The first accounts of the load."""
        return [row[0] for row in self.connection.execute("SELECT code FROM account ORDER BY id LIMIT ?", (limit,))]

    def still_open(self, side: Side) -> list[Total]:
        """What stays open on a side, per currency; the count is of accounts."""
        column = "open_debit_minor" if side is Side.DEBIT else "open_credit_minor"
        sql = f"SELECT currency, count(*), sum({column}) FROM pocket WHERE {column} > 0 GROUP BY currency"
        return [Total(*row) for row in self.connection.execute(sql)]
