"""At checkout (R12), from rows of the books to links, against a slow oracle: cent by cent, each time looking anew."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.load_rules import Mark, OrderItem, at_checkout
from reconcile_cli.domain.matching import Link
from reconcile_cli.store import checkout, connection, stating

DEBIT, CREDIT = Side.DEBIT, Side.CREDIT


class Row(NamedTuple):
    """An open item of one order in one account and currency, as the books hold it.

    `fresh`: this load added or changed its transaction. `lost`: an allocation of it was removed before, or its source
    says that it stays open.
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


@pytest.fixture(scope="module")
def books() -> Iterator[sqlite3.Connection]:
    """Books of the newest schema without guards and foreign keys: a test puts in them what R12 looks at."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as opened:
        for _number, script in connection.migrations():
            for statement in connection.statements(script):
                opened.execute(statement)
        stating.prepare(opened)
        opened.execute(
            "INSERT INTO operation (id, command, arguments, note, author, made_at, first_txn, first_item,"
            " first_allocation, sealed, hash) VALUES (1, 'unmatch', '', '', '', '', 1, 1, 1, 1, zeroblob(32))"
        )
        yield opened


def put(books: sqlite3.Connection, rows: Sequence[Row], *, stated: bool) -> None:
    """Fill the books with one order; transactions get their ids as their rows come.

    `stated`: what is lost stays open because its source says so.
    """
    for table in ("allocation", "item", "txn", "temp.fresh"):
        books.execute(f"DELETE FROM {table}")
    numbers: dict[tuple[int, str], int] = {}
    for row in rows:
        number = numbers.setdefault((row.kind, row.document), len(numbers) + 1)
        head = (number, row.kind, row.document, row.date, row.due_date, row.state)
        books.execute(
            "INSERT OR IGNORE INTO txn (id, kind, document, pocket_id, date, due_date, state, order_code, digest,"
            " made_by) VALUES (?, ?, ?, 1, ?, ?, ?, 'O', zeroblob(32), 1)",
            head,
        )
        item = (
            row.id,
            number,
            row.line,
            row.side,
            row.date,
            row.state,
            row.open_minor,
            row.open_minor,
            "-" if row.lost and stated else None,
        )
        books.execute(
            "INSERT INTO item (id, txn_id, line, pocket_id, side, date, state, amount_minor, open_minor, applies_to,"
            " made_by)"
            " VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, 1)",
            item,
        )
        if row.fresh:
            books.execute("INSERT OR IGNORE INTO temp.fresh (txn_id, new) VALUES (?, 0)", (number,))
        if row.lost and not stated:
            books.execute(
                "INSERT INTO allocation (debit_id, credit_id, amount_minor, stage, made_by, origin, removed_by)"
                " VALUES (1, ?, 1, 0, 1, 1, 1)",
                (row.id,),
            )


def read(books: sqlite3.Connection, rows: Sequence[Row], *, first: bool = False) -> tuple[list[OrderItem], ...]:
    """The two sides of the order as a load reads them from the books; `first`: where they hold nothing but the load."""
    put(books, rows, stated=first)
    found = [(debits, credits_) for _order, debits, credits_ in checkout.orders(books, of_all=first)]
    assert len(found) <= 1
    return found[0] if found else ([], [])


def checked_out(books: sqlite3.Connection, rows: Sequence[Row]) -> list[Link]:
    """R12 as a load follows it."""
    return [Link(*part) for part in at_checkout(*read(books, rows))]


def check_out_cent_by_cent(items: Sequence[Row]) -> Counter[tuple[int, int]]:
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


def may_meet(credit: Row, debit: Row) -> bool:
    """Made together, or a cancellation, or an instalment; and this load brought one of the two."""
    instalment = (
        credit.kind in (Kind.PAYMENT, Kind.DEPOSIT) and credit.state == State.POSTED and credit.due_date is not None
    )
    together = credit.date == debit.date or credit.kind == Kind.CANCELLATION or instalment
    return together and (credit.fresh or debit.fresh)


def day_of_credit(credit: Row) -> int:
    """The date, of a planned one the due date."""
    if credit.state == State.PLANNED and credit.due_date is not None:
        return credit.due_date
    return credit.date


def first_to_last(items: Iterable[Row], day: Callable[[Row], int]) -> list[Row]:
    """By day, then document (fewer characters first), kind and line: sorted four times, the last word first."""
    ordered = sorted(items, key=lambda item: item.line)
    ordered.sort(key=lambda item: item.kind)
    ordered.sort(key=lambda item: [ord(character) for character in item.document])
    ordered.sort(key=lambda item: len(item.document))
    ordered.sort(key=day)
    return ordered


@st.composite
def orders(draw: st.DrawFn) -> list[Row]:
    """The open items of one order; documents are of one kind, date and state. Ids fall where line numbers rise."""
    items: list[Row] = []
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
                Row(
                    100 - len(items),
                    side,
                    open_minor,
                    kind,
                    state,
                    number,
                    line,
                    date,
                    due_date,
                    fresh=fresh,
                    lost=lost,
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
) -> Row:
    """An item whose document is its number."""
    return Row(number, kind.side, minor, kind, state, str(number), 1, date, due, fresh=fresh, lost=lost)


@given(items=orders())
@example(items=[item(1, Kind.INVOICE, 5), item(2, Kind.PAYMENT, 9), item(3, Kind.INVOICE, 7)])
@example(items=[item(1, Kind.REFUND, 5), item(2, Kind.PAYMENT, 5), item(3, Kind.INVOICE, 5)])
@example(items=[item(1, Kind.INVOICE, 5, fresh=False), item(2, Kind.INVOICE, 5), item(3, Kind.PAYMENT, 9, fresh=False)])
@example(items=[item(1, Kind.INVOICE, 5), item(2, Kind.CANCELLATION, 5, date=20240301), item(3, Kind.PAYMENT, 5)])
def test_an_order_is_reconciled_as_r12_says(books: sqlite3.Connection, items: list[Row]) -> None:
    links = checked_out(books, items)
    assert len({(link.debit_id, link.credit_id) for link in links}) == len(links)
    assert {(link.debit_id, link.credit_id): link.amount_minor for link in links} == dict(check_out_cent_by_cent(items))


@given(data=st.data(), items=orders())
def test_the_order_in_which_the_rows_arrive_plays_no_part(
    books: sqlite3.Connection, data: st.DataObject, items: list[Row]
) -> None:
    """R12 is defined by the data alone."""
    assert checked_out(books, data.draw(st.permutations(items))) == checked_out(books, items)


@given(items=orders())
def test_what_is_left_over_has_nothing_more_to_give(books: sqlite3.Connection, items: list[Row]) -> None:
    """R12 after R12 does nothing, and nothing is taken twice (R5)."""
    links = checked_out(books, items)
    assert all(link.amount_minor > 0 for link in links)
    used: Counter[int] = Counter()
    for link in links:
        used[link.debit_id] += link.amount_minor
        used[link.credit_id] += link.amount_minor
    rest = [item._replace(open_minor=item.open_minor - used[item.id]) for item in items]
    assert all(item.open_minor >= 0 for item in rest)
    assert not checked_out(books, [item for item in rest if item.open_minor])


def test_a_payment_of_the_same_day_pays_the_invoice_and_one_of_another_day_does_not(books: sqlite3.Connection) -> None:
    """R12, R13."""
    invoice = item(1, Kind.INVOICE, 100)
    assert checked_out(books, [invoice, item(2, Kind.PAYMENT, 60)]) == [Link(1, 2, 60)]
    assert not checked_out(books, [invoice, item(2, Kind.PAYMENT, 60, date=20240201)])


def test_instalments_pay_by_due_date(books: sqlite3.Connection) -> None:
    """R12: the payment at the desk first, then the planned ones as they fall due, whatever their numbers say."""
    order = [
        item(1, Kind.INVOICE, 100),
        item(2, Kind.PAYMENT, 50, state=State.PLANNED, due=20240430),
        item(3, Kind.PAYMENT, 30, state=State.PLANNED, due=20240331),
        item(4, Kind.PAYMENT, 40),
    ]
    assert checked_out(books, order) == [Link(1, 4, 40), Link(1, 3, 30), Link(1, 2, 30)]


def test_a_cancellation_goes_to_what_is_open_of_its_order_whatever_its_date(books: sqlite3.Connection) -> None:
    """R12."""
    assert checked_out(books, [item(1, Kind.INVOICE, 100), item(2, Kind.CANCELLATION, 70, date=20240915)]) == [
        Link(1, 2, 70)
    ]


def test_what_was_removed_stays_removed(books: sqlite3.Connection) -> None:
    """R12: a credit that lost an allocation is left alone; so are two items that this load did not bring."""
    assert not checked_out(books, [item(1, Kind.INVOICE, 100), item(2, Kind.PAYMENT, 60, lost=True)])
    assert not checked_out(books, [item(1, Kind.INVOICE, 100, fresh=False), item(2, Kind.PAYMENT, 60, fresh=False)])


@given(items=orders())
def test_the_books_give_both_sides_in_the_order_of_r12(books: sqlite3.Connection, items: list[Row]) -> None:
    """Invoices before other debits; within them and among credits by day, document, kind, line."""
    debits = [item for item in items if item.side == DEBIT]
    ordered = first_to_last((item for item in debits if item.kind == Kind.INVOICE), lambda item: item.date)
    ordered += first_to_last((item for item in debits if item.kind != Kind.INVOICE), lambda item: item.date)
    credits_ = first_to_last((item for item in items if item.side == CREDIT), day_of_credit)
    if ordered and credits_ and any(item.fresh for item in items):
        read_debits, read_credits = read(books, items)
        assert [row[0] for row in read_debits] == [item.id for item in ordered]
        assert [row[0] for row in read_credits] == [item.id for item in credits_]


@given(items=orders())
def test_a_first_load_reads_the_same(books: sqlite3.Connection, items: list[Row]) -> None:
    """Where the books hold nothing but the load they are read in another way."""
    new = [item._replace(fresh=True) for item in items]
    assert read(books, new, first=True) == read(books, new)


def sides(draw: st.DrawFn, first_id: int) -> list[OrderItem]:
    """Items of one side in their order, which is any order: what decides is in the items."""
    marks = st.sampled_from([0, 0, 0, Mark.ANY_DATE, Mark.LOST, Mark.KNOWN, Mark.PLANNED, Mark.ANY_DATE | Mark.KNOWN])
    rows = st.tuples(st.integers(1, 9), st.sampled_from([20240130, 20240130, 20240131]), marks)
    return [(first_id + place, *row) for place, row in enumerate(draw(st.lists(rows, max_size=6)))]


@given(st.composite(sides)(first_id=1), st.composite(sides)(first_id=101))
def test_each_cent_goes_to_the_first_debit_that_it_may_pay(debits: list[OrderItem], credits_: list[OrderItem]) -> None:
    """R12 over items in their order."""
    left = {debit: open_minor for debit, open_minor, _date, _marks in debits}
    paid: Counter[tuple[int, int]] = Counter()
    for credit, open_minor, date, marks in credits_:
        for _cent in range(0 if marks & Mark.LOST else open_minor):
            for debit, _open, other_date, other_marks in debits:
                together = marks & Mark.ANY_DATE or date == other_date
                if left[debit] and together and not marks & other_marks & Mark.KNOWN:
                    left[debit] -= 1
                    paid[debit, credit] += 1
                    break
    parts = list(at_checkout(debits, credits_))
    assert len({part[:2] for part in parts}) == len(parts)
    assert {part[:2]: part[2] for part in parts} == dict(paid)
