"""Automatic reconciliation: oldest to oldest, or by stages (R16, R17)."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.matching import Stage, parts
from reconcile_cli.domain.results import MatchResult, Stamp
from reconcile_cli.store import allocating, open_items
from reconcile_cli.store.books import Books
from reconcile_cli.store.lookup import find_account
from reconcile_cli.store.open_items import OpenRow, Scope
from reconcile_cli.store.operation import operation, rehearsal
from reconcile_cli.text import _
from reconcile_cli.workflows.results import made, planned

if TYPE_CHECKING:  # most run by date alone, and write nothing off
    from reconcile_cli.domain.stages.run import Step
    from reconcile_cli.domain.suggestions import Doubtful
    from reconcile_cli.domain.telling import Report
    from reconcile_cli.domain.writing_off import WriteOff, WrittenOff

_POCKET = itemgetter(2)


class Choice(NamedTuple):
    """What `auto` takes: both sides dated up to `until`, by due date or by date, planned payments too or not.

    `smart` runs the careful stages, and `then_date` closes what they leave; else `stages` run in their order.
    `write_off`: which differences are closed at the end.
    """

    until: int | None = None
    by_due: bool = False
    include_planned: bool = False
    dry_run: bool = False
    stages: tuple[Stage, ...] = (Stage.DATE,)
    smart: bool = False
    then_date: bool = False
    days: int | None = None
    write_off: "WriteOff | None" = None

    def steps(self) -> "Sequence[Step]":
        """The stages with how each decides."""
        from reconcile_cli.domain.stages.items import Settings  # noqa: PLC0415 - see above
        from reconcile_cli.domain.stages.run import smart  # noqa: PLC0415

        settings = Settings(self.days)
        if self.smart:
            return smart(settings, then_date=self.then_date)
        return [(stage, settings) for stage in self.stages]

    @property
    def is_plain(self) -> bool:
        """Whether it goes by date alone."""
        return not self.smart and list(self.stages) == [Stage.DATE]

    def told(self) -> dict[str, object]:
        """What differs from plain `auto`, for the history."""
        told = {key: value for key, value in self._asdict().items() if value != Choice._field_defaults[key]}
        if self.until is not None:
            told["until"] = iso(self.until)
        if "stages" in told:
            told["stages"] = [stage.code for stage in self.stages]
        return told | (self.write_off.given() if self.write_off else {})


def auto(
    books: Books,
    accounts: Sequence[str] | None,
    stamp: Stamp,
    choice: Choice = Choice(),  # noqa: B008 - immutable
    *,
    progress: "Report | None" = None,
) -> MatchResult:
    """Reconcile the open items of the accounts (None: of all): in the total order of R16, or by stages.

    Raises:
        UnknownName: an account is not known.
    """
    ids = None if accounts is None else [find_account(books, code) for code in accounts]
    scope = Scope(ids, choice.until, choice.by_due, choice.include_planned)
    doubts: list[Doubtful] = []
    written: Sequence[WrittenOff] = ()
    if choice.dry_run:
        with rehearsal(books):
            allocating.plan(books.connection, _rows(books, scope, choice, doubts, progress))
            if choice.write_off:
                from reconcile_cli.workflows.writing_off import small  # noqa: PLC0415 - see above

                written = small(books, scope, choice.write_off)
            result = planned(books, accounts)._replace(doubts=doubts, written_off=written)
        return result._replace(outcomes=(outcome._replace(searched=not choice.is_plain) for outcome in result.outcomes))
    with operation(books, "auto", {"accounts": accounts, **choice.told()}, stamp) as op:
        count = allocating.plan(op.connection, _rows(books, scope, choice, doubts, progress))
        if choice.write_off:
            from reconcile_cli.workflows.writing_off import close_small  # noqa: PLC0415 - see above

            written = close_small(op, scope, choice.write_off, stamp)
        if count == 0 and not written:
            op.abandon()
        else:
            if progress:
                progress(_("writing"), 0, None, 0)
            allocating.make_planned(op)
    return made(op, accounts)._replace(doubts=doubts, written_off=written)


def _rows(
    books: Books, scope: Scope, choice: Choice, doubts: "list[Doubtful]", progress: "Report | None"
) -> Iterator[allocating.PlanRow]:
    """The links to make. By date alone they come as they are read, however large an account is."""
    if choice.is_plain:
        return _by_date(books, scope, progress)
    from reconcile_cli.workflows.proposing import plan_rows, proposals  # noqa: PLC0415 - see above

    return plan_rows(proposals(books, scope, choice.steps(), doubts, progress))


def _by_date(books: Books, scope: Scope, progress: "Report | None") -> Iterator[allocating.PlanRow]:
    debits, posted, planned = open_items.matching_runs(books, scope)
    count = 0
    pockets = open_items.count_pockets(books, scope) if progress else 0
    posted_groups, planned_groups = _Groups(posted), _Groups(planned or ())
    stage = int(Stage.DATE)  # a plain number, and no reason as an empty text: see `store/bulk.py`
    for place, (pocket, debit_run) in enumerate(groupby(debits, key=_POCKET)):
        planned_run = list(planned_groups.of(pocket))
        planned_ids = {item for item, _open, _pocket in planned_run}
        for debit, credit, amount_minor in parts(debit_run, chain(posted_groups.of(pocket), planned_run)):
            count += 1
            if progress and count % 10_000 == 0:
                progress(_("matching"), place, pockets, count)
            yield debit, credit, amount_minor, stage, "", int(credit in planned_ids)


class _Groups:
    """A run of rows sorted by pocket, given out pocket by pocket in rising order."""

    def __init__(self, rows: Iterable[OpenRow]) -> None:
        self._groups = groupby(rows, key=_POCKET)
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
