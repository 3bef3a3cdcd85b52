"""K, what proving the books costs at best: straight statements that read what has to be read, and compare little of it.

python bench/proving.py BOOKS [quick]: SQLite's own check; every allocation beside its two items, added up for each;
every item beside its transaction; the sums of every account. That is Q; K has, too, every document as text with a
SHA-256 of its own, and all allocations in one. No kept sum, digest or hash is compared, no finding is named, and what
another program may have written besides (schema, foreign keys, order, texts that no load writes) is not looked for.
"""

import sqlite3
import sys
from hashlib import sha256
from itertools import groupby
from operator import itemgetter

SUMS = (
    """
SELECT count(*) FROM (
  SELECT sum(n.amount_minor) AS used, count(*) FILTER (WHERE d.pocket_id <> c.pocket_id) AS wrong, d.open_minor
  FROM allocation n JOIN item d ON d.id = n.debit_id JOIN item c ON c.id = n.credit_id
  WHERE n.removed_by IS NULL GROUP BY n.debit_id)
WHERE wrong OR used > 0
""",
    """
SELECT count(*) FROM (SELECT credit_id, sum(amount_minor) AS used FROM allocation
  WHERE removed_by IS NULL GROUP BY credit_id) n JOIN item c ON c.id = n.credit_id WHERE used > c.open_minor
""",
    """
SELECT count(*) FROM item i NOT INDEXED JOIN txn t ON t.id = i.txn_id
WHERE i.removed_by IS NULL AND (i.pocket_id <> t.pocket_id OR i.date <> t.date OR i.state <> t.state)
""",
    """
SELECT count(*) FROM (
  SELECT sum(amount_minor) FILTER (WHERE side = 1) AS debit, sum(amount_minor) FILTER (WHERE side = -1) AS credit,
    sum(open_minor) FILTER (WHERE side = 1) AS open_debit, sum(open_minor) FILTER (WHERE side = -1) AS open_credit,
    sum(planned_minor) AS covered, count(*) AS items, count(*) FILTER (WHERE open_minor > 0) AS open_items
  FROM item NOT INDEXED WHERE removed_by IS NULL AND state <= 1 GROUP BY pocket_id)
WHERE debit + credit + open_debit + open_credit + covered + items + open_items > 0
""",
)
HEADS = """
SELECT digest, printf('%s %s %s %s %s %s %s %s %s', kind, document, pocket_id, date, due_date, state, order_code,
  register, method) FROM txn WHERE removed_by IS NULL ORDER BY id
"""
LINES = """
SELECT txn_id, printf('%s %s %s %s %s %s %s', line, side, amount_minor, description, ledger_code, applies_to,
  match_code) FROM item WHERE removed_by IS NULL ORDER BY txn_id, line
"""
ALLOCATIONS = "SELECT debit_id, credit_id, amount_minor, stage, reason FROM allocation ORDER BY id"


def main() -> None:
    """Read all of it."""
    path, *quick = sys.argv[1:]
    books = sqlite3.connect(path)
    books.execute("PRAGMA cache_size = -65536")
    own = f"PRAGMA {'quick' if quick else 'integrity'}_check"
    print([books.execute(sql).fetchone() for sql in (own, *SUMS)])
    if not quick:
        history = sha256()
        documents = groupby(books.execute(LINES), itemgetter(0))
        for (digest, head), (_txn, lines) in zip(books.execute(HEADS), documents, strict=True):
            history.update(sha256("".join([head, *map(itemgetter(1), lines)]).encode()).digest())
            history.update(digest)
        made = books.execute(ALLOCATIONS)
        while block := made.fetchmany(1_000):
            history.update("".join(map(repr, block)).encode())
        print(history.hexdigest())


if __name__ == "__main__":
    main()
