"""The sample data in every format of every list: `python -m tests.golden.making` writes the files anew."""

import json
import re
import sys
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any, Final, Self

import pytest
from python_calamine import CalamineWorkbook

from reconcile_cli.cli import context
from tests.cli.driving import ok, reconcile

HERE: Final = Path(__file__).parent
SAMPLE: Final = HERE.parents[1] / "sample_data" / "club_en.csv"
LINES: Final = {
    "accounts": ["accounts"],
    "unreconciled": ["unreconciled"],
    "show": ["show", "C018"],
    "payments": ["payments", "--overdue"],
    "report-sales": ["report", "sales", "--from", "2026-08-01", "--to", "2026-11-30", "--by", "ledger_code,month"],
    "report-payments": ["report", "payments", "--from", "2026-10-01", "--to", "2026-10-31"],
    "report-ledger": ["report", "ledger", "--as-of", "2026-10-31"],
    "report-aging": ["report", "aging"],
    "report-reconciliation": ["report", "reconciliation"],
    "report-unapplied": ["report", "unapplied"],
    "statement": ["statement", "C008"],
}
"""The lists, by the names of their files."""

ENDINGS: Final = ("html", "xlsx", "csv", "fr.csv", "json")
_STYLE: Final = re.compile(r"<style>.*?</style>|sha256-[^']*", re.DOTALL)


class Noon(datetime):
    """The clock of these files."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2026, 11, 20, 12, tzinfo=tz)


def books(folder: Path) -> Path:
    """Load the sample data and give the file of the books."""
    path = folder / "club.db"
    ok(reconcile("load", str(SAMPLE), "--db", str(path)))
    return path


def made(path: Path, name: str, ending: str) -> str:
    """What stands in the golden file: the list as it is written, a workbook by its cells, a page without its style."""
    file = path.with_name(f"{name}.{ending}")
    style = ["--csv-style", "excel-fr"] if ending == "fr.csv" else []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(context, "datetime", Noon)
        ok(reconcile(*LINES[name], "--db", str(path), "--output", str(file), *style))
    if ending == "xlsx":
        return cells(file)
    text = file.read_text("utf-8")
    return _STYLE.sub("", text) if ending == "html" else text


def cells(file: Path) -> str:
    """The cells of a workbook, a row a line: dates as dates, numbers as numbers."""
    workbook = CalamineWorkbook.from_path(str(file))
    lines = []
    for name in workbook.sheet_names:
        lines.append(f"# {name}")
        lines += [json.dumps(row, ensure_ascii=False, default=_day) for row in _rows(workbook, name)]
    return "\n".join(lines) + "\n"


def _rows(workbook: Any, name: str) -> list[list[Any]]:
    rows: list[list[Any]] = workbook.get_sheet_by_name(name).to_python()
    return rows


def _day(value: object) -> str:
    assert isinstance(value, date)
    return f"date {value.isoformat()}"


def kept(name: str, ending: str) -> Path:
    """The golden file of a list."""
    return HERE / f"{name}.{ending}{'.txt' if ending == 'xlsx' else ''}"


def main() -> int:
    """Write every golden file."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = books(Path(folder))
        for name in LINES:
            for ending in ENDINGS:
                kept(name, ending).write_text(made(path, name, ending), "utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
