"""Staging: the documents of a load in TEMP tables, before the write lock is taken (R22, R23).

Each run of adjacent rows of one document arrives as one `stage_txn` row with its `stage_item` rows; the runs of
one document are joined, and documents with a bad row are taken out. `arriving.py` goes on from there.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any, NamedTuple

from reconcile_cli.domain.documents import Documents
from reconcile_cli.store import bulk
from reconcile_cli.store.atomic import one_view
from reconcile_cli.store.books import Books
from reconcile_cli.store.known import Known

LINE_COLUMNS = "stage_id, row, line, side, amount_minor, description, ledger_code, applies_to, match_code"
_TABLES = """
DROP TABLE IF EXISTS temp.stage_txn;
DROP TABLE IF EXISTS temp.stage_item;
DROP TABLE IF EXISTS temp.stage_pocket;
DROP TABLE IF EXISTS temp.stage_name;
DROP TABLE IF EXISTS temp.stage_todo;
DROP TABLE IF EXISTS temp.stage_bad;
DROP TABLE IF EXISTS temp.stage_held;
DROP TABLE IF EXISTS temp.stage_reason;
DROP TABLE IF EXISTS temp.stage_dropped;
DROP TABLE IF EXISTS temp.stage_left_out;
DROP TABLE IF EXISTS temp.stage_neighbour;
DROP TABLE IF EXISTS temp.stage_beside;
DROP TABLE IF EXISTS temp.stage_spoilt;
CREATE TEMP TABLE stage_txn (
  id INTEGER PRIMARY KEY, file INTEGER, row INTEGER, kind INTEGER, document TEXT, pocket INTEGER, date INTEGER,
  due_date INTEGER, state INTEGER, order_code TEXT, register TEXT, method TEXT, flags INTEGER, digest BLOB);
CREATE TEMP TABLE stage_item (
  stage_id INTEGER, row INTEGER, line INTEGER, side INTEGER, amount_minor INTEGER, description TEXT,
  ledger_code TEXT, applies_to TEXT, match_code TEXT);
CREATE TEMP TABLE stage_pocket (
  id INTEGER PRIMARY KEY, account TEXT, currency TEXT, exponent INTEGER, pocket_id INTEGER, held INTEGER);
CREATE TEMP TABLE stage_name (account TEXT PRIMARY KEY, name TEXT);
CREATE TEMP TABLE stage_todo (stage_id INTEGER PRIMARY KEY, txn_id INTEGER);
CREATE TEMP TABLE stage_bad (kind INTEGER, document TEXT, file INTEGER, row INTEGER);
CREATE TEMP TABLE stage_held (file INTEGER, row INTEGER, held INTEGER);
CREATE TEMP TABLE stage_reason (name TEXT, row INTEGER, why TEXT);
CREATE TEMP TABLE stage_dropped (document TEXT, kind INTEGER, PRIMARY KEY (document, kind)) WITHOUT ROWID;
CREATE TEMP TABLE stage_neighbour (
  file INTEGER, row INTEGER, kind INTEGER, document TEXT, PRIMARY KEY (document, kind)) WITHOUT ROWID;
