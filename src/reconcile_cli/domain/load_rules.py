"""What reconciles by itself when a file is loaded: within a document (R10) and at checkout (R12).

Pure functions over open items; both go through `matching.parts`, so that one function does all matching.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.matching import Link, Part, chronological, parts


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


OrderItem = tuple[int, int, int, int]
"""An open item of one order in one account and currency: id, open_minor, date, and what else decides (`Mark`)."""


class Mark:
    """What R12 asks of an item beside its date; added up."""

    ANY_DATE: Final = 1
    """A credit that goes to any date of its order: a cancellation, or an instalment that was paid."""
    LOST: Final = 2
    """A credit that lost an allocation before, or was to stay open."""
    KNOWN: Final = 4
    """Its transaction was there before this load, which did not change it."""
    PLANNED: Final = 8
    """Of a planned payment."""


_DECIDES = Mark.LOST | Mark.KNOWN


def at_checkout(debits: Sequence[OrderItem], credits_: Sequence[OrderItem]) -> Iterator[Part]:
    """Reconcile what was made together in one order (R12).

    Both sides come in their order: debits with the invoices first, by date and document, lines as listed; credits by
    date (planned ones by due date). A credit goes to the debits of its own date, or where it says so of any date.
    Nothing happens between two items that this load did not bring, nor to a credit that lost an allocation before:
    what was removed stays removed.
    """
    if not debits or not credits_:
        return iter(())
    date = debits[0][2]
    if _all_of(date, debits) and _all_of(date, credits_):
        return parts(debits, credits_)
    return _by_date(debits, credits_)


def _all_of(date: int, items: Sequence[OrderItem]) -> bool:
    """Whether all are of one date, and nothing keeps them apart: so it is with most orders."""
    for _id, _open_minor, own_date, marks in items:  # noqa: SIM110 - `all` takes three times as long
        if own_date != date or marks & _DECIDES:
            return False
    return True


def _by_date(debits: Sequence[OrderItem], credits_: Sequence[OrderItem]) -> Iterator[Part]:
    """Each credit to the debits that it may pay, both in order."""
    rest = {debit_id: open_minor for debit_id, open_minor, _date, _marks in debits}
    queues = _Queues(debits, rest)
    for credit in credits_:
        _id, _open_minor, own_date, marks = credit
        if marks & Mark.LOST:
            continue
        date = None if marks & Mark.ANY_DATE else own_date
        for part in parts(queues.open_debits(date, only_fresh=bool(marks & Mark.KNOWN)), (credit,)):
            rest[part[0]] -= part[2]
            yield part


class _Queues:
    """The debits of an order, by date and freshness; those used up are dropped from the front, once."""

    def __init__(self, debits: Sequence[OrderItem], rest: dict[int, int]) -> None:
        self._debits = debits
        self._rest = rest
        self._queues: dict[tuple[int | None, bool], deque[int]] = {}

    def open_debits(self, date: int | None, *, only_fresh: bool) -> Iterator[tuple[int, int]]:
        queue = self._queues.get((date, only_fresh))
        if queue is None:
            queue = self._queues[date, only_fresh] = deque(
                debit_id
                for debit_id, _open_minor, own_date, marks in self._debits
                if date in (None, own_date) and not (only_fresh and marks & Mark.KNOWN)
            )
        while queue:
            head = queue[0]
            if self._rest[head]:
                yield head, self._rest[head]
            else:
                queue.popleft()
