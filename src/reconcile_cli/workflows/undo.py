"""Take an operation back, as an operation of its own (R7)."""

import json
from collections.abc import Callable
from functools import partial

from reconcile_cli.domain.operations import OperationLine
from reconcile_cli.domain.results import Removal, Stamp, Undone
from reconcile_cli.store import allocation_lines, history, locking, undoing
from reconcile_cli.store.books import Books
from reconcile_cli.store.operation import operation, rehearsal
from reconcile_cli.text import _
from reconcile_cli.workflows.errors import BuiltUpon, Declined, NothingToUndo, no_operation
from reconcile_cli.workflows.results import concerned

Confirm = Callable[[Removal], bool]


def undo(books: Books, number: int | None, stamp: Stamp, *, confirm: Confirm) -> Undone:
    """Take back the operation of this number, else the last one.

    `confirm` is always asked, before the write lock is taken.

    Raises:
        NothingToUndo: there is no such operation, or it is undone already.
        BuiltUpon: later operations build on it.
        Locked: it would change a closed period (R25).
        Declined: `confirm` said no.
    """
    with rehearsal(books):  # what another process commits meanwhile must not look like a part of the operation
        seen = _checked(books, number)
        totals = partial(allocation_lines.totals, books.connection, allocation_lines.made_by(seen.number))
        description = _("Operation {number} ({command})").format(number=seen.number, command=seen.command)
        transactions = seen.transactions_made + seen.transactions_changed + seen.transactions_removed
        removal = Removal(description, seen.allocations_made, totals, seen.allocations_removed, transactions)
    if not confirm(removal):
        raise Declined
    with operation(books, "undo", {"operation": seen.number}, stamp) as op:
        _checked(books, seen.number)
        op.note_undone(seen.number)
        undoing.take_back(op, seen.number)
    result = concerned(op)._replace(notes=_to_load_again(books, seen))
    return Undone(result, seen, history.line(books, op.number))


def _to_load_again(books: Books, seen: OperationLine) -> list[str]:
    """Name the later loads that may have held what leaves: for them it was there already, so they did not write it."""
    if seen.command != "load":
        return []
    text = _(
        "Operation {number} ({load}) held documents that were in the books already. Load it again, if some were of"
        " operation {undone}."
    )
    return [
        text.format(
            number=line.number,
            load=" ".join([line.command, *json.loads(line.arguments).get("files", ())]),
            undone=seen.number,
        )
        for line in history.loads_that_found(books, seen.number)
    ]


def _checked(books: Books, number: int | None) -> OperationLine:
    """The operation that can be taken back, or the refusal."""
    line = history.one(books, number)
    if line is None:
        raise NothingToUndo(_("There is nothing to undo.") if number is None else no_operation(number))
    if line.undone_by is not None:
        raise NothingToUndo(_undone_already(books, line))
    later = undoing.in_the_way(books.connection, line.number)
    if later:
        raise BuiltUpon(line.number, later)
    locked_until = locking.lock_in_force(books.connection)
    if locked_until is not None:
        locking.refuse_breach(locking.breaches_of_undo(books.connection, line.number, locked_until), locked_until)
    return line


def _undone_already(books: Books, line: OperationLine) -> str:
    last = line
    while last.undone_by is not None:
        last = history.one(books, last.undone_by) or last
    return _(
        "Operation {number} was undone by operation {by}; the last word on it is operation {last}."
        " Take that one back with: reconcile undo {last}"
    ).format(number=line.number, by=line.undone_by, last=last.number)