CREATE TEMP TABLE stage_beside (file INTEGER, row INTEGER, PRIMARY KEY (file, row)) WITHOUT ROWID;
CREATE TEMP TABLE stage_spoilt (account TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TEMP TABLE stage_left_out (file INTEGER, row INTEGER, PRIMARY KEY (file, row)) WITHOUT ROWID
"""
STAGED = "id, file, row, kind, document, pocket, date, due_date, state, order_code, register, method, flags, digest"
_TWICE = """
SELECT document, kind FROM temp.stage_txn GROUP BY document, kind HAVING count(*) > 1
EXCEPT SELECT document, kind FROM temp.stage_bad
"""
_RUNS = """
SELECT s.id, file, row, kind, document, p.account, p.currency, date, due_date, state, order_code, register, method,
  flags, digest FROM temp.stage_txn s JOIN temp.stage_pocket p ON p.id = s.pocket
WHERE document = ? AND kind = ? ORDER BY s.id
"""
LINES = f"SELECT {LINE_COLUMNS} FROM temp.stage_item WHERE stage_id = ? ORDER BY rowid"
# A bad row whose document is unknown may belong to the document before or after it in its file, whichever rows
# those are; a bad row between, of a known document, keeps them apart.
_NEIGHBOURS = """
INSERT OR IGNORE INTO temp.stage_neighbour (file, row, kind, document)
SELECT s.file, s.row, s.kind, s.document FROM temp.stage_bad b JOIN temp.stage_txn s ON s.id IN (
  (SELECT id FROM temp.stage_txn WHERE file = b.file AND row < b.row ORDER BY row DESC LIMIT 1),
  (SELECT id FROM temp.stage_txn WHERE file = b.file AND row > b.row ORDER BY row LIMIT 1))
WHERE b.document IS NULL AND NOT EXISTS (SELECT 1 FROM temp.stage_bad o WHERE o.file = b.file AND o.document IS NOT NULL
  AND o.row > min(s.row, b.row) AND o.row < max(s.row, b.row) AND o.document <> s.document)
"""
_DROP_BAD = """
INSERT OR IGNORE INTO temp.stage_dropped (document, kind)
SELECT document, kind FROM temp.stage_bad WHERE document IS NOT NULL AND kind IS NOT NULL
UNION SELECT document, kind FROM temp.stage_neighbour
UNION SELECT s.document, s.kind FROM temp.stage_bad b JOIN temp.stage_txn s ON s.document = b.document
  WHERE b.kind IS NULL;
INSERT OR IGNORE INTO temp.stage_left_out (file, row)
SELECT s.file, l.row FROM temp.stage_dropped d JOIN temp.stage_txn s ON s.document = d.document AND s.kind = d.kind
JOIN temp.stage_item l ON l.stage_id = s.id
UNION SELECT file, row FROM temp.stage_bad;
INSERT OR IGNORE INTO temp.stage_beside (file, row)
SELECT s.file, l.row FROM temp.stage_neighbour n JOIN temp.stage_txn s ON s.document = n.document AND s.kind = n.kind
JOIN temp.stage_item l ON l.stage_id = s.id;
INSERT OR IGNORE INTO temp.stage_spoilt (account)
SELECT p.account FROM temp.stage_dropped d JOIN temp.stage_txn s ON s.document = d.document AND s.kind = d.kind
JOIN temp.stage_pocket p ON p.id = s.pocket;
DELETE FROM temp.stage_txn WHERE (document, kind) IN (SELECT document, kind FROM temp.stage_dropped);
DELETE FROM temp.stage_item WHERE stage_id NOT IN (SELECT id FROM temp.stage_txn);
DELETE FROM temp.stage_pocket WHERE id NOT IN (SELECT pocket FROM temp.stage_txn)
"""
_DROPPED = """
SELECT (SELECT count(*) FROM temp.stage_dropped) + (SELECT count(*) FROM temp.stage_bad WHERE document IS NULL)
  + (SELECT count(DISTINCT document) FROM temp.stage_bad b WHERE kind IS NULL AND document IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM temp.stage_dropped d WHERE d.document = b.document))
"""
_BAD_ROWS = "SELECT row FROM temp.stage_left_out WHERE file = :file ORDER BY row"

Header = tuple[Any, ...]
Line = tuple[Any, ...]


class Run(NamedTuple):
    """One document, or a piece of one, as intake read it: `header` and `lines` in intake's order of fields."""

    header: Header
    lines: list[Line]


class _Accounts(dict[str, int]):
    """Small numbers for the accounts of a load in one currency, given in the order of their appearance."""

    def __init__(self, numbers: Iterator[int]) -> None:
        super().__init__()
        self._numbers = numbers

    def __missing__(self, account: str) -> int:
        self[account] = number = next(self._numbers)
        return number


