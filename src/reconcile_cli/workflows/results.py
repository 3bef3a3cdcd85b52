"""What the changing commands report: allocations, totals, and what stays open."""

from collections.abc import Sequence

from reconcile_cli.domain.dates import iso, next_day
from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.results import MatchResult
from reconcile_cli.store import allocation_lines, locking, open_items
from reconcile_cli.store.books import Books
from reconcile_cli.store.lookup import find_account
from reconcile_cli.store.operation import Operation
from reconcile_cli.text import _

_FEW = 20


def made(op: Operation, accounts: Sequence[str] | None, *, notes: Sequence[str] = ()) -> MatchResult:
    """The allocations that an operation made; `accounts` None means all of them."""
    rows = allocation_lines.MADE.format(op=op.number, first=op.first.allocation)
    return _result(op, rows, accounts, [*notes, *_late_effect(op)])


def _late_effect(op: Operation) -> list[str]:
    """Say from when allocations of a closed period's items count (design, section 2)."""
    lock = op.locked_until
    if lock is None or not locking.matches_locked_items(op.connection, op.first.allocation, lock):
        return []
    return [
        _("The books are locked up to {lock}: what was reconciled of earlier items counts from {day}.").format(
            lock=iso(lock), day=iso(next_day(lock))
        )
    ]


def removed(op: Operation, accounts: Sequence[str] | None, *, notes: Sequence[str] = ()) -> MatchResult:
    """The allocations that an operation removed."""
    return _result(op, allocation_lines.REMOVED.format(op=op.number), accounts, notes)


def concerned(op: Operation) -> MatchResult:
    """The allocations that an operation removed and those that it made."""
    rows = allocation_lines.CONCERNED.format(op=op.number, first=op.first.allocation)
    accounts = allocation_lines.AllocationLines(op.connection, rows).accounts(_FEW + 1)
    return _result(op, rows, accounts if len(accounts) <= _FEW else None, ())


def planned(books: Books, accounts: Sequence[str] | None) -> MatchResult:
    """The allocations of TEMP `plan`, and what would stay open."""
    lines = allocation_lines.AllocationLines(books.connection, allocation_lines.PLANNED)
    ids = None if accounts is None else [find_account(books, code) for code in accounts]
    return MatchResult(
        operation=None,
        dry_run=True,
        allocations=lines,
        totals=lines.totals(),
        open_debits=open_items.still_open(books, ids, Side.DEBIT, after_plan=True),
        open_credits=open_items.still_open(books, ids, Side.CREDIT, after_plan=True),
        held=open_items.held_open(books, ids),
        accounts=lines.accounts() if accounts is None else list(accounts),
        outcomes=open_items.outcomes(books, ids),
    )


def _result(op: Operation, rows: str, accounts: Sequence[str] | None, notes: Sequence[str]) -> MatchResult:
    lines = allocation_lines.AllocationLines(op.connection, rows)
    ids = None if accounts is None else [find_account(op.books, code) for code in accounts]
    return MatchResult(
        operation=None if op.abandoned else op.number,
        dry_run=False,
        allocations=lines,
        totals=lines.totals(),
        open_debits=open_items.still_open(op.books, ids, Side.DEBIT),
        open_credits=open_items.still_open(op.books, ids, Side.CREDIT),
        held=open_items.held_open(op.books, ids),
        accounts=lines.accounts() if accounts is None else list(accounts),
        notes=list(notes),
    )
