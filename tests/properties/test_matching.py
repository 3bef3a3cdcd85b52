"""What always holds of `chronological` and of the order of R16, whatever the items."""

from collections import Counter
from collections.abc import Iterator
from itertools import count, groupby, islice, pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from reconcile_cli.domain.matching import Link, chronological, matching_key
from tests.properties.strategies import Run, identities, runs

Identity = tuple[int, str, int, int]


def cent_by_cent(debits: Run, credits_: Run) -> list[Link]:
    """Say the same as `chronological`, slowly: lay every cent of both sides in a row and pair them off."""
    debit_cents = [item for item, open_minor in debits for _ in range(open_minor)]
    credit_cents = [item for item, open_minor in credits_ for _ in range(open_minor)]
    pairs = zip(debit_cents, credit_cents, strict=False)
    return [Link(*pair, len(list(cents))) for pair, cents in groupby(pairs)]


def by_intervals(debits: Run, credits_: Run) -> list[Link]:
    """Say the same for any amount: each item covers a stretch of its side; links are where two stretches overlap."""
    return [
        Link(debit, credit, min(debit_end, credit_end) - max(debit_start, credit_start))
        for debit, debit_start, debit_end in stretches(debits)
        for credit, credit_start, credit_end in stretches(credits_)
        if min(debit_end, credit_end) > max(debit_start, credit_start)
    ]


def stretches(run: Run) -> list[tuple[int, int, int]]:
    """Each item with where it starts and ends when the run is laid end to end."""
    sums = [sum(open_minor for _, open_minor in run[:place]) for place in range(len(run) + 1)]
    return [(item, sums[place], sums[place + 1]) for place, (item, _) in enumerate(run)]


def left_open(run: Run, used: Counter[int]) -> Run:
    """What is still open of a run after `used`."""
    return [(item, open_minor - used[item]) for item, open_minor in run if open_minor > used[item]]


def used_by_side(links: list[Link]) -> tuple[Counter[int], Counter[int]]:
    """What the links take from each debit and from each credit."""
    of_debits: Counter[int] = Counter()
    of_credits: Counter[int] = Counter()
    for link in links:
        of_debits[link.debit_id] += link.amount_minor
        of_credits[link.credit_id] += link.amount_minor
    return of_debits, of_credits


def total(run: Run) -> int:
    return sum(open_minor for _, open_minor in run)


@given(runs(most_minor=40), runs(most_minor=40))
@example([(1, 100), (2, 50)], [(11, 130)])  # one payment pays the first item and a part of the second
@example([(1, 130)], [(11, 100), (12, 50)])
@example([(1, 50), (2, 50)], [(11, 50), (12, 50)])  # equal ends: nothing of 0 in between
def test_it_agrees_with_pairing_off_cent_by_cent(debits: Run, credits_: Run) -> None:
    assert list(chronological(debits, credits_)) == cent_by_cent(debits, credits_)


@given(runs(), runs())
def test_it_agrees_with_overlapping_intervals(debits: Run, credits_: Run) -> None:
    assert list(chronological(debits, credits_)) == by_intervals(debits, credits_)


@given(runs(), runs())
def test_nothing_is_allocated_beyond_what_is_open(debits: Run, credits_: Run) -> None:
    """R4, R5."""
    links = list(chronological(debits, credits_))
    assert all(link.amount_minor > 0 for link in links)
    of_debits, of_credits = used_by_side(links)
    assert of_debits <= Counter(dict(debits))
    assert of_credits <= Counter(dict(credits_))


@given(runs(), runs())
def test_every_cent_is_conserved_and_one_side_ends_empty(debits: Run, credits_: Run) -> None:
    """R16: it ends when one side has nothing open."""
    links = list(chronological(debits, credits_))
    of_debits, of_credits = used_by_side(links)
    allocated_minor = sum(link.amount_minor for link in links)
    assert allocated_minor == min(total(debits), total(credits_))
    assert total(left_open(debits, of_debits)) == total(debits) - allocated_minor
    assert total(left_open(credits_, of_credits)) == total(credits_) - allocated_minor
    assert not left_open(debits, of_debits) or not left_open(credits_, of_credits)


@given(runs(), runs())
def test_what_is_left_gives_no_second_link(debits: Run, credits_: Run) -> None:
    """R17: running it twice adds nothing the second time."""
    of_debits, of_credits = used_by_side(list(chronological(debits, credits_)))
    assert not list(chronological(left_open(debits, of_debits), left_open(credits_, of_credits)))


