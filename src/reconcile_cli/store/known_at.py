"""The books as they were known after an operation: TEMP tables that stand before the real ones (R7).

SQLite looks for a table's name in TEMP first. `know_at` fills TEMP tables `account`, `pocket`, `txn`, `item` and
`allocation` with what the books said after operation N, and from then on every query of this connection answers as
it would have then: cards, lists and reports need no second form. Nothing in the file is touched.

Of one account only its own rows are rebuilt, which takes milliseconds in any file; of all accounts every row is
copied once. What a row said then is its next remembered value, else today's. An open amount is today's, less the
allocations that came since, plus those that went since.
"""

import sqlite3
from collections.abc import Sequence

from reconcile_cli.domain.naming import readings
from reconcile_cli.store.bounds import bounds
from reconcile_cli.store.sums import BY_CURRENCY, COLUMNS, CONTRIBUTION

SHADOWED = ("account", "pocket", "total", "txn", "item", "allocation")
_REMEMBERED = {
    "account": ("name", "held"),
    "txn": ("pocket_id", "date", "due_date", "state", "order_code", "register", "method", "replaced_by"),
    "item": (
        "pocket_id",
        "side",
        "date",
        "state",
        "amount_minor",
        "held",
        "description",
        "ledger_code",
        "applies_to",
        "match_code",
    ),
}
_LIVE = "{row}.made_by <= :operation AND ({row}.removed_by IS NULL OR {row}.removed_by > :operation)"

# The transactions to rebuild: of some accounts, those that are or were theirs.
_SCOPE = """
CREATE TEMP TABLE then_scope AS
SELECT id FROM main.txn WHERE removed_by IS NULL AND pocket_id IN {pockets}
UNION SELECT id FROM main.txn WHERE removed_by > :operation AND pocket_id IN {pockets}
UNION SELECT txn_id FROM main.txn_was
  WHERE changed_by > :operation AND pocket_id IN {pockets}"""
# The first value remembered after the operation, one row for each row that changed.
_WAS = """
CREATE TEMP TABLE then_{table} AS SELECT {table}_id AS id, {columns}, min(changed_by) AS changed_by
FROM main.{table}_was WHERE changed_by > :operation {scope} GROUP BY {table}_id"""
# What transactions were before: of what was changed by then.
_WAS_BY_THEN = "CREATE TEMP VIEW txn_was AS SELECT * FROM main.txn_was WHERE changed_by <= {operation}"
_WAS_INDEX = "CREATE UNIQUE INDEX temp.then_{table}_id ON then_{table} (id)"
_ACCOUNT = """
INSERT INTO temp.account (id, code, made_by, {columns}) SELECT r.id, r.code, r.made_by, {then} FROM main.account r
LEFT JOIN temp.then_account w ON w.id = r.id WHERE r.made_by <= :operation {own}"""
_TXN = """
INSERT INTO temp.txn (id, kind, document, made_by, {columns}) SELECT r.id, r.kind, r.document, r.made_by, {then}
FROM {source} LEFT JOIN temp.then_txn w ON w.id = r.id WHERE {live} {pockets}"""
_ITEM = """
INSERT INTO temp.item (id, txn_id, line, made_by, open_minor, planned_minor, {columns})
SELECT r.id, r.txn_id, r.line, r.made_by,
  CASE WHEN w.id IS NULL THEN r.amount_minor ELSE w.amount_minor END - (r.amount_minor - r.open_minor)
    - coalesce(d.amount, 0), coalesce(p.amount, 0), {then}
FROM {source} LEFT JOIN temp.then_item w ON w.id = r.id LEFT JOIN temp.then_open d ON d.id = r.id
LEFT JOIN temp.then_planned p ON p.id = r.id WHERE {live} {txns}"""
# Items that may have counted, live or removed since; allocations of which the operation did not know, or that went.
# A credit that moved to another account pays debits there, which are not of the scope.
_ITEMS_OF_SCOPE = """
CREATE TEMP TABLE then_items AS
SELECT i.id FROM temp.then_scope s CROSS JOIN main.item i ON i.txn_id = s.id AND i.removed_by IS NULL
UNION ALL SELECT i.id FROM main.item i
WHERE i.removed_by > :operation AND i.txn_id IN (SELECT id FROM temp.then_scope)"""
_LINKS_OF_SCOPE = """
CREATE TEMP TABLE then_link AS
SELECT n.* FROM temp.then_items s CROSS JOIN main.allocation n ON n.debit_id = s.id AND n.removed_by IS NULL
UNION ALL
SELECT n.* FROM temp.then_items s CROSS JOIN main.allocation n ON n.debit_id = s.id
WHERE n.removed_by IS NOT NULL AND n.removed_by > :operation
UNION ALL
SELECT n.* FROM temp.then_scope s
CROSS JOIN main.item i ON i.txn_id = s.id AND i.removed_by IS NULL AND i.pocket_id NOT IN {pockets}
CROSS JOIN main.allocation n ON n.credit_id = i.id AND n.removed_by IS NULL
WHERE n.debit_id NOT IN (SELECT id FROM temp.then_items)"""
_LINKS = """
CREATE TEMP VIEW then_link AS
SELECT * FROM main.allocation WHERE id >= {end} AND removed_by IS NULL
UNION ALL SELECT * FROM main.allocation WHERE removed_by > {operation}"""
_OPEN = """
CREATE TEMP TABLE then_open AS SELECT id, sum(amount) AS amount FROM (
  SELECT debit_id AS id, sum(CASE WHEN removed_by IS NULL THEN -amount_minor ELSE amount_minor END) AS amount
  FROM temp.then_link WHERE {changed} GROUP BY debit_id
  UNION ALL SELECT credit_id, sum(CASE WHEN removed_by IS NULL THEN -amount_minor ELSE amount_minor END)
  FROM temp.then_link WHERE {changed} GROUP BY credit_id) GROUP BY id"""
