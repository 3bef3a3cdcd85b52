"""Match by hand: credits against debits that a person names (R4-R6)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.matching import Link, Stage, chronological
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.naming import part_amount
from reconcile_cli.domain.results import MatchResult, Stamp
from reconcile_cli.store import allocating
from reconcile_cli.store.books import Books
from reconcile_cli.store.operation import operation
from reconcile_cli.store.selecting import SelectedItem, Selection, select
from reconcile_cli.text import _
from reconcile_cli.workflows.errors import CannotWriteOff, NothingToMatch
from reconcile_cli.workflows.results import made

if TYPE_CHECKING:  # few write off
    from reconcile_cli.domain.writing_off import Difference, WrittenOff


def match(books: Books, names: Sequence[str], stamp: Stamp, *, write_off: str = "") -> MatchResult:
    """Put the first name's items against those of the others, each up to its `=AMOUNT`, else as much as both allow.

    `write_off` is the ledger code under which what is then left of the one side is closed, whatever its amount.

    Raises:
        UnknownName, AmbiguousName: a name means nothing, or more than one document.
        NothingToMatch: they do not stand on opposite sides of one account, or too little is open.
        CannotWriteOff: both sides stay open, or something is planned.
    """
    arguments = {"names": list(names), **({"write_off": write_off} if write_off else {})}
    with operation(books, "match", arguments, stamp) as op:
        first, *others = [select(books, name) for name in names]
        side = _side_in_question(first, others)
        links = list(_links(first, side, others))
        states = {item.id: item.state for selection in (first, *others) for item in selection.items}
        allocating.plan(
            op.connection,
            [(*link, Stage.BY_HAND, None, int(states[link.credit_id] == State.PLANNED)) for link in links],
        )
        written: Sequence[WrittenOff] = ()
        if write_off:
            from reconcile_cli.workflows.writing_off import close  # noqa: PLC0415 - see above

            written = close(op, _left((first, *others), links), write_off, stamp)
        allocating.make_planned(op)
    result = made(op, sorted({item.account for item in first.items}), notes=_held_notes((first, *others), links))
    return result._replace(written_off=written)


def _left(selections: Sequence[Selection], links: Sequence[Link]) -> "list[Difference]":
    """What is left open of the items of one side; those of whose document the other side is meant do not count.

    Raises:
        CannotWriteOff: both sides stay open, or something is planned.
    """
    from reconcile_cli.domain.writing_off import Difference  # noqa: PLC0415 - see above

    given: Counter[int] = Counter()
    for link in links:
        given[link.debit_id] += link.amount_minor
        given[link.credit_id] += link.amount_minor
    sides = {item.side for selection in selections[:1] for item in selection.items if given[item.id]}
    concerned = {
        item.id: item
        for place, selection in enumerate(selections)
        for item in selection.items
        if (item.side in sides) == (place == 0)
    }.values()
    left = [item for item in concerned if item.open_minor > given[item.id]]
    if len({item.side for item in left}) > 1:
        raise CannotWriteOff(_("Something stays open on both sides, which is no difference. Leave the amounts out."))
    if any(item.state == State.PLANNED for item in concerned):
        raise CannotWriteOff(_("Planned payments are money that has not come yet: there is no difference so far."))
    since = max(item.date for item in concerned)
    return [Difference(item.id, item.open_minor - given[item.id], since) for item in left]


def _side_in_question(first: Selection, others: Sequence[Selection]) -> Side:
    """The side of the first name; a document with lines of both sides takes the one that the others can meet."""
    own = first.named.txn.kind
    sides = [Kind(own).side, Side(-Kind(own).side)]
    possible = [side for side in sides if any(item.amount_minor for item in first.of_side(side))]
    for side in possible:
        if all(other.of_side(Side(-side)) for other in others):
            return side
    if len({item.side for selection in (first, *others) for item in selection.items}) == 1:
        raise NothingToMatch(
            _(
                "{first} and the others are all on the same side. A match puts payments or credits against invoices."
            ).format(first=first.name)
        )
    raise NothingToMatch(
        _("{first} and the others do not stand on opposite sides, so nothing can be put against it.").format(
            first=first.name
        )
    )


def _links(first: Selection, side: Side, others: Sequence[Selection]) -> Iterator[Link]:
    mine = first.of_side(side)
    rest = {item.id: item.open_minor for selection in (first, *others) for item in selection.items}
    first_limit = _limit(first)
    given = 0
    for other in others:
        theirs = other.of_side(Side(-side))
        _refuse_apart(first, mine[0], other, theirs[0])
        wanted = _limit(other)
        mine_open = _open(mine, rest)
        if first_limit is not None:
            mine_open = min(mine_open, first_limit - given)
        theirs_open = _open(theirs, rest)
        amount = min(mine_open, theirs_open) if wanted is None else wanted
        if amount == 0 or amount > min(mine_open, theirs_open):
            raise NothingToMatch(_too_little(first, mine_open, other, theirs_open, mine[0].currency))
        given += amount
        runs = _run(mine, rest, amount), _run(theirs, rest, amount)
        for link in list(chronological(*(runs if side is Side.DEBIT else reversed(runs)))):
            rest[link.debit_id] -= link.amount_minor
            rest[link.credit_id] -= link.amount_minor
            yield link


def _limit(selection: Selection) -> int | None:
    text = selection.named.amount
    if text is None:
        return None
    amount = part_amount(text, selection.items[0].exponent)
    if amount is None:
        raise NothingToMatch(
            _("{amount} is not an amount of {currency}. Write it like this: {name}=12.50").format(
                amount=text, name=selection.name, currency=selection.items[0].currency
            )
        )
    return amount


def _run(items: Sequence[SelectedItem], rest: dict[int, int], amount: int) -> list[tuple[int, int]]:
    run = []
    for item in items:
        part = min(rest[item.id], amount)
        if part:
            run.append((item.id, part))
            amount -= part
    return run


def _open(items: Sequence[SelectedItem], rest: dict[int, int]) -> int:
    return sum(rest[item.id] for item in items)


def _refuse_apart(first: Selection, mine: SelectedItem, other: Selection, theirs: SelectedItem) -> None:
    for selection, item in ((first, mine), (other, theirs)):
        if item.state > State.PLANNED:
            raise NothingToMatch(
                _("{name} is {state} and counts for nothing, so nothing can be put against it.").format(
                    name=selection.name, state=State(item.state).code
                )
            )
    if mine.pocket_id != theirs.pocket_id:
        raise NothingToMatch(
            _(
                "{first} is in account {mine} ({mine_currency}), {other} in {theirs} ({theirs_currency}). Only items of"
                " one account and currency are reconciled; move money between accounts with two adjustments."
            ).format(
                first=first.name,
                mine=mine.account,
                mine_currency=mine.currency,
                other=other.name,
                theirs=theirs.account,
                theirs_currency=theirs.currency,
            )
        )


def _too_little(first: Selection, mine_open: int, other: Selection, theirs_open: int, currency: str) -> str:
    return _(
        "Open: {mine} {currency} on {first}, {theirs} {currency} on {other}. That does not allow this match."
    ).format(
        mine=plain(mine_open, currency),
        theirs=plain(theirs_open, currency),
        currency=currency,
        first=first.name,
        other=other.name,
    )


def _held_notes(selections: Sequence[Selection], links: Sequence[Link]) -> list[str]:
    used = {item for link in links for item in (link.debit_id, link.credit_id)}
    return [
        _("{name} is held; it was matched all the same, since you named it.").format(name=selection.name)
        for selection in selections
        if any(item.held and item.id in used for item in selection.items)
    ]
