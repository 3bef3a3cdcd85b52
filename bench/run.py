"""Measure `reconcile` against plain SQLite on this machine: python bench/run.py [--rows N] [--repetitions N].

Every figure is a ratio against a reference that runs just before it (A B A B ...); the median of these ratios counts.
Times differ from machine to machine and from minute to minute, ratios much less. References: L = `sqlite3 .import` of
the same file into one plain table; P = `python -c "import sqlite3, argparse"`; T = P's kin with typer; R = T's with
rich.table. CPU is user and system time of the process alone, memory its peak. Standard library only.
"""

import argparse
import json
import os
import platform
import shlex
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from generate import write
from measure import Failed, Sample, measure

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src"
WITHOUT_SHELL = """\
import csv, sqlite3, sys
rows = csv.reader(open(sys.argv[2], encoding="utf-8", newline=""))
head = next(rows)
books = sqlite3.connect(sys.argv[1])
books.execute(f"CREATE TABLE plain ({', '.join(f'[{name}] TEXT' for name in head)})")
books.executemany(f"INSERT INTO plain VALUES ({', '.join('?' * len(head))})", rows)
books.commit()
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing to measure. `against` names references whose times are added up; `bar` is the ratio not to exceed."""

    name: str
    arguments: str
    against: str
    bar: float | None = None
    peak_mb: int | None = None
    screen: bool = False
    quick: bool = False


FIGURES = (
    Figure("load", "load {csv}", "L", 4.5, 300),
    Figure("load again", "load {csv}", "L", 2.5, 300),
    Figure("auto --all", "auto --all", "L", 3.0, 250),
    Figure("auto --all again", "auto --all", "T P", 1.0),
    Figure("check", "check", "L", 4.0),
    Figure("check --quick", "check --quick", "L", 1.5),
    Figure("accounts, as CSV", "accounts -f csv", "L"),
    Figure("accounts, first screen", "accounts", "R P", 1.0, screen=True, quick=True),
    Figure("show, median account", "show {account}", "R P", 1.0, quick=True),
    Figure("show -f csv, median account", "show {account} -f csv", "T P", 1.0, quick=True),
    Figure("--version", "--version", "P", 1.5, quick=True),
    Figure("--help", "--help", "P", 7.5, quick=True),
)


@dataclass(slots=True)
class Result:
    """Every run of one figure beside the reference that ran just before it."""

    figure: Figure
    own: list[Sample] = field(default_factory=list)
    reference: list[Sample] = field(default_factory=list)

    def cpu_ratio(self) -> float:
        """CPU time in units of the reference: the median over the pairs."""
        return median(one.cpu_s / other.cpu_s for one, other in zip(self.own, self.reference, strict=True))

    def wall_ratio(self) -> float:
        """Wall time in units of the reference: the median over the pairs."""
        return median(one.wall_s / other.wall_s for one, other in zip(self.own, self.reference, strict=True))

    def peak_mb(self) -> float:
        """The largest peak of all runs."""
        return max(one.peak_mb for one in self.own)


class Bench:
    """One file of rows, one temporary folder, and the commands that are compared."""

    def __init__(self, folder: Path, program: Sequence[str]) -> None:
        self.folder = folder
        self.program = program
        self.csv = folder / "rows.csv"
        self.books = folder / "books.db"
        self.plain = folder / "plain.db"
        self.account = ""
        self.environment = {
            **os.environ,
            "LC_ALL": "C.UTF-8",
            "RECONCILE_DB": str(self.books),
            "RECONCILE_LANG": "en",
            "PYTHONPATH": str(SOURCE),
            "XDG_CONFIG_HOME": str(folder),
            "XDG_DATA_HOME": str(folder),
        }

    def import_plain(self) -> Sample:
        """Measure L into a new file."""
        remove(self.plain)
        shell = shutil.which("sqlite3")
        if shell is None:
            return self.run([sys.executable, "-c", WITHOUT_SHELL, str(self.plain), str(self.csv)])
        return self.run([shell, str(self.plain), ".mode csv", f".import '{self.csv}' plain"])

    def reference(self, names: str) -> Sample:
        """Measure the references named and add them up."""
        samples = [
            self.import_plain() if name == "L" else self.run([sys.executable, "-c", IMPORTS[name]])
            for name in names.split()
        ]
        return Sample(sum(one.cpu_s for one in samples), sum(one.wall_s for one in samples), samples[0].peak_mb)

    def own(self, figure: Figure) -> Sample:
        """Measure one command of the program."""
        words = [word.format(csv=self.csv, account=self.account) for word in shlex.split(figure.arguments)]
        return self.run([*self.program, *words], screen=figure.screen)

    def run(self, command: Sequence[str], *, screen: bool = False) -> Sample:
        """Run a command in the environment of the measurement."""
        return measure(command, self.environment, screen=screen)

    def choose_account(self) -> None:
        """Find the account in the middle, by the number of its rows."""
        self.import_plain()
        books = sqlite3.connect(self.plain)
        sizes = "SELECT account, count(*) AS rows FROM plain GROUP BY account"
        middle = "(SELECT count(DISTINCT account) / 2 FROM plain)"
        (self.account,) = books.execute(
            f"SELECT account FROM ({sizes}) ORDER BY rows, account LIMIT 1 OFFSET {middle}"
        ).fetchone()
        books.close()