# What planned payments covered: their allocations of that time, live still or removed since.
_PLANNED = """
CREATE TEMP TABLE then_planned AS SELECT debit_id AS id, sum(amount_minor) AS amount FROM (
  SELECT n.debit_id, n.amount_minor FROM ({planned}) c CROSS JOIN main.allocation n ON n.credit_id = c.id
  WHERE n.removed_by IS NULL AND n.made_by <= :operation
  UNION ALL SELECT n.debit_id, n.amount_minor FROM ({planned}) c CROSS JOIN main.allocation n ON n.credit_id = c.id
  WHERE n.removed_by IS NOT NULL AND n.removed_by > :operation AND n.made_by <= :operation) GROUP BY debit_id"""
_PLANNED_ITEMS = """
SELECT i.id FROM temp.txn t CROSS JOIN main.item i ON i.txn_id = t.id AND i.removed_by IS NULL
LEFT JOIN temp.then_item w ON w.id = i.id
WHERE t.state = 1 AND CASE WHEN w.id IS NULL THEN i.state ELSE w.state END = 1
UNION SELECT i.id FROM main.item i LEFT JOIN temp.then_item w ON w.id = i.id
WHERE i.removed_by > :operation AND CASE WHEN w.id IS NULL THEN i.state ELSE w.state END = 1"""
_ALLOCATION = """
INSERT INTO temp.allocation (id, debit_id, credit_id, amount_minor, stage, reason, made_by, origin)
SELECT n.id, n.debit_id, n.credit_id, n.amount_minor, n.stage, n.reason, n.made_by, n.origin FROM {source} n
WHERE n.made_by <= :operation AND {since}"""
_SUMS = f"""
CREATE TEMP TABLE then_sums AS SELECT pocket_id AS id, {CONTRIBUTION} FROM temp.item
WHERE state <= 1 GROUP BY pocket_id"""
_POCKET = f"""
INSERT INTO temp.pocket (id, account_id, currency, exponent, {", ".join(COLUMNS)})
SELECT p.id, p.account_id, p.currency, p.exponent, {", ".join(f"coalesce(s.{name}, 0)" for name in COLUMNS)}
FROM temp.account a CROSS JOIN main.pocket p ON p.account_id = a.id LEFT JOIN temp.then_sums s ON s.id = p.id"""
_TOTAL = f"INSERT INTO temp.total (currency, {', '.join(COLUMNS)}) {BY_CURRENCY}"
_INDEXES = """
CREATE UNIQUE INDEX temp.then_account_code ON account (code);
CREATE INDEX temp.then_pocket_account ON pocket (account_id)"""
_TXN_INDEX = "CREATE INDEX temp.then_txn_pocket ON txn (pocket_id, date)"
_DOCUMENT_INDEX = "CREATE INDEX temp.then_txn_key ON txn (document, kind)"
_ITEM_INDEX = "CREATE INDEX temp.then_item_line ON item (txn_id, line)"
_LINK_INDEXES = """
CREATE INDEX temp.then_allocation_debit ON allocation (debit_id);
CREATE INDEX temp.then_allocation_credit ON allocation (credit_id)"""
_DOCUMENTS = """
SELECT t.pocket_id FROM main.txn t WHERE t.document = :document AND t.removed_by IS NULL AND t.made_by <= :operation
UNION SELECT t.pocket_id FROM main.txn t
  WHERE t.removed_by > :operation AND t.document = :document AND t.made_by <= :operation
UNION SELECT w.pocket_id FROM main.txn t JOIN main.txn_was w ON w.txn_id = t.id AND w.changed_by > :operation
  WHERE t.document = :document AND t.removed_by IS NULL"""


