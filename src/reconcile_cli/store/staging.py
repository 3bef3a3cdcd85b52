"""Staging: the documents of a load in TEMP tables, before the write lock is taken (R22, R23).

Each run of adjacent rows of one document arrives as one `stage_txn` row with its `stage_item` rows. `settle`
joins runs of one document, finds what is new and what is changed, and leaves that in `stage_todo`; nothing
else of a load is looked at again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.records import Total
from reconcile_cli.store import bulk
from reconcile_cli.store.books import Books

LINE_COLUMNS = "stage_id, row, line, side, amount_minor, description, ledger_code, applies_to, match_code"
_TABLES = """
DROP TABLE IF EXISTS temp.stage_txn;
DROP TABLE IF EXISTS temp.stage_item;
DROP TABLE IF EXISTS temp.stage_pocket;
DROP TABLE IF EXISTS temp.stage_name;
DROP TABLE IF EXISTS temp.stage_todo;
DROP TABLE IF EXISTS temp.stage_bad;
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
CREATE TEMP TABLE stage_bad (kind INTEGER, document TEXT, file INTEGER, row INTEGER)
"""
_STAGED = "id, file, row, kind, document, pocket, date, due_date, state, order_code, register, method, flags, digest"
_TWICE = "SELECT document, kind FROM temp.stage_txn GROUP BY document, kind HAVING count(*) > 1"
_RUNS = """
SELECT s.id, file, row, kind, document, p.account, p.currency, date, due_date, state, order_code, register, method,
  flags, digest FROM temp.stage_txn s JOIN temp.stage_pocket p ON p.id = s.pocket
WHERE document = ? AND kind = ? ORDER BY s.id
"""
_LINES = f"SELECT {LINE_COLUMNS} FROM temp.stage_item WHERE stage_id = ? ORDER BY rowid"
_DROP_BAD = """
DELETE FROM temp.stage_txn WHERE (document, kind) IN (SELECT document, kind FROM temp.stage_bad)
"""
_FIND_TODO = """
INSERT INTO temp.stage_todo (stage_id, txn_id)
SELECT s.id, t.id FROM temp.stage_txn s
LEFT JOIN txn t ON t.document = s.document AND t.kind = s.kind AND t.removed_by IS NULL
WHERE t.id IS NULL OR t.digest <> s.digest
"""
_NEW_ACCOUNTS = """
INSERT INTO account (code, name, made_by)
SELECT p.account, coalesce(n.name, ''), :operation
FROM temp.stage_pocket p LEFT JOIN temp.stage_name n ON n.account = p.account
WHERE true ON CONFLICT (code) DO NOTHING
"""
_NEW_POCKETS = """
INSERT INTO pocket (account_id, currency, exponent)
SELECT a.id, p.currency, p.exponent FROM temp.stage_pocket p JOIN account a ON a.code = p.account
WHERE true ON CONFLICT (account_id, currency) DO NOTHING
"""
_KNOW_POCKETS = """
UPDATE temp.stage_pocket SET (pocket_id, held) = (
  SELECT k.id, a.held FROM pocket k JOIN account a ON a.id = k.account_id
  WHERE a.code = stage_pocket.account AND k.currency = stage_pocket.currency)
"""
_RENAMED = """
SELECT a.id, a.code, a.name, n.name FROM temp.stage_name n JOIN account a ON a.code = n.account WHERE a.name <> n.name
"""
_NEW_TXNS = """
INSERT INTO txn (id, kind, document, pocket_id, date, due_date, state, order_code, register, method, digest, made_by)
SELECT :txn + s.id, s.kind, s.document, p.pocket_id, s.date, s.due_date, s.state, s.order_code, s.register, s.method,
  s.digest, :operation
FROM temp.stage_todo d CROSS JOIN temp.stage_txn s ON s.id = d.stage_id
CROSS JOIN temp.stage_pocket p ON p.id = s.pocket
WHERE d.txn_id IS NULL ORDER BY d.stage_id
"""
_NEW_ITEMS = """
INSERT INTO item (txn_id, line, pocket_id, side, date, state, amount_minor, open_minor, held, description, ledger_code,
  applies_to, match_code, made_by)
SELECT :txn + s.id, l.line, p.pocket_id, l.side, s.date, s.state, l.amount_minor, l.amount_minor,
  p.held, l.description, l.ledger_code, l.applies_to, l.match_code, :operation
