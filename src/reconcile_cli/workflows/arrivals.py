"""What reconciles by itself when documents arrive, in the order of R10, R11, R12 and R14."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter, itemgetter

from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.load_rules import DocumentItem, at_checkout, within_document
from reconcile_cli.domain.matching import Link, Stage, chronological
from reconcile_cli.domain.naming import Reading, nothing_else, part_amount, readings, stated_kinds, targets
from reconcile_cli.domain.records import ItemName
from reconcile_cli.domain.results import Unmet
from reconcile_cli.store import allocating, loading, stating
from reconcile_cli.store.operation import Operation
from reconcile_cli.store.stating import Coded, OpenInDocument, Stating, Target
from reconcile_cli.text import _

_AT_ONCE = 10_000
_SHOWN = 1_000
_PARTS = 4
_CASH_IN = (Kind.PAYMENT, Kind.DEPOSIT)


@dataclass(slots=True)
class Arrived:
    """How many allocations came of which rule, and what the source states that could not be done."""

    within_document: int = 0
    stated: int = 0
    checkout: int = 0
    unmet: list[Unmet] = field(default_factory=list)

    def refuse(self, item: str, target: str, reason: str) -> None:
        """Note something stated that stays undone."""
        if len(self.unmet) < _SHOWN:
            self.unmet.append(Unmet(item, target, reason))


def reconcile_arrivals(op: Operation, *, checkout: bool) -> Arrived:
    """Reconcile what the load brought; `checkout` is R12, the other rules always hold."""
    arrived = Arrived()
    arrived.within_document = _plan(op, _within_documents(op))
    replacements = _follow_statements(op, arrived)
    for receipt, planned in replacements:
        if planned.id < op.first.txn:
            _replace(op, receipt, planned, arrived)
    arrived.stated += _plan(op, _by_match_code(op, arrived))
    if checkout:
        arrived.checkout = _plan(op, _at_checkout(op))
    for receipt, planned in replacements:  # an instalment of this load takes its own place first
        if planned.id >= op.first.txn:
            _replace(op, receipt, planned, arrived)
    return arrived


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _reason(**arguments: str) -> str:
    return _encode(arguments)


def _plan(op: Operation, rows: Iterable[allocating.PlanRow]) -> int:
    count = allocating.plan(op.connection, rows)
    if count:
        allocating.make_planned(op)
    return count


def _within_documents(op: Operation) -> Iterator[allocating.PlanRow]:
    """R10."""
    for _txn, group in groupby(stating.documents_of_both_sides(op.connection), key=attrgetter("txn_id")):
        items = list(group)
        states = {item.id: item.state for item in items}
        own = [
            DocumentItem(item.id, item.line, item.side, item.open_minor, _own_line(item))
            for item in items
            if not _says_more(item)
        ]
        for link in within_document(own, Kind(items[0].kind).side):
            yield *link, Stage.WITHIN_DOCUMENT, None, states[link.credit_id] == State.PLANNED


def _readings_here(item: OpenInDocument) -> list[Reading]:
    return [
        reading
        for name in targets(item.applies_to)
        for reading in readings(name)
        if reading.document == item.document and reading.kind in (None, item.kind) and reading.amount is None
    ]


def _own_line(item: OpenInDocument) -> int | None:
    return next((reading.line for reading in _readings_here(item)), None)


def _says_more(item: OpenInDocument) -> bool:
    """Whether an item's statement is for R11 to follow: other documents, amounts, or nothing at all."""
    return item.applies_to is not None and (not _readings_here(item) or nothing_else(item.applies_to))


def _follow_statements(op: Operation, arrived: Arrived) -> list[tuple[Stating, Target]]:
    """R11 (a): follow each applies_to; tells which planned payments are replaced by a receipt (R14)."""
    replacements: list[tuple[Stating, Target]] = []
    follower = _Follower(op, arrived, replacements)
    rows: list[allocating.PlanRow] = []
    for item in stating.stating(op):
        rows += follower.follow(item)
        if len(rows) >= _AT_ONCE:
            arrived.stated += _plan(op, rows)
            rows = []
            follower.taken.clear()
    arrived.stated += _plan(op, rows)
    return replacements


