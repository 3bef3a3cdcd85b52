"""Every document against its digest: as it is, as it was before a change, as it was when it was removed (R26)."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from itertools import chain as joined
from math import inf
from typing import NamedTuple

from reconcile_cli.domain.canonical import (
    FIELD,
    HEADER_FIELDS,
    LINE,
    LINE_FIELDS,
    document_digest,
)
from reconcile_cli.domain.findings import Finding
from reconcile_cli.text import _

_CHUNK = 1_000
_BLOCK = 500
_LINES = 50
"""The most lines that a document of a block has on average; others are read by lines."""
_MARK = "\x1d"
_POCKETS = "SELECT p.id, a.code, p.currency FROM pocket p JOIN account a ON a.id = p.account_id"
# Their canonical form, put together as they are read: what stands before and after account and currency, and each line.
_BEFORE, _AFTER = FIELD.join(["%s"] * 2) + FIELD, f"{FIELD}%s" * 6
_HEADERS = f"""
SELECT digest, id, pocket_id, printf('{_BEFORE}', kind, document) AS txn,
  printf('{_AFTER}', date, due_date, state, order_code, register, method) AS txn
FROM txn WHERE {{which}} ORDER BY {{order}}
"""
_FORM = LINE + FIELD.join(["%s"] * len(LINE_FIELDS))
_FIELDS = "i.line, i.side, i.amount_minor, i.description, i.ledger_code, i.applies_to, i.match_code"
_LINE = f"i.txn_id, printf('{_FORM}', {_FIELDS}) AS item"
_LIVE = (
    _HEADERS.format(which="removed_by IS NULL AND id > :after AND id <= :last", order="id"),
    f"""SELECT {_LINE} FROM item i WHERE i.removed_by IS NULL AND typeof(i.txn_id) = 'integer'
    AND i.txn_id > :after AND i.txn_id <= :last ORDER BY i.txn_id, i.line""",
)
# The lines that they had when they were removed.
_REMOVED = (
    _HEADERS.format(which="removed_by IS NOT NULL", order="+id"),
    f"""SELECT {_LINE} FROM item i CROSS JOIN txn t ON t.id = i.txn_id AND t.removed_by = i.removed_by
    WHERE i.removed_by IS NOT NULL ORDER BY i.txn_id, i.line""",
)
# What no text of the books holds: the separators of the canonical form, what printf takes for the end of a text, or
# nothing at all in place of NULL.
_TEXTS = {
    "txn": ("document", "order_code", "register", "method"),
    "item": ("description", "ledger_code", "applies_to", "match_code"),
}
_LOST = {
    table: " OR ".join([f"'' IN ({', '.join(names)})", *(f"instr({name}, char(0))" for name in names)])
    for table, names in _TEXTS.items()
}
_FORGED = {
    table: " OR ".join(f"instr({name}, char({ord(sign)}))" for name in names for sign in (LINE, FIELD))
    for table, names in _TEXTS.items()
}
_STRANGE = """
SELECT id FROM {table} WHERE {which} AND ({lost} OR (:forged OR removed_by IS NOT NULL) AND ({forged})) ORDER BY id"""
# Many documents at once: their parts between marks, in one text; their lines in another, the first of each marked.
# What holds a text that printf does not tell whole has no form; then nothing is told, for others may hold what it says.
_TOLD = "CAST(coalesce(iif(count(form) = count(*), group_concat(form, ''), NULL), '') AS BLOB)"
_HEADERS_AT_ONCE = f"""
SELECT count(*), max(id), CAST(group_concat(digest, '') AS BLOB), {_TOLD}
FROM (SELECT id, digest, CASE WHEN {_LOST["txn"]} THEN NULL
    ELSE printf('{_MARK}%s{_MARK}%s{_MARK}{_BEFORE}{_MARK}{_AFTER}',
      id, pocket_id, kind, document, date, due_date, state, order_code, register, method) END AS form
  FROM txn WHERE removed_by IS NULL AND id > :after ORDER BY id LIMIT :block)
"""
_LINES_AT_ONCE = f"""
SELECT count(*), count(*) FILTER (WHERE line = 1), {_TOLD}
FROM (SELECT i.line, CASE WHEN {_LOST["item"]} THEN NULL
    ELSE printf(CASE i.line WHEN 1 THEN '{_MARK}%s{_MARK}{_FORM}' ELSE '%.0s{_FORM}' END,
      i.txn_id, {_FIELDS}) END AS form
  FROM item i WHERE i.removed_by IS NULL AND i.txn_id > :after AND i.txn_id <= :last
  ORDER BY i.txn_id, i.line LIMIT {_LINES} * :block)
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
_NO_LINE = (inf, "")
_Span = dict[str, float]
_ALL: _Span = {"after": -inf, "last": inf}


