"""S, what the schema costs at best: fill its tables, with its indexes, by straight SQL from a plain table of the rows.

python bench/straight.py MIGRATIONS NEW_BOOKS PLAIN MADE: the folder of the schema; where to; the file that holds the
table `plain`; books into which the same rows were loaded in operation 1, whose allocations are copied. Foreign keys
are on; the indexes of the large tables are built after the rows. Nothing is validated, proved, matched or hashed, and
the sums of accounts and the open amounts of items are not worked out: less than a load has to do. Dates are ISO and
amounts have two decimals, as bench/generate.py writes them.
"""

import sqlite3
import sys
from pathlib import Path

LARGE = "('txn', 'item', 'allocation')"
EARLY = "txn_key"  # finds the transaction of each item
KIND = """CASE p.kind WHEN 'invoice' THEN 0 WHEN 'payment' THEN 1 WHEN 'deposit' THEN 2 WHEN 'credit_note' THEN 3
  WHEN 'cancellation' THEN 4 WHEN 'refund' THEN 5 ELSE 6 END"""
MINOR = "abs(CAST(replace(p.amount, '.', '') AS INTEGER))"
OF_DOCUMENT = (
    """
INSERT INTO operation
  (id, command, arguments, note, author, made_at, first_txn, first_item, first_allocation, hash, sealed)
VALUES (1, 'load', '', '', '', '', 1, 1, 1, zeroblob(32), 1)
""",
    """
INSERT INTO account (code, name, made_by) SELECT account, max(account_name), 1 FROM source.plain GROUP BY account
""",
    """
INSERT INTO pocket (account_id, currency, exponent)
SELECT a.id, p.currency, 2 FROM source.plain p JOIN account a ON a.code = p.account GROUP BY 1, 2
""",
    f"""
INSERT INTO txn (kind, document, pocket_id, date, due_date, state, order_code, register, method, digest, made_by)
SELECT {KIND}, p.document, k.id, CAST(replace(p.date, '-', '') AS INTEGER),
  nullif(CAST(replace(p.due_date, '-', '') AS INTEGER), 0), p.state = 'planned', nullif(p."order", ''),
  nullif(p.register, ''), nullif(p.method, ''), randomblob(32), 1
FROM source.plain p JOIN account a ON a.code = p.account
JOIN pocket k ON k.account_id = a.id AND k.currency = p.currency
WHERE p.line = '1' ORDER BY p.rowid
""",
)
OF_LINES = (
    f"""
INSERT INTO item (txn_id, line, pocket_id, side, date, state, amount_minor, open_minor, description, ledger_code,
  applies_to, made_by)
SELECT t.id, p.line, t.pocket_id, CASE WHEN t.kind IN (0, 5) = (p.amount NOT LIKE '-%') THEN 1 ELSE -1 END,
  t.date, t.state, {MINOR}, {MINOR}, nullif(p.description, ''), nullif(p.ledger_code, ''), nullif(p.applies_to, ''), 1
FROM source.plain p CROSS JOIN txn t
WHERE t.document = p.document AND t.kind = {KIND} AND t.removed_by IS NULL ORDER BY p.rowid
""",
    "INSERT INTO allocation SELECT * FROM made.allocation WHERE made_by = 1",
)


def main() -> None:
    """Fill new books in one transaction."""
    migrations, books, plain, made = sys.argv[1:]
    connection = sqlite3.connect(books, isolation_level=None)
    for script in sorted(Path(migrations).glob("*.sql")):
        connection.executescript(script.read_text(encoding="utf-8"))
    for pragma in ("journal_mode = WAL", "foreign_keys = ON", "cache_size = -65536"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("ATTACH ? AS source", (plain,))
    connection.execute("ATTACH ? AS made", (made,))
    indexes = dict(
        connection.execute(
            f"SELECT name, sql FROM main.sqlite_schema WHERE type = 'index' AND sql <> '' AND tbl_name IN {LARGE}"
        ).fetchall()
    )
    late = [sql for name, sql in indexes.items() if name != EARLY]
    without = [f"DROP INDEX main.{name}" for name in indexes]
    for sql in ("BEGIN", *without, *OF_DOCUMENT, indexes[EARLY], *OF_LINES, *late, "COMMIT"):
        connection.execute(sql)
    connection.close()


if __name__ == "__main__":
    main()
