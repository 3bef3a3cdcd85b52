"""What the source itself states in `applies_to` (R11), and receipts that take an instalment's place (R14)."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.load_results import Unmet
from reconcile_cli.domain.matching import Link, Stage, chronological
from reconcile_cli.domain.naming import Reading, part_amount, readings, split_names, stated_kinds
from reconcile_cli.domain.records import ItemName
from reconcile_cli.domain.results import SHOWN
from reconcile_cli.store import allocating, stating
from reconcile_cli.store.operation import Operation
from reconcile_cli.store.stating import Stating, Target, TargetItem
from reconcile_cli.text import _

_AT_ONCE = 10_000
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
        if len(self.unmet) < SHOWN:
            self.unmet.append(Unmet(item, target, reason))


_encode = json.JSONEncoder(ensure_ascii=False).encode


def because(**arguments: str) -> str:
    """The arguments of a stage's reason, as the books keep them."""
    return "{" + ", ".join([f'"{name}": {_encode(text)}' for name, text in arguments.items()]) + "}"


def make(op: Operation, rows: Iterable[allocating.PlanRow]) -> int:
    """Make allocations; tells how many."""
    count = allocating.plan(op.connection, rows)
    if count:
        allocating.make_planned(op)
    return count


def follow_statements(op: Operation, arrived: Arrived) -> list[tuple[Stating, Target]]:
    """R11 (a): follow each applies_to; tells which planned payments are replaced by a receipt (R14)."""
    replacements: list[tuple[Stating, Target]] = []
    follower = _Follower(op, arrived, replacements)
    rows: list[allocating.PlanRow] = []
    for item in stating.stating(op):
        rows += follower.follow(item)
        if len(rows) >= _AT_ONCE:
            arrived.stated += make(op, rows)
            rows = []
            follower.taken.clear()
    arrived.stated += make(op, rows)
    return replacements