FROM temp.stage_item l CROSS JOIN temp.stage_todo d ON d.stage_id = l.stage_id
CROSS JOIN temp.stage_txn s ON s.id = l.stage_id CROSS JOIN temp.stage_pocket p ON p.id = s.pocket
WHERE d.txn_id IS NULL
"""
_CHANGED = f"""
SELECT d.txn_id, p.pocket_id, {", ".join("s." + name for name in _STAGED.split(", "))}
FROM temp.stage_todo d JOIN temp.stage_txn s ON s.id = d.stage_id JOIN temp.stage_pocket p ON p.id = s.pocket
WHERE d.txn_id IS NOT NULL ORDER BY d.stage_id
"""

Header = tuple[Any, ...]
Line = tuple[Any, ...]


class Run(NamedTuple):
    """One document, or a piece of one, as intake read it: `header` and `lines` in intake's order of fields."""

    header: Header
    lines: list[Line]


class StagedChange(NamedTuple):
    """A document that the books know and whose content the load changes. Lines are intake's, without stage id."""

    txn_id: int
    pocket_id: int
    stage_id: int
    file: int
    row: int
    kind: int
    document: str
    pocket: int
    date: int
    due_date: int | None
    state: int
    order_code: str | None
    register: str | None
    method: str | None
    flags: int
    digest: bytes


class StagedLine(NamedTuple):
    """One line of a staged document."""

    stage_id: int
    row: int
    line: int
    side: int
    amount_minor: int
    description: str | None
    ledger_code: str | None
    applies_to: str | None
    match_code: str | None


class _Pockets(dict[tuple[str, str], int]):
    """Small numbers for the accounts and currencies of a load, given in the order of their appearance."""

    def __missing__(self, key: tuple[str, str]) -> int:
        self[key] = number = len(self) + 1
        return number


