"""What `check` looks at: the file, the meaning of its rows, and the chain of operations."""

import sqlite3
from hashlib import sha256

from reconcile_cli.domain.findings import Finding
from reconcile_cli.domain.money import EXPONENTS
from reconcile_cli.store import connection as recipe
from reconcile_cli.store import documents, guards, proof, sums
from reconcile_cli.store.books import Books
from reconcile_cli.store.chain import Counts, operation_hash
from reconcile_cli.store.operation_state import now_or_then
from reconcile_cli.text import _

_AT_MOST = 20
# A damaged name can be bytes; it is told in text, and differs all the same.
_SCHEMA = """
SELECT type, coalesce(CAST(name AS TEXT), ''), sql, typeof(name) FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*'"""
_WHERE = """
SELECT a.code, t.document, i.line FROM item i JOIN txn t ON t.id = i.txn_id
JOIN pocket p ON p.id = t.pocket_id JOIN account a ON a.id = p.account_id WHERE i.id = ?
"""
# An item that was removed says what its transaction said until then.
_TXN_THEN = now_or_then("txn", "t", ("pocket_id", "date", "state", "replaced_by"), operation="i.removed_by - 1")
_GONE_COPIES = f"""
SELECT i.id FROM item i JOIN txn t ON t.id = i.txn_id WHERE i.removed_by IS NOT NULL
AND (i.pocket_id, i.date, i.state) IS NOT ({_TXN_THEN["pocket_id"]}, {_TXN_THEN["date"]},
  CASE WHEN {_TXN_THEN["replaced_by"]} IS NULL THEN {_TXN_THEN["state"]} ELSE 3 END)
"""
# What items and allocations name. What the live ones name besides is part of the proofs R4 and R5.
_GONE = "AND removed_by IS NOT NULL"
_BY = (("made_by", "operation", ""), ("removed_by", "operation", _GONE))
_NAMES = {
    "item": (*_BY, ("txn_id", "txn", _GONE), ("pocket_id", "pocket", _GONE)),
    "allocation": (*_BY, ("debit_id", "item", _GONE), ("credit_id", "item", _GONE)),
}
# Where numbers have no gap, two comparisons tell what is there. An index may hold a row that is not there any more.
_NUMBERED = "SELECT min(id), max(id), count(*) = max(id) - min(id) + 1 FROM {table} NOT INDEXED"
_STRAY = """
SELECT 1 FROM txn WHERE pocket_id NOT BETWEEN :first_pocket AND :last_pocket
OR made_by NOT BETWEEN :first_operation AND :last_operation
OR removed_by NOT BETWEEN :first_operation AND :last_operation
OR replaced_by NOT IN (SELECT id FROM txn)
"""
# The rows of each operation lie between its first and that of the next; what lies before all is given to the first.
_SPANS = """
WITH span AS (
  SELECT id, first_txn, first_{table} AS begins, first_allocation + allocations_made AS end_allocation,
    CASE WHEN lag(id) OVER w IS NULL THEN -9223372036854775808 ELSE first_{table} END AS first,
    coalesce(lead(first_{table}) OVER w - 1, 9223372036854775807) AS last
  FROM operation WINDOW w AS (ORDER BY id))
"""
_OUT_OF_RANGE = f"""
{_SPANS}
SELECT r.id FROM span s CROSS JOIN {{table}} r ON r.id BETWEEN s.first AND s.last
WHERE r.made_by <> s.id OR r.id < s.begins {{gap}}
"""
_GAPS = {"txn": "", "item": "", "allocation": "OR r.id >= s.end_allocation"}
# Items of new transactions lie in the order of transaction and line, lines added to older ones anywhere between. Each
# is held against the one before it; that a row between them is gone shows in the digest of its document.
_DISORDER = f"""
{_SPANS.format(table="item")}
SELECT i.id FROM span s CROSS JOIN item i ON i.id BETWEEN s.begins + 1 AND s.last AND i.txn_id >= s.first_txn
CROSS JOIN item b ON b.id = i.id - 1
WHERE CASE WHEN b.txn_id >= s.first_txn THEN (i.txn_id, i.line) <= (b.txn_id, b.line) ELSE (i.txn_id, i.line) <= (
  SELECT p.txn_id, p.line FROM item p WHERE p.id BETWEEN s.begins AND i.id - 1 AND p.txn_id >= s.first_txn
  ORDER BY p.id DESC LIMIT 1) END
"""
_SEALS = """
SELECT id, hash, txns_made, txns_changed, txns_removed, allocations_made, allocations_removed FROM operation ORDER BY id
"""


def structure(books: Books, known: proof.Walked, *, quick: bool = False) -> list[Finding]:
    """SQLite's own integrity, foreign keys, and whether the schema is exactly ours.

    `quick` does not hold indexes against their tables. What live items and allocations name is proved by `meaning`.
    """
    connection = books.connection
    findings = [
        Finding("file", str(books.path), row[0])
        for row in connection.execute(f"PRAGMA {'quick' if quick else 'integrity'}_check({_AT_MOST})")
        if row[0] != "ok"
    ]
    for table, row_id, parent in _dangling(connection, known, sound=not findings):
        message = _("names a row of {parent} that is not there").format(parent=parent)
        findings.append(Finding("file", f"{table} {row_id}", message))
    altered = set(connection.execute(_SCHEMA)) ^ _own_schema()
    findings += [
        Finding("R5", name, _("another program altered this part of the schema"))
        for name in sorted({name for _type, name, _sql, _kind in altered})
    ]
    return findings


