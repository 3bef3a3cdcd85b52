"""What was known after an operation is what the same commands said then; and undo gives it back."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile_cli.errors import ReconcileError
from reconcile_cli.store import known_at
from reconcile_cli.store.accounts import Choice, accounts
from reconcile_cli.store.books import Books
from reconcile_cli.store.cards import Window, account_card
from reconcile_cli.store.unreconciled import Wanted, unreconciled
from reconcile_cli.workflows.auto import Choice as AutoChoice
from reconcile_cli.workflows.auto import auto
from reconcile_cli.workflows.check import check
from reconcile_cli.workflows.hold import hold, release
from reconcile_cli.workflows.load import Rules
from reconcile_cli.workflows.lock import lock, reopen
from reconcile_cli.workflows.match import match
from reconcile_cli.workflows.undo import undo
from reconcile_cli.workflows.unmatch import unmatch
from tests.properties import strategies
from tests.properties.strategies import Row, as_csv
from tests.store.small_books import HEADER, SMALL, STAMP, content, load_text

_CODES = ("C1", "C2", "00123")
_DAY = 20240701
_WINDOW = Window(everything=True)
Step = Callable[[Books], object]
Screens = dict[str, Any]


@contextmanager
def _folder() -> Iterator[Path]:
    folder = tempfile.mkdtemp()
    try:
        yield Path(folder) / "books.db"
    finally:
        shutil.rmtree(folder)


def _screens(books: Books, code: str | None = None) -> Screens:
    """What the commands that take `--known-at` show, of one account or of all."""
    lines = [line for line in accounts(books, Choice(), today=_DAY) if code in (None, line.account)]
    cards = [account_card(books, line.account, _WINDOW, today=_DAY) for line in lines]
    wanted = Wanted(include_planned=True)
    codes = [code] if code and lines else []
    return {
        "accounts": lines,
        "cards": [(card.balances, list(card.transactions)) for card in cards],
        "unreconciled": list(unreconciled(books, codes, wanted, today=_DAY)) if lines else [],
    }


def _named(books: Books, place: int) -> str | None:
    """One of the items, by its name."""
    names = [
        f"{row[0]}/{row[1]}:{row[2]}"
        for row in books.connection.execute("SELECT kind, document, line FROM v_items ORDER BY item")
    ]
    return names[place % len(names)] if names else None


def _loads(rows: list[Row], *, update: bool, checkout: bool) -> Step:
    rules = Rules(match=checkout, update_reconciled=update)
    return lambda books: load_text(books, as_csv(rows), rules)


def _of_one(act: Callable[[Books, str], object], place: int) -> Step:
    def step(books: Books) -> None:
        if name := _named(books, place):
            act(books, name)

    return step


def _of_two(place: int, other: int) -> Step:
    def step(books: Books) -> None:
        one, two = _named(books, place), _named(books, other)
        if one and two:
            match(books, [one, two], STAMP)

    return step


def _undoes(back: int) -> Step:
    def step(books: Books) -> None:
        undo(books, max(1, known_at.last_operation(books.connection) - back), STAMP, confirm=lambda _removal: True)

    return step


def _yes(_removal: object) -> bool:
    return True


_PLACES = st.integers(0, 12)
LOADS = st.builds(_loads, strategies.books(most_documents=5), update=st.booleans(), checkout=st.booleans())
CHANGES = st.one_of(
    LOADS,
    st.booleans().map(lambda planned: lambda books: auto(books, None, STAMP, AutoChoice(include_planned=planned))),
    st.builds(_of_two, _PLACES, _PLACES),
    _PLACES.map(lambda place: _of_one(lambda books, name: unmatch(books, [name], STAMP, confirm=_yes), place)),
    _PLACES.map(lambda place: _of_one(lambda books, name: hold(books, [name], STAMP), place)),
    _PLACES.map(lambda place: _of_one(lambda books, name: release(books, [name], STAMP), place)),
    st.sampled_from(_CODES).map(lambda code: lambda books: hold(books, [code], STAMP)),
)
STEPS = st.one_of(
    CHANGES,
    st.sampled_from([20200101, 20240115]).map(lambda day: lambda books: lock(books, day, STAMP)),
    st.just(lambda books: reopen(books, 20190101, STAMP)),
    st.just(_undoes(0)),
    st.integers(0, 4).map(_undoes),
)


@settings(deadline=None, max_examples=25)
@given(first=LOADS, more=st.lists(STEPS, min_size=2, max_size=9))
def test_known_at_shows_what_was_shown(first: Step, more: list[Step]) -> None:
    shown: dict[int, Screens] = {}
    with _folder() as path:
        with Books.open(path, change=True) as books:
            for step in [first, *more]:
                with suppress(ReconcileError):
                    step(books)
                shown[known_at.last_operation(books.connection)] = _screens(books)
        for operation, screens in shown.items():
            if operation == 0:
                continue
            with Books.open(path) as books:
                known_at.know_at(books.connection, operation)
                assert _screens(books) == screens, f"all accounts after operation {operation}"
            for code in _CODES:
                with Books.open(path) as books:
                    of_one = known_at.accounts_named(books.connection, [code], operation)
                    known_at.know_at(books.connection, operation, accounts=of_one)
                    assert _screens(books, code) == _of_account(screens, code), f"{code} after operation {operation}"


def _of_account(screens: Screens, code: str) -> Screens:
    places = [place for place, line in enumerate(screens["accounts"]) if line.account == code]
    return {
        "accounts": [screens["accounts"][place] for place in places],
        "cards": [screens["cards"][place] for place in places],
        "unreconciled": [line for line in screens["unreconciled"] if line.account == code],
    }


_PLANNED_LATER = (  # what became of PP-1, a planned payment that covers a part of INV-1
    HEADER + "C1,Anne Roy,payment,PP-1,2024-02-10,2024-09-10,,,20.00,CAD,CMD-1,\n",  # it was posted
    HEADER + "C1,Anne Roy,payment,PP-1,2024-01-10,2024-09-10,declined,,20.00,CAD,CMD-1,\n",  # it was declined
    HEADER + "C1,Anne Roy,payment,R-1,2024-02-10,,,,20.00,CAD,,payment/PP-1\n",  # a receipt took its place
    HEADER + "C2,Luc Cote,payment,PP-1,2024-01-10,2024-09-10,planned,,20.00,CAD,CMD-1,\n",  # it moved away
    "",  # its load was taken back
)


@pytest.mark.parametrize("later", _PLANNED_LATER)
def test_a_planned_payment_covered_then_what_it_covered(later: str, tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    with Books.open(path, change=True) as books:
        load_text(books, SMALL)
        screens = _screens(books)
        load_text(books, later) if later else undo(books, 1, STAMP, confirm=_yes)
        assert _screens(books) != screens
    for code in (None, "C1", "C2"):
        with Books.open(path) as books:
            of_one = None if code is None else known_at.accounts_named(books.connection, [code], 1)
            known_at.know_at(books.connection, 1, accounts=of_one)
            assert _screens(books, code) == (screens if code is None else _of_account(screens, code))


@settings(deadline=None, max_examples=40)
@given(steps=st.lists(CHANGES, min_size=1, max_size=8))
def test_undoing_everything_goes_back_through_every_state(steps: list[Step]) -> None:
    """Last first, each undo gives back the books before; at the end they are empty."""
    with _folder() as path, Books.open(path, change=True) as books:
        states = [content(books)]
        for step in steps:
            with suppress(ReconcileError):
                step(books)
            if known_at.last_operation(books.connection) == len(states):
                states.append(content(books))
        for number in range(len(states) - 1, 0, -1):
            undo(books, number, STAMP, confirm=_yes)
            assert content(books) == states[number - 1], f"after undo of operation {number}"
        assert content(books) == [[], [], []]
        assert check(books) == []


_BOTH = (  # what moves from C1 to C2
    HEADER + "{0},Anne Roy,payment,P-1,2024-01-10,,,,20.00,CAD,,invoice/{1}\n",
    HEADER + "{0},Anne Roy,invoice,N-1,2024-01-10,,,4000,-20.00,CAD,,\n",
)
_OWED = (
    HEADER
    + "C1,Anne Roy,invoice,A-1,2024-01-05,,,4000,20.00,CAD,,\nC2,Luc Cote,invoice,B-1,2024-01-05,,,4000,20.00,CAD,,\n"
)


@pytest.mark.parametrize("moves", _BOTH)
@pytest.mark.parametrize("paid", [True, False])
def test_a_credit_that_moved_and_paid_elsewhere_is_what_it_was(moves: str, *, paid: bool, tmp_path: Path) -> None:
    """Whether it had paid before or not, what it pays in its new account takes nothing from it in the old one."""
    path = tmp_path / "books.db"
    with Books.open(path, change=True) as books:
        load_text(books, _OWED)
        load_text(books, moves.format("C1", "A-1"))
        if paid:
            auto(books, None, STAMP, AutoChoice())
        operation, screens = known_at.last_operation(books.connection), _screens(books)
        load_text(books, moves.format("C2", "B-1"), Rules(update_reconciled=True))
        auto(books, None, STAMP, AutoChoice())
        assert books.connection.execute("SELECT status FROM v_accounts WHERE account = 'C2'").fetchone() == (
            "reconciled",
        )
    for code in (None, "C1", "C2"):
        with Books.open(path) as books:
            of_one = None if code is None else known_at.accounts_named(books.connection, [code], operation)
            known_at.know_at(books.connection, operation, accounts=of_one)
            assert _screens(books, code) == (screens if code is None else _of_account(screens, code))
