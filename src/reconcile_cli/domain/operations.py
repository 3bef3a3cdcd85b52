"""What the history tells of operations; amounts and dates as in `records`."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reconcile_cli.domain.kinds import Kind, State
from reconcile_cli.domain.records import AllocationLine


class OperationLine(NamedTuple):
    """One change of the books. `arguments` is JSON; `undone_by` names the operation that took it back."""

    number: int
    made_at: str
    author: str
    command: str
    arguments: str
    note: str
    undoes: int | None
    undone_by: int | None
    transactions_made: int
    transactions_changed: int
    transactions_removed: int
    allocations_made: int
    allocations_removed: int
    hash: str


class TransactionLine(NamedTuple):
    """One transaction that an operation added or removed, as it was then. The amount is signed (+ = owed)."""

    account: str
    kind: Kind
    document: str
    date: int
    state: State
    currency: str
    amount_minor: int


class OperationDetail(NamedTuple):
    """All that one operation did. `lock` is the last day closed before and after, where it moved the lock.

    `changes` are (document, field, before, after). Iterators are read once.
    """

    line: OperationLine
    lock: tuple[int | None, int | None] | None
    added: Iterator[TransactionLine]
    removed: Iterator[TransactionLine]
    changes: Iterator[tuple[str, str, str, str]]
    held: Sequence[str]
    released: Sequence[str]
    allocations_made: Sequence[AllocationLine]
    allocations_removed: Sequence[AllocationLine]
