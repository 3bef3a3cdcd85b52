"""What a load reports back. Amounts are minor units, dates `yyyymmdd`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from reconcile_cli.domain.records import AllocationLine, ItemName, Total
from reconcile_cli.errors import Problem

if TYPE_CHECKING:  # only loads tell how they read a file
    from reconcile_cli.domain.understanding import Understanding


class FieldChange(NamedTuple):
    """One field that a load changed (R22). `document` is `KIND/DOCUMENT` or `KIND/DOCUMENT:LINE`."""

    document: str
    field: str
    old: str
    new: str


class Freed(NamedTuple):
    """An allocation that a load removed, the sentence that says why (R14, R24), and how its two items stand then.

    The open amounts are those after the load; None for an item that counts no more.
    """

    allocation: AllocationLine
    reason: str
    credit_open_minor: int | None
    debit_open_minor: int | None


class PaidAlready(NamedTuple):
    """An allocation to an item that a load cancels: the money stays where it was put, until a person moves it.

    `open_minor` is what of the cancellation found nothing open to cancel.
    """

    allocation: AllocationLine
    planned: bool
    cancellation: ItemName
    open_minor: int


class Unmet(NamedTuple):
    """Something the source states that could not be done (R11); `reason` is a sentence."""

    item: str
    target: str
    reason: str


class LoadResult(NamedTuple):
    """What a load did. `operation` is None when nothing changed or under `--dry-run`."""

    dry_run: bool
    rows: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    within_document: int = 0
    stated: int = 0
    checkout: int = 0
    removed: int = 0
    changes: Sequence[FieldChange] = ()
    freed: Sequence[Freed] = ()
    paid_already: Sequence[PaidAlready] = ()
    unmet: Sequence[Unmet] = ()
    problems: Sequence[Problem] = ()
    problem_count: int = 0
    open_debits: Sequence[Total] = ()
    open_credits: Sequence[Total] = ()
    accounts: Sequence[str] = ()
    operation: int | None = None
    notes: Sequence[str] = ()
    files: Sequence["Understanding"] = ()
