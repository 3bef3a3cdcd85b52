"""Load files: all or nothing, and the same content twice changes nothing (R10-R14, R21-R24)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import NamedTuple

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.load_results import LoadResult
from reconcile_cli.domain.results import SHOWN, Stamp
from reconcile_cli.domain.telling import Report
from reconcile_cli.errors import BadInput, Problem
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.source import Source
from reconcile_cli.store import allocating, allocation_lines, arriving, history, holding, stating
from reconcile_cli.store.books import Books
from reconcile_cli.store.first_load import FirstLoad
from reconcile_cli.store.known import NotPlain
from reconcile_cli.store.operation import Operation, operation
from reconcile_cli.store.staging import Stage, staging
from reconcile_cli.text import _
from reconcile_cli.workflows import arrivals, closed, rejects, updates
from reconcile_cli.workflows.cancellations import paid_already
from reconcile_cli.workflows.reading import Read, read_into

Tell = Callable[[Sequence[str]], None]
_ACCOUNTS_NAMED = 20


class Rules(NamedTuple):
    """What a load may do: R12 (`match`), R24 (`update_reconciled`), R23 (`rejects`: where bad documents go)."""

    dry_run: bool = False
    match: bool = True
    update_reconciled: bool = False
    rejects: Path | None = None


def load(  # noqa: PLR0913 - a use case takes what the command line gives it
    books: Books,
    sources: Sequence[Source],
    options: ReadOptions,
    stamp: Stamp,
    rules: Rules = Rules(),  # noqa: B008 - immutable
    *,
    arguments: Mapping[str, object],
    progress: Report | None = None,
    tell: Tell | None = None,
) -> LoadResult:
    """Load files into the books, all of them or nothing.

    `tell` gets the notes on how the files were read as soon as they are read, before anything is decided; without
    it they are in the result.

    Raises:
        BadInput: the input has problems; nothing was loaded. With `rules.rejects` only what makes a whole file
            unreadable is one; bad documents are written there, and the others are loaded.
        UnreadableFile, BadReadOption, UnknownCurrency: a file or an option cannot be used.
    """
    if rules.rejects is not None:
        rejects.refuse_existing(rules.rejects)
    job = _Job(books, sources, options, stamp, rules, arguments, progress, tell)
    if rules.rejects is None:
        with suppress(NotPlain):
            return _first(job) if arriving.books_are_empty(books) else _staged(job, skip_known=True)
    return _staged(job, skip_known=False)


class _Job(NamedTuple):
    """One call of `load`: what it was given."""

    books: Books
    sources: Sequence[Source]
    options: ReadOptions
    stamp: Stamp
    rules: Rules
    arguments: Mapping[str, object]
    progress: Report | None
    tell: Tell | None

    def operation(self) -> AbstractContextManager[Operation]:
        """The operation of this load."""
        return operation(self.books, "load", self.arguments, self.stamp)

    def read_into(self, stage: Stage | FirstLoad) -> Read:
        """Read all files, and tell at once what was noticed."""
        read = read_into(stage, self.sources, self.options, self.progress, preview=self.rules.dry_run)
        if self.tell is not None:
            self.tell(read.notes)
            read.notes = []
        return read


def _first(job: _Job) -> LoadResult:
    with job.operation() as op:
        first = FirstLoad(op)
        read = job.read_into(first)
        result = _load_first(op, first, job.rules, job.progress)
        if job.rules.dry_run or result.operation is None:
            op.abandon()
        return _told(result, read, op, job.rules)


def _staged(job: _Job, *, skip_known: bool) -> LoadResult:
    rules = job.rules
    with staging(job.books, skip_known=skip_known) as stage:
        read = job.read_into(stage)
    if read.problem_count and (rules.rejects is None or stage.has_unread_file()):
        raise _refusal(read, rules, read.problems, read.problem_count)
    while True:
        rejected = stage.drop_bad()
        with job.operation() as op:
            result, refused = _write(op, stage, job)
            if result.problems or rules.dry_run or result.operation is None:
                op.abandon()
            if rejected and not result.problems and not rules.dry_run and rules.rejects is not None:
                rejects.write(rules.rejects, stage, job.sources, job.options)
        if not result.problems:
            break
        if rules.rejects is None:
            raise _refusal(read, rules, list(result.problems), result.problem_count)
        read.add_problems(result.problems)
        stage.reject(refused, [(problem.file, problem.line, problem.expected) for problem in result.problems])
    return _told(result._replace(rejected=rejected), read, op, rules)


def _refusal(read: Read, rules: Rules, problems: list[Problem], count: int) -> BadInput:
    refusal = BadInput(problems, count, rows=read.rows)
    refusal.files = read.files if rules.dry_run else ()
    return refusal


def _told(result: LoadResult, read: Read, op: Operation, rules: Rules) -> LoadResult:
    return result._replace(
        dry_run=rules.dry_run,
        rows=read.rows,
        problems=read.problems,
        problem_count=read.problem_count,
        operation=None if op.abandoned else op.number,
        notes=[*read.notes, *result.notes],
        files=read.files,
    )


def _write(op: Operation, stage: Stage, job: _Job) -> tuple[LoadResult, list[closed.Refused]]:
    """Write the staged documents and follow R10 to R14; nothing is committed here.

    With the result come the documents that R24 and R25 refuse; then nothing else was done.
    """
    rules, progress, names = job.rules, job.progress, [source.name for source in job.sources]
    _tell(progress, _("writing"))
    added, changed, unchanged = arriving.resolve(stage, op.number)
    renamed = arriving.renamed(stage)
    result = LoadResult(dry_run=False, rows=0, added=added, updated=changed, unchanged=unchanged, rejected=0)
    if not (added or changed or renamed):
        return result, []
    arriving.know_pockets(stage)
    outcome = updates.Outcome()
    for place, problem in closed.late_documents(op, names):
        outcome.refused.append(place)
        outcome.problems.append(problem)
    updates.rename(op, renamed, outcome)
    updates.plan_changes(op, stage, names, outcome, allow=rules.update_reconciled)
    if outcome.problems:
        return result._replace(problems=outcome.problems, problem_count=len(outcome.problems)), outcome.refused
    allocating.remove_freed(op)
    updates.apply_changes(op, stage)
    arriving.insert_new(stage, op.number, op.first.txn)
    items, accounts = arriving.held(stage, op.first.txn)
    holding.set_items(op, items, held=True)
    for account in accounts:
        holding.set_account(op, account, held=True)
    stating.prepare(op.connection)
    stating.prepare_flagged(op.connection)
    arriving.prepare(stage, op.first.txn)
    result = _reconcile(op, rules, result._replace(changes=outcome.changes, notes=outcome.notes), progress)
    return result._replace(
        accounts=arriving.accounts(stage, _ACCOUNTS_NAMED),
        open_debits=arriving.still_open(stage, Side.DEBIT),
        open_credits=arriving.still_open(stage, Side.CREDIT),
    ), []


def _load_first(op: Operation, first: FirstLoad, rules: Rules, progress: Report | None) -> LoadResult:
    """Follow R10 to R14 in books that were empty."""
    result = LoadResult(dry_run=False, rows=0, added=first.count(), updated=0, unchanged=0, rejected=0)
    if not result.added:
        return result
    stating.prepare(op.connection)
    first.prepare()
    return _reconcile(op, rules, result, progress)._replace(
        accounts=first.accounts(_ACCOUNTS_NAMED),
        open_debits=first.still_open(Side.DEBIT),
        open_credits=first.still_open(Side.CREDIT),
    )


def _reconcile(op: Operation, rules: Rules, result: LoadResult, progress: Report | None) -> LoadResult:
    if result.unchanged:
        op.note_argument(history.UNCHANGED, result.unchanged)
    _tell(progress, _("reconciling"))
    arrived = arrivals.reconcile_arrivals(op, checkout=rules.match)
    _tell(progress, _("proving"))
    op.seal()
    return result._replace(
        within_document=arrived.within_document,
        stated=arrived.stated,
        checkout=arrived.checkout,
        unmet=arrived.unmet,
        removed=allocation_lines.count_freed(op.connection),
        freed=allocation_lines.freed(op.connection, SHOWN),
        paid_already=paid_already(op, SHOWN),
        operation=op.number,
    )


def _tell(progress: Report | None, label: str) -> None:
    if progress:
        progress(label, 0, None, 0)
