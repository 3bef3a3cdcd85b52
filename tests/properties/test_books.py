"""Whole books: what does not matter, and what sequences of commands once found (`test_any_commands.py`)."""

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from reconcile_cli.store.books import Books
from reconcile_cli.workflows.auto import Choice, auto
from reconcile_cli.workflows.hold import hold
from reconcile_cli.workflows.load import Rules
from reconcile_cli.workflows.undo import undo
from tests.properties import strategies
from tests.properties.model import Pocket, assert_sound, items_of
from tests.properties.strategies import Row, as_csv, interleaved
from tests.store.small_books import HEADER, STAMP, Content, content, load_text, load_texts

_BOOKS = strategies.books(most_documents=6)


@contextmanager
def new_books() -> Iterator[Books]:
    """Books of their own, which last no longer than the test; nothing waits for the disk."""
    folder = tempfile.mkdtemp()
    try:
        with Books.open(Path(folder) / "books.db", change=True) as books:
            books.connection.execute("PRAGMA synchronous = OFF")
            yield books
    finally:
        shutil.rmtree(folder)


# --- what does not matter ------------------------------------------------------------------------------------


def loaded(texts: list[str]) -> Content:
    """What new books say after one load of these files."""
    with new_books() as books:
        load_texts(books, texts)
        assert_sound(books)
        return content(books)


@settings(max_examples=25, deadline=None)
@given(st.data(), _BOOKS)
def test_the_order_of_the_rows_does_not_matter(data: st.DataObject, rows: list[Row]) -> None:
    """R16, R22."""
    assert loaded([as_csv(data.draw(interleaved(rows)))]) == loaded([as_csv(rows)])


@settings(max_examples=25, deadline=None)
@given(st.data(), _BOOKS)
def test_the_order_of_the_files_does_not_matter(data: st.DataObject, rows: list[Row]) -> None:
    """R16, R22: documents spread over files, and one that stands in two of them counts once."""
    names = sorted({(row["kind"], row["document"]) for row in rows})
    first = data.draw(st.sets(st.sampled_from(names)))
    second = set(names) - first | data.draw(st.sets(st.sampled_from(names), max_size=1))
    texts = [as_csv([row for row in rows if (row["kind"], row["document"]) in part]) for part in (first, second)]
    whole = loaded([as_csv(rows)])
    assert loaded(texts) == whole
    assert loaded(texts[::-1]) == whole


@settings(max_examples=20, deadline=None)
@given(_BOOKS, st.booleans())
def test_auto_empties_a_side_of_every_account(rows: list[Row], include_planned: bool) -> None:  # noqa: FBT001
    """R16: it ends when one side has nothing open; R17: then it adds nothing."""
    with new_books() as books:
        load_text(books, as_csv(rows))
        auto(books, None, STAMP, Choice(include_planned=include_planned))
        counted = ("posted", "planned") if include_planned else ("posted",)
        sides: dict[Pocket, set[bool]] = defaultdict(set)
        for pocket, debit, _amount, open_minor, state, _held in items_of(books).values():
            if open_minor and state in counted:
                sides[pocket].add(debit)
        assert all(len(open_sides) < 2 for open_sides in sides.values())
        assert auto(books, None, STAMP, Choice(include_planned=include_planned)).operation is None


# --- what the sequences above found, in few words ------------------------------------------------------------

_ONE_LINE = HEADER + "C1,,invoice,INV-1,2024-01-31,,,Ice,10.00,CAD,,\n"
_TWO_LINES = _ONE_LINE + "C1,,invoice,INV-1,2024-01-31,,,Ball,5.00,CAD,,\n"


def test_a_load_can_be_undone_when_what_took_a_line_from_it_was_undone_before() -> None:
    """R7: operation 2 took a line out and was taken back; it builds on nothing any more."""
    with new_books() as books:
        load_text(books, _TWO_LINES)
        load_text(books, _ONE_LINE)
        undo(books, 2, STAMP, confirm=lambda _removal: True)
        undo(books, 1, STAMP, confirm=lambda _removal: True)
        assert items_of(books) == {}
        assert_sound(books)


def test_a_name_that_came_with_an_undone_load_is_gone() -> None:
    """R7: the next load, which names nobody, shows the account without a name."""
    with new_books() as books:
        load_text(books, _ONE_LINE.replace("C1,,", "C1,Anne,"))
        undo(books, None, STAMP, confirm=lambda _removal: True)
        load_text(books, _ONE_LINE)
        assert "Anne" not in repr(content(books))


def test_what_moves_to_a_held_account_is_held() -> None:
    """An account's code means all its items, now and later."""
    with new_books() as books:
        load_text(books, _ONE_LINE + "C2,,invoice,INV-2,2024-01-31,,,Ice,10.00,CAD,,\n")
        hold(books, ["C2"], STAMP)
        load_text(books, _ONE_LINE.replace("C1,", "C2,"))
        assert [item[-1] for item in items_of(books).values()] == [True, True]


@settings(max_examples=15, deadline=None)
@given(st.lists(_BOOKS, min_size=1, max_size=3))
def test_undoing_everything_leaves_nothing(loads: list[list[Row]]) -> None:
    """R7: each undo restores what was before; check holds at every step."""
    with new_books() as books:
        said = [content(books)]
        numbers = []
        for rows, number in zip(loads, count(1), strict=False):
            result = load_text(books, as_csv(rows), Rules(update_reconciled=True))
            if result.operation is not None:
                numbers.append(result.operation)
                said.append(content(books))
            made = auto(books, None, STAMP, Choice(include_planned=number % 2 == 0))
            if made.operation is not None:
                numbers.append(made.operation)
                said.append(content(books))
        for number in reversed(numbers):
            assert content(books) == said.pop()
            undo(books, number, STAMP, confirm=lambda _removal: True)
            assert_sound(books)
        assert content(books) == said.pop()


@settings(max_examples=20, deadline=None)
@given(_BOOKS, _BOOKS, _BOOKS)
def test_what_was_undone_leaves_no_trace_for_later_loads(first: list[Row], undone: list[Row], last: list[Row]) -> None:
    """R7, R11, R12: what waits for a document, and what lost an allocation, are as if it had never been."""
    rules = Rules(update_reconciled=True)
    with new_books() as books, new_books() as others:
        for either in (books, others):
            load_text(either, as_csv(first))
        result = load_text(books, as_csv([row | {"account_name": ""} for row in undone]), rules)
        if result.operation is not None:
            undo(books, None, STAMP, confirm=lambda _removal: True)
        assert content(books) == content(others)
        for either in (books, others):
            load_text(either, as_csv(last), rules)
        assert content(books) == content(others)
        assert_sound(books)


@settings(max_examples=20, deadline=None)
@given(_BOOKS, _BOOKS)
def test_what_was_undone_and_done_again_is_as_if_never_undone(first: list[Row], last: list[Row]) -> None:
    """R7: an undo can itself be undone; what comes back is known by later loads as it was."""
    rules = Rules(update_reconciled=True)
    with new_books() as books, new_books() as others:
        for either in (books, others):
            load_text(either, as_csv(first))
        for _again in range(2):
            undo(books, None, STAMP, confirm=lambda _removal: True)
        assert content(books) == content(others)
        for either in (books, others):
            load_text(either, as_csv(last), rules)
        assert content(books) == content(others)
        assert_sound(books)