class _Choice(NamedTuple):
    """One name of a statement as it was understood: which reading, and the transaction that it means."""

    item: Stating
    name: str
    reading: Reading
    target: Target

    @property
    def is_receipt(self) -> bool:
        """Whether the item is the receipt that takes a planned payment's place (R14)."""
        item, target = self.item, self.target
        return (
            item.side == Side.CREDIT
            and item.kind in _CASH_IN
            and item.state == State.POSTED
            and target.kind in _CASH_IN
            and target.state == State.PLANNED
            and target.replaced_by is None
        )

    @property
    def limit(self) -> int | None:
        """The minor units after `=`; None without one, or where it is no amount."""
        return None if self.reading.amount is None else part_amount(self.reading.amount, self.item.exponent)

    def why_not(self) -> str | None:
        """Why it cannot be followed."""
        if self.target.pocket_id != self.item.pocket_id:
            return _("in another account or currency; it stays open (R4)")
        if self.reading.amount is not None and self.is_receipt:
            return _("a receipt replaces an instalment wholly; write it without an amount")
        if self.reading.amount is not None and self.limit is None:
            return _("the amount after = is not understood; it stays open")
        return None


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
        waiting = stating.awaited_names(self.op.connection, item.id)
        known = set(split_names(item.before, self._known))
        awaited: set[tuple[str, str]] = set()
        for name in split_names(item.applies_to, self._known):
            if name not in known or name in waiting:
                rows += self._follow_name(item, name, awaited)
        stating.await_documents(self.op, item.id, awaited)
        return rows

    def _known(self, name: str) -> bool:
        return any(
            stating.find_target(self.op.connection, reading, tuple(Kind))
            for reading in readings(name)
            if ";" not in (reading.amount or "")
        )

    def _follow_name(self, item: Stating, name: str, awaited: set[tuple[str, str]]) -> list[allocating.PlanRow]:
        kinds = stated_kinds(Side(item.side))
        choices = readings(name)
        for choice in choices:
            found = stating.find_target(self.op.connection, choice, kinds)
            if len(found) > 1:
                self._refuse(item, name, _("several documents have this number; say which kind: payment/NUMBER"))
                return []
            if found:
                return self._follow_target(_Choice(item, name, choice, found[0]), awaited)
        awaited.update((choice.document, name) for choice in choices)
        self._refuse(item, name, _("not here yet; it will be used when it comes"))
        return []

    def _follow_target(self, chosen: _Choice, awaited: set[tuple[str, str]]) -> list[allocating.PlanRow]:
        item, target = chosen.item, chosen.target
        if why_not := chosen.why_not():
            self._refuse(item, chosen.name, why_not)
            return []
        if chosen.is_receipt:
            self.replacements.append((item, target))
            return []
        theirs = [
            part
            for part in stating.target_items(self.op.connection, target.id, -item.side, chosen.reading.line)
            if part.state <= State.PLANNED
        ]
        if not theirs and target.id == item.txn_id and chosen.limit is None:
            return []  # R10 saw to it
        if not theirs:
            if target.id != item.txn_id:  # a line to come, or void so far
                awaited.add((chosen.reading.document, chosen.name))
            self._refuse(item, chosen.name, _("it has no item on the other side; the row stays open"))
            return []
        return self._put_against(chosen, theirs)

    def _put_against(self, chosen: _Choice, theirs: list[TargetItem]) -> list[allocating.PlanRow]:
        item, limit = chosen.item, chosen.limit
        if limit is not None:  # what an earlier load put there counts
            limit -= stating.allocated_between(self.op.connection, item.id, [part.id for part in theirs])
            if limit <= 0:
                return []
        mine_open = self._rest(item.id, self._open(item.id))
        runs = [(part.id, rest) for part in theirs if (rest := self._rest(part.id, part.open_minor))]
        links = _links(item, mine_open if limit is None else min(limit, mine_open), runs)
        for link in links:
            for side in (link.debit_id, link.credit_id):
                self.taken[side] = self.taken.get(side, 0) + link.amount_minor
        put = sum(link.amount_minor for link in links)
        seen_to = chosen.target.id == item.txn_id and limit is None  # by R10
        if not seen_to and (put == 0 or put < (limit or 0)):
            self._refuse(item, chosen.name, _taken_reason(mine_open=mine_open, put=put))
        reason = because(applies_to=chosen.name)
        states = {part.id: part.state for part in theirs} | {item.id: item.state}
        return [(*link, Stage.STATED, reason, states[link.credit_id] == State.PLANNED) for link in links]

    def _refuse(self, item: Stating, name: str, reason: str) -> None:
        self.arrived.refuse(str(ItemName(Kind(item.kind), item.document, item.line)), name, reason)

    def _open(self, item_id: int) -> int:
        return int(self.op.connection.execute("SELECT open_minor FROM item WHERE id = ?", (item_id,)).fetchone()[0])

    def _rest(self, item_id: int, open_minor: int) -> int:
        return open_minor - self.taken.get(item_id, 0)


def _links(item: Stating, wanted: int, runs: list[tuple[int, int]]) -> list[Link]:
    if wanted == 0:
        return []
    mine = [(item.id, wanted)]
    return list(chronological(mine, runs) if item.side == Side.DEBIT else chronological(runs, mine))


def _taken_reason(*, mine_open: int, put: int) -> str:
    if put:
        return _("only a part could be taken; the rest stays open")
    if mine_open == 0:
        return _("the row itself has nothing left to give")
    return _("already used; the row stays open")


def replace(op: Operation, receipt: Stating, planned: Target, arrived: Arrived) -> None:
    """R14: a posted payment takes the place and the allocations of the planned one that it names."""
    mine = str(ItemName(Kind(receipt.kind), receipt.document, receipt.line))
    connection = op.connection
    if stating.is_replaced(connection, planned.id):
        arrived.refuse(mine, receipt.applies_to, _("already replaced by another receipt; it stays open"))
        return
    receipt_txn, open_minor = connection.execute(
        "SELECT txn_id, open_minor FROM item WHERE id = ?", (receipt.id,)
    ).fetchone()
    taken = stating.replace_planned(op, planned, receipt_txn)
    for allocation_id, _debit, _amount in taken:
        allocating.free_allocation(connection, allocation_id, _("replaced by {receipt}").format(receipt=mine))
    allocating.remove_freed(op)
    stating.make_void(connection, planned.id)
    if open_minor:
        links = chronological([(debit, amount) for _id, debit, amount in taken], [(receipt.id, open_minor)])
        reason = because(applies_to=receipt.applies_to)
        arrived.stated += make(op, [(*link, Stage.STATED, reason, False) for link in links])
