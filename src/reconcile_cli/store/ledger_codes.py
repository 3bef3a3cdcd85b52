"""The ledger code of credit notes and cancellations that have none: that of what their `applies_to` names (R18).

Such an item falls into parts, one for each code: of a named line its code, of a document those of its lines as
listed, each up to its amount; what is left has none. Only what is posted and not dated after the item is looked at,
so that nothing which comes after a lock changes the codes of a closed period.

Its allocations take the part whose code is that of the other item first, then the parts as they stand, in the order
in which they became effective: later ones change nothing of earlier ones.
"""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.naming import Reading, part_amount, readings, split_names
from reconcile_cli.domain.reporting import NONE
from reconcile_cli.store.books import Books
from reconcile_cli.store.locking import AFTER_LOCK
from reconcile_cli.store.report_view import one_view

CODE: Final = f"coalesce(i.ledger_code, part.ledger_code, '{NONE}')"
"""The ledger code of item `i`, beside `JOIN_PARTS`, which gives a row for each of its parts."""
AMOUNT: Final = "coalesce(part.amount_minor, i.amount_minor)"
OPEN: Final = "coalesce(part.open_minor, i.open_minor)"
JOIN_PARTS: Final = "LEFT JOIN temp.code_part part ON part.item_id = i.id"
DEBIT_CODE: Final = f"coalesce(piece.debit_code, d.ledger_code, '{NONE}')"
"""The ledger codes of the items `d` and `c` of allocation `n`, beside `JOIN_PIECES`, a row for each pair of codes."""
CREDIT_CODE: Final = f"coalesce(piece.credit_code, c.ledger_code, '{NONE}')"
LINK_AMOUNT: Final = "coalesce(piece.amount_minor, n.amount_minor)"
JOIN_PIECES: Final = "LEFT JOIN temp.code_piece piece ON piece.allocation_id = n.id"

EFFECTIVE: Final = "max(d.date, c.date, o.first_day)"
"""The effective date of allocation `n` between the items `d` and `c`, beside `JOIN_OPERATION`."""
JOIN_OPERATION: Final = "CROSS JOIN temp.first_effect o ON o.id = n.made_by"

_TABLES: Final = (
    "DROP TABLE IF EXISTS temp.first_effect",
    "CREATE TEMP TABLE first_effect (id INTEGER PRIMARY KEY, first_day INTEGER)",
    f"INSERT INTO temp.first_effect SELECT o.id, {AFTER_LOCK} FROM operation o",
    "DROP TABLE IF EXISTS temp.code_part",
    "CREATE TEMP TABLE code_part (item_id INTEGER, ledger_code TEXT, amount_minor INTEGER, open_minor INTEGER)",
    "DROP TABLE IF EXISTS temp.code_piece",
    "CREATE TEMP TABLE code_piece (allocation_id INTEGER, debit_code TEXT, credit_code TEXT, amount_minor INTEGER)",
)
_INDEXES: Final = (
    "CREATE INDEX temp.code_part_item ON code_part (item_id)",
    "CREATE INDEX temp.code_piece_allocation ON code_piece (allocation_id)",
)
_WITHOUT_CODE: Final = f"""
SELECT i.id, i.applies_to, i.side, i.date, i.amount_minor, p.currency, p.exponent
FROM item i NOT INDEXED CROSS JOIN txn t ON t.id = i.txn_id CROSS JOIN pocket p ON p.id = i.pocket_id
WHERE i.ledger_code IS NULL AND i.applies_to IS NOT NULL AND i.removed_by IS NULL AND i.state = 0
  AND t.kind IN ({int(Kind.CREDIT_NOTE)}, {int(Kind.CANCELLATION)})
"""
_NAMED: Final = """
SELECT t.id FROM txn t CROSS JOIN pocket p ON p.id = t.pocket_id
WHERE t.document = :document AND t.kind = :kind AND t.removed_by IS NULL AND t.state = 0 AND t.date <= :date
  AND p.currency = :currency
"""
_LINES: Final = """
SELECT line, ledger_code, amount_minor FROM item
WHERE txn_id = :txn AND side = :side AND line BETWEEN :first AND :last AND removed_by IS NULL AND state = 0
ORDER BY line
"""
_LINKS: Final = f"""
SELECT d.pocket_id, n.id, n.debit_id, n.credit_id, d.ledger_code, c.ledger_code, n.amount_minor
FROM (SELECT m.id FROM (SELECT DISTINCT item_id FROM temp.code_part) s
    CROSS JOIN allocation m ON m.credit_id = s.item_id AND m.removed_by IS NULL
  UNION SELECT m.id FROM (SELECT DISTINCT item_id FROM temp.code_part) s
    CROSS JOIN allocation m ON m.debit_id = s.item_id AND m.removed_by IS NULL) of_parts
CROSS JOIN allocation n ON n.id = of_parts.id {JOIN_OPERATION}
CROSS JOIN item d ON d.id = n.debit_id CROSS JOIN item c ON c.id = n.credit_id
ORDER BY d.pocket_id, c.state, {EFFECTIVE}, n.id
"""
_PARTS_OF: Final = "SELECT ledger_code, amount_minor FROM temp.code_part WHERE item_id = ? ORDER BY rowid"
_STILL_OPEN: Final = "UPDATE temp.code_part SET open_minor = ? WHERE item_id = ? AND ledger_code = ?"
_LAST_LINE: Final = 999_999_999


