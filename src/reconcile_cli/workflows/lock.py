"""Close a period, and open it again (R25)."""

from reconcile_cli.domain.dates import iso, next_day, previous_day
from reconcile_cli.domain.keeping import LockResult
from reconcile_cli.domain.results import Stamp
from reconcile_cli.store import locking
from reconcile_cli.store.books import Books
from reconcile_cli.store.operation import operation
from reconcile_cli.text import _
from reconcile_cli.workflows.errors import NothingToLock

_FIRST_DAY = 19000101
"""The earliest date that the books hold."""


def lock(books: Books, until: int, stamp: Stamp) -> LockResult:
    """Close everything dated up to `until`, that day included.

    Raises:
        NothingToLock: the books are locked up to a later day; opening again is asked for by name.
    """
    with operation(books, "lock", {"until": iso(until)}, stamp) as op:
        before = op.locked_until
        if before is not None and before > until:
            raise NothingToLock(
                _(
                    "The books are locked up to {lock} already. To lock them up to {day} only:"
                    " reconcile lock --reopen {next}"
                ).format(lock=iso(before), day=iso(until), next=iso(next_day(until)))
            )
        if before == until:
            op.abandon()
        locking.move_lock(op.connection, op.number, until)
    return LockResult(None if op.abandoned else op.number, before, until)


def reopen(books: Books, day: int, stamp: Stamp) -> LockResult:
    """Open the books again from `day` on, that day included; what is dated before it stays locked.

    Raises:
        NothingToLock: that day is not locked.
    """
    with operation(books, "lock", {"reopen": iso(day)}, stamp) as op:
        before = op.locked_until
        if before is None:
            raise NothingToLock(_("The books are not locked, so there is nothing to reopen."))
        if before < day:
            raise NothingToLock(
                _("The books are locked up to {lock} only; {day} is open.").format(lock=iso(before), day=iso(day))
            )
        until = None if day <= _FIRST_DAY else previous_day(day)
        locking.move_lock(op.connection, op.number, until)
    return LockResult(op.number, before, until)
