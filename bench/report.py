"""The figures as a table in Markdown and as JSON."""

import json
import os
import platform
import shutil
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from figures import FIGURES, Result
from measure import Sample

COLUMNS = ("what", "unit", "CPU", "bar", "wall", "CPU s", "wall s", "first s", "peak MB", "bar")


def table(results: Sequence[Result]) -> str:
    """The figures, one row for each reference; `!` marks what is beyond its bar."""
    return markdown(COLUMNS, [cells for result in results for cells in rows_of(result)], texts=2)


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]], *, texts: int = 1) -> str:
    """A table whose first columns are texts, and the others figures."""
    alignment = [*["---"] * texts, *["--:"] * (len(head) - texts)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, alignment, *rows))


def title(about: Mapping[str, Any]) -> str:
    """What was measured where, without the name of the machine."""
    rounds = "one round" if about["repetitions"] == 1 else f"medians of {about['repetitions']} rounds"
    return f"{about['rows']:,} rows, {rounds}; {about['machine']['description']}; L by {about['imported_by']}."


def rows_of(result: Result) -> list[tuple[str, ...]]:
    """The cells of one figure: a row for each thing it is measured against."""
    figure = result.figure
    first = result.first_s()
    peak = result.peak_mb()
    rows = []
    for name in result.references:
        bar = figure.bars[name]
        ratio, limit = f"{result.cpu_ratio(name):.2f}", "" if bar is None else f"{bar:g}"
        beyond = bar is not None and result.cpu_ratio(name) > bar
        if figure.more_s is not None:
            ratio, limit = f"+{result.more_s(name):.2f} s", f"+{figure.more_s:g} s"
            beyond = result.more_s(name) > figure.more_s
        rows.append(
            (
                figure.name,
                name.replace(" ", " + "),
                ratio + " !" * beyond,
                limit,
                f"{result.wall_ratio(name):.2f}",
                f"{result.cpu_s():.3f}",
                f"{result.wall_s():.3f}",
                "" if first is None else f"{first:.2f}",
                f"{peak:.0f}" + " !" * (figure.peak_mb is not None and peak > figure.peak_mb),
                f"{figure.peak_mb or ''}",
            )
        )
    return rows


def keep(results: Sequence[Result], folder: Path, about: Mapping[str, object]) -> Path:
    """Write every sample as JSON; the file is named for the moment and the rows."""
    folder.mkdir(parents=True, exist_ok=True)
    made_at = datetime.now(UTC)
    path = folder / f"{made_at:%Y%m%dT%H%M%SZ}-{about['rows']}.json"
    whole = {
        "made_at": made_at.isoformat(timespec="seconds"),
        **about,
        "figures": [figure_of(result) for result in results],
    }
    path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    return path


def figure_of(result: Result) -> dict[str, object]:
    """One figure with all its samples."""
    return {
        **asdict(result),
        "figure": {**asdict(result.figure), "output": result.figure.output.value},
        "cpu_ratios": {name: round(result.cpu_ratio(name), 4) for name in result.references},
        "wall_ratios": {name: round(result.wall_ratio(name), 4) for name in result.references},
        "peak_mb": round(result.peak_mb(), 1),
    }


def read(path: Path) -> tuple[dict[str, Any], list[Result]]:
    """What `keep` wrote: about the run, and its figures as far as they are still measured."""
    whole = json.loads(path.read_text(encoding="utf-8"))
    figures = {figure.name: figure for figure in FIGURES}
    results = [
        Result(
            figures[one["figure"]["name"]],
            [Sample(**sample) for sample in one["own"]],
            {name: [Sample(**sample) for sample in samples] for name, samples in one["references"].items()},
        )
        for one in whole["figures"]
        if one["figure"]["name"] in figures
    ]
    return whole, results


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
