"""What `check` looks at: the file, the meaning of its rows, and the chain of operations."""

import sqlite3
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from itertools import chain as joined
from math import inf

from reconcile_cli.domain.canonical import (
    FIELD,
    HEADER_FIELDS,
    LINE,
    LINE_FIELDS,
    document_digest,
)
from reconcile_cli.domain.findings import Finding
from reconcile_cli.domain.money import EXPONENTS
from reconcile_cli.store import connection as recipe
from reconcile_cli.store import guards, proof, sums
from reconcile_cli.store.books import Books
from reconcile_cli.store.chain import Counts, operation_hash
from reconcile_cli.store.operation_state import now_or_then
from reconcile_cli.text import _

_AT_MOST = 20
_CHUNK = 1_000
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
_POCKETS = "SELECT p.id, a.code, p.currency FROM pocket p JOIN account a ON a.id = p.account_id"
# What items and allocations name. What the live ones name besides is part of the proofs R4 and R5.
_GONE = "AND removed_by IS NOT NULL"
_BY = (("made_by", "operation", ""), ("removed_by", "operation", _GONE))
_NAMES = {
    "item": (*_BY, ("txn_id", "txn", _GONE), ("pocket_id", "pocket", _GONE)),
    "allocation": (*_BY, ("debit_id", "item", _GONE), ("credit_id", "item", _GONE)),
}
# Their canonical form, put together as they are read: what stands before and after account and currency, and each line.
_HEADERS = f"""
SELECT digest, id, pocket_id, printf('{f"%s{FIELD}" * 2}', kind, document) AS txn,
  printf('{f"{FIELD}%s" * 6}', date, due_date, state, order_code, register, method) AS txn
FROM txn WHERE removed_by {{which}} NULL ORDER BY {{order}}
"""
_LINE = f"""i.txn_id, printf('{LINE}{FIELD.join(["%s"] * len(LINE_FIELDS))}',
  i.line, i.side, i.amount_minor, i.description, i.ledger_code, i.applies_to, i.match_code) AS item"""
# The lines of transactions: those that they have, or had when they were removed.
_DOCUMENTS = (
    (
        _HEADERS.format(which="IS", order="id"),
        f"""SELECT {_LINE} FROM item i WHERE i.removed_by IS NULL AND typeof(i.txn_id) = 'integer'
        ORDER BY i.txn_id, i.line""",
    ),
    (
        _HEADERS.format(which="IS NOT", order="+id"),
        f"""SELECT {_LINE} FROM item i CROSS JOIN txn t ON t.id = i.txn_id AND t.removed_by = i.removed_by
        WHERE i.removed_by IS NOT NULL ORDER BY i.txn_id, i.line""",
    ),
)
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
# What no text of the books holds: the separators of the canonical form, what printf takes for the end of a text, or
# nothing at all in place of NULL.
_TEXTS = {
    "txn": ("document", "order_code", "register", "method"),
    "item": ("description", "ledger_code", "applies_to", "match_code"),
}
_NO_LINE = (inf, "")
_STRANGE_TEXT = """
SELECT id FROM {table} WHERE '' IN ({columns}) OR {cut} OR (:forged OR removed_by IS NOT NULL) AND ({forged})"""
_CUT = "instr({column}, char(0))"
_FORGED = "instr({column}, char(30)) OR instr({column}, char(31))"
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
    for table, row_id, parent in _dangling(connection, known):
        message = _("names a row of {parent} that is not there").format(parent=parent)
        findings.append(Finding("file", f"{table} {row_id}", message))
    altered = set(connection.execute(_SCHEMA)) ^ _own_schema()
    findings += [
        Finding("R5", name, _("another program altered this part of the schema"))
        for name in sorted({name for _type, name, _sql, _kind in altered})
    ]
    return findings


def _dangling(connection: sqlite3.Connection, known: proof.Walked) -> list[tuple[str, int, str]]:
    """The rows whose foreign keys name nothing: (table, row, what is named)."""
    checks = [f"PRAGMA foreign_key_check({table})" for table in guards.PROTECTED if table not in _NAMES]
    checks += [
        f"SELECT '{table}', id, '{parent}' FROM {table} WHERE {column} NOT IN (SELECT id FROM {parent}) {where}"
        for table, names in _NAMES.items()
        for column, parent, where in names
        if where or known.by_nobody
    ]
    return [row[:3] for sql in checks for row in connection.execute(sql).fetchmany(_AT_MOST)]


