"""R22: a document that the books hold as it is counts as unchanged, unstaged; doubts are settled by staging."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.source import Source
from reconcile_cli.store.books import Books
from reconcile_cli.store.known import Known
from reconcile_cli.workflows.load import load
from tests.store.small_books import HEADER, SMALL, STAMP, load_text, load_texts

PIECE = "C1,Anne Roy,invoice,INV-2,2024-02-01,,,Towel,5.00,CAD,,\n"
SWIMMING = "C1,Anne Roy,invoice,INV-2,2024-02-01,,,Swimming,50.00,CAD,,\n"
MEMBERSHIP = "C1,Anne Roy,invoice,INV-2,2024-02-01,,,Membership,35.00,CAD,,\n"


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    with Books.open(tmp_path / "b.db", change=True) as opened:
        load_text(opened, SMALL)
    with Books.open(tmp_path / "b.db", change=True) as opened:
        yield opened


def test_the_same_file_again_stages_nothing(books: Books) -> None:
    result = load_text(books, SMALL)

    assert (result.added, result.updated, result.operation) == (0, 0, None)
    assert result.unchanged == 12
    assert books.connection.execute("SELECT count(*) FROM temp.stage_txn").fetchone() == (0,)


def test_documents_in_the_order_of_the_books_are_not_searched(books: Books) -> None:
    statements: list[str] = []
    books.connection.set_trace_callback(statements.append)

    assert load_text(books, SMALL).unchanged == 12
    assert not [sql for sql in statements if "WITH seen" in sql or "SELECT digest, id" in sql]
    assert len([sql for sql in statements if "group_concat(digest" in sql]) == 2, "once for each batch"

    rows = SMALL.removeprefix(HEADER).splitlines(keepends=True)
    assert load_text(books, HEADER + "".join(reversed(rows[-3:]))).unchanged == 3
    assert [sql for sql in statements if "WITH seen" in sql]


def test_only_what_differs_is_staged(books: Books) -> None:
    result = load_text(books, SMALL + "C2,Luc Côté,invoice,INV-9,2024-05-01,,,Net,8.00,CAD,,\n")

    assert (result.added, result.updated, result.unchanged) == (1, 0, 12)
    assert books.connection.execute("SELECT document FROM temp.stage_txn").fetchall() == [("INV-9",)]


def test_after_what_differs_the_next_ones_are_known_at_once_again(
    books: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconcile_cli.intake.text_records.BLOCK_CHARACTERS", 200)
    head, *rows = SMALL.splitlines(keepends=True)
    missing = [row for row in rows if "INV-3" not in row]
    statements: list[str] = []
    books.connection.set_trace_callback(statements.append)

    result = load_text(books, head + "".join(missing).replace("Ice,30.00", "Ice,31.00"))

    assert (result.added, result.updated, result.unchanged) == (0, 1, 10)
    one_by_one = [sql for sql in statements if "SELECT digest, id" in sql]
    assert 0 < len(one_by_one) < len([sql for sql in statements if "group_concat(digest" in sql])


def test_new_names_of_known_accounts_are_told_in_the_order_of_the_file(books: Books) -> None:
    head, *rows = SMALL.splitlines(keepends=True)
    later, sooner = [row for row in rows if "C1," in row], [row for row in rows if "C2," in row]

    renamed = "".join([*sooner, *later]).replace("Anne Roy", "Anna Roy").replace("Luc Côté", "Luke Côté")
    result = load_text(books, head + renamed)

    assert [(change.document, change.new) for change in result.changes] == [("C2", "Luke Côté"), ("C1", "Anna Roy")]
    assert (result.updated, result.unchanged) == (0, 12)


def test_a_known_piece_of_a_longer_document_is_not_taken_for_the_whole(books: Books) -> None:
    apart = HEADER + SWIMMING + MEMBERSHIP + "C2,Luc Côté,invoice,INV-9,2024-05-01,,,Net,8.00,CAD,,\n" + PIECE

    result = load_text(books, apart)

    assert (result.added, result.updated, result.unchanged) == (1, 1, 0)
    rows = books.connection.execute("SELECT line, description FROM v_items WHERE document = 'INV-2' ORDER BY line")
    assert rows.fetchall() == [(1, "Swimming"), (2, "Membership"), (3, "Towel")]


def test_a_known_document_twice_in_one_file_has_twice_its_lines(books: Books) -> None:
    between = "C2,Luc Côté,invoice,INV-9,2024-05-01,,,Net,8.00,CAD,,\n"

    result = load_text(books, HEADER + SWIMMING + MEMBERSHIP + between + SWIMMING + MEMBERSHIP)

    assert (result.added, result.updated) == (1, 1)
    rows = books.connection.execute("SELECT count(*) FROM v_items WHERE document = 'INV-2'")
    assert rows.fetchone() == (4,)


def test_a_known_document_in_two_files_counts_once(books: Books) -> None:
    result = load_texts(books, [HEADER + SWIMMING + MEMBERSHIP, HEADER + SWIMMING + MEMBERSHIP])

    assert (result.added, result.updated, result.unchanged, result.operation) == (0, 0, 1, None)


def test_what_another_operation_changed_since_the_reading_is_compared_again(
    books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = HEADER + SWIMMING + "C1,Anne Roy,invoice,INV-2,2024-02-01,,,Membership,36.00,CAD,,\n"
    finish = Known.finish

    def somebody_is_quicker(known: Known) -> None:
        finish(known)
        monkeypatch.setattr(Known, "finish", finish)
        path = tmp_path / "changed.csv"
        path.write_text(changed, encoding="utf-8")
        with Books.open(tmp_path / "b.db", change=True) as other:
            load(other, [Source(str(path))], ReadOptions(), STAMP, arguments={})

    monkeypatch.setattr(Known, "finish", somebody_is_quicker)

    result = load_text(books, HEADER + SWIMMING + MEMBERSHIP)

    assert (result.updated, result.unchanged) == (1, 0)
    rows = books.connection.execute("SELECT sum(amount_minor) FROM v_items WHERE document = 'INV-2'")
    assert rows.fetchone() == (8500,)