class Read(NamedTuple):
    """What was found, not much more than `most`, and what is known of the texts of documents that are in the books.

    `forged`: one holds a separator; more are seen than stand between fields and lines. `whole`: none is strange.
    """

    findings: list[Finding]
    forged: bool
    whole: bool


def read(connection: sqlite3.Connection, most: int, *, sound: bool) -> Read:
    """The documents that are not what was loaded, as they are or as they were before a change.

    Where the books are `sound` so far, types hold and every line that is in the books names a document that is: many
    documents are proved at once, and those among which one is not as it should be are read again, each by itself.
    """
    message = _("the document is not what was loaded; it was changed afterwards")
    findings: list[Finding] = []
    forged = False
    accounts = {pocket: f"{code}{FIELD}{currency}" for pocket, code, currency in connection.execute(_POCKETS)}
    spans = list(_unproved(connection, accounts)) if sound else [_ALL]
    reads: list[tuple[tuple[str, str], _Span]] = [*((_LIVE, span) for span in spans), (_REMOVED, {})]
    for documents, span in reads:
        headers, lines = (connection.execute(sql, span) for sql in documents)
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
            if len(findings) >= most:
                return Read(findings, forged=True, whole=False)
    for digest, txn_id, changed_by, *header in connection.execute(_FORMER_HEADER):
        own = connection.execute(_FORMER_LINES, {"txn": txn_id, "changed_by": changed_by}).fetchall()
        if document_digest(header, own) != digest:
            findings.append(Finding("R26", f"{header[2]} {header[1]} before operation {changed_by}", message))
    return Read(findings, forged, whole=not spans)


def strange_texts(connection: sqlite3.Connection, known: Read, most: int) -> Iterator[tuple[str, int]]:
    """Table and id of rows that hold a text that no load writes, `most` of each; what is `known` is not read again."""
    for table in _TEXTS:
        which = f"id IN (SELECT id FROM {table} WHERE removed_by IS NOT NULL)" if known.whole else "true"
        sql = _STRANGE.format(table=table, which=which, lost=_LOST[table], forged=_FORGED[table])
        for (row_id,) in connection.execute(sql, {"forged": known.forged}).fetchmany(most):
            yield table, row_id


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


def _unproved(connection: sqlite3.Connection, accounts: Mapping[int, str]) -> Iterator[_Span]:
    """The spans of transactions in which not every document is what was loaded, or a text holds a separator."""
    names = defaultdict(bytes, {str(pocket).encode(): text.encode() for pocket, text in accounts.items()})
    clean = sum(text.count(FIELD) + text.count(LINE) for text in accounts.values()) == len(accounts)
    span: _Span = {"after": -inf, "block": _BLOCK}
    try:
        while (heads := connection.execute(_HEADERS_AT_ONCE, span).fetchone())[0]:
            span["last"] = heads[1]
            if not (clean and _are_proved(heads, connection.execute(_LINES_AT_ONCE, span).fetchone(), names)):
                yield span
            span = {"after": heads[1], "block": _BLOCK}
    except sqlite3.DataError:  # a billion bytes at once are more than SQLite holds
        yield span | {"last": inf}


def _are_proved(
    heads: tuple[int, int, bytes, bytes], lines: tuple[int, int, bytes], names: defaultdict[bytes, bytes]
) -> bool:
    """Whether the documents of one span have their digests, and exactly the separators that stand between fields."""
    count, _last, digests, head = heads
    number, firsts, line = lines
    parts, own = head.split(_MARK.encode()), line.split(_MARK.encode())
    seen = [
        len(parts),
        len(own),
        firsts,
        *(text.count(sign.encode()) for text in (head, line) for sign in (FIELD, LINE)),
    ]
    between = (len(HEADER_FIELDS) - 2) * count, 0, (len(LINE_FIELDS) - 1) * number, number
    if seen != [4 * count + 1, 2 * count + 1, count, *between] or own[0] or parts[1::4] != own[1::2]:
        return False
    if number == _LINES * _BLOCK:  # there may be more
        return False
    documents = zip(parts[3::4], map(names.__getitem__, parts[2::4]), parts[4::4], own[2::2], strict=True)
    return digests == b"".join([sha256(text).digest() for text in map(b"".join, documents)])