def _dangling(connection: sqlite3.Connection, known: proof.Walked, *, sound: bool) -> list[tuple[str, int, str]]:
    """The rows whose foreign keys name nothing: (table, row, what is named)."""
    proved = {*_NAMES, "txn"} if sound and _transactions_name_rows(connection) else {*_NAMES}
    checks = [f"PRAGMA foreign_key_check({table})" for table in guards.PROTECTED if table not in proved]
    checks += [
        f"SELECT '{table}', id, '{parent}' FROM {table} WHERE {column} NOT IN (SELECT id FROM {parent}) {where}"
        for table, names in _NAMES.items()
        for column, parent, where in names
        if where or known.by_nobody
    ]
    return [row[:3] for sql in checks for row in connection.execute(sql).fetchmany(_AT_MOST)]


def _transactions_name_rows(connection: sqlite3.Connection) -> bool:
    """Whether operations and pockets are numbered without a gap, and transactions name none beyond (see `_STRAY`)."""
    parents = {table: connection.execute(_NUMBERED.format(table=table)).fetchone() for table in ("operation", "pocket")}
    if not all(gapless for _first, _last, gapless in parents.values()):
        return False
    bounds = {f"{end}_{table}": row[at] for table, row in parents.items() for at, end in enumerate(("first", "last"))}
    return connection.execute(_STRAY, bounds).fetchone() is None


def _own_schema() -> set[tuple[str, str, str, str]]:
    own = sqlite3.connect(":memory:", isolation_level=None)
    try:
        recipe.migrate(own)
        return set(own.execute(_SCHEMA))
    finally:
        own.close()


def meaning(books: Books, known: proof.Walked | None = None) -> list[Finding]:
    """Every item against its allocations, every allocation against its items, every account against its items."""
    connection = books.connection
    findings = []
    for rule, scope, sql in (*proof.of_everything(connection, known), ("R5", "t", _GONE_COPIES)):
        for (row_id,) in connection.execute(sql).fetchmany(_AT_MOST):
            findings.append(Finding(rule, _place(connection, scope, row_id), _MESSAGES[rule, scope]()))
    findings += [
        Finding("R3", _pocket(connection, pocket), _("the account's sums are not those of its items"))
        for pocket in sums.wrong_pockets(connection)[:_AT_MOST]
    ]
    findings += [
        Finding("R3", f"total {currency}", _("the sums of all accounts are not those of the accounts"))
        for currency in sums.wrong_totals(connection)[:_AT_MOST]
    ]
    currencies = connection.execute("SELECT DISTINCT currency, exponent FROM pocket").fetchall()
    wrong = {(currency, kept) for currency, kept in currencies if EXPONENTS.get(currency) != kept}
    for pocket, *own in connection.execute("SELECT id, currency, exponent FROM pocket") if wrong else ():
        if tuple(own) in wrong:
            findings.append(Finding("R2", _pocket(connection, pocket), _("the currency has other decimals")))
    return findings


_MESSAGES = {
    ("R4", "n"): lambda: _("an allocation does not link a debit and a credit of one account"),
    ("R5", "i"): lambda: _("the open amount is not what its allocations leave"),
    ("R8", "c"): lambda: _("what planned payments cover is not what its allocations say"),
    ("R5", "t"): lambda: _("the item says otherwise than its transaction"),
}


def _pocket(connection: sqlite3.Connection, pocket: int) -> str:
    sql = "SELECT a.code, p.currency FROM pocket p JOIN account a ON a.id = p.account_id WHERE p.id = ?"
    row = connection.execute(sql, (pocket,)).fetchone()
    return " ".join(row) if row else f"pocket {pocket}"


def _place(connection: sqlite3.Connection, scope: str, row_id: int) -> str:
    if scope == "n":
        return f"allocation {row_id}"
    row = connection.execute(_WHERE, (row_id,)).fetchone()
    return f"{row[0]} {row[1]}:{row[2]}" if row else f"item {row_id}"


def chain(books: Books, *, sound: bool = False) -> list[Finding]:
    """Every document against its digest, every operation against its hash and the one before it (R26).

    `sound` are books in which `structure` and `meaning` found nothing: what they proved needs no second look.
    """
    connection = books.connection
    read = documents.read(connection, _AT_MOST, sound=sound)
    findings = read.findings
    findings += [
        Finding("R26", _place(connection, "i", row_id), _("the item stands out of its order; it was moved afterwards"))
        for (row_id,) in connection.execute(_DISORDER).fetchmany(_AT_MOST)
    ]
    findings += [
        Finding("R26", f"{table} {row_id}", _("it is not of the operation that it names"))
        for table, gap in _GAPS.items()
        for (row_id,) in connection.execute(_OUT_OF_RANGE.format(table=table, gap=gap)).fetchmany(_AT_MOST)
    ]
    findings += [
        Finding("R26", f"{table} {row_id}", _("it holds a text that no load writes"))
        for table, row_id in documents.strange_texts(connection, read, _AT_MOST)
    ]
    expected = 1
    for number, kept, *counts in connection.execute(_SEALS):
        if number != expected:
            message = _("operations are missing before {number}").format(number=number)
            findings.append(Finding("R26", f"operation {expected}", message))
        expected = number + 1
        if operation_hash(connection, number, Counts(*counts), sha256()) != kept:
            message = _("its content is not what was sealed; it was changed afterwards")
            findings.append(Finding("R26", f"operation {number}", message))
    return findings[:_AT_MOST]