def operation_at(connection: sqlite3.Connection, moment: str) -> int:
    """The last operation made at or before a moment, UTC in ISO form; 0 where there was none."""
    sql = "SELECT id FROM main.operation WHERE made_at <= ? AND sealed = 1 ORDER BY id DESC LIMIT 1"
    row = connection.execute(sql, (moment,)).fetchone()
    return int(row[0]) if row else 0


def last_operation(connection: sqlite3.Connection) -> int:
    """The number of the last operation; 0 where there is none."""
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM main.operation WHERE sealed = 1").fetchone()[0])


def accounts_named(connection: sqlite3.Connection, names: Sequence[str], operation: int) -> list[int]:
    """The accounts that names of accounts or documents can mean, now or then; unknown names are left out."""
    found: set[int] = set()
    for name in names:
        row = connection.execute("SELECT id FROM main.account WHERE code = ?", (name.strip(),)).fetchone()
        if row:
            found.add(row[0])
        for reading in readings(name):
            parameters = {"document": reading.document, "operation": operation}
            for (pocket,) in connection.execute(_DOCUMENTS, parameters).fetchall():
                sql = "SELECT account_id FROM main.pocket WHERE id = ?"
                found.add(connection.execute(sql, (pocket,)).fetchone()[0])
    return sorted(found)


def know_at(
    connection: sqlite3.Connection, operation: int, *, accounts: Sequence[int] | None = None, links: bool = True
) -> None:
    """Let this connection answer as the books were known after `operation`, of some accounts (None: of all).

    Without `links` the table of allocations is left out, which lists of open amounts do not read.
    """
    connection.execute("PRAGMA query_only = OFF")  # which holds for TEMP too
    connection.execute("BEGIN")  # one view of the file, whatever others write
    _shadow(connection)
    connection.execute(_WAS_BY_THEN.format(operation=operation))
    if operation > 0:  # else nothing was known
        end = bounds(connection, operation)["allocation_end"]
        _Then(connection, operation, end, accounts).build(links=links)
    connection.execute("COMMIT")
    connection.execute("PRAGMA query_only = ON")


