"""Within a document (R10), against a slow oracle: cent by cent, each time looking at all that could be paid."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from hypothesis import example, given
from hypothesis import strategies as st

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.load_rules import DocumentItem, within_document
from reconcile_cli.domain.matching import Link

DEBIT, CREDIT = Side.DEBIT, Side.CREDIT


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


def left_over(items: Iterable[tuple[int, int, int]], links: Iterable[Link]) -> list[tuple[int, int]]:
    """Side and open amount of each (id, side, open) after the links."""
    used: Counter[int] = Counter()
    for link in links:
        used[link.debit_id] += link.amount_minor
        used[link.credit_id] += link.amount_minor
    return [(side, open_minor - used[number]) for number, side, open_minor in items]
