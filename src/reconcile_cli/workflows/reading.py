"""Read files into the stage: rows, problems, and one whole of each document (R22, R23)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reconcile_cli.domain.money import exponent
from reconcile_cli.domain.results import SHOWN
from reconcile_cli.domain.telling import Report
from reconcile_cli.domain.understanding import Understanding
from reconcile_cli.errors import Problem
from reconcile_cli.intake.merging import merge
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.reading import read_documents
from reconcile_cli.intake.source import Source
from reconcile_cli.intake.understanding import decision
from reconcile_cli.store.first_load import FirstLoad
from reconcile_cli.store.staging import Run, Stage
from reconcile_cli.text import _
from reconcile_cli.workflows.preview import Preview


@dataclass(slots=True)
class Read:
    """What the files held: the first problems, and how many there are."""

    rows: int = 0
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    notes: list[str] = field(default_factory=list)
    files: list[Understanding] = field(default_factory=list)

    def add_problems(self, problems: Sequence[Problem]) -> None:
        """Count problems and keep the first."""
        self.problem_count += len(problems)
        self.problems += problems[: max(0, SHOWN - len(self.problems))]


def read_into(
    stage: Stage | FirstLoad,
    sources: Sequence[Source],
    options: ReadOptions,
    progress: Report | None,
    *,
    preview: bool = False,
) -> Read:
    """Stage all files, batch by batch; what is wrong is collected, never raised.

    With `preview` what was understood of each file has its first rows and its sums.
    """
    read = Read()
    seen = Preview()
    for source in sources:
        source.check()
    sizes = [source.size() for source in sources]
    size = None if None in sizes else sum(filter(None, sizes))
    for batch in read_documents(sources, options):
        if batch.problems or batch.bad:
            _note(stage, read, batch.problems, batch.bad)
        if batch.held:
            stage.hold(batch.held)
        stage.add(batch.documents, batch.names)
        read.rows += len(batch.documents.rows) + len(batch.bad)
        read.notes += batch.notes
        if preview:
            seen.add(batch)
        if batch.understood is not None:
            read.files.append(seen.told(batch.understood))
            read.notes += [] if batch.understood.plain else [decision(batch.understood)]
        if progress:
            progress(_("reading"), batch.bytes_read, size, read.rows)
    stage.finish(exponent)
    if isinstance(stage, Stage):
        _settle(stage, read, [source.name for source in sources])
    return read


def _note(
    stage: Stage | FirstLoad,
    read: Read,
    problems: Sequence[Problem],
    bad: Sequence[tuple[int, int, int | None, str | None]],
) -> None:
    read.add_problems(problems)
    stage.reject(bad, [(problem.file, problem.line, problem.expected) for problem in problems])


def _settle(stage: Stage, read: Read, names: Sequence[str]) -> None:
    """Join the runs of one document; the same document in two files counts once if equal (R22)."""
    for runs in stage.runs_of_one_document():
        wholes: list[Run] = []
        for of_file in _by_file(runs):
            whole = _joined(of_file, names)
            if isinstance(whole, Run):
                wholes.append(whole)
            else:
                _note(stage, read, whole, [_place(run) for run in of_file])
        for other in wholes[1:]:
            if other.header[-1] != wholes[0].header[-1]:
                _note(stage, read, [_differs(wholes[0], other, names)], [_place(wholes[0]), _place(other)])
        if wholes:
            stage.replace_runs(runs, wholes[0])


def _joined(runs: Sequence[Run], names: Sequence[str]) -> Run | list[Problem]:
    if len(runs) == 1:
        return runs[0]
    whole = merge([(run.header, run.lines) for run in runs], names[runs[0].header[1]])
    return whole if isinstance(whole, list) else Run(*whole)


def _place(run: Run) -> tuple[int, int, int, str]:
    return run.header[1], run.header[2], run.header[3], run.header[4]


def _differs(first: Run, second: Run, names: Sequence[str]) -> Problem:
    expected = _("the same content as in {file}, line {line}: a document has one content in a load").format(
        file=names[first.header[1]], line=first.header[2]
    )
    return Problem(names[second.header[1]], second.header[2], "document", second.header[4], expected)


def _by_file(runs: Sequence[Run]) -> Iterator[list[Run]]:
    files = dict.fromkeys(run.header[1] for run in runs)
    return ([run for run in runs if run.header[1] == file] for file in files)
