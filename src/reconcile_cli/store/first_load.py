"""The first load: straight into empty books, without staging.

Where nothing is there to compare with, each document is new and its rows can be written as they come, in half the
time. Anything that is not plain (a problem, a document in two places) raises `NotPlain`, and the load begins
again with `Stage`, which knows what to do.
"""

import sqlite3
from collections.abc import Callable, Iterable

from reconcile_cli.domain.documents import Documents
from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.records import Total
from reconcile_cli.store import bulk
from reconcile_cli.store.known import NotPlain
from reconcile_cli.store.operation import Operation
from reconcile_cli.store.stating import prepare_flagged

_TXN = "txn (id, kind, document, pocket_id, date, due_date, state, order_code, register, method, digest, made_by)"
_ITEM = """item (txn_id, pocket_id, date, state, line, side, amount_minor, open_minor, description, ledger_code,
  applies_to, match_code, made_by)"""
_FRESH = "INSERT INTO temp.fresh (txn_id, new) SELECT txn_id, 1 FROM temp.flagged"
_CODED = """
INSERT INTO temp.coded SELECT i.id FROM temp.flagged f JOIN item i ON i.txn_id = f.txn_id
WHERE f.flags & 4 AND i.state <= 1 AND i.match_code IS NOT NULL
"""
_HIGHEST = "SELECT coalesce((SELECT max(id) FROM account), 0), coalesce((SELECT max(id) FROM pocket), 0)"
_FIND = """
WITH seen (code, currency) AS (VALUES {rows})
SELECT a.code, a.name, a.id, s.currency, p.id FROM seen s CROSS JOIN account a ON a.code = s.code
LEFT JOIN pocket p ON p.account_id = a.id AND p.currency = s.currency
"""
_PLAIN_FLAGS = 7
REMEMBERED_POCKETS = 100_000


class _Pockets(dict[tuple[str, str], int]):
    """The ids of accounts and currencies, written as they appear; at most so many are kept in memory."""

    def __init__(self, connection: sqlite3.Connection, operation: int) -> None:
        super().__init__()
        self._connection = connection
        self._operation = operation
        self._names: dict[str, str] = {}
        self._forgot = False
        (self._accounts, self._pockets) = connection.execute(_HIGHEST).fetchone()

    def learn(self, keys: Iterable[tuple[str, str]], names: dict[str, str]) -> None:
        """Know the accounts and currencies of a batch, and what it calls the accounts: the last name wins."""
        if len(self) > REMEMBERED_POCKETS:
            self.clear()
            self._names.clear()
            self._forgot = True
        unknown = [key for key in dict.fromkeys(keys) if key not in self]
        if unknown:
            maybe_there = unknown if self._forgot else [key for key in unknown if key[0] in self._names]
            self._write(unknown, self._find(maybe_there), names)
        renamed = [(name, code) for code, name in names.items() if self._names.get(code, name) != name]
        self._connection.executemany("UPDATE account SET name = ? WHERE code = ?", renamed)
        self._names.update(names)

    def _find(self, keys: list[tuple[str, str]]) -> dict[str, int]:
        """Take in what was written and forgotten; tells the ids of the accounts among these that there are."""
        accounts: dict[str, int] = {}
        for code, name, account, currency, pocket in bulk.find(self._connection, _FIND, 2, keys):
            accounts[code], self._names[code] = account, name
            if pocket is not None:
                self[code, currency] = pocket
        return accounts

    def _write(self, keys: list[tuple[str, str]], accounts: dict[str, int], names: dict[str, str]) -> None:
        new = [code for code in dict.fromkeys(code for code, _currency in keys) if code not in accounts]
        for code in new:
            self._accounts += 1
            accounts[code] = self._accounts
            self._names[code] = names.get(code, "")
        rows = [(accounts[code], code, self._names[code], self._operation) for code in new]
        bulk.insert(self._connection, "account (id, code, name, made_by)", 4, rows)
        pockets = []
        for key in keys:
            if key not in self:
                self._pockets += 1
                self[key] = self._pockets
                pockets.append((self._pockets, accounts[key[0]], key[1], 0))
        bulk.insert(self._connection, "pocket (id, account_id, currency, exponent)", 4, pockets)


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
        self._op = op
        op.suspend_indexes("txn", "item")
        op.anew = True
        prepare_flagged(op.connection)

    def add(self, documents: Documents, names: dict[str, str]) -> None:
        """Write a batch, and what it calls the accounts."""
        if not documents.flags:
            return
        numbers, _file, _row, kind, document, account, currency, *rest, flags, digest = documents.headers()
        date, _due_date, state, *_texts = rest
        keys = list(zip(account, currency, strict=True))
        self._pockets.learn(keys, names)
        ids = [self._first_txn + number for number in numbers]
        pockets = [self._pockets[key] for key in keys]
        bulk.insert_columns(self.connection, _TXN, (ids, kind, document, pockets, *rest, digest), self._operation)
        _owner, _row, line, side, amount, *texts = documents.lines()
        heads = (list(map([0, *column].__getitem__, documents.owners)) for column in (ids, pockets, date, state))
        columns = (*heads, line, side, amount, amount, *texts)
        bulk.insert_columns(self.connection, _ITEM, columns, self._operation)
        flagged = [(txn, bits, 1) for txn, bits in zip(ids, flags, strict=True) if bits & _PLAIN_FLAGS]
        bulk.insert(self.connection, "temp.flagged (txn_id, flags, new)", 3, flagged)

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
        for (currency,) in connection.execute("SELECT DISTINCT currency FROM pocket").fetchall():
            sql = "UPDATE pocket SET exponent = ? WHERE currency = ?"
            connection.execute(sql, (exponent(currency), currency))
            connection.execute("INSERT INTO total (currency) VALUES (?)", (currency,))
        try:
            self._op.restore_indexes(keep_off=frozenset({"item_open"}))
        except sqlite3.IntegrityError:  # a document came twice
            raise NotPlain from None

    def count(self) -> int:
        """How many transactions there are."""
        return int(self.connection.execute("SELECT count(*) FROM txn").fetchone()[0])

    def prepare(self) -> None:
        """Write down what R10 and R11 look at. R12 looks at everything: the books hold nothing but this load."""
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