class Stage:
    """The documents of one load, staged. Memory grows with the number of accounts, not of rows."""

    def __init__(self, books: Books) -> None:
        self._connection = books.connection
        self._pockets = _Pockets()
        self._indexed = False
        self._joined = False
        for statement in _TABLES.split(";"):
            self._connection.execute(statement)
        self._connection.execute("BEGIN")  # of TEMP tables alone: no lock on the file, no commit for each batch

    def add(self, headers: Iterable[Header], lines: Iterable[Line], names: Iterable[tuple[str, str]]) -> None:
        """Stage a batch; headers and lines in intake's order of fields."""
        connection, pockets = self._connection, self._pockets
        bulk.insert(
            connection,
            f"temp.stage_txn ({_STAGED})",
            14,
            [(*header[:5], pockets[header[5], header[6]], *header[7:]) for header in headers],
        )
        bulk.insert(connection, f"temp.stage_item ({LINE_COLUMNS})", 9, lines)
        bulk.insert(
            connection,
            "temp.stage_name (account, name)",
            2,
            names,
            then="ON CONFLICT (account) DO UPDATE SET name = excluded.name",
        )

    def reject(self, bad: Iterable[tuple[int, int, int | None, str | None]]) -> None:
        """Remember bad rows: (file, row, kind, document); their documents leave the load whole."""
        bulk.insert(self._connection, "temp.stage_bad (file, row, kind, document)", 4, bad)

    def finish(self, exponent: Callable[[str], int]) -> None:
        """All rows are in: write down the accounts, index the documents and end the reading."""
        bulk.insert(
            self._connection,
            "temp.stage_pocket (id, account, currency, exponent)",
            4,
            [(number, account, currency, exponent(currency)) for (account, currency), number in self._pockets.items()],
        )
        self._connection.execute("CREATE INDEX temp.stage_key ON stage_txn (document, kind)")
        self._connection.execute("COMMIT")

    def drop_bad(self) -> int:
        """Take documents with a bad row out of the load; tells how many transactions that were."""
        connection = self._connection
        (count,) = connection.execute(
            "SELECT count(*) FROM (SELECT DISTINCT document, kind FROM temp.stage_bad WHERE document IS NOT NULL "
            "UNION ALL SELECT row, file FROM temp.stage_bad WHERE document IS NULL)"
        ).fetchone()
        connection.execute(_DROP_BAD)
        connection.execute("DELETE FROM temp.stage_item WHERE stage_id NOT IN (SELECT id FROM temp.stage_txn)")
        return int(count)

    def bad_rows(self) -> list[tuple[int, int]]:
        """(file, row) of every row of the documents with a bad row, and of the bad rows that name none."""
        return self._connection.execute(
            """
            SELECT file, row FROM temp.stage_bad
            UNION SELECT s.file, l.row FROM temp.stage_txn s JOIN temp.stage_item l ON l.stage_id = s.id
            WHERE (s.document, s.kind) IN (SELECT document, kind FROM temp.stage_bad)
            ORDER BY 1, 2
            """
        ).fetchall()

    def runs_of_one_document(self) -> Iterator[list[Run]]:
        """The documents that came in more than one run, from one file or several."""
        for key in self._connection.execute(_TWICE).fetchall():
            self._index_lines()
            yield [
                Run(header, self._connection.execute(_LINES, (header[0],)).fetchall())
                for header in self._connection.execute(_RUNS, key).fetchall()
            ]

    def replace_runs(self, runs: Sequence[Run], whole: Run) -> None:
        """Let one document stand for its runs; it keeps the first one's number."""
        self._joined = True
        number = runs[0].header[0]
        for run in runs:
            for table, column in (("stage_txn", "id"), ("stage_item", "stage_id")):
                self._connection.execute(f"DELETE FROM temp.{table} WHERE {column} = ?", (run.header[0],))
        self.add([(number, *whole.header[1:])], [(number, *line[1:]) for line in whole.lines], ())

    def resolve(self, operation: int) -> tuple[int, int, int]:
        """Compare with the books: (new, changed, unchanged) transactions. The write lock is held.

        A transaction is known by kind and document; its content by its digest (R22). Accounts that are new
        get their rows here.
        """
        connection = self._connection
        if self.books_are_empty():
            connection.execute("INSERT INTO temp.stage_todo (stage_id) SELECT id FROM temp.stage_txn")
        else:
            connection.execute(_FIND_TODO)
        staged, todo, changed = connection.execute(
            "SELECT (SELECT count(*) FROM temp.stage_txn), count(*), count(txn_id) FROM temp.stage_todo"
        ).fetchone()
        if todo:
            connection.execute(_NEW_ACCOUNTS, {"operation": operation})
            connection.execute(_NEW_POCKETS)
        connection.execute(_KNOW_POCKETS)
        return todo - changed, changed, staged - todo

    def books_are_empty(self) -> bool:
        """Whether no transaction was ever loaded."""
        return self._connection.execute("SELECT 1 FROM txn LIMIT 1").fetchone() is None

    def accounts(self, limit: int) -> list[str]:
        """The accounts that the load names, in the order of their appearance."""
        sql = "SELECT account FROM temp.stage_pocket GROUP BY account ORDER BY min(id) LIMIT ?"
        return [row[0] for row in self._connection.execute(sql, (limit,))]

    def still_open(self, side: Side) -> list[Total]:
        """What posted items of those accounts stay open on a side, per currency; the count is of accounts."""
        column = "open_debit_minor" if side is Side.DEBIT else "open_credit_minor"
        sql = f"""SELECT p.currency, count(*), sum(p.{column})
        FROM temp.stage_pocket s JOIN pocket p ON p.id = s.pocket_id WHERE p.{column} > 0 GROUP BY p.currency"""
        return [Total(*row) for row in self._connection.execute(sql)]

    def renamed(self) -> list[tuple[int, str, str, str]]:
        """Accounts whose name the load changes: (id, code, old, new)."""
        return self._connection.execute(_RENAMED).fetchall()

    def insert_new(self, operation: int, first_txn: int) -> None:
        """Write the new transactions and their items, both in the order of transaction and line (R26).

        A new transaction's id is `first_txn` + its stage number.
        """
        parameters = {"operation": operation, "txn": first_txn}
        self._connection.execute(_NEW_TXNS, parameters)
        self._connection.execute(_NEW_ITEMS + (" ORDER BY l.stage_id, l.line" if self._joined else ""), parameters)

    def changed(self) -> Iterator[tuple[StagedChange, list[StagedLine]]]:
        """The known documents whose content the load changes."""
        self._index_lines()
        for row in self._connection.execute(_CHANGED):
            change = StagedChange(*row)
            yield change, [StagedLine(*line) for line in self._connection.execute(_LINES, (change.stage_id,))]

    def _index_lines(self) -> None:
        if not self._indexed:
            self._connection.execute("CREATE INDEX temp.stage_line ON stage_item (stage_id)")
            self._indexed = True
