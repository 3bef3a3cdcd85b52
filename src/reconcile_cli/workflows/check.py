"""Prove the books: every sum, every link, every hash, and SQLite's own integrity (R3-R5, R8, R26)."""

from collections.abc import Callable
from functools import partial

from reconcile_cli.domain.records import Finding
from reconcile_cli.store import checking
from reconcile_cli.store.books import Books
from reconcile_cli.text import _

Progress = Callable[[str, int, int | None], None]


def check(books: Books, *, quick: bool = False, progress: Progress | None = None) -> list[Finding]:
    """All findings, none where the books hold; `quick` leaves out the indexes and the chain of hashes."""
    steps: list[tuple[str, Callable[[Books], list[Finding]]]] = [
        (_("file"), partial(checking.structure, quick=quick)),
        (_("sums"), checking.meaning),
    ]
    if not quick:
        steps.append((_("history"), checking.chain))
    findings: list[Finding] = []
    for done, (label, step) in enumerate(steps):
        if progress:
            progress(label, done, len(steps))
        findings += step(books)
    return findings