class _Follower:
    """Follows statements one by one; `taken` holds what is planned and not yet written, by item."""

    def __init__(self, op: Operation, arrived: Arrived, replacements: list[tuple[Stating, Target]]) -> None:
        self.op = op
        self.arrived = arrived
        self.replacements = replacements
        self.taken: dict[int, int] = {}

    def follow(self, item: Stating) -> list[allocating.PlanRow]:
        """Follow what is new in an item's statement, and what waited for this load; what was followed is done."""
        rows: list[allocating.PlanRow] = []
        waiting = stating.awaited_documents(self.op.connection, item.id)
        known = set(self._names(item.before))
        awaited: set[str] = set()
        for name in self._names(item.applies_to):
            if name not in known or any(reading.document in waiting for reading in readings(name)):
                rows += self._follow_name(item, name, awaited)
        stating.await_documents(self.op, item.id, awaited)
        return rows

    def _names(self, applies_to: str | None) -> list[str]:
        """The names of a statement. A document may hold `;` itself, so the longest known name is tried first."""
        parts, names = targets(applies_to), []
        while parts:
            width = next((width for width in range(min(_PARTS, len(parts)), 1, -1) if self._known(parts[:width])), 1)
            names.append(";".join(parts[:width]))
            parts = parts[width:]
        return names

    def _known(self, parts: list[str]) -> bool:
        return any(
            stating.find_target(self.op.connection, reading, tuple(Kind))
            for reading in readings(";".join(parts))
            if ";" not in (reading.amount or "")
        )

    def _follow_name(self, item: Stating, name: str, awaited: set[str]) -> list[allocating.PlanRow]:
        mine = str(ItemName(Kind(item.kind), item.document, item.line))
        kinds = stated_kinds(Side(item.side))
        choices = readings(name)
        for choice in choices:
            found = stating.find_target(self.op.connection, choice, kinds)
            if len(found) > 1:
                self.arrived.refuse(mine, name, _("several documents have this number; say which kind: payment/NUMBER"))
                return []
            if found:
                return self._put_against(item, mine, name, choice, found[0])
        awaited.update(choice.document for choice in choices)
        self.arrived.refuse(mine, name, _("not here yet; it will be used when it comes"))
        return []

    def _put_against(
        self, item: Stating, mine: str, name: str, choice: Reading, target: Target
    ) -> list[allocating.PlanRow]:
        if _is_receipt_for(item, target):
            self.replacements.append((item, target))
            return []
        if target.pocket_id != item.pocket_id:
            self.arrived.refuse(mine, name, _("in another account or currency; it stays open (R4)"))
            return []
        limit = None if choice.amount is None else part_amount(choice.amount, item.exponent)
        if choice.amount is not None and limit is None:
            self.arrived.refuse(mine, name, _("the amount after = is not understood; it stays open"))
            return []
        theirs = [
            part
            for part in stating.target_items(self.op.connection, target.id, -item.side)
            if part.state <= State.PLANNED and choice.line in (None, part.line)
        ]
        if limit is not None:  # what an earlier load put there counts
            limit -= stating.allocated_between(self.op.connection, item.id, [part.id for part in theirs])
            if limit <= 0:
                return []
        mine_open = self._rest(item.id, self._open(item.id))
        runs = [(part.id, rest) for part in theirs if (rest := self._rest(part.id, part.open_minor))]
        wanted = mine_open if limit is None else min(limit, mine_open)
        states = {part.id: part.state for part in theirs} | {item.id: item.state}
        links = _links(item, wanted, runs)
        for link in links:
            for side in (link.debit_id, link.credit_id):
                self.taken[side] = self.taken.get(side, 0) + link.amount_minor
        put = sum(link.amount_minor for link in links)
        seen_to = target.id == item.txn_id and limit is None  # by R10
        if not seen_to and (put == 0 or put < (limit or 0)):
            self.arrived.refuse(mine, name, _taken_reason(mine_open=mine_open, found=bool(theirs), put=put))
        reason = _reason(applies_to=name)
        return [(*link, Stage.STATED, reason, states[link.credit_id] == State.PLANNED) for link in links]

    def _open(self, item_id: int) -> int:
        return int(self.op.connection.execute("SELECT open_minor FROM item WHERE id = ?", (item_id,)).fetchone()[0])

    def _rest(self, item_id: int, open_minor: int) -> int:
        return open_minor - self.taken.get(item_id, 0)


def _links(item: Stating, wanted: int, runs: list[tuple[int, int]]) -> list[Link]:
    if wanted == 0:
        return []
    mine = [(item.id, wanted)]
    return list(chronological(mine, runs) if item.side == Side.DEBIT else chronological(runs, mine))


def _taken_reason(*, mine_open: int, found: bool, put: int) -> str:
    if not found:
        return _("it has no item on the other side; the row stays open")
    if put:
        return _("only a part could be taken; the rest stays open")
    if mine_open == 0:
        return _("the row itself has nothing left to give")
    return _("already used; the row stays open")


def _is_receipt_for(item: Stating, target: Target) -> bool:
    return (
        item.side == Side.CREDIT
        and item.kind in _CASH_IN
        and item.state == State.POSTED
        and target.kind in _CASH_IN
        and target.state == State.PLANNED
        and target.replaced_by is None
    )


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
        reason = _reason(match_code=code)
        for link in chronological(debits, credits_):
            yield *link, Stage.STATED, reason, states[link.credit_id] == State.PLANNED


def _at_checkout(op: Operation) -> Iterator[allocating.PlanRow]:
    """R12."""
    for (_pocket, order), group in groupby(stating.orders(op.connection), key=itemgetter(0)):
        items = [item for _key, item in group]
        reason = _reason(order=order)
        states = {item.id: item.state for item in items}
        for link in at_checkout(items):
            yield *link, Stage.CHECKOUT, reason, states[link.credit_id] == State.PLANNED


def _replace(op: Operation, receipt: Stating, planned: Target, arrived: Arrived) -> None:
    """R14: a posted payment takes the place and the allocations of the planned one that it names."""
    mine = str(ItemName(Kind(receipt.kind), receipt.document, receipt.line))
    if planned.pocket_id != receipt.pocket_id:
        arrived.refuse(mine, receipt.applies_to, _("in another account or currency; it stays open (R4)"))
        return
    connection = op.connection
    if stating.is_replaced(connection, planned.id):
        arrived.refuse(mine, receipt.applies_to, _("already replaced by another receipt; it stays open"))
        return
    receipt_txn, open_minor = connection.execute(
        "SELECT txn_id, open_minor FROM item WHERE id = ?", (receipt.id,)
    ).fetchone()
    taken = stating.replace_planned(op, planned, receipt_txn)
    for allocation_id, _debit, _amount in taken:
        loading.free_allocation(connection, allocation_id, _("replaced by {receipt}").format(receipt=mine))
    allocating.remove_freed(op)
    stating.make_void(connection, planned.id)
    if open_minor:
        links = chronological([(debit, amount) for _id, debit, amount in taken], [(receipt.id, open_minor)])
        reason = _reason(applies_to=receipt.applies_to)
        arrived.stated += _plan(op, [(*link, Stage.STATED, reason, False) for link in links])
