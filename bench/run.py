"""Measure `reconcile` against plain SQLite on this machine: python bench/run.py [--rows N] [--repetitions N] [--once].

Every figure is a ratio against a reference that runs beside it (A B A B ...); the median of these ratios counts.
Times differ from machine to machine and from minute to minute, ratios much less. CPU is user and system time of the
process alone, memory its peak. Standard library only. References:

L  `sqlite3 .import` of the same file into one plain table
S  straight.py: our schema with its indexes, filled from that table by straight SQL
A  inserting.py: the allocations that `auto --all` makes, by executemany with the same foreign keys and indexes
D  dealing.py: the same by the shortest script, open items read and matched, their open amounts written
K  proving.py: what `check` has to read, in straight statements; Q: the same of `check --quick`
I  reading and validating every row of the file, nothing more; C: SQLite's own integrity_check of the books
W  the query of `unreconciled` by a bare csv.writer
N  the same command on a tenth of the items
P  `python -c "import sqlite3, argparse"`; T: its kin with typer; R: T's with rich.table
"""

import argparse
import shlex
import shutil
import sys
import tempfile
from pathlib import Path

import report
from figures import FIGURES, NEEDED, Figure, Result
from measure import Failed
from session import HERE, Session, remove

RUNS_OF_QUICK = 3


def main() -> int:
    """Generate, measure, print a table and keep the figures as JSON."""
    arguments = read_arguments()
    folder = Path(tempfile.mkdtemp(prefix="reconcile-bench-", dir=arguments.folder))
    program = shlex.split(arguments.program) if arguments.program else [sys.executable, "-m", "reconcile_cli"]
    try:
        results = measured(Session(folder, program), arguments)
    except Failed as failure:
        say(str(failure))
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    about = {
        "rows": arguments.rows,
        "seed": arguments.seed,
        "repetitions": arguments.repetitions,
        "machine": report.machine(),
        "imported_by": report.how_imported(),
    }
    print(report.title(about), report.table(results), sep="\n\n")
    say(f"kept in {report.keep(results, arguments.results, about)}")
    return 0


def read_arguments() -> argparse.Namespace:
    """What to measure, and how often."""
    parser = argparse.ArgumentParser(description="Measure reconcile against plain SQLite on this machine.")
    parser.add_argument("--rows", type=lambda text: int(text.replace("_", "")), default=100_000)
    parser.add_argument("--repetitions", type=int, default=5, help="rounds; quick commands run three times in each")
    parser.add_argument("--once", action="store_true", help="one round, of what is measured on the largest books")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="figures whose name holds this, with what they stand on")
    parser.add_argument("--program", help="the command to measure instead of this checkout's")
    parser.add_argument("--folder", help="where the temporary folder is made")
    parser.add_argument("--results", type=Path, default=HERE / "results", help="where the JSON is kept")
    arguments = parser.parse_args()
    if arguments.once:
        arguments.repetitions = 1
    return arguments


def measured(session: Session, arguments: argparse.Namespace) -> list[Result]:
    """Make the files and measure every figure that was asked for, once a round."""
    once = arguments.once
    wanted = [figure for figure in FIGURES if arguments.only in figure.name and (figure.large or not once)]
    results = {figure.name: Result(figure) for figure in wanted}
    for result in results.values():
        names = [name for name in result.figure.bars if not (once and name in session.dear)]
        result.references = {name: [] for name in names}
    say(f"writing {arguments.rows:,} rows (seed {arguments.seed}) ...")
    session.write_files(arguments.rows, arguments.seed)
    if any(figure.books != "books" for figure in wanted):
        session.write_one_account(arguments.rows // 2)
    for warming in "PTR":
        session.started(warming)
    session.reconcile("--help", session.books)
    for turn in range(1, arguments.repetitions + 1):
        remove(session.books)
        for figure in FIGURES:
            if figure.name in results:
                say(f"round {turn} of {arguments.repetitions}: {figure.name}")
                run(session, results[figure.name])
            elif figure.name in NEEDED and (figure.large or not once):
                session.own(figure)
            if figure.name == "load":
                session.choose()
                if not once:
                    session.keep_loaded()
    return list(results.values())


def run(session: Session, result: Result) -> None:
    """Measure one figure beside its references; some of them stand on what it has made."""
    figure: Figure = result.figure
    for _ in range(RUNS_OF_QUICK if figure.quick else 1):
        for name, samples in result.references.items():
            if name not in session.afterwards:
                samples.append(session.reference(name, figure))
        result.own.append(session.own(figure))
        for name, samples in result.references.items():
            if name in session.afterwards:
                samples.append(session.reference(name, figure))


def say(text: str) -> None:
    """Tell how far it is, beside the table."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
