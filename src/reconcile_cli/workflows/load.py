"""Load files: all or nothing, and the same content twice changes nothing (R10-R14, R21-R24)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from reconcile_cli.domain.kinds import Side
from reconcile_cli.domain.money import exponent
from reconcile_cli.domain.results import Freed, LoadResult, Stamp
from reconcile_cli.errors import BadInput, Problem
from reconcile_cli.intake import ReadOptions, Source, merge, read_documents
from reconcile_cli.store import allocating, allocation_lines
from reconcile_cli.store.books import Books
from reconcile_cli.store.operation import Operation, operation
from reconcile_cli.store.staging import Run, Stage
from reconcile_cli.text import _
from reconcile_cli.workflows import arrivals, updates

Progress = Callable[[str, int, int | None], None]
_SHOWN = 1_000
_ACCOUNTS_NAMED = 20


class Rules(NamedTuple):
    """What a load may do: R12 (`match`), R24 (`update_reconciled`), R23 (`rejects`: leave bad documents out)."""

    dry_run: bool = False
    match: bool = True
    update_reconciled: bool = False
    rejects: bool = False


@dataclass(slots=True)
class _Reading:
    """What the files held, so far."""

    rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    notes: list[str] = field(default_factory=list)

    def add_problems(self, problems: Sequence[Problem]) -> None:
        self.problem_count += len(problems)
        self.problems += problems[: max(0, _SHOWN - len(self.problems))]


def load(  # noqa: PLR0913 - a use case takes what the command line gives it
    books: Books,
    sources: Sequence[Source],
    options: ReadOptions,
    stamp: Stamp,
    rules: Rules = Rules(),  # noqa: B008 - immutable
    *,
    arguments: Mapping[str, object],
    progress: Progress | None = None,
) -> tuple[LoadResult, list[tuple[int, int]]]:
    """Load files into the books; with the result come the rows (file, line) that were left out.

    Raises:
        BadInput: the input has problems, and `rules.rejects` was not given; nothing was loaded.
    """
    stage = Stage(books)
    read = _stage(stage, sources, options, progress)
    _settle(stage, read, [source.name for source in sources])
    if read.problem_count and not rules.rejects:
        raise BadInput(read.problems, read.problem_count)
    with operation(books, "load", arguments, stamp) as op:
        rejected = stage.drop_bad()
        result = _write(op, stage, rules, [source.name for source in sources], progress)
        if result.problems and not rules.rejects:
            raise BadInput(list(result.problems), result.problem_count)
        if rules.dry_run or result.operation is None:
            op.abandon()
    result = replace(
        result,
        dry_run=rules.dry_run,
        rows=read.rows,
        rejected=rejected,
        problems=read.problems,
        problem_count=read.problem_count,
        operation=None if op.abandoned else op.number,
        notes=[*read.notes, *result.notes],
    )
    return result, stage.bad_rows() if rejected else []


def _stage(stage: Stage, sources: Sequence[Source], options: ReadOptions, progress: Progress | None) -> _Reading:
    read = _Reading()
    size = sum(source.size() or 0 for source in sources)
    for batch in read_documents(sources, options):
        stage.add(batch.headers, batch.lines, batch.names.items())
        stage.reject(batch.bad)
        read.rows += len(batch.lines) + len(batch.bad)
        read.add_problems(batch.problems)
        read.notes += batch.notes
        if progress:
            progress(_("reading"), batch.bytes_read, size or None)
    stage.finish(exponent)
    return read


def _settle(stage: Stage, read: _Reading, names: Sequence[str]) -> None:
    """Join the runs of one document; the same document in two files counts once if equal (R22)."""
    for runs in stage.runs_of_one_document():
        wholes: list[Run] = []
        for runs_of_file in _by_file(runs):
            whole = (
                merge([(run.header, run.lines) for run in runs_of_file]) if len(runs_of_file) > 1 else runs_of_file[0]
            )
            if isinstance(whole, list):
                read.add_problems(whole)
                stage.reject([(run.header[1], run.header[2], run.header[3], run.header[4]) for run in runs_of_file])
            else:
                wholes.append(Run(*whole))
        if not wholes:
            continue
        for other in wholes[1:]:
            if other.header[-1] != wholes[0].header[-1]:
                first, second = wholes[0].header, other.header
                read.add_problems(
                    [
                        Problem(
                            names[second[1]],
                            second[2],
                            "document",
                            second[4],
                            _(
                                "the same content as in {file}, line {line}: one document has one content in a load"
                            ).format(file=names[first[1]], line=first[2]),
                        )
                    ]
                )
                stage.reject([(header[1], header[2], header[3], header[4]) for header in (first, second)])
        stage.replace_runs(runs, wholes[0])


def _by_file(runs: Sequence[Run]) -> Iterator[list[Run]]:
    files = dict.fromkeys(run.header[1] for run in runs)
    return ([run for run in runs if run.header[1] == file] for file in files)


def _write(op: Operation, stage: Stage, rules: Rules, names: Sequence[str], progress: Progress | None) -> LoadResult:
    """Write the staged documents and follow R10 to R14; nothing is committed here."""

    def tell(label: str) -> None:
        if progress:
            progress(label, 0, None)

    tell(_("writing"))
    first_load = stage.books_are_empty()
    added, changed, unchanged = stage.resolve(op.number)
    renamed = stage.renamed()
    result = LoadResult(dry_run=False, rows=0, added=added, updated=changed, unchanged=unchanged, rejected=0)
    if not (added or changed or renamed):
        return result
    outcome = updates.Outcome()
    updates.rename(op, renamed, outcome)
    updates.plan_changes(op, stage, names, outcome, allow=rules.update_reconciled)
    if outcome.problems:
        return replace(result, problems=outcome.problems, problem_count=len(outcome.problems))
    allocating.remove_freed(op)
    updates.apply_changes(op, stage)
    if first_load:
        op.suspend_indexes()
    stage.insert_new(op.number, op.first.txn)
    op.restore_indexes(keep_off=frozenset({"item_open"}))
    tell(_("reconciling"))
    arrived = arrivals.reconcile_arrivals(op, checkout=rules.match)
    tell(_("proving"))
    op.seal()
    return replace(
        result,
        within_document=arrived.within_document,
        stated=arrived.stated,
        checkout=arrived.checkout,
        unmet=arrived.unmet,
        changes=outcome.changes,
        removed=allocation_lines.count_freed(op.connection),
        freed=[Freed(line, why) for line, why in allocation_lines.freed(op.connection, _SHOWN)],
        accounts=stage.accounts(_ACCOUNTS_NAMED),
        open_debits=stage.still_open(Side.DEBIT),
        open_credits=stage.still_open(Side.CREDIT),
        operation=op.number,
        notes=outcome.notes,
    )
