"""How a report reads: one view of the file for all that it asks, and little memory however much it walks through."""

from typing import Final

from reconcile_cli.store.books import Books

_CACHE_KIB: Final = 8_000


def one_view(books: Books) -> None:
    """Keep one view of the file until the books are closed, whatever others write; sorting takes the cache twice."""
    books.connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    if not books.connection.in_transaction:
        books.connection.execute("BEGIN")
