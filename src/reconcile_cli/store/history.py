"""Operations, newest first, and what the database is."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reconcile_cli.domain.operations import OperationLine
from reconcile_cli.store.books import Books
from reconcile_cli.store.connection import SCHEMA_VERSION

if TYPE_CHECKING:  # to list operations needs neither
    from reconcile_cli.domain.keeping import Head, Information

_OPERATION = """
SELECT o.id, o.made_at, o.author, o.command, o.arguments, o.note, o.undoes,
  (SELECT u.id FROM operation u WHERE u.undoes = o.id ORDER BY u.id DESC LIMIT 1),
  o.txns_made, o.txns_changed, o.txns_removed, o.allocations_made, o.allocations_removed, lower(hex(o.hash))
FROM operation o"""
_HISTORY = _OPERATION + " ORDER BY o.id DESC LIMIT ?"
UNCHANGED = "unchanged"
"""Among the arguments of a load: how many of its documents were in the books already."""
_FOUND = f"{_OPERATION} WHERE o.id > ? AND o.command = 'load' AND json_extract(o.arguments, '$.{UNCHANGED}') > 0"
_LAST = "SELECT id, lower(hex(hash)) FROM operation ORDER BY id DESC LIMIT 1"
_BY_HASH = "SELECT id FROM operation WHERE hash = ?"
_SOME = _OPERATION + " WHERE o.id IN ({numbers}) ORDER BY o.id DESC LIMIT ?"
_ONE = _OPERATION + " WHERE o.sealed = 1 AND (:number IS NULL OR o.id = :number) ORDER BY o.id DESC LIMIT 1"


def history(books: Books, *, limit: int | None = None, numbers: Sequence[int] | None = None) -> Iterator[OperationLine]:
    """The operations, newest first; only those of these numbers where some are given."""
    sql = _HISTORY if numbers is None else _SOME.format(numbers=", ".join(map(str, numbers)))
    for row in books.connection.execute(sql, (-1 if limit is None else limit,)):
        yield OperationLine(*row)


def one(books: Books, number: int | None) -> OperationLine | None:
    """The sealed operation of a number, else the last one."""
    row = books.connection.execute(_ONE, {"number": number}).fetchone()
    return OperationLine(*row) if row else None


def loads_that_found(books: Books, number: int) -> list[OperationLine]:
    """The loads after an operation, not taken back, some of whose documents were in the books already."""
    rows = books.connection.execute(_FOUND, (number,))
    return [found for row in rows if (found := OperationLine(*row)).undone_by is None]


def line(books: Books, number: int) -> OperationLine:
    """An operation that is there."""
    return OperationLine(*books.connection.execute(_ONE, {"number": number}).fetchone())


def head(books: Books, written_down: str | None = None) -> "Head":
    """The last operation and its hash, and the operation that has the hash written down."""
    from reconcile_cli.domain.keeping import Head  # noqa: PLC0415 - see above

    last = books.connection.execute(_LAST).fetchone() or (0, "")
    found = None
    if written_down is not None:
        found = books.connection.execute(_BY_HASH, (bytes.fromhex(written_down),)).fetchone()
    return Head(last[0], last[1], found[0] if found else None)


def information(books: Books) -> "Information":
    """What the database is. The counts are of what is in the books now."""
    from reconcile_cli.domain.keeping import Information  # noqa: PLC0415 - see above

    connection = books.connection

    def count(sql: str) -> int:
        return int(connection.execute(f"SELECT count(*) FROM {sql}").fetchone()[0])

    last = connection.execute(
        "SELECT id, lower(hex(hash)), locked_until FROM operation ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return Information(
        path=str(books.path),
        size_bytes=books.path.stat().st_size,
        schema_version=SCHEMA_VERSION,
        accounts=count(
            "account a WHERE EXISTS (SELECT 1 FROM txn t JOIN pocket p ON p.id = t.pocket_id "
            "WHERE p.account_id = a.id AND t.removed_by IS NULL)"
        ),
        transactions=count("txn WHERE removed_by IS NULL"),
        items=count("item WHERE removed_by IS NULL"),
        allocations=count("allocation WHERE removed_by IS NULL"),
        operations=last[0] if last else 0,
        head=last[1] if last else "",
        locked_until=last[2] if last else None,
    )
