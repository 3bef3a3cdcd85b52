"""What always holds of the stages of `auto`: exactness, the total order, nothing beyond what is open."""

from collections import Counter
from datetime import date
from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from reconcile_cli.domain.dates import days_between, from_date
from reconcile_cli.domain.kinds import Kind, Side
from reconcile_cli.domain.matching import SMART, Stage, matching_key
from reconcile_cli.domain.stages.amount import amount
from reconcile_cli.domain.stages.balance import balance
from reconcile_cli.domain.stages.items import Found, OpenItem, Settings, left
from reconcile_cli.domain.stages.run import SEARCHES, staged
from reconcile_cli.domain.stages.sums import MOST_PARTS, sums

SETTINGS = st.builds(Settings, days=st.none() | st.integers(0, 40), careful=st.booleans())
CAREFUL_THEN_DATE = [(stage, Settings(careful=True)) for stage in SMART] + [(Stage.DATE, Settings())]
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2024, 3, 1))
TEXTS = st.sampled_from(["", "", "7", "INV-71", "INV-72, INV-73", "order WEB-100", "INV-7"])


@st.composite
def open_items(draw: st.DrawFn, most: int = 9) -> list[OpenItem]:
    """A handful of open items of few amounts and days, so that ties and sums are frequent."""
    many = draw(st.lists(st.tuples(st.sampled_from(Kind), st.integers(1, 60), DAYS, TEXTS), max_size=most))
    found = []
    for number, (kind, open_minor, day, text) in enumerate(many, 1):
        document, line = f"INV-{70 + (number + 1) // 2}", 1 + number % 2
        made = from_date(day if kind is not Kind.INVOICE else day.replace(day=1))
        place = (0, *matching_key(made, document, kind, line))
        order = draw(st.sampled_from(["", "WEB-100"]))
        found.append(OpenItem(number, kind.side, kind, document, line, made, open_minor, place, order, text))
    return found


def in_order(items: list[OpenItem]) -> list[OpenItem]:
    return sorted(items, key=lambda item: item.place)


def used(found: Found) -> Counter[int]:
    total: Counter[int] = Counter()
    for proposal in found.proposals:
        for link in proposal.links:
            total[link.debit_id] += link.amount_minor
            total[link.credit_id] += link.amount_minor
    return total


@given(st.data(), open_items(), st.lists(st.sampled_from(list(SEARCHES)), unique=True), SETTINGS)
def test_the_order_of_the_rows_plays_no_part(
    data: st.DataObject, items: list[OpenItem], stages: list[Stage], settings: Settings
) -> None:
    """R16."""
    steps = [(stage, settings) for stage in stages]
    assert staged(data.draw(st.permutations(items)), steps) == staged(items, steps)


@given(open_items(), st.lists(st.sampled_from(list(SEARCHES)), unique=True), SETTINGS)
def test_nothing_is_linked_beyond_what_is_open(items: list[OpenItem], stages: list[Stage], settings: Settings) -> None:
    """R4, R5: amounts above 0, a debit and a credit, and never more than both have open."""
    by_id = {item.id: item for item in items}
    found = staged(items, [(stage, settings) for stage in stages])
    for proposal in found.proposals:
        assert proposal.links
        for link in proposal.links:
            assert link.amount_minor > 0
            assert by_id[link.debit_id].side is Side.DEBIT
            assert by_id[link.credit_id].side is Side.CREDIT
    assert used(found) <= Counter({item.id: item.open_minor for item in items})


@given(open_items(), st.sampled_from([Stage.AMOUNT, Stage.SUM, Stage.BALANCE]), SETTINGS)
def test_what_is_exact_leaves_nothing_of_what_it_takes(items: list[OpenItem], stage: Stage, settings: Settings) -> None:
    """The two sides of each proposal are equal, and each item in it is used up."""
    by_id = {item.id: item for item in items}
    for proposal in SEARCHES[stage](in_order(items), settings).proposals:
        total = used(Found([proposal]))
        assert all(by_id[item].open_minor == amount_minor for item, amount_minor in total.items())
        assert sum(by_id[item].side * amount_minor for item, amount_minor in total.items()) == 0


@given(open_items(), st.sampled_from(list(SEARCHES)), SETTINGS)
def test_what_is_left_gives_the_same_stage_nothing_new(items: list[OpenItem], stage: Stage, settings: Settings) -> None:
    """R17 for the stages whose answer hangs on nothing else: twice adds nothing."""
    found = SEARCHES[stage](in_order(items), settings)
    rest = left(in_order(items), found.proposals)
    if stage in (Stage.DATE, Stage.BALANCE) or (
        stage is Stage.AMOUNT and not settings.careful and settings.days is None
    ):
        assert not SEARCHES[stage](rest, settings).proposals


@given(open_items())
def test_careful_then_date_leaves_one_side_empty(items: list[OpenItem]) -> None:
    rest = left(items, staged(items, CAREFUL_THEN_DATE).proposals)
    assert len({item.side for item in rest}) < 2


@given(open_items(most=6))
def test_equal_amounts_have_the_fewest_days_between_them(items: list[OpenItem]) -> None:
    """Of one amount and one line each, against every way to pair them off."""
    alike = [item._replace(open_minor=5, document=f"D{item.id}", kind=Kind.ADJUSTMENT) for item in items]
    alike = [item._replace(place=(0, *matching_key(item.date, item.document, item.kind, 1))) for item in alike]
    debits, credits_ = ([item for item in alike if item.side is side] for side in Side)
    few, many = sorted((debits, credits_), key=len)
    by_id = {item.id: item for item in alike}
    links = [link for proposal in amount(in_order(alike), Settings()).proposals for link in proposal.links]
    assert len(links) == len(few)
    days = sum(apart(by_id[link.debit_id], by_id[link.credit_id]) for link in links)
    assert days == min((sum(map(apart, few, chosen)) for chosen in permutations(many, len(few))), default=0)


def apart(one: OpenItem, other: OpenItem) -> int:
    return abs(days_between(one.date, other.date))


@given(open_items(most=8))
def test_a_sum_is_found_where_there_is_one(items: list[OpenItem]) -> None:
    """Against every subset of two to five single-line documents."""
    items = [item._replace(document=f"D{item.id}", line=1) for item in items]
    items = [item._replace(place=(0, *matching_key(item.date, item.document, item.kind, 1))) for item in items]
    rest = left(in_order(items), sums(in_order(items), Settings()).proposals)
    for target in rest:
        others = [item for item in rest if item.side is not target.side]
        assert not any(
            sum(item.open_minor for item in parts) == target.open_minor
            for size in range(2, MOST_PARTS + 1)
            for parts in combinations(others, size)
        )


@given(open_items())
def test_a_balance_ends_where_everything_nets_to_zero(items: list[OpenItem]) -> None:
    """Each proposal holds all items after the last one's day up to its own."""
    since = 0
    for proposal in balance(in_order(items), Settings()).proposals:
        until = proposal.reason["until"]
        assert isinstance(until, int)
        within = [item for item in items if since < item.date <= until]
        assert used(Found([proposal])) == Counter({item.id: item.open_minor for item in within})
        since = until