class _Then:
    """The steps in their order: each TEMP table is made from those before."""

    def __init__(
        self, connection: sqlite3.Connection, operation: int, end: int, accounts: Sequence[int] | None
    ) -> None:
        self.connection = connection
        self.parameters: dict[str, object] = {"operation": operation}
        self.operation, self.end = operation, end
        self.scoped = accounts is not None
        ids = ", ".join(map(str, accounts or ()))
        self.own = f"AND r.id IN ({ids})" if self.scoped else ""
        self.pockets = f"(SELECT id FROM main.pocket WHERE account_id IN ({ids}))"

    def build(self, *, links: bool) -> None:
        """Make the tables."""
        links = links or self.scoped
        if self.scoped:
            self._run(_SCOPE.format(pockets=self.pockets))
            self._run(_ITEMS_OF_SCOPE)
        for table, columns in _REMEMBERED.items():
            self._run(_WAS.format(table=table, columns=", ".join(columns), scope=self._of_scope(table)))
            self._run(_WAS_INDEX.format(table=table))
        self._run(_ACCOUNT.format(**_then("account"), own=self.own))
        source = "temp.then_scope s CROSS JOIN main.txn r ON r.id = s.id" if self.scoped else "main.txn r"
        own = f"AND CASE WHEN w.id IS NULL THEN r.pocket_id ELSE w.pocket_id END IN {self.pockets}"
        live = _LIVE.format(row="r")
        self._run(_TXN.format(**_then("txn"), source=source, live=live, pockets=own if self.scoped else ""))
        self._run(_TXN_INDEX)
        if links:
            self._run(_DOCUMENT_INDEX)
        self._links()
        self._run(_PLANNED.format(planned=_PLANNED_ITEMS))
        self._run("CREATE UNIQUE INDEX temp.then_planned_id ON then_planned (id)")
        source = "temp.then_items s CROSS JOIN main.item r ON r.id = s.id" if self.scoped else "main.item r"
        txns = "AND r.txn_id IN (SELECT id FROM temp.txn)" if self.scoped else ""
        self._run(_ITEM.format(**_then("item"), source=source, live=live, txns=txns))
        self._run(_ITEM_INDEX)
        if links:
            since = "true" if self.scoped else "(n.removed_by IS NULL OR n.removed_by > :operation)"
            self._run(_ALLOCATION.format(source="temp.then_link" if self.scoped else "main.allocation", since=since))
            self._each(_LINK_INDEXES)
        self._run(_SUMS)
        self._run("CREATE UNIQUE INDEX temp.then_sums_id ON then_sums (id)")
        self._run(_POCKET)
        self._run(_TOTAL)
        self._each(_INDEXES)

    def _links(self) -> None:
        """What was put on items since, and taken from them."""
        changed = f"(removed_by IS NULL AND id >= {self.end} OR removed_by IS NOT NULL AND id < {self.end})"
        if self.scoped:
            self._run(_LINKS_OF_SCOPE.format(pockets=self.pockets))
        else:
            self._run(_LINKS.format(end=self.end, operation=self.operation))
        self._run(_OPEN.format(changed=changed))
        self._run("CREATE UNIQUE INDEX temp.then_open_id ON then_open (id)")

    def _of_scope(self, table: str) -> str:
        if not self.scoped or table == "account":
            return ""
        if table == "txn":
            return "AND txn_id IN (SELECT id FROM temp.then_scope)"
        return "AND item_id IN (SELECT id FROM temp.then_items)"

    def _run(self, sql: str) -> None:
        self.connection.execute(sql, self.parameters)

    def _each(self, script: str) -> None:
        for statement in script.split(";"):
            self.connection.execute(statement)


def _then(table: str) -> dict[str, str]:
    """The remembered columns, and SQL for them: of row `r`, of which `w` is the next remembered value."""
    columns = _REMEMBERED[table]
    values = (f"CASE WHEN w.id IS NULL THEN r.{column} ELSE w.{column} END" for column in columns)
    return {"columns": ", ".join(columns), "then": ", ".join(values)}


def _shadow(connection: sqlite3.Connection) -> None:
    """Make the TEMP tables, empty, with the columns of the real ones: a column without its type uses no index."""
    for table in SHADOWED:
        columns = [
            f"{name} {kind}{' PRIMARY KEY' if key else ''}"
            for _place, name, kind, _required, _default, key in connection.execute(f"PRAGMA main.table_info({table})")
        ]
        connection.execute(f"CREATE TEMP TABLE {table} ({', '.join(columns)})")
