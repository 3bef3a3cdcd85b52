"""What `check` looks at: the file, the meaning of its rows, and the chain of operations."""

import sqlite3
from collections.abc import Iterator
from itertools import islice

from reconcile_cli.domain.canonical import document_digest
from reconcile_cli.domain.money import EXPONENTS
from reconcile_cli.domain.records import Finding
from reconcile_cli.store import connection as recipe
from reconcile_cli.store import proof, sums
from reconcile_cli.store.books import Books
from reconcile_cli.store.chain import Counts, operation_hash
from reconcile_cli.text import _

_AT_MOST = 20
_SCHEMA = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*' ORDER BY type, name"
_WHERE = """
SELECT a.code, t.document, i.line FROM item i JOIN txn t ON t.id = i.txn_id
JOIN pocket p ON p.id = t.pocket_id JOIN account a ON a.id = p.account_id WHERE i.id = ?
"""
_ALL = {"n": "n.removed_by IS NULL", "i": "i.removed_by IS NULL", "t": "true"}
_HEADER = """
SELECT t.digest, t.id, t.kind, t.document, a.code, p.currency, t.date, t.due_date, t.state, t.order_code,
  t.register, t.method
FROM txn t JOIN pocket p ON p.id = t.pocket_id JOIN account a ON a.id = p.account_id ORDER BY t.id
"""
# The lines of a transaction: those it has, or had when it was removed.
_LINES = """
SELECT i.txn_id, i.line, i.side, i.amount_minor, i.description, i.ledger_code, i.applies_to, i.match_code
FROM txn t CROSS JOIN item i ON i.txn_id = t.id AND i.removed_by IS t.removed_by ORDER BY t.id, i.line
"""
_FORMER_HEADER = """
SELECT w.digest, t.id, w.changed_by, t.kind, t.document, a.code, p.currency, w.date, w.due_date, w.state, w.order_code,
  w.register, w.method
FROM txn_was w JOIN txn t ON t.id = w.txn_id JOIN pocket p ON p.id = w.pocket_id JOIN account a ON a.id = p.account_id
"""
_FORMER_LINES = """
SELECT i.line, coalesce(w.side, i.side), coalesce(w.amount_minor, i.amount_minor),
  CASE WHEN w.item_id IS NULL THEN i.description ELSE w.description END,
  CASE WHEN w.item_id IS NULL THEN i.ledger_code ELSE w.ledger_code END,
  CASE WHEN w.item_id IS NULL THEN i.applies_to ELSE w.applies_to END,
  CASE WHEN w.item_id IS NULL THEN i.match_code ELSE w.match_code END
FROM item i LEFT JOIN item_was w ON w.item_id = i.id AND w.changed_by = (
  SELECT min(changed_by) FROM item_was WHERE item_id = i.id AND changed_by >= :changed_by)
WHERE i.txn_id = :txn AND i.made_by < :changed_by AND (i.removed_by IS NULL OR i.removed_by >= :changed_by)
ORDER BY i.line
"""
_OUT_OF_RANGE = """
SELECT r.id FROM {table} r LEFT JOIN operation o ON o.id = r.made_by LEFT JOIN operation n ON n.id = r.made_by + 1
WHERE o.id IS NULL OR r.id < o.first_{table} OR r.id >= n.first_{table}
"""
_DISORDER = """
SELECT id FROM (
  SELECT i.id, i.txn_id, i.line, i.made_by, lag(i.txn_id) OVER w AS before_txn, lag(i.line) OVER w AS before_line,
    lag(i.made_by) OVER w AS before_made
  FROM item i JOIN operation o ON o.id = i.made_by WHERE i.txn_id >= o.first_txn WINDOW w AS (ORDER BY i.id))
WHERE made_by = before_made AND (txn_id, line) <= (before_txn, before_line)
"""
# What no text of the books holds: the separators of the canonical form, or nothing at all in place of NULL.
_TEXTS = {
    "txn": ("document", "order_code", "register", "method"),
    "item": ("description", "ledger_code", "applies_to", "match_code"),
}
_STRANGE_TEXT = "SELECT id FROM {table} WHERE {strange}"
_STRANGE = "{column} = '' OR instr({column}, char(30)) OR instr({column}, char(31))"
_SEALS = """
SELECT id, hash, txns_made, txns_changed, txns_removed, allocations_made, allocations_removed FROM operation ORDER BY id
"""


