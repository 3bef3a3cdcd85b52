"""What reconciles by itself when a file is loaded: within a document (R10) and at checkout (R12).

Pure functions over open items; both go through `chronological`, so that one function does all matching.
"""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.matching import Link, chronological, matching_key


class DocumentItem(NamedTuple):
    """An open item of one document; `names_line` is the line of the same document that its applies_to names."""

    id: int
    line: int
    side: int
    open_minor: int
    names_line: int | None


def within_document(items: Sequence[DocumentItem], main_side: Side) -> Iterator[Link]:
    """Reconcile the lines of one document with each other (R10).

    The lines against the document's own side (a discount on an invoice) go first to the line that they name,
    else to the line above, then those before it upwards, then those after it downwards.
    """
    rest = {item.id: item.open_minor for item in items}
    ordered = sorted(items, key=lambda item: item.line)
    mains = [item for item in ordered if item.side == main_side]
    for item in ordered:
        if item.side == main_side:
            continue
        above = [main for main in reversed(mains) if main.line < item.line]
        below = [main for main in mains if main.line > item.line]
        named = [main for main in mains if main.line == item.names_line]
        wanted = named + [main for main in above + below if main not in named]
        mine = [(item.id, rest[item.id])]
        theirs = ((main.id, rest[main.id]) for main in wanted if rest[main.id])
        debits, credits_ = (theirs, mine) if main_side is Side.DEBIT else (mine, theirs)
        for link in list(chronological(debits, credits_)):
            rest[link.debit_id] -= link.amount_minor
            rest[link.credit_id] -= link.amount_minor
            yield link


class OrderItem(NamedTuple):
    """An open item of one order in one account and currency.

    `fresh`: this load added or changed its transaction. `lost`: an allocation of it was removed before.
    """

    id: int
    side: int
    open_minor: int
    kind: int
    state: int
    document: str
    line: int
    date: int
    due_date: int | None
    fresh: bool
    lost: bool


_ID_AND_OPEN = itemgetter(0, 2)
_DEBIT = int(Side.DEBIT)


def at_checkout(items: Sequence[OrderItem]) -> Iterator[Link]:
    """Reconcile what was made together in one order (R12).

    Credits by date (planned ones by due date) go to the debits of their own date, invoices first, by date and
    document, lines as listed. An instalment (a posted payment with a due date) and a cancellation go to any
    date of the order. Nothing happens between two items that this load did not bring, nor to a credit that
    lost an allocation before: what was removed stays removed.
    """
    debits = [item for item in items if item.side == _DEBIT]
    if not debits or len(debits) == len(items):
        return
    credits_ = [item for item in items if item.side != _DEBIT]
    if len(debits) > 1:
        debits.sort(key=_debit_key)
    if len(credits_) > 1:
        credits_.sort(key=_credit_key)
    if len({(item.date, item.fresh, item.lost) for item in items}) == 1 and debits[0].fresh and not debits[0].lost:
        yield from chronological(map(_ID_AND_OPEN, debits), map(_ID_AND_OPEN, credits_))
    else:
        yield from _by_date(debits, credits_)


def _by_date(debits: Sequence[OrderItem], credits_: Sequence[OrderItem]) -> Iterator[Link]:
    """Each credit to the debits that it may pay, both in order."""
    rest = {debit.id: debit.open_minor for debit in debits}
    queues = _Queues(debits, rest)
    for credit in credits_:
        if credit.lost:
            continue
        date = None if _goes_to_any_date(credit) else credit.date
        for link in chronological(
            queues.open_debits(date, only_fresh=not credit.fresh), [(credit.id, credit.open_minor)]
        ):
            rest[link.debit_id] -= link.amount_minor
            yield link


def _goes_to_any_date(credit: OrderItem) -> bool:
    return credit.kind == Kind.CANCELLATION or (
        credit.kind in (Kind.PAYMENT, Kind.DEPOSIT) and credit.state == State.POSTED and credit.due_date is not None
    )


def _debit_key(item: OrderItem) -> tuple[bool, tuple[int, int, str, int, int]]:
    return item.kind != Kind.INVOICE, matching_key(item.date, item.document, item.kind, item.line)


def _credit_key(item: OrderItem) -> tuple[int, int, str, int, int]:
    date = item.due_date if item.state == State.PLANNED and item.due_date is not None else item.date
    return matching_key(date, item.document, item.kind, item.line)


class _Queues:
    """The debits of an order, by date and freshness; those used up are dropped from the front, once."""

    def __init__(self, debits: Sequence[OrderItem], rest: dict[int, int]) -> None:
        self._debits = debits
        self._rest = rest
        self._queues: dict[tuple[int | None, bool], deque[int]] = {}
        self._by_date: dict[int, list[OrderItem]] = defaultdict(list)
        for debit in debits:
            self._by_date[debit.date].append(debit)

    def open_debits(self, date: int | None, *, only_fresh: bool) -> Iterator[tuple[int, int]]:
        queue = self._queues.get((date, only_fresh))
        if queue is None:
            of_date = self._debits if date is None else self._by_date.get(date, ())
            queue = deque(debit.id for debit in of_date if debit.fresh or not only_fresh)
            self._queues[date, only_fresh] = queue
        while queue:
            head = queue[0]
            if self._rest[head]:
                yield head, self._rest[head]
            else:
                queue.popleft()
