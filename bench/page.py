"""Put measured figures into docs/performance.md: python bench/page.py RESULT.json ...

The JSON files are those that bench/run.py keeps; of each number of rows the newest counts. Each table of the page
stands between two comments that name it.
"""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import report
from figures import Figure, Result
from session import HERE

PAGE = HERE.parent / "docs" / "performance.md"
MAIN = 1_000_000
FLOORS = (
    ("straight SQL into our schema, with its indexes (S)", "load", "S", "L"),
    ("reading and validating every row, nothing more (I)", "load", "I", "L"),
    ("SQLite's own integrity_check of the books (C)", "check", "C", "L"),
    ("what `check` has to read (K)", "check", "K", "L"),
    ("what `check --quick` has to read (Q)", "check --quick", "Q", "L"),
    ("the allocations of `auto --all` by the shortest script, nothing proved (D)", "auto --all", "D", "A"),
    ("starting Python and importing Typer, SQLite and a table of Rich, and P (R + P)", "match of two", "R P", "T P"),
)
Run = tuple[dict[str, Any], list[Result]]


def main() -> None:
    """Read the results and rewrite every table that they speak of."""
    runs = {
        about["rows"]: (about, results)
        for about, results in map(report.read, sorted(map(Path, sys.argv[1:]), key=lambda path: path.name))
    }
    text = PAGE.read_text(encoding="utf-8")
    for rows, (about, results) in runs.items():
        text = filled(text, f"{rows} rows", f"{report.title(about)}\n\n{report.table(results)}")
    if MAIN in runs:
        text = filled(text, "floors", floors({result.figure.name: result for result in runs[MAIN][1]}))
    if len(runs) > 1:
        text = filled(text, "growth", growth(runs))
    PAGE.write_text(text, encoding="utf-8")


def filled(text: str, name: str, table: str) -> str:
    """The page with one of its tables replaced; one that has no place in it is left out."""
    mark = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    return mark.sub(lambda found: f"{found[1]}{table}\n{found[2]}", text)


def floors(results: Mapping[str, Result]) -> str:
    """What parts of the work cost alone."""
    rows = []
    for what, figure, name, unit in FLOORS:
        if figure not in results or name not in results[figure].references:
            continue
        references = results[figure].references
        pairs = zip(references[name], references[unit], strict=True)
        rows.append(
            (what, f"{median(part.cpu_s / whole.cpu_s for part, whole in pairs):.2f}", unit.replace(" ", " + "))
        )
    return report.markdown(("alone", "is", "of"), rows)


def growth(runs: Mapping[int, Run]) -> str:
    """CPU seconds and peak of each figure that was measured at more than one size."""
    sizes = sorted(runs)
    by_name = {size: {result.figure.name: result for result in runs[size][1]} for size in sizes}
    head = ["what", *(f"{size:,}" for size in sizes), *(f"MB at {size:,}" for size in sizes)]
    return report.markdown(head, list(growing(runs[sizes[0]][1], [by_name[size] for size in sizes])))


def growing(figures: Sequence[Result], sizes: Sequence[Mapping[str, Result]]) -> Iterator[list[str]]:
    """The cells of every figure that depends on the number of rows."""
    for figure in (result.figure for result in figures):
        if depends(figure) and sum(figure.name in size for size in sizes) > 1:
            at = [size.get(figure.name) for size in sizes]
            seconds = [f"{one.cpu_s():.2f}" if one else "" for one in at]
            yield [figure.name, *seconds, *(f"{one.peak_mb():.0f}" if one else "" for one in at)]


def depends(figure: Figure) -> bool:
    """Whether what is measured was loaded from the rows."""
    return figure.books == "books" and not figure.arguments.startswith("--")


if __name__ == "__main__":
    main()
