"""What a page and a workbook have in common; read by the checker of types alone, since others need none."""

from collections.abc import Callable, Iterable
from typing import Protocol

from reconcile_cli.render.columns import Listing, Record, TotalRow
from reconcile_cli.render.look import Part


class Document(Protocol):
    """A page or a workbook that is being written: lists one after the other, and what is said between them."""

    def add(
        self,
        listing: Listing[Record],
        records: Iterable[Record],
        totals: Callable[[], Iterable[TotalRow]],
    ) -> int:
        """Write a list and return the number of rows."""

    def line(self, parts: Iterable[Part]) -> None:
        """Write a line of text; one in bold is a title."""

    def close(self) -> None:
        """Write what is left."""

    def drop(self) -> None:
        """Leave nothing behind of what is not to be written."""
