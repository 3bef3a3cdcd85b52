"""Cancellations that come after the money: a load takes nothing apart by itself, but it says who paid what."""

from collections.abc import Iterator

from reconcile_cli.domain.kinds import Kind, Side
from reconcile_cli.domain.load_results import PaidAlready
from reconcile_cli.domain.naming import readings, stated_kinds, targets
from reconcile_cli.domain.records import ItemName
from reconcile_cli.store import allocation_lines, cancelling, stating
from reconcile_cli.store.cancelling import OpenCancellation
from reconcile_cli.store.operation import Operation


def paid_already(op: Operation, limit: int) -> list[PaidAlready]:
    """What was paid before of what cancellations of this load name, where these stay open; at most `limit`."""
    found: list[PaidAlready] = []
    if op.first.allocation == 1:  # nothing was reconciled before
        return found
    for cancelled in cancelling.open_cancellations(op.connection):
        if len(found) >= limit:
            break
        debits = list(_cancelled(op, cancelled))
        links = dict(cancelling.paying(op.connection, debits, op.first.allocation)) if debits else {}
        if not links:
            continue
        name = ItemName(Kind.CANCELLATION, cancelled.document, cancelled.line)
        lines = allocation_lines.named(op.connection, list(links))
        for line, planned in zip(lines, links.values(), strict=True):
            found.append(PaidAlready(line, planned, name, cancelled.open_minor))
    return found[:limit]


def _cancelled(op: Operation, cancelled: OpenCancellation) -> Iterator[int]:
    """The debit items that it names, else those of its order."""
    names = targets(cancelled.applies_to)
    if not names:
        yield from cancelling.debits_of_order(op.connection, cancelled)
    for name in names:
        for reading in readings(name):
            found = stating.find_target(op.connection, reading, stated_kinds(Side.CREDIT))
            if found:
                yield from cancelling.debits_of_target(op.connection, cancelled, found[0].id, reading.line)
                break
