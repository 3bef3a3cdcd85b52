"""The rules of load (R10, R12) against slow oracles: cent by cent, each time looking at all that could be paid."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from hypothesis import example, given
from hypothesis import strategies as st

from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.load_rules import DocumentItem, OrderItem, at_checkout, within_document
from reconcile_cli.domain.matching import Link

DEBIT, CREDIT = Side.DEBIT, Side.CREDIT


# --- within a document (R10) ---------------------------------------------------------------------------------


def pay_cent_by_cent(items: Sequence[DocumentItem], main_side: Side) -> list[Link]:
    """R10 in its own words: each cent of each discount looks for its line anew."""
    cents_left = {item.id: item.open_minor for item in items}
    paid: list[tuple[int, int]] = []
    for discount in sorted((item for item in items if item.side != main_side), key=lambda item: item.line):
        while cents_left[discount.id] > 0:
            line = line_for(discount, [item for item in items if item.side == main_side and cents_left[item.id] > 0])
            if line is None:
                break
            cents_left[discount.id] -= 1
            cents_left[line.id] -= 1
            paid.append((line.id, discount.id) if main_side is DEBIT else (discount.id, line.id))
    return [Link(*pair, len(list(cents))) for pair, cents in groupby(paid)]


def line_for(discount: DocumentItem, possible: list[DocumentItem]) -> DocumentItem | None:
    """The line that it names, else the nearest above, else the nearest below."""
    for line in possible:
        if line.line == discount.names_line:
            return line
    above = [line for line in possible if line.line < discount.line]
    if above:
        return max(above, key=lambda line: line.line)
    return min(possible, key=lambda line: line.line, default=None)


@st.composite
def documents(draw: st.DrawFn) -> list[DocumentItem]:
    """Open items of one document, in any order; line numbers have gaps, some name a line that is not there."""
    numbers = draw(st.lists(st.integers(1, 12), unique=True, max_size=8))
    return [
        DocumentItem(
            id=100 + place,
            line=number,
            side=draw(st.sampled_from([DEBIT, CREDIT])),
            open_minor=draw(st.integers(1, 30)),
            names_line=draw(st.none() | st.sampled_from([*numbers, 99])),
        )
        for place, number in enumerate(numbers)
    ]


def line_of(line: int, signed_minor: int, names_line: int | None = None) -> DocumentItem:
    """A line of an invoice whose id is its number."""
    return DocumentItem(line, line, DEBIT if signed_minor > 0 else CREDIT, abs(signed_minor), names_line)


@given(documents(), st.sampled_from([DEBIT, CREDIT]))
@example([line_of(1, 100), line_of(2, -130), line_of(3, 50)], DEBIT)
@example([line_of(1, 100), line_of(2, 100), line_of(3, -130)], DEBIT)
@example([line_of(1, -10), line_of(2, 100, 1)], DEBIT)
def test_a_discount_goes_where_r10_says(items: list[DocumentItem], main_side: Side) -> None:
    assert list(within_document(items, main_side)) == pay_cent_by_cent(items, main_side)


@given(st.data(), documents(), st.sampled_from([DEBIT, CREDIT]))
def test_the_order_in_which_the_lines_arrive_plays_no_part(
    data: st.DataObject, items: list[DocumentItem], main_side: Side
) -> None:
    shuffled = data.draw(st.permutations(items))
    assert list(within_document(shuffled, main_side)) == list(within_document(items, main_side))


@given(documents(), st.sampled_from([DEBIT, CREDIT]))
def test_one_side_of_the_document_ends_empty(items: list[DocumentItem], main_side: Side) -> None:
    """R10: only what is left over takes part in anything else, and nothing is taken twice (R5)."""
    links = list(within_document(items, main_side))
    left = left_over([(item.id, item.side, item.open_minor) for item in items], links)
    assert all(minor >= 0 for _side, minor in left)
    assert {side for side, minor in left if minor > 0} in ({DEBIT}, {CREDIT}, set())


def test_the_line_above_then_those_before_then_those_after() -> None:
    """R10, as a bill would read: 20.00 + 30.00, 60.00 off, 50.00: the line above first, the one below last."""
    items = [line_of(1, 2000), line_of(2, 3000), line_of(3, -6000), line_of(4, 5000)]
    assert list(within_document(items, DEBIT)) == [Link(2, 3, 3000), Link(1, 3, 2000), Link(4, 3, 1000)]


def test_the_line_that_is_named_goes_first() -> None:
    """R10: `applies_to` names line 1, although line 2 stands above."""
    items = [line_of(1, 2000), line_of(2, 3000), line_of(3, -2500, 1)]
    assert list(within_document(items, DEBIT)) == [Link(1, 3, 2000), Link(2, 3, 500)]


# --- at checkout (R12) ---------------------------------------------------------------------------------------


def check_out_cent_by_cent(items: Sequence[OrderItem]) -> Counter[tuple[int, int]]:
    """R12 in its own words: each cent of each credit looks over the whole order anew."""
    cents_left = {item.id: item.open_minor for item in items}
    paid: Counter[tuple[int, int]] = Counter()
    for credit in first_to_last((item for item in items if item.side == CREDIT), day_of_credit):
        while cents_left[credit.id] > 0:
            payable = [
                debit
                for debit in items
                if debit.side == DEBIT and cents_left[debit.id] > 0 and may_meet(credit, debit) and not credit.lost
            ]
            if not payable:
                break
            invoices = [debit for debit in payable if debit.kind == Kind.INVOICE]
            debit = first_to_last(invoices or payable, lambda item: item.date)[0]
            cents_left[credit.id] -= 1
            cents_left[debit.id] -= 1
            paid[debit.id, credit.id] += 1
    return paid


def may_meet(credit: OrderItem, debit: OrderItem) -> bool:
    """Made together, or a cancellation, or an instalment; and this load brought one of the two."""
    instalment = (
        credit.kind in (Kind.PAYMENT, Kind.DEPOSIT) and credit.state == State.POSTED and credit.due_date is not None
    )
    together = credit.date == debit.date or credit.kind == Kind.CANCELLATION or instalment
    return together and (credit.fresh or debit.fresh)


def day_of_credit(credit: OrderItem) -> int:
    """The date, of a planned one the due date."""
    if credit.state == State.PLANNED and credit.due_date is not None:
        return credit.due_date
    return credit.date


def first_to_last(items: Iterable[OrderItem], day: Callable[[OrderItem], int]) -> list[OrderItem]:
    """By day, then document (fewer characters first), kind and line: sorted four times, the last word first."""
    ordered = sorted(items, key=lambda item: item.line)
    ordered.sort(key=lambda item: item.kind)
    ordered.sort(key=lambda item: [ord(character) for character in item.document])
    ordered.sort(key=lambda item: len(item.document))
    ordered.sort(key=day)
    return ordered


@st.composite
def orders(draw: st.DrawFn) -> list[OrderItem]:
    """The open items of one order; documents are of one kind, date and state."""
    items: list[OrderItem] = []
    numbers = st.sampled_from(["9", "10", "A", "é"])
    for kind, number in draw(st.lists(st.tuples(st.sampled_from(Kind), numbers), unique=True, max_size=6)):
        date = draw(st.sampled_from([20240130, 20240131]))
        plannable = kind in (Kind.PAYMENT, Kind.DEPOSIT)
        state = draw(st.sampled_from([State.POSTED, State.PLANNED] if plannable else [State.POSTED]))
        due_date = draw(st.none() | st.sampled_from([20240131, 20240228]))
        fresh = draw(st.booleans())
        for line in range(1, draw(st.integers(1, 2)) + 1):
            flipped = state is State.POSTED and draw(st.integers(0, 3)) == 0
            side = Side(-kind.side) if flipped else kind.side
            lost = side is CREDIT and draw(st.integers(0, 4)) == 0
            open_minor = draw(st.integers(1, 20))
            items.append(
                OrderItem(
                    len(items) + 1, side, open_minor, kind, state, number, line, date, due_date, fresh=fresh, lost=lost
                )
            )
    return draw(st.permutations(items))


def item(  # noqa: PLR0913 - a row of an order
    number: int,
    kind: Kind,
    minor: int,
    *,
    date: int = 20240131,
    due: int | None = None,
    state: State = State.POSTED,
    fresh: bool = True,
    lost: bool = False,
) -> OrderItem:
    """An item whose document is its number."""
    return OrderItem(number, kind.side, minor, kind, state, str(number), 1, date, due, fresh=fresh, lost=lost)


@given(orders())
@example([item(1, Kind.INVOICE, 5), item(2, Kind.PAYMENT, 9), item(3, Kind.INVOICE, 7)])
@example([item(1, Kind.REFUND, 5), item(2, Kind.PAYMENT, 5), item(3, Kind.INVOICE, 5)])
@example([item(1, Kind.INVOICE, 5, fresh=False), item(2, Kind.INVOICE, 5), item(3, Kind.PAYMENT, 9, fresh=False)])
@example([item(1, Kind.INVOICE, 5), item(2, Kind.CANCELLATION, 5, date=20240301), item(3, Kind.PAYMENT, 5)])
def test_an_order_is_reconciled_as_r12_says(items: list[OrderItem]) -> None:
    links = list(at_checkout(items))
    assert len({(link.debit_id, link.credit_id) for link in links}) == len(links)
    assert {(link.debit_id, link.credit_id): link.amount_minor for link in links} == dict(check_out_cent_by_cent(items))


@given(st.data(), orders())
def test_the_order_in_which_the_rows_arrive_plays_no_part(data: st.DataObject, items: list[OrderItem]) -> None:
    """R12 is defined by the data alone."""
    assert list(at_checkout(data.draw(st.permutations(items)))) == list(at_checkout(items))


@given(orders())
def test_what_is_left_over_has_nothing_more_to_give(items: list[OrderItem]) -> None:
    """R12 after R12 does nothing, and nothing is taken twice (R5)."""
    links = list(at_checkout(items))
    assert all(link.amount_minor > 0 for link in links)
    used: Counter[int] = Counter()
    for link in links:
        used[link.debit_id] += link.amount_minor
        used[link.credit_id] += link.amount_minor
    rest = [item._replace(open_minor=item.open_minor - used[item.id]) for item in items]
    assert all(item.open_minor >= 0 for item in rest)
    assert not list(at_checkout([item for item in rest if item.open_minor]))


def test_a_payment_of_the_same_day_pays_the_invoice_and_one_of_another_day_does_not() -> None:
    """R12, R13."""
    invoice = item(1, Kind.INVOICE, 100)
    assert list(at_checkout([invoice, item(2, Kind.PAYMENT, 60)])) == [Link(1, 2, 60)]
    assert not list(at_checkout([invoice, item(2, Kind.PAYMENT, 60, date=20240201)]))


def test_instalments_pay_by_due_date() -> None:
    """R12: the payment at the desk first, then the planned ones as they fall due, whatever their numbers say."""
    order = [
        item(1, Kind.INVOICE, 100),
        item(2, Kind.PAYMENT, 50, state=State.PLANNED, due=20240430),
        item(3, Kind.PAYMENT, 30, state=State.PLANNED, due=20240331),
        item(4, Kind.PAYMENT, 40),
    ]
    assert list(at_checkout(order)) == [Link(1, 4, 40), Link(1, 3, 30), Link(1, 2, 30)]


def test_a_cancellation_goes_to_what_is_open_of_its_order_whatever_its_date() -> None:
    """R12."""
    assert list(at_checkout([item(1, Kind.INVOICE, 100), item(2, Kind.CANCELLATION, 70, date=20240915)])) == [
        Link(1, 2, 70)
    ]


def test_what_was_removed_stays_removed() -> None:
    """R12: a credit that lost an allocation is left alone; so are two items that this load did not bring."""
    assert not list(at_checkout([item(1, Kind.INVOICE, 100), item(2, Kind.PAYMENT, 60, lost=True)]))
    assert not list(at_checkout([item(1, Kind.INVOICE, 100, fresh=False), item(2, Kind.PAYMENT, 60, fresh=False)]))


def left_over(items: Iterable[tuple[int, int, int]], links: Iterable[Link]) -> list[tuple[int, int]]:
    """Side and open amount of each (id, side, open) after the links."""
    used: Counter[int] = Counter()
    for link in links:
        used[link.debit_id] += link.amount_minor
        used[link.credit_id] += link.amount_minor
    return [(side, open_minor - used[number]) for number, side, open_minor in items]
