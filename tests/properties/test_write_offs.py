"""Small differences: exact, within the limit, once, and taken back whole, whatever the books."""

from collections import Counter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconcile_cli.domain.money import EXPONENTS
from reconcile_cli.domain.writing_off import Tolerance, WriteOff, tolerance
from reconcile_cli.store.books import Books
from reconcile_cli.workflows.auto import Choice, auto
from reconcile_cli.workflows.undo import undo
from tests.properties import strategies
from tests.properties.model import assert_sound, items_of
from tests.properties.strategies import Row, as_csv
from tests.properties.test_books import new_books
from tests.store.small_books import STAMP, content, load_text

_LIMITS = ["0.01", "0.05", "1", "100", "99999999999"]


def limit(text: str) -> Tolerance:
    found = tolerance(text)
    assert found is not None
    return found


def balances(books: Books) -> Counter[tuple[str, str]]:
    sql = "SELECT account, currency, balance_minor FROM v_accounts"
    return Counter({(row[0], row[1]): row[2] for row in books.connection.execute(sql)})


def planned_or_held(books: Books) -> set[tuple[str, str, int]]:
    sql = (
        "SELECT i.kind, i.document, i.line FROM v_items i JOIN item r ON r.id = i.item WHERE r.held OR r.planned_minor"
    )
    return {(row[0], row[1], row[2]) for row in books.connection.execute(sql)}


@settings(max_examples=40, deadline=None)
@given(strategies.books(most_documents=10), st.sampled_from(_LIMITS), st.booleans())
def test_what_auto_writes_off(rows: list[Row], text: str, include_planned: bool) -> None:  # noqa: FBT001
    """R3, R5, R7, R17."""
    allowed = limit(text)
    choice = Choice(include_planned=include_planned, write_off=WriteOff("6590", allowed))
    with new_books() as books:
        load_text(books, as_csv(rows))
        before, owed, known = content(books), balances(books), set(items_of(books))
        told = auto(books, None, STAMP, choice._replace(dry_run=True)).written_off
        assert content(books) == before
        result = auto(books, None, STAMP, choice)
        assert_sound(books)
        assert [one._replace(document="") for one in result.written_off] == list(told)
        items = items_of(books)
        apart = planned_or_held(books)
        for one in result.written_off:
            key = (one.item.kind.code, one.item.document, one.item.line)
            assert 0 < one.amount_minor <= allowed.minor(EXPONENTS[one.currency])
            assert items[key][3] == 0, "the item is closed"
            assert items["adjustment", one.document, 1] == (
                (one.account, one.currency), not items[key][1], one.amount_minor, 0, "posted", False
            )  # fmt: skip
            owed[one.account, one.currency] += -one.amount_minor if items[key][1] else one.amount_minor
        made = {("adjustment", one.document, 1) for one in result.written_off}
        assert set(items) == known | made
        assert +balances(books) == +owed
        assert -balances(books) == -owed
        for key, (pocket, _debit, amount, open_minor, state, _held) in items.items():
            if state == "posted" and key not in apart and 0 < open_minor < amount:
                assert open_minor > allowed.minor(EXPONENTS[pocket[1]])
        if result.operation is not None:
            assert auto(books, None, STAMP, choice).operation is None
            undo(books, None, STAMP, confirm=lambda _removal: True)
            assert content(books) == before
            assert_sound(books)


@given(st.integers(1, 10**11 - 1), st.integers(0, 4), st.sampled_from(sorted(set(EXPONENTS.values()))))
@example(5, 2, 0)
def test_a_tolerance_is_read_exactly_and_never_rounded_up(digits: int, decimals: int, exponent: int) -> None:
    """R2."""
    whole, part = divmod(digits, 10**decimals)
    text = f"{whole}.{part:0{decimals}d}" if decimals else str(digits)
    minor = limit(text).minor(exponent)
    assert minor * 10**decimals <= digits * 10**exponent < (minor + 1) * 10**decimals


@given(st.text("0123456789.,- e_٣", max_size=12))
@example("1,000")
@example("0.00")
@example("-1")
def test_no_other_text_is_a_tolerance(text: str) -> None:
    found = tolerance(text)
    whole, _mark, part = text.replace(",", ".").partition(".")
    plain = whole.isascii() and whole.isdecimal() and (part == "" or (part.isascii() and part.isdecimal()))
    assert found is None or (plain and text.isascii() and found.units > 0)
    assert found is None or "," not in text or len(part) <= 2