def structure(books: Books) -> list[Finding]:
    """SQLite's own integrity, foreign keys, and whether the schema is exactly ours."""
    connection = books.connection
    findings = [
        Finding("file", str(books.path), row[0])
        for row in connection.execute(f"PRAGMA integrity_check({_AT_MOST})")
        if row[0] != "ok"
    ]
    for row in connection.execute("PRAGMA foreign_key_check").fetchmany(_AT_MOST):
        message = _("names a row of {parent} that is not there").format(parent=row[2])
        findings.append(Finding("file", f"{row[0]} {row[1]}", message))
    altered = set(connection.execute(_SCHEMA)) ^ _own_schema()
    findings += [
        Finding("R5", name, _("another program altered this part of the schema"))
        for name in sorted({name for _type, name, _sql in altered})
    ]
    return findings


def _own_schema() -> set[tuple[str, str, str]]:
    own = sqlite3.connect(":memory:", isolation_level=None)
    try:
        recipe.migrate(own)
        return set(own.execute(_SCHEMA))
    finally:
        own.close()


def meaning(books: Books) -> list[Finding]:
    """Every item against its allocations, every allocation against its items, every account against its items."""
    connection = books.connection
    findings = []
    for rule, sql, scope in proof.PROOFS:
        for (row_id,) in connection.execute(sql.format(which=_ALL[scope])).fetchmany(_AT_MOST):
            findings.append(Finding(rule, _place(connection, scope, row_id), _MESSAGES[rule, scope]()))
    findings += [
        Finding("R3", _pocket(connection, pocket), _("the account's sums are not those of its items"))
        for pocket in sums.wrong_pockets(connection)[:_AT_MOST]
    ]
    for pocket, currency, kept in connection.execute("SELECT id, currency, exponent FROM pocket"):
        if EXPONENTS.get(currency) != kept:
            findings.append(Finding("R2", _pocket(connection, pocket), _("the currency has other decimals")))
    return findings


_MESSAGES = {
    ("R4", "n"): lambda: _("an allocation does not link a debit and a credit of one account"),
    ("R5", "i"): lambda: _("the open amount is not what its allocations leave"),
    ("R8", "i"): lambda: _("what planned payments cover is not what its allocations say"),
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


def chain(books: Books) -> list[Finding]:
    """Every document against its digest, every operation against its hash and the one before it (R26)."""
    connection = books.connection
    findings = list(islice(_wrong_digests(connection), _AT_MOST))
    findings += [
        Finding("R26", _place(connection, "i", row_id), _("the item stands out of its order; it was moved afterwards"))
        for (row_id,) in connection.execute(_DISORDER).fetchmany(_AT_MOST)
    ]
    findings += [
        Finding("R26", f"{table} {row_id}", _("it is not of the operation that it names"))
        for table in ("txn", "item", "allocation")
        for (row_id,) in connection.execute(_OUT_OF_RANGE.format(table=table)).fetchmany(_AT_MOST)
    ]
    for table, columns in _TEXTS.items():
        strange = " OR ".join(_STRANGE.format(column=column) for column in columns)
        for (row_id,) in connection.execute(_STRANGE_TEXT.format(table=table, strange=strange)).fetchmany(_AT_MOST):
            findings.append(Finding("R26", f"{table} {row_id}", _("it holds a text that no load writes")))
    expected = 1
    for number, kept, *counts in connection.execute(_SEALS):
        if number != expected:
            message = _("operations are missing before {number}").format(number=number)
            findings.append(Finding("R26", f"operation {expected}", message))
        expected = number + 1
        if operation_hash(connection, number, Counts(*counts)) != kept:
            message = _("its content is not what was sealed; it was changed afterwards")
            findings.append(Finding("R26", f"operation {number}", message))
    return findings[:_AT_MOST]


def _wrong_digests(connection: sqlite3.Connection) -> Iterator[Finding]:
    """The documents, as they are and as they were before each change, that are not what was loaded."""
    message = _("the document is not what was loaded; it was changed afterwards")
    lines = connection.execute(_LINES)
    line = lines.fetchone()
    for digest, txn_id, *header in connection.execute(_HEADER):
        own = []
        while line and line[0] == txn_id:
            own.append(line[1:])
            line = lines.fetchone()
        if document_digest(header, own) != digest:
            yield Finding("R26", f"{header[2]} {header[1]}", message)
    for digest, txn_id, changed_by, *header in connection.execute(_FORMER_HEADER):
        own = connection.execute(_FORMER_LINES, {"txn": txn_id, "changed_by": changed_by}).fetchall()
        if document_digest(header, own) != digest:
            yield Finding("R26", f"{header[2]} {header[1]} before operation {changed_by}", message)