@given(runs(), runs())
def test_oldest_goes_to_oldest(debits: Run, credits_: Run) -> None:
    """R16: the links follow both runs, no pair comes twice, and an item is passed only when it is used up."""
    links = list(chronological(debits, credits_))
    debit_place = {item: place for place, (item, _) in enumerate(debits)}
    credit_place = {item: place for place, (item, _) in enumerate(credits_)}
    places = [(debit_place[link.debit_id], credit_place[link.credit_id]) for link in links]
    assert places == sorted(set(places))
    assert all(later[1] >= sooner[1] for sooner, later in pairwise(places))
    of_debits, of_credits = used_by_side(links)
    assert all(
        of_debits[debits[place][0]] == debits[place][1] for place in range(max((d for d, _ in places), default=0))
    )
    assert all(
        of_credits[credits_[place][0]] == credits_[place][1] for place in range(max((c for _, c in places), default=0))
    )


@given(runs(), runs())
def test_the_links_are_few(debits: Run, credits_: Run) -> None:
    """Each link uses up an item at least, the last one two: linear, however the amounts fall."""
    links = list(chronological(debits, credits_))
    assert len(links) <= max(0, len(debits) + len(credits_) - 1)


@given(runs(), runs())
def test_the_two_sides_are_alike(debits: Run, credits_: Run) -> None:
    swapped = [Link(link.credit_id, link.debit_id, link.amount_minor) for link in chronological(credits_, debits)]
    assert swapped == list(chronological(debits, credits_))


def endless(open_minor: int) -> Iterator[tuple[int, int]]:
    return ((item, open_minor) for item in count(1))


@given(runs(most_minor=1000))
def test_a_side_without_end_is_read_only_as_far_as_needed(run: Run) -> None:
    expected = total(run)
    assert sum(link.amount_minor for link in chronological(run, endless(7))) == expected
    assert sum(link.amount_minor for link in chronological(endless(7), run)) == expected


@given(st.integers(0, 50), st.integers(1, 1000), st.integers(1, 1000))
def test_it_reads_no_further_than_the_links_asked_for(asked: int, debit_minor: int, credit_minor: int) -> None:
    """Streaming: memory and reading grow with what is taken, not with what is there."""
    reads: Counter[str] = Counter()

    def counted(side: str, open_minor: int) -> Iterator[tuple[int, int]]:
        for item in endless(open_minor):
            reads[side] += 1
            yield item

    links = chronological(counted("debit", debit_minor), counted("credit", credit_minor))
    taken = list(islice(links, asked))
    assert len(taken) == asked
    assert reads["debit"] == len({link.debit_id for link in taken})
    assert reads["credit"] == len({link.credit_id for link in taken})


def comes_before(one: Identity, other: Identity) -> bool:
    """Say the order of R16 in its own words."""
    date, document, kind, line = one
    other_date, other_document, other_kind, other_line = other
    if date != other_date:
        return date < other_date
    if len(document) != len(other_document):
        return len(document) < len(other_document)
    for character, other_character in zip(document, other_document, strict=True):
        if character != other_character:
            return ord(character) < ord(other_character)
    if kind != other_kind:
        return kind < other_kind
    return line < other_line


@given(identities(), identities())
@example((20240131, "INV-9", 0, 1), (20240131, "INV-10", 0, 1))
@example((20240131, "7", 0, 1), (20240131, "7", 1, 1))
@example((20240131, "7", 0, 2), (20240131, "7", 0, 10))
@example((20240131, "é", 0, 1), (20240131, "z", 0, 1))
@example((20240131, "inv-9", 0, 1), (20240131, "INV-9", 0, 1))
def test_the_key_orders_as_r16_says(one: Identity, other: Identity) -> None:
    assert (matching_key(*one) < matching_key(*other)) is comes_before(one, other)
    assert (matching_key(*one) == matching_key(*other)) is (one == other)


def test_the_invoice_of_fewer_digits_comes_first() -> None:
    """R16: INV-9 precedes INV-10, and the day goes before both."""
    ninth, tenth, next_day = (20240131, "INV-9", 0, 1), (20240131, "INV-10", 0, 1), (20240201, "INV-1", 0, 1)
    assert sorted([next_day, tenth, ninth], key=lambda item: matching_key(*item)) == [ninth, tenth, next_day]


@given(
    st.data(), st.lists(st.tuples(identities(), st.integers(1, 10_000)), max_size=12, unique_by=lambda item: item[0])
)
def test_the_order_of_the_rows_plays_no_part(data: st.DataObject, items: list[tuple[Identity, int]]) -> None:
    """R16: shuffled input, the same result. Even places are debits, odd ones credits."""
    sided = [(place % 2, identity, open_minor) for place, (identity, open_minor) in enumerate(items)]
    number = {identity: place for place, (_, identity, _) in enumerate(sided)}

    def links(rows: list[tuple[int, Identity, int]]) -> list[Link]:
        in_order = sorted(rows, key=lambda row: matching_key(*row[1]))
        debits, credits_ = ([(number[row[1]], row[2]) for row in in_order if row[0] == side] for side in (0, 1))
        return list(chronological(debits, credits_))

    assert links(data.draw(st.permutations(sided))) == links(sided)
