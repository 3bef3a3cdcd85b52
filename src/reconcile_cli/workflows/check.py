"""Prove the books: every sum, every link, every hash, and SQLite's own integrity (R3-R5, R8, R26)."""

from collections.abc import Callable
from functools import cache

from reconcile_cli.domain.findings import Finding
from reconcile_cli.domain.keeping import Head
from reconcile_cli.domain.telling import Report
from reconcile_cli.store import checking, history, locking, proof
from reconcile_cli.store.books import Books
from reconcile_cli.text import _


def check(books: Books, *, quick: bool = False, progress: Report | None = None) -> list[Finding]:
    """All findings, none where the books hold; `quick` leaves out the indexes and the chain of hashes."""
    findings: list[Finding] = []
    known = cache(lambda: proof.walked(books.connection))
    steps: list[tuple[str, Callable[[Books], list[Finding]]]] = [
        (_("file"), lambda books: checking.structure(books, known(), quick=quick)),
        (_("sums"), lambda books: checking.meaning(books, known())),
    ]
    if not quick:
        steps += [(_("history"), checking.chain), (_("locks"), locking.findings)]
    for label, step in steps:
        if progress:
            progress(label, 0, None, 0)
        findings += step(books)
    return findings


def compare(books: Books, written_down: str | None) -> tuple[Head, list[Finding]]:
    """The last operation and its hash, and what a hash that was written down elsewhere says against the books.

    It proves only together with `check` of the whole chain, which `check` has to have found in order.
    """
    head = history.head(books, written_down)
    if written_down is None or head.found is not None:
        return head, []
    message = _(
        "no operation has this hash: the history was written anew since it was written down, or it is of other books"
    )
    return head, [Finding("R26", written_down, message)]
