"""A, what writing allocations costs at best: the ones of the last operation, by executemany, without what goes with it.

python bench/inserting.py BEFORE AFTER: books as they were before the operation, which are changed, and after it.
Foreign keys and indexes are those of the schema; the guards, which refuse whoever is not the program, are taken off.
Open amounts, sums, proof and hash are left out. Reading the allocations from AFTER is part of the time, as reading
the file is part of L.
"""

import sqlite3
import sys

LAST = "SELECT max(id) FROM operation"
COLUMNS = "debit_id, credit_id, amount_minor, stage, reason, made_by, origin"


def opened(path: str, number: int) -> sqlite3.Connection:
    """Books without their guards, in a transaction, with an operation to which allocations may belong."""
    books = sqlite3.connect(path, isolation_level=None)
    for pragma in ("foreign_keys = ON", "cache_size = -65536"):
        books.execute(f"PRAGMA {pragma}")
    for (name,) in books.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        books.execute(f"DROP TRIGGER {name}")
    books.execute("BEGIN")
    books.execute(
        "INSERT INTO operation (id, command, arguments, note, author, made_at, first_txn, first_item, "
        "first_allocation, hash, sealed) VALUES (?, 'auto', '', '', '', '', 1, 1, 1, zeroblob(32), 1)",
        (number,),
    )
    return books


def main() -> None:
    """Insert what the last operation of AFTER made, in one transaction."""
    before, after = sys.argv[1:]
    source = sqlite3.connect(after)
    (number,) = source.execute(LAST).fetchone()
    books = opened(before, number)
    rows = source.execute(f"SELECT {COLUMNS} FROM allocation WHERE made_by = ? ORDER BY id", (number,))
    books.executemany(f"INSERT INTO allocation ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    books.execute("COMMIT")
    books.close()


if __name__ == "__main__":
    main()
