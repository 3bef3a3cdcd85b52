"""From what a person typed to a row: accounts, documents, items (design, section 5, Naming)."""

import sqlite3
from difflib import get_close_matches
from typing import NamedTuple

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.naming import Reading, readings
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import AmbiguousName, UnknownName

_NEIGHBOURS = 60
_TXNS = "SELECT id, kind, document, pocket_id, state FROM txn WHERE document = ? AND removed_by IS NULL ORDER BY kind"
_ACCOUNT = "SELECT id FROM account WHERE code = ?"
_HAS_LINE = "SELECT 1 FROM item WHERE txn_id = ? AND line = ? AND removed_by IS NULL"
_NEAR_DOCUMENTS = """
SELECT document FROM (
  SELECT document FROM txn WHERE document >= :name AND removed_by IS NULL ORDER BY document LIMIT :n)
UNION SELECT document FROM (
  SELECT document FROM txn WHERE document < :name AND removed_by IS NULL ORDER BY document DESC LIMIT :n)
"""
_NEAR_ACCOUNTS = """
SELECT code FROM (SELECT code FROM account WHERE code >= :name ORDER BY code LIMIT :n)
UNION SELECT code FROM (SELECT code FROM account WHERE code < :name ORDER BY code DESC LIMIT :n)
"""


class FoundTxn(NamedTuple):
    """A transaction that a name means."""

    id: int
    kind: int
    document: str
    pocket_id: int
    state: int

    def __str__(self) -> str:
        return f"{Kind(self.kind).code}/{self.document}"


class Named(NamedTuple):
    """What a name means: a transaction and, where one was given, a line and the text of an amount."""

    txn: FoundTxn
    line: int | None
    amount: str | None


def find_account(books: Books, code: str) -> int:
    """The id of an account.

    Raises:
        UnknownName: no account has this code.
    """
    row = books.connection.execute(_ACCOUNT, (code.strip(),)).fetchone()
    if row is None:
        raise UnknownName(code, _nearest(books.connection, code, _NEAR_ACCOUNTS))
    return int(row[0])


def find_transactions(books: Books, name: str) -> list[FoundTxn]:
    """All transactions that `[KIND/]DOCUMENT` names, several where they share a number; empty where none does."""
    for reading in readings(name):
        if reading.line is None and reading.amount is None and (found := _of(books.connection, reading)):
            return found
    return []


def find_named(books: Books, name: str) -> Named:
    """What `[KIND/]DOCUMENT[:LINE][=AMOUNT]` means; the readings are tried in the order of the design.

    Raises:
        UnknownName: no document or item has this name; the nearest are named, or it is told that an account has it.
        AmbiguousName: several transactions share the number and no kind was given.
    """
    for reading in readings(name):
        found = _of(books.connection, reading)
        if reading.line is not None:
            found = [txn for txn in found if books.connection.execute(_HAS_LINE, (txn.id, reading.line)).fetchone()]
        if len(found) > 1:
            raise AmbiguousName(name, [str(txn) for txn in found])
        if found:
            return Named(found[0], reading.line, reading.amount)
    of_account = books.connection.execute(_ACCOUNT, (name.strip(),)).fetchone() is not None
    raise UnknownName(name, _nearest(books.connection, name, _NEAR_DOCUMENTS), of_account=of_account)


def unknown(books: Books, name: str) -> UnknownName:
    """The refusal for a name that is neither an account nor a document."""
    near = _nearest(books.connection, name, _NEAR_ACCOUNTS) + _nearest(books.connection, name, _NEAR_DOCUMENTS)
    return UnknownName(name, _closest(_word(name), near))


def _of(connection: sqlite3.Connection, reading: Reading) -> list[FoundTxn]:
    found = [FoundTxn(*row) for row in connection.execute(_TXNS, (reading.document,))]
    return found if reading.kind is None else [txn for txn in found if txn.kind == reading.kind]


def _word(name: str) -> str:
    """A name without its kind."""
    return name.partition("/")[2] or name


def _nearest(connection: sqlite3.Connection, name: str, sql: str) -> list[str]:
    """Names close to one that was mistyped, among its neighbours in order, in any case."""
    word = _word(name)
    near = {
        row[0]
        for spelt in (word, word.upper(), word.lower())
        for row in connection.execute(sql, {"name": spelt[: max(1, len(word) - 2)], "n": _NEIGHBOURS})
    }
    return _closest(word, sorted(near))


def _closest(word: str, names: list[str]) -> list[str]:
    """The names most like a word, case aside."""
    spelt = {name.casefold(): name for name in reversed(names)}
    return [spelt[name] for name in get_close_matches(word.casefold(), list(spelt), n=3, cutoff=0.5)]
