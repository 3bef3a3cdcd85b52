"""Load files: all or nothing, and the same content twice changes nothing (R10-R14, R21-R24)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.results import SHOWN, Freed, LoadResult, Stamp
from reconcile_cli.errors import BadInput
from reconcile_cli.intake import ReadOptions, Source
from reconcile_cli.store import allocating, allocation_lines, arriving, history, holding, stating
from reconcile_cli.store.books import Books
from reconcile_cli.store.first_load import FirstLoad, NotPlain
from reconcile_cli.store.operation import Operation, operation
from reconcile_cli.store.staging import Stage
from reconcile_cli.text import _
from reconcile_cli.workflows import arrivals, closed, rejects, updates
from reconcile_cli.workflows.reading import Read, read_into

Progress = Callable[[str, int, int | None], None]
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
    progress: Progress | None = None,
) -> LoadResult:
    """Load files into the books, all of them or nothing.

    Raises:
        BadInput: the input has problems; nothing was loaded. With `rules.rejects` only what makes a whole file
            unreadable is one; bad documents are written there, and the others are loaded.
        UnreadableFile, BadReadOption, UnknownCurrency: a file or an option cannot be used.
    """
    if rules.rejects is not None:
        rejects.refuse_existing(rules.rejects)
    names = [source.name for source in sources]
    if rules.rejects is None and arriving.books_are_empty(books):
        with suppress(NotPlain), operation(books, "load", arguments, stamp) as op:
            first = FirstLoad(op)
            read = read_into(first, sources, options, progress)
            result = _load_first(op, first, rules, progress)
            if rules.dry_run or result.operation is None:
                op.abandon()
            return _told(result, read, op, rules)
    stage = Stage(books)
    read = read_into(stage, sources, options, progress)
    if read.problem_count and (rules.rejects is None or stage.has_unread_file()):
        raise BadInput(read.problems, read.problem_count, rows=read.rows)
    while True:
        rejected = stage.drop_bad()
        with operation(books, "load", arguments, stamp) as op:
            result, refused = _write(op, stage, rules, names, progress)
            if result.problems or rules.dry_run or result.operation is None:
                op.abandon()
            if rejected and not result.problems and not rules.dry_run and rules.rejects is not None:
                rejects.write(rules.rejects, stage, sources, options)
        if not result.problems:
            break
        if rules.rejects is None:
            raise BadInput(list(result.problems), result.problem_count, rows=read.rows)
        read.add_problems(result.problems)
        stage.reject(refused, [(problem.file, problem.line, problem.expected) for problem in result.problems])
    return _told(replace(result, rejected=rejected), read, op, rules)


def _told(result: LoadResult, read: Read, op: Operation, rules: Rules) -> LoadResult:
    return replace(
        result,
        dry_run=rules.dry_run,
        rows=read.rows,
        problems=read.problems,
        problem_count=read.problem_count,
        operation=None if op.abandoned else op.number,
        notes=[*read.notes, *result.notes],
    )


def _write(
    op: Operation, stage: Stage, rules: Rules, names: Sequence[str], progress: Progress | None
) -> tuple[LoadResult, list[updates.Refused]]:
    """Write the staged documents and follow R10 to R14; nothing is committed here.

    With the result come the documents that R24 and R25 refuse; then nothing else was done.
    """
    _tell(progress, _("writing"))
    added, changed, unchanged = arriving.resolve(stage, op.number)
    renamed = arriving.renamed(stage)
    result = LoadResult(dry_run=False, rows=0, added=added, updated=changed, unchanged=unchanged, rejected=0)
    if not (added or changed or renamed):
        return result, []
    outcome = updates.Outcome()
    for place, problem in closed.late_documents(op, names):
        outcome.refused.append(place)
        outcome.problems.append(problem)
    updates.rename(op, renamed, outcome)
    updates.plan_changes(op, stage, names, outcome, allow=rules.update_reconciled)
    if outcome.problems:
        return replace(result, problems=outcome.problems, problem_count=len(outcome.problems)), outcome.refused
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
    result = _reconcile(op, rules, replace(result, changes=outcome.changes, notes=outcome.notes), progress)
    return replace(
        result,
        accounts=arriving.accounts(stage, _ACCOUNTS_NAMED),
        open_debits=arriving.still_open(stage, Side.DEBIT),
        open_credits=arriving.still_open(stage, Side.CREDIT),
    ), []


def _load_first(op: Operation, first: FirstLoad, rules: Rules, progress: Progress | None) -> LoadResult:
    """Follow R10 to R14 in books that were empty."""
    result = LoadResult(dry_run=False, rows=0, added=first.count(), updated=0, unchanged=0, rejected=0)
    if not result.added:
        return result
    stating.prepare(op.connection)
    first.prepare()
    return replace(
        _reconcile(op, rules, result, progress),
        accounts=first.accounts(_ACCOUNTS_NAMED),
        open_debits=first.still_open(Side.DEBIT),
        open_credits=first.still_open(Side.CREDIT),
    )


def _reconcile(op: Operation, rules: Rules, result: LoadResult, progress: Progress | None) -> LoadResult:
    if result.unchanged:
        op.note_argument(history.UNCHANGED, result.unchanged)
    _tell(progress, _("reconciling"))
    arrived = arrivals.reconcile_arrivals(op, checkout=rules.match)
    _tell(progress, _("proving"))
    op.seal()
    return replace(
        result,
        within_document=arrived.within_document,
        stated=arrived.stated,
        checkout=arrived.checkout,
        unmet=arrived.unmet,
        removed=allocation_lines.count_freed(op.connection),
        freed=[Freed(line, why) for line, why in allocation_lines.freed(op.connection, SHOWN)],
        operation=op.number,
    )


def _tell(progress: Progress | None, label: str) -> None:
    if progress:
        progress(label, 0, None)
