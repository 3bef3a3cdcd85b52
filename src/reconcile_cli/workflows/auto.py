"""Automatic reconciliation, oldest to oldest (R16, R17)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import NamedTuple

from reconcile_cli.domain.matching import Stage, chronological
from reconcile_cli.domain.results import MatchResult, Stamp
from reconcile_cli.domain.writing_off import WrittenOff
from reconcile_cli.store import allocating, open_items, writing_off
from reconcile_cli.store.books import Books
from reconcile_cli.store.lookup import find_account
from reconcile_cli.store.open_items import OpenRow, Scope
from reconcile_cli.store.operation import operation, rehearsal
from reconcile_cli.text import _
from reconcile_cli.workflows.results import made, planned
from reconcile_cli.workflows.writing_off import WriteOff, close

Progress = Callable[[str, int, int | None], None]


class Choice(NamedTuple):
    """What `auto` takes: both sides dated up to `until`, by due date or by date, planned payments too or not.

    `write_off`: which differences it closes at the end.
    """

    until: int | None = None
    by_due: bool = False
    include_planned: bool = False
    dry_run: bool = False
    write_off: WriteOff | None = None


def auto(
    books: Books,
    accounts: Sequence[str] | None,
    stamp: Stamp,
    choice: Choice = Choice(),  # noqa: B008 - immutable
    *,
    progress: Progress | None = None,
) -> MatchResult:
    """Reconcile the open items of the accounts (None: of all) in the total order of R16.

    Raises:
        UnknownName: an account is not known.
    """
    ids = None if accounts is None else [find_account(books, code) for code in accounts]
    scope = Scope(ids, choice.until, choice.by_due, choice.include_planned)
    if choice.dry_run:
        return _rehearsed(books, scope, accounts, choice, progress)
    given = choice._replace(write_off=None)._asdict() | (choice.write_off.given() if choice.write_off else {})
    arguments = {"accounts": accounts, **{key: value for key, value in given.items() if value}}
    written: Sequence[WrittenOff] = ()
    with operation(books, "auto", arguments, stamp) as op:
        count = allocating.plan(op.connection, _proposed(books, scope, progress))
        if choice.write_off:
            small = writing_off.small_differences(books, scope, choice.write_off.tolerance)
            written = close(op, small, choice.write_off.ledger_code, stamp)
        if count == 0 and not written:
            op.abandon()
        else:
            if progress:
                progress(_("writing"), 0, None)
            allocating.make_planned(op)
    return made(op, accounts)._replace(written_off=written)


def _rehearsed(
    books: Books, scope: Scope, accounts: Sequence[str] | None, choice: Choice, progress: Progress | None
) -> MatchResult:
    """What `auto` would make, from one reading of the books; nothing is written but TEMP."""
    with rehearsal(books):
        allocating.plan(books.connection, _proposed(books, scope, progress))
        small = writing_off.small_differences(books, scope, choice.write_off.tolerance) if choice.write_off else ()
        told = list(writing_off.told(books.connection, small))
    return planned(books, accounts)._replace(written_off=told)


def _proposed(books: Books, scope: Scope, progress: Progress | None) -> Iterator[allocating.PlanRow]:
    debits, posted, planned = open_items.matching_runs(books, scope)
    count = 0
    posted_groups, planned_groups = _Groups(posted), _Groups(planned or ())
    for pocket, debit_run in groupby(debits, key=itemgetter(0)):
        planned_run = [row[1:] for row in planned_groups.of(pocket)]
        planned_ids = {item for item, _open in planned_run}
        credit_run = chain((row[1:] for row in posted_groups.of(pocket)), planned_run)
        for link in chronological((row[1:] for row in debit_run), credit_run):
            count += 1
            if progress and count % 10_000 == 0:
                progress(_("matching"), count, None)
            yield *link, Stage.DATE, None, int(link.credit_id in planned_ids)


class _Groups:
    """A run of rows sorted by pocket, given out pocket by pocket in rising order."""

    def __init__(self, rows: Iterable[OpenRow]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._pocket: int | None = None
        self._run: Iterable[OpenRow] = ()
        self._advance()

    def of(self, pocket: int) -> Iterable[OpenRow]:
        """The rows of a pocket, which is above all those asked for before."""
        while self._pocket is not None and self._pocket < pocket:
            self._advance()
        return self._run if self._pocket == pocket else ()

    def _advance(self) -> None:
        self._pocket, self._run = next(self._groups, (None, ()))
