"""What reconciles by itself when documents arrive, in the order of R10, R11, R12 and R14."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter, itemgetter

from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.load_rules import DocumentItem, Mark, OrderItem, at_checkout, within_document
from reconcile_cli.domain.matching import Stage, chronological
from reconcile_cli.domain.naming import Reading, nothing_else, readings, targets
from reconcile_cli.store import allocating, stating
from reconcile_cli.store.checkout import orders
from reconcile_cli.store.operation import Operation
from reconcile_cli.store.stating import Coded, OpenInDocument
from reconcile_cli.text import _
from reconcile_cli.workflows.statements import Arrived, because, follow_statements, make, replace


def reconcile_arrivals(op: Operation, *, checkout: bool) -> Arrived:
    """Reconcile what the load brought; `checkout` is R12, the other rules always hold."""
    arrived = Arrived()
    arrived.within_document = make(op, _within_documents(op))
    replacements = follow_statements(op, arrived)
    for receipt, planned in replacements:
        if planned.id < op.first.txn:
            replace(op, receipt, planned, arrived)
    arrived.stated += make(op, _by_match_code(op, arrived))
    if checkout:
        waiting = {receipt.id for receipt, planned in replacements if planned.id >= op.first.txn}
        arrived.checkout = make(op, _at_checkout(op, waiting))
    for receipt, planned in replacements:  # an instalment of this load takes its own place first
        if planned.id >= op.first.txn:
            replace(op, receipt, planned, arrived)
    return arrived


def _within_documents(op: Operation) -> Iterator[allocating.PlanRow]:
    """R10."""
    stage = int(Stage.WITHIN_DOCUMENT)  # plain numbers, and no reason as an empty text: see `store/bulk.py`
    for _txn, group in groupby(stating.documents_of_both_sides(op.connection), key=itemgetter(0)):
        items = list(group)
        planned = {item.id for item in items if item.state == State.PLANNED}
        own = [
            DocumentItem(item.id, item.line, item.side, item.open_minor, _own_line(item))
            for item in items
            if not _says_more(item)
        ]
        for link in within_document(own, Kind(items[0].kind).side):
            yield *link, stage, "", int(link.credit_id in planned)


def _readings_here(item: OpenInDocument) -> list[Reading]:
    return [
        reading
        for name in targets(item.applies_to)
        for reading in readings(name)
        if reading.document == item.document and reading.kind in (None, item.kind) and reading.amount is None
    ]


def _own_line(item: OpenInDocument) -> int | None:
    if item.applies_to is None:
        return None
    return next((reading.line for reading in _readings_here(item)), None)


def _says_more(item: OpenInDocument) -> bool:
    """Whether an item's statement is for R11 to follow: other documents, amounts, or nothing at all."""
    return item.applies_to is not None and (not _readings_here(item) or nothing_else(item.applies_to))


def _by_match_code(op: Operation, arrived: Arrived) -> Iterator[allocating.PlanRow]:
    """R11 (b): the rows of a load that share a code cover each other wholly, or stay open."""
    for (_pocket, code), group in groupby(stating.coded(op.connection), key=attrgetter("pocket_id", "match_code")):
        items: list[Coded] = list(group)
        if not items[0].fresh or not any(item.open_minor for item in items):
            continue
        if any(item.lost and item.open_minor for item in items):
            continue  # what was removed stays removed
        free = [item for item in items if item.open_minor and not nothing_else(item.applies_to)]
        debits = [(item.id, item.open_minor) for item in free if item.side == Side.DEBIT]
        credits_ = [(item.id, item.open_minor) for item in free if item.side == Side.CREDIT]
        if sum(map(itemgetter(1), debits)) != sum(map(itemgetter(1), credits_)):
            arrived.refuse(items[0].account, code, _("the rows with this match code do not balance; they stay open"))
            continue
        states = {item.id: item.state for item in items}
        reason = because(match_code=code)
        for link in chronological(debits, credits_):
            yield *link, Stage.STATED, reason, states[link.credit_id] == State.PLANNED


def _at_checkout(op: Operation, waiting: set[int]) -> Iterator[allocating.PlanRow]:
    """R12. Receipts that will take the place of an instalment wait for it."""
    stage = int(Stage.CHECKOUT)  # as above
    for order, debits, credits_ in orders(op.connection, of_all=op.first.txn == 1):
        links = list(at_checkout(debits, _without(waiting, credits_) if waiting else credits_))
        if links:
            reason = because(order=order)
            planned = {credit for credit, _open, _date, marks in credits_ if marks & Mark.PLANNED}
            for debit, credit, amount_minor in links:
                yield debit, credit, amount_minor, stage, reason, int(credit in planned)


def _without(waiting: set[int], credits_: list[OrderItem]) -> list[OrderItem]:
    return [
        (item, open_minor, date, marks | Mark.LOST if item in waiting else marks)
        for item, open_minor, date, marks in credits_
    ]