def _own_schema() -> set[tuple[str, str, str, str]]:
    own = sqlite3.connect(":memory:", isolation_level=None)
    try:
        recipe.migrate(own)
        return set(own.execute(_SCHEMA))
    finally:
        own.close()


def meaning(books: Books, known: proof.Walked) -> list[Finding]:
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
    for pocket, currency, kept in connection.execute("SELECT id, currency, exponent FROM pocket"):
        if EXPONENTS.get(currency) != kept:
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


def chain(books: Books) -> list[Finding]:
    """Every document against its digest, every operation against its hash and the one before it (R26)."""
    connection = books.connection
    findings, forged = _documents(connection)
    findings += [
        Finding("R26", _place(connection, "i", row_id), _("the item stands out of its order; it was moved afterwards"))
        for (row_id,) in connection.execute(_DISORDER).fetchmany(_AT_MOST)
    ]
    findings += [
        Finding("R26", f"{table} {row_id}", _("it is not of the operation that it names"))
        for table, gap in _GAPS.items()
        for (row_id,) in connection.execute(_OUT_OF_RANGE.format(table=table, gap=gap)).fetchmany(_AT_MOST)
    ]
    for table, columns in _TEXTS.items():
        cut, strange = (" OR ".join(sql.format(column=name) for name in columns) for sql in (_CUT, _FORGED))
        sql = _STRANGE_TEXT.format(table=table, columns=", ".join(columns), cut=cut, forged=strange)
        for (row_id,) in connection.execute(sql, {"forged": forged}).fetchmany(_AT_MOST):
            findings.append(Finding("R26", f"{table} {row_id}", _("it holds a text that no load writes")))
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


def _documents(connection: sqlite3.Connection) -> tuple[list[Finding], bool]:
    """The documents that are not what was loaded, as they are or as they were before a change.

    And whether a text of one that is in the books holds a separator: more are seen than stand between fields and lines.
    """
    message = _("the document is not what was loaded; it was changed afterwards")
    findings: list[Finding] = []
    forged = False
    accounts = {pocket: f"{code}{FIELD}{currency}" for pocket, code, currency in connection.execute(_POCKETS)}
    for documents in _DOCUMENTS:
        headers, lines = map(connection.execute, documents)
        for block, texts, count in _forms(headers, lines, accounts):
            form = "".join(texts)
            between = (len(HEADER_FIELDS) - 1) * len(texts) + len(LINE_FIELDS) * count
            forged |= form.count(FIELD) + form.count(LINE) != between
            digests = [sha256(text.encode()).digest() for text in texts]
            if digests != [row[0] for row in block]:
                findings += [
                    Finding(
                        "R26", f"{accounts[pocket].rpartition(FIELD)[0]} {before.partition(FIELD)[2][:-1]}", message
                    )
                    for (kept, _txn, pocket, before, _after), digest in zip(block, digests, strict=True)
                    if digest != kept and pocket in accounts
                ]
            if len(findings) >= _AT_MOST:
                return findings, True
    for digest, txn_id, changed_by, *header in connection.execute(_FORMER_HEADER):
        own = connection.execute(_FORMER_LINES, {"txn": txn_id, "changed_by": changed_by}).fetchall()
        if document_digest(header, own) != digest:
            findings.append(Finding("R26", f"{header[2]} {header[1]} before operation {changed_by}", message))
    return findings, forged


def _forms(
    headers: sqlite3.Cursor, lines: sqlite3.Cursor, accounts: Mapping[int, str]
) -> Iterator[tuple[list[tuple[bytes, int, int, str, str]], list[str], int]]:
    """Headers, a block at a time, with the canonical forms of their documents and the number of lines in them."""
    told = joined.from_iterable(iter(partial(lines.fetchmany, _CHUNK), []))
    owner, line = next(told, _NO_LINE)
    while block := headers.fetchmany(_CHUNK):
        texts, count = [], 0
        for _digest, txn, pocket, before, after in block:
            text = f"{before}{accounts.get(pocket, FIELD)}{after}"
            while owner <= txn:
                if owner == txn:  # else of no document: another proof finds it
                    text += line
                    count += 1
                owner, line = next(told, _NO_LINE)
            texts.append(text)
        yield block, texts, count