class _Item(NamedTuple):
    """A credit note or cancellation without a ledger code."""

    id: int
    applies_to: str
    side: int
    date: int
    amount_minor: int
    currency: str
    exponent: int


def begin(books: Books) -> None:
    """Begin a report: one view of the file until the books are closed, and TEMP tables with the parts."""
    connection = books.connection
    connection.execute("PRAGMA query_only = OFF")  # which holds for TEMP too
    one_view(books)
    for sql in _TABLES:
        connection.execute(sql)
    finder = _Finder(connection)
    items = connection.execute(_WITHOUT_CODE)
    parts = ((item.id, code, minor, minor) for item in map(_Item._make, items) for code, minor in finder.parts(item))
    connection.executemany("INSERT INTO temp.code_part VALUES (?, ?, ?, ?)", parts)
    connection.execute(_INDEXES[0])
    if connection.execute("SELECT 1 FROM temp.code_part LIMIT 1").fetchone():
        _share(connection)
    connection.execute(_INDEXES[1])
    connection.execute("PRAGMA query_only = ON")


class _Finder:
    """Finds the lines that statements name."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def parts(self, item: _Item) -> list[tuple[str, int]]:
        """The codes of an item with the amount of each; they add up to the whole."""
        rest = item.amount_minor
        parts: dict[str, int] = {}
        last = NONE
        for name in split_names(item.applies_to, lambda text: self._is_known(text, item)):
            reading, txn = self._found(name, item)
            limit = rest
            if reading is not None and reading.amount is not None:
                limit = min(rest, part_amount(reading.amount, item.exponent) or 0)
            last = NONE
            for code, minor in self._lines(reading, txn, item):
                taken = min(limit, minor)
                parts[code] = parts.get(code, 0) + taken
                limit, rest = limit - taken, rest - taken
                if reading is not None and reading.line is not None and reading.amount is None:
                    last = code
        if rest or not parts:
            parts[last] = parts.get(last, 0) + rest
        return [(code, minor) for code, minor in parts.items() if minor] or [(last, 0)]

    def _found(self, name: str, item: _Item) -> tuple[Reading | None, int | None]:
        return next(
            ((reading, txn) for reading in readings(name) if (txn := self._txn(reading, item)) is not None),
            (None, None),
        )

    def _is_known(self, text: str, item: _Item) -> bool:
        return any(
            self._txn(reading, item) is not None for reading in readings(text) if ";" not in (reading.amount or "")
        )

    def _txn(self, reading: Reading, item: _Item) -> int | None:
        """The transaction that a reading means; an invoice where it names no kind."""
        kind = Kind.INVOICE if reading.kind is None else reading.kind
        parameters = {
            "document": reading.document,
            "kind": int(kind),
            "date": item.date,
            "currency": item.currency,
        }
        row = self._connection.execute(_NAMED, parameters).fetchone()
        return row[0] if row else None

    def _lines(self, reading: Reading | None, txn: int | None, item: _Item) -> Iterator[tuple[str, int]]:
        if reading is None or txn is None:
            return
        first, last = (1, _LAST_LINE) if reading.line is None else (reading.line, reading.line)
        parameters = {"txn": txn, "side": -item.side, "first": first, "last": last}
        for _line, code, minor in self._connection.execute(_LINES, parameters).fetchall():
            yield code or NONE, minor


def _share(connection: sqlite3.Connection) -> None:
    """Share the allocations of such items among the codes of both sides, pocket by pocket."""
    for _pocket, links in groupby(connection.execute(_LINKS), itemgetter(0)):
        rests: dict[int, dict[str, int]] = {}
        pieces: list[tuple[int, str, str, int]] = []
        for _same, allocation, debit, credit, debit_code, credit_code, minor in links:
            for item in (debit, credit):
                if item not in rests:
                    rests[item] = dict(connection.execute(_PARTS_OF, (item,)))
            debits = rests[debit] or {debit_code or NONE: minor}
            credits_ = rests[credit] or {credit_code or NONE: minor}
            pieces += [(allocation, *piece) for piece in _paired(debits, credits_, minor)]
        connection.executemany("INSERT INTO temp.code_piece VALUES (?, ?, ?, ?)", pieces)
        still_open = [(minor, item, code) for item, rest in rests.items() for code, minor in rest.items()]
        connection.executemany(_STILL_OPEN, still_open)


def _paired(debits: dict[str, int], credits_: dict[str, int], minor: int) -> Iterator[tuple[str, str, int]]:
    """Take an amount from what is left of both: equal codes first, then as they stand."""
    equal = [(code, code) for code in credits_ if code in debits]
    for left, right in (*equal, *((left, right) for right in credits_ for left in debits if left != right)):
        piece = min(minor, debits[left], credits_[right])
        if piece:
            yield left, right, piece
            debits[left] -= piece
            credits_[right] -= piece
            minor -= piece
