"""Close small differences by adjustments, as a part of the operation that leaves them."""

from collections.abc import Sequence

from reconcile_cli.domain.results import Stamp
from reconcile_cli.domain.writing_off import Difference, WriteOff, WrittenOff
from reconcile_cli.store import writing_off
from reconcile_cli.store.books import Books
from reconcile_cli.store.open_items import Scope
from reconcile_cli.store.operation import Operation
from reconcile_cli.text import _


def close(op: Operation, differences: Sequence[Difference], ledger_code: str, stamp: Stamp) -> list[WrittenOff]:
    """Make an adjustment for each difference; TEMP `plan` then holds what closes it."""
    posting = writing_off.Posting(ledger_code, stamp.today, _("Difference written off"))
    return writing_off.write_off(op, differences, posting)


def close_small(op: Operation, scope: Scope, write_off: WriteOff, stamp: Stamp) -> list[WrittenOff]:
    """Close the small differences that TEMP `plan` leaves."""
    found = writing_off.small_differences(op.books, scope, write_off.tolerance)
    return close(op, found, write_off.ledger_code, stamp)


def small(books: Books, scope: Scope, write_off: WriteOff) -> list[WrittenOff]:
    """The small differences that TEMP `plan` leaves, of which nothing is made."""
    found = writing_off.small_differences(books, scope, write_off.tolerance)
    return list(writing_off.told(books.connection, found))
