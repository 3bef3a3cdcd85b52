"""The first load: straight into empty books, without staging.

Where nothing is there to compare with, each document is new and its rows can be written as they come, in half the
time. Anything that is not plain (a problem, a document in two places) raises `NotPlain`, and the load begins
again with `Stage`, which knows what to do.
"""

import sqlite3
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence

from reconcile_cli.domain.documents import Documents
from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.records import Total
from reconcile_cli.store import bulk
from reconcile_cli.store.known import NotPlain
from reconcile_cli.store.operation import Operation
from reconcile_cli.store.stating import prepare_flagged

_TXN = """
WITH new (id, kind, document, pocket_id, date, due_date, state, order_code, register, method, digest) AS (VALUES {rows})
INSERT INTO txn (id, kind, document, pocket_id, date, due_date, state, order_code, register, method, digest, made_by)
SELECT id, kind, document, pocket_id, date, nullif(due_date, ''), state, nullif(order_code, ''), nullif(register, ''),
  nullif(method, ''), digest, ? FROM new
"""
_ITEM = """
WITH new (txn_id, pocket_id, date, state, line, side, amount_minor, description, ledger_code, applies_to, match_code)
  AS (VALUES {rows})
INSERT INTO item (txn_id, pocket_id, date, state, line, side, amount_minor, open_minor, description, ledger_code,
  applies_to, match_code, made_by)
SELECT txn_id, pocket_id, date, state, line, side, amount_minor, amount_minor, nullif(description, ''),
  nullif(ledger_code, ''), nullif(applies_to, ''), nullif(match_code, ''), ? FROM new
"""
_FRESH = "INSERT INTO temp.fresh (txn_id, new) SELECT txn_id, 1 FROM temp.flagged"
_CODED = """
INSERT INTO temp.coded SELECT i.id FROM temp.flagged f JOIN item i ON i.txn_id = f.txn_id
WHERE f.flags & 4 AND i.state <= 1 AND i.match_code IS NOT NULL
"""
_HIGHEST = "SELECT coalesce((SELECT max(id) FROM account), 0), coalesce((SELECT max(id) FROM pocket), 0)"
_FIND = """
WITH seen (code, currency) AS (VALUES {rows})
SELECT a.code, a.id, s.currency, p.id FROM seen s CROSS JOIN account a ON a.code = s.code
LEFT JOIN pocket p ON p.account_id = a.id AND p.currency = s.currency
"""
_PLAIN_FLAGS = 7
REMEMBERED_POCKETS = 600_000


class _Pockets:
    """The ids of accounts and currencies, written as they appear.

    So many are remembered by their texts, for some 110 bytes each; of the others 16 bytes are kept.
    """

    def __init__(self, connection: sqlite3.Connection, operation: int) -> None:
        self._connection = connection
        self._operation = operation
        accounts, pockets = connection.execute(_HIGHEST).fetchone()
        self._ids: dict[str, dict[str, int]] = {}  # currency: account: pocket
        self._forgot = accounts > 0
        self._account_of = array("q", [0] * (pockets + 1))
        self._name_of = array("q", [0] * (accounts + 1))  # the hash of an account's name

    def learn(self, accounts: Sequence[str], currencies: Sequence[str], names: Mapping[str, str]) -> list[int]:
        """The pockets of a batch of documents, and what it calls the accounts: the last name wins."""
        if sum(map(len, self._ids.values())) > REMEMBERED_POCKETS:
            self._ids.clear()
            self._forgot = True
        of_currency = {currency: self._ids.setdefault(currency, {}) for currency in dict.fromkeys(currencies)}
        unknown = [
            (account, currency)
            for account, currency in dict.fromkeys(zip(accounts, currencies, strict=True))
            if account not in of_currency[currency]
        ]
        if unknown:
            self._write(unknown, names)
        self._rename(names)
        return [of_currency[currency][account] for account, currency in zip(accounts, currencies, strict=True)]

    def _write(self, keys: list[tuple[str, str]], names: Mapping[str, str]) -> None:
        accounts: dict[str, int] = {}
        maybe_there = [key for key in keys if self._forgot or self._account(key[0])]
        for code, account, currency, pocket in bulk.find(self._connection, _FIND, 2, maybe_there):
            accounts[code] = account
            if pocket is not None:
                self._ids[currency][code] = pocket
                self._account_of[pocket] = account
        new = [code for code in dict.fromkeys(code for code, _currency in keys) if code not in accounts]
        for code in new:
            accounts[code] = len(self._name_of)
            self._name_of.append(hash(names.get(code, "")))
        rows = [(accounts[code], code, names.get(code, ""), self._operation) for code in new]
        bulk.insert(self._connection, "account (id, code, name, made_by)", 4, rows)
        pockets = []
        for code, currency in keys:
            if code not in self._ids[currency]:
                self._ids[currency][code] = len(self._account_of)
                pockets.append((len(self._account_of), accounts[code], currency, 0))
                self._account_of.append(accounts[code])
        bulk.insert(self._connection, "pocket (id, account_id, currency, exponent)", 4, pockets)

    def _rename(self, names: Mapping[str, str]) -> None:
        renamed = []
        for code, name in names.items():
            account = self._account(code)
            if self._name_of[account] != hash(name):
                self._name_of[account] = hash(name)
                renamed.append((name, account))
        self._connection.executemany("UPDATE account SET name = ? WHERE id = ?", renamed)

    def _account(self, code: str) -> int:
        """The id of an account; 0 where none is remembered."""
        for ids in self._ids.values():
            pocket = ids.get(code)
            if pocket is not None:
                return self._account_of[pocket]
        return 0


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

    def add(self, documents: Documents, names: Mapping[str, str]) -> None:
        """Write a batch, and what it calls the accounts."""
        if not documents.flags:
            return
        numbers, _file, _row, kind, document, account, currency, *rest, flags, digest = documents.headers(absent="")
        date, due_date, state, *texts = rest
        ids = [self._first_txn + number for number in numbers]
        pockets = self._pockets.learn(account, currency, names)
        due_date, digest = [day or "" for day in due_date], list(map(bytearray, digest))
        heads = (ids, kind, document, pockets, date, due_date, state, *texts, digest)
        bulk.insert_columns(self.connection, _TXN, heads, self._operation)
        _owner, _row, *contents = documents.lines(absent="")
        copies = (list(map([0, *column].__getitem__, documents.owners)) for column in (ids, pockets, date, state))
        bulk.insert_columns(self.connection, _ITEM, (*copies, *contents), self._operation)
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
