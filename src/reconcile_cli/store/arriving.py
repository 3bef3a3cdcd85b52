"""From the stage into the books, under the write lock: what is new, what is changed, what is known (R22)."""

from collections.abc import Iterator
from typing import NamedTuple

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.records import Total
from reconcile_cli.store.books import Books
from reconcile_cli.store.staging import LINES, STAGED, Stage

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
WHERE true ORDER BY a.code, p.currency ON CONFLICT (account_id, currency) DO NOTHING
"""
_NEW_CURRENCIES = "INSERT OR IGNORE INTO total (currency) SELECT DISTINCT currency FROM temp.stage_pocket"
_KNOW_POCKETS = """
UPDATE temp.stage_pocket SET (pocket_id, held) = (
  SELECT k.id, a.held FROM pocket k JOIN account a ON a.id = k.account_id
  WHERE a.code = stage_pocket.account AND k.currency = stage_pocket.currency)
"""
_RENAMED = """
SELECT a.id, a.code, a.name, n.name FROM temp.stage_name n JOIN account a ON a.code = n.account
WHERE a.name <> n.name AND n.account NOT IN (SELECT account FROM temp.stage_spoilt)
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
_NEW_HELD = """
FROM temp.stage_item l JOIN temp.stage_held h ON h.row = l.row
JOIN temp.stage_txn s ON s.id = l.stage_id AND s.file = h.file
JOIN temp.stage_todo d ON d.stage_id = l.stage_id AND d.txn_id IS NULL
"""
_NEW_HELD_ITEMS = f"""
SELECT i.id {_NEW_HELD} JOIN item i ON i.txn_id = :txn + l.stage_id AND i.line = l.line AND i.removed_by IS NULL
WHERE i.held = 0
"""
_NEW_HELD_ACCOUNTS = f"""
SELECT DISTINCT p.account_id {_NEW_HELD} JOIN txn t ON t.id = :txn + l.stage_id
JOIN pocket p ON p.id = t.pocket_id WHERE h.held = 2
"""
_FRESH = """
INSERT INTO temp.fresh (txn_id, new) SELECT coalesce(txn_id, :txn + stage_id), txn_id IS NULL FROM temp.stage_todo
"""
_FLAGGED = """
INSERT INTO temp.flagged (txn_id, flags, new)
SELECT coalesce(d.txn_id, :txn + s.id), s.flags, d.txn_id IS NULL
FROM temp.stage_todo d CROSS JOIN temp.stage_txn s ON s.id = d.stage_id WHERE s.flags & 7
"""
_FIND_CODED = """
INSERT OR IGNORE INTO temp.coded
SELECT i.id FROM temp.stage_txn s
CROSS JOIN txn t ON t.document = s.document AND t.kind = s.kind AND t.removed_by IS NULL
CROSS JOIN item i ON i.txn_id = t.id
WHERE s.flags & 4 AND i.removed_by IS NULL AND i.state <= 1 AND i.match_code IS NOT NULL
"""
_CHANGED = f"""
SELECT d.txn_id, p.pocket_id, {", ".join("s." + name for name in STAGED.split(", "))}
FROM temp.stage_todo d JOIN temp.stage_txn s ON s.id = d.stage_id JOIN temp.stage_pocket p ON p.id = s.pocket
WHERE d.txn_id IS NOT NULL ORDER BY d.stage_id
"""


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


def resolve(stage: Stage, operation: int) -> tuple[int, int, int]:
    """Compare with the books: (new, changed, unchanged) transactions. The write lock is held.

    A transaction is known by kind and document; its content by its digest (R22). Accounts that are new
    get their rows here.

    Raises:
        NotPlain: what the stage took for known may be known no more.
    """
    connection = stage.connection
    if stage.known:
        stage.known.check_still_true(operation)
    connection.execute(_FIND_TODO)
    staged, todo, changed = connection.execute(
        "SELECT (SELECT count(*) FROM temp.stage_txn), count(*), count(txn_id) FROM temp.stage_todo"
    ).fetchone()
    if todo:
        connection.execute(_NEW_ACCOUNTS, {"operation": operation})
        connection.execute(_NEW_POCKETS)
        connection.execute(_NEW_CURRENCIES)
    return todo - changed, changed, staged - todo + stage.count_known()


def know_pockets(stage: Stage) -> None:
    """Find the accounts of the load in the books, where all of them are by now."""
    stage.connection.execute(_KNOW_POCKETS)


def books_are_empty(books: Books) -> bool:
    """Whether no transaction was ever loaded."""
    return books.connection.execute("SELECT 1 FROM txn LIMIT 1").fetchone() is None


def prepare(stage: Stage, first_txn: int) -> None:
    """Write down what R10 to R12 look at: the transactions that the load makes or changes, and its match codes."""
    stage.connection.execute(_FRESH, {"txn": first_txn})
    stage.connection.execute(_FLAGGED, {"txn": first_txn})
    stage.connection.execute(_FIND_CODED)


def accounts(stage: Stage, limit: int) -> list[str]:
    """The accounts that the load names, in the order of their appearance."""
    sql = "SELECT account FROM temp.stage_pocket GROUP BY account ORDER BY min(id) LIMIT ?"
    return [row[0] for row in stage.connection.execute(sql, (limit,))]


def still_open(stage: Stage, side: Side) -> list[Total]:
    """What posted items of those accounts stay open on a side, per currency; the count is of accounts."""
    column = "open_debit_minor" if side is Side.DEBIT else "open_credit_minor"
    sql = f"""SELECT p.currency, count(*), sum(p.{column})
    FROM temp.stage_pocket s JOIN pocket p ON p.id = s.pocket_id WHERE p.{column} > 0 GROUP BY p.currency"""
    return [Total(*row) for row in stage.connection.execute(sql)]


def renamed(stage: Stage) -> list[tuple[int, str, str, str]]:
    """Accounts whose name the load changes: (id, code, old, new)."""
    return stage.connection.execute(_RENAMED).fetchall()


def insert_new(stage: Stage, operation: int, first_txn: int) -> None:
    """Write the new transactions and their items, both in the order of transaction and line (R26).

    A new transaction's id is `first_txn` + its stage number.
    """
    parameters = {"operation": operation, "txn": first_txn}
    stage.connection.execute(_NEW_TXNS, parameters)
    stage.connection.execute(_NEW_ITEMS + (" ORDER BY l.stage_id, l.line" if stage.joined else ""), parameters)


def held(stage: Stage, first_txn: int) -> tuple[list[int], list[int]]:
    """The items and accounts of new documents that the load holds back from `auto`."""
    if not stage.connection.execute("SELECT 1 FROM temp.stage_held LIMIT 1").fetchone():
        return [], []
    items, accounts = (
        [row[0] for row in stage.connection.execute(sql, {"txn": first_txn})]
        for sql in (_NEW_HELD_ITEMS, _NEW_HELD_ACCOUNTS)
    )
    return items, accounts


def changed(stage: Stage) -> Iterator[tuple[StagedChange, list[StagedLine]]]:
    """The known documents whose content the load changes."""
    stage.index_lines()
    for row in stage.connection.execute(_CHANGED):
        change = StagedChange(*row)
        yield change, [StagedLine(*line) for line in stage.connection.execute(LINES, (change.stage_id,))]