IMPORTS: Mapping[str, str] = {
    "P": "import sqlite3, argparse",
    "T": "import typer, sqlite3",
    "R": "import typer, sqlite3, rich.table",
}


def main() -> int:
    """Generate, measure, print a table and keep the figures as JSON."""
    arguments = read_arguments()
    folder = Path(tempfile.mkdtemp(prefix="reconcile-bench-", dir=arguments.folder))
    try:
        bench = Bench(
            folder, shlex.split(arguments.program) if arguments.program else [sys.executable, "-m", "reconcile_cli"]
        )
        say(f"writing {arguments.rows:,} rows (seed {arguments.seed}) ...")
        write(bench.csv, arguments.rows, arguments.seed)
        bench.choose_account()
        results = rounds(bench, arguments.repetitions, arguments.only)
    except Failed as failure:
        say(str(failure))
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(table(results, arguments.rows, arguments.repetitions))
    say(f"kept in {keep(results, arguments)}")
    return 0


def read_arguments() -> argparse.Namespace:
    """What to measure, and how often."""
    parser = argparse.ArgumentParser(description="Measure reconcile against plain SQLite on this machine.")
    parser.add_argument("--rows", type=lambda text: int(text.replace("_", "")), default=100_000)
    parser.add_argument("--repetitions", type=int, default=5, help="rounds; quick commands run three times in each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="figures whose name holds this, with the loads that they need")
    parser.add_argument("--program", help="the command to measure instead of this checkout's")
    parser.add_argument("--folder", help="where the temporary folder is made")
    parser.add_argument("--results", type=Path, default=HERE / "results", help="where the JSON is kept")
    return parser.parse_args()


def rounds(bench: Bench, repetitions: int, only: str) -> list[Result]:
    """Measure every figure once a round on new books, each just after its reference."""
    results = [Result(figure) for figure in FIGURES]
    for warming in ("P", "T", "R"):
        bench.reference(warming)
    bench.run([*bench.program, "--help"])
    for turn in range(1, repetitions + 1):
        remove(bench.books)
        for result in results:
            figure = result.figure
            wanted = only in figure.name
            if not wanted and figure.name not in {"load", "auto --all"}:
                continue
            say(f"round {turn} of {repetitions}: {figure.name}")
            for _ in range(3 if figure.quick else 1):
                if wanted:
                    result.reference.append(bench.reference(figure.against))
                sample = bench.own(figure)
                if wanted:
                    result.own.append(sample)
    return [result for result in results if result.own]


def table(results: Sequence[Result], rows: int, repetitions: int) -> str:
    """The figures as a table in Markdown."""
    head = f"{rows:,} rows, medians of {repetitions} rounds; {machine()['description']}; L by {how_imported()}"
    out = [
        head,
        "",
        "| what | unit | CPU | bar | wall | CPU s | wall s | peak MB |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for result in results:
        figure = result.figure
        bar = "" if figure.bar is None else f"{figure.bar:g}"
        missed = figure.bar is not None and result.cpu_ratio() > figure.bar
        cells = (
            figure.name,
            figure.against.replace(" ", " + "),
            f"{result.cpu_ratio():.2f}{' !' if missed else ''}",
            bar,
            f"{result.wall_ratio():.2f}",
            f"{median(one.cpu_s for one in result.own):.3f}",
            f"{median(one.wall_s for one in result.own):.3f}",
            f"{result.peak_mb():.0f}" + (" !" if figure.peak_mb and result.peak_mb() > figure.peak_mb else ""),
        )
        out.append("| " + " | ".join(cells) + " |")
    return "\n".join(out)


def keep(results: Sequence[Result], arguments: argparse.Namespace) -> Path:
    """Write every sample as JSON; the file is named for the moment and the rows."""
    arguments.results.mkdir(parents=True, exist_ok=True)
    made_at = datetime.now(UTC)
    path: Path = arguments.results / f"{made_at:%Y%m%dT%H%M%SZ}-{arguments.rows}.json"
    figures = [
        {
            **asdict(result),
            "cpu_ratio": round(result.cpu_ratio(), 4),
            "wall_ratio": round(result.wall_ratio(), 4),
            "peak_mb": round(result.peak_mb(), 1),
        }
        for result in results
    ]
    whole = {
        "made_at": made_at.isoformat(timespec="seconds"),
        "machine": machine(),
        "imported_by": how_imported(),
        "rows": arguments.rows,
        "seed": arguments.seed,
        "repetitions": arguments.repetitions,
        "figures": figures,
    }
    path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    return path


def machine() -> dict[str, str]:
    """What the figures were measured on, without its name."""
    return {
        "description": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
        f"CPython {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        "system": platform.platform(terse=True),
    }


def how_imported() -> str:
    """What stands behind L here."""
    return "sqlite3 .import" if shutil.which("sqlite3") else "Python's executemany (there is no sqlite3 shell)"


def remove(path: Path) -> None:
    """Remove a database with what may stand beside it."""
    for beside in path.parent.glob(path.name + "*"):
        beside.unlink()


def say(text: str) -> None:
    """Tell how far it is, beside the table."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
