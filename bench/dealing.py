"""D, what `auto --all` costs at best: the same allocations by the shortest script, which proves nothing.

python bench/dealing.py BOOKS: books as they were before, which are changed. Open items are read in matching order and
matched by a bare loop; the allocations are written, a hundred in a statement, and the open amounts of their items.
What the items were before, the sums of accounts, the proof and the hash of the operation are left out.
"""

import sys
from collections.abc import Iterator
from itertools import islice

from inserting import opened

RUN = """
SELECT i.pocket_id, i.id, i.open_minor
FROM (SELECT id FROM pocket WHERE open_debit_minor > 0 AND open_credit_minor > 0 ORDER BY id) p
CROSS JOIN item i ON i.side = {side} AND i.pocket_id = p.id CROSS JOIN txn t ON t.id = i.txn_id
WHERE i.open_minor > 0 AND i.state = 0 AND i.removed_by IS NULL AND i.held = 0
ORDER BY i.pocket_id, i.date, length(t.document), t.document, t.kind, i.line
"""
INTO = "INSERT INTO allocation (debit_id, credit_id, amount_minor, stage, made_by, origin) VALUES "
CLOSE = """
UPDATE item SET open_minor = open_minor - part.amount
FROM (SELECT id, sum(amount) AS amount FROM (
  SELECT debit_id AS id, amount_minor AS amount FROM allocation WHERE id > :last
  UNION ALL SELECT credit_id, amount_minor FROM allocation WHERE id > :last) GROUP BY id) part
WHERE item.id = part.id
"""
BY_DATE = 4
AT_ONCE = 100
NOBODY = (0, 0, 0)
Row = tuple[int, int, int]


def links(debits: Iterator[Row], credits_: Iterator[Row], number: int) -> Iterator[int]:
    """The values of one allocation after the other."""
    pocket, credit, left = next(credits_, NOBODY)
    for own, debit, amount in debits:
        rest = amount
        while rest and pocket and pocket <= own:
            if pocket == own:
                part = min(rest, left)
                yield from (debit, credit, part, BY_DATE, number, number)
                rest -= part
                left -= part
            if pocket < own or not left:
                pocket, credit, left = next(credits_, NOBODY)


def main() -> None:
    """Match everything in one transaction."""
    books = opened(sys.argv[1], 2)
    (last,) = books.execute("SELECT max(id) FROM allocation").fetchone()
    values = links(books.execute(RUN.format(side=1)), books.execute(RUN.format(side=-1)), 2)
    while block := list(islice(values, 6 * AT_ONCE)):
        books.execute(INTO + ",".join(["(?,?,?,?,?,?)"] * (len(block) // 6)), block)
    books.execute(CLOSE, {"last": last})
    books.execute("COMMIT")
    books.close()


if __name__ == "__main__":
    main()