class _Pockets(dict[str, _Accounts]):
    """The accounts of each currency; no number is given twice."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers = count(1)

    def __missing__(self, currency: str) -> _Accounts:
        self[currency] = accounts = _Accounts(self._numbers)
        return accounts

    def learn(self, accounts: Sequence[str], currencies: Sequence[str]) -> None:
        """Give numbers to those that have none."""
        if len(set(currencies)) == 1:
            deque(map(self[currencies[0]].__getitem__, accounts), maxlen=0)
            return
        for account, currency in zip(accounts, currencies, strict=True):
            self[currency][account]


class Stage:
    """The documents of one load, staged. Memory grows with the number of accounts, not of rows.

    With `skip_known`, documents that the books hold as they are, are only counted; where that cannot be decided
    document by document, NotPlain is raised sooner or later.
    """

    def __init__(self, books: Books, *, skip_known: bool = False) -> None:
        self.connection = books.connection
        self._pockets = _Pockets()
        self._names: dict[str, str] = {}
        self._indexed = False
        self.joined = False
        self._dropped = False
        for statement in _TABLES.split(";"):
            self.connection.execute(statement)
        self.known = Known(self.connection) if skip_known else None

    def add(self, documents: Documents, names: Mapping[str, str]) -> None:
        """Stage a batch, and what it calls the accounts: the last name wins."""
        taken = self.known.take(documents) if self.known else ()
        if taken:
            self._pockets.learn(*documents.heads[2:4])
        if len(taken) < len(documents.flags):
            headers, lines = zip(*documents.headers(), strict=True), zip(*documents.lines(), strict=True)
            self._stage((row for row in headers if row[0] not in taken), (row for row in lines if row[0] not in taken))
        self._names.update(names)

    def _stage(self, headers: Iterable[Header], lines: Iterable[Line]) -> None:
        connection, pockets = self.connection, self._pockets
        bulk.insert(
            connection,
            f"temp.stage_txn ({STAGED})",
            14,
            [(*header[:5], pockets[header[6]][header[5]], *header[7:]) for header in headers],
        )
        bulk.insert(connection, f"temp.stage_item ({LINE_COLUMNS})", 9, lines)

    def hold(self, held: Iterable[tuple[int, int, int]]) -> None:
        """Remember what a file holds back from `auto`: (file, row, 1 for the item, 2 for the account)."""
        bulk.insert(self.connection, "temp.stage_held (file, row, held)", 3, held)

    def reject(
        self, bad: Iterable[tuple[int, int, int | None, str | None]], reasons: Iterable[tuple[str, int, str]]
    ) -> None:
        """Remember bad rows, (file, row, kind, document), and why, (file's name, row, sentence)."""
        bulk.insert(self.connection, "temp.stage_bad (file, row, kind, document)", 4, bad)
        bulk.insert(self.connection, "temp.stage_reason (name, row, why)", 3, reasons)

    def has_unread_file(self) -> bool:
        """Whether a file as a whole was not understood."""
        return self.connection.execute("SELECT 1 FROM temp.stage_bad WHERE row = 0").fetchone() is not None

    def finish(self, exponent: Callable[[str], int]) -> None:
        """All rows are in: write down the accounts and index the documents."""
        bulk.insert(
            self.connection,
            "temp.stage_pocket (id, account, currency, exponent)",
            4,
            [
                (number, account, currency, exponent(currency))
                for currency, accounts in self._pockets.items()
                for account, number in accounts.items()
            ],
        )
        bulk.insert(self.connection, "temp.stage_name (account, name)", 2, self._names.items())
        self.connection.execute("CREATE INDEX temp.stage_key ON stage_txn (document, kind)")
        if self.known:
            self.known.finish()

    def count_known(self) -> int:
        """How many documents were not staged, because the books hold them as they are."""
        return self.known.count() if self.known else 0

    def drop_bad(self) -> int:
        """Take documents with a bad row out of the load, whole; tells how many, a row without a document as one.

        A row whose document is not known may belong to the documents around it, so those go with it.
        """
        connection = self.connection
        if not connection.execute("SELECT 1 FROM temp.stage_bad").fetchone():
            return 0
        connection.execute("CREATE INDEX IF NOT EXISTS temp.stage_place ON stage_txn (file, row)")
        connection.execute("CREATE INDEX IF NOT EXISTS temp.stage_why ON stage_reason (name, row)")
        if not self._dropped:  # later refusals name their documents
            connection.execute(_NEIGHBOURS)
        self._dropped = True
        for statement in _DROP_BAD.split(";"):
            connection.execute(statement)
        (count,) = connection.execute(_DROPPED).fetchone()
        return int(count)

    def bad_rows(self, file: int) -> Iterator[int]:
        """The lines of a file that were left out: every row of the documents with a bad row, in order."""
        for (row,) in self.connection.execute(_BAD_ROWS, {"file": file}):
            yield row

    def is_beside(self, file: int, row: int) -> bool:
        """Whether a row was left out because it may belong to an unreadable row beside it."""
        sql = "SELECT 1 FROM temp.stage_beside WHERE file = ? AND row = ?"
        return self.connection.execute(sql, (file, row)).fetchone() is not None

    def reason(self, name: str, row: int) -> str:
        """Why a row of a file is bad; empty where it only shares its document with one."""
        sql = "SELECT group_concat(why, '; ') FROM temp.stage_reason WHERE name = ? AND row = ?"
        return self.connection.execute(sql, (name, row)).fetchone()[0] or ""

    def runs_of_one_document(self) -> Iterator[list[Run]]:
        """The documents that came in more than one run, from one file or several."""
        for key in self.connection.execute(_TWICE).fetchall():
            self.index_lines()
            yield [
                Run(header, self.connection.execute(LINES, (header[0],)).fetchall())
                for header in self.connection.execute(_RUNS, key).fetchall()
            ]

    def replace_runs(self, runs: Sequence[Run], whole: Run) -> None:
        """Let one document stand for its runs; it keeps the first one's number."""
        self.joined = True
        number = runs[0].header[0]
        for run in runs:
            for table, column in (("stage_txn", "id"), ("stage_item", "stage_id")):
                self.connection.execute(f"DELETE FROM temp.{table} WHERE {column} = ?", (run.header[0],))
        self._stage([(number, *whole.header[1:])], [(number, *line[1:]) for line in whole.lines])

    def index_lines(self) -> None:
        """Make the lines of one document quick to find."""
        if not self._indexed:
            self.connection.execute("CREATE INDEX temp.stage_line ON stage_item (stage_id)")
            self._indexed = True


@contextmanager
def staging(books: Books, *, skip_known: bool) -> Iterator[Stage]:
    """A stage to read into, in one view of the books."""
    with one_view(books.connection):
        yield Stage(books, skip_known=skip_known)
