"""The status of items, transactions and accounts: the table of the design (R7, R8)."""

from collections.abc import Iterable
from enum import StrEnum

from reconcile_cli.domain.kinds import State


class Status(StrEnum):
    """How far something is reconciled, in the order in which it is tested."""

    ERROR = "error"
    RECONCILED = "reconciled"
    COVERED = "covered"
    UNRECONCILED = "unreconciled"
    PARTIAL = "partial"


def item_status(
    *, amount_minor: int, open_minor: int, planned_minor: int, state: State, allocated_minor: int
) -> Status | None:
    """Tell the status of an item; None where it does not count (R15).

    `open_minor` is the figure the books keep, `allocated_minor` the sum of the item's allocations,
    `planned_minor` the part of them whose other side is planned. A figure that disagrees is an error,
    never a green check, and a planned item is never one either (R8).
    """
    if not 0 <= allocated_minor <= amount_minor or amount_minor - allocated_minor != open_minor:
        return Status.ERROR
    if not state.counts:
        return Status.ERROR if allocated_minor else None
    if open_minor == 0:
        return Status.COVERED if state is State.PLANNED or planned_minor > 0 else Status.RECONCILED
    return Status.PARTIAL if allocated_minor else Status.UNRECONCILED


def whole_status(items: Iterable[tuple[Status | None, int]]) -> Status | None:
    """Tell the status of a transaction or account from its items: (status, amount_minor) each.

    Items without a status do not count; items of 0 are ignored when telling unreconciled from partial.
    """
    every: set[Status] = set()
    of_some_amount: set[Status] = set()
    for status, amount_minor in items:
        if status is not None:
            every.add(status)
            if amount_minor:
                of_some_amount.add(status)
    if not every:
        return None
    if Status.ERROR in every:
        return Status.ERROR
    if every == {Status.RECONCILED}:
        return Status.RECONCILED
    if every <= {Status.RECONCILED, Status.COVERED}:
        return Status.COVERED
    if of_some_amount == {Status.UNRECONCILED}:
        return Status.UNRECONCILED
    return Status.PARTIAL
