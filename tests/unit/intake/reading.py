"""What the tests of intake share: a text, read."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconcile_cli.errors import Problem
from reconcile_cli.intake.documents import HeaderRow, LineRow
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.reading import DocumentBatch, read_documents
from reconcile_cli.intake.source import Source

HEADER = "account,kind,document,date,amount\n"


@dataclass
class Told:
    """All that was read."""

    batches: list[DocumentBatch]
    headers: list[HeaderRow] = field(default_factory=list)
    lines: list[LineRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    bad: list[tuple[int, int, int | None, str | None]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for batch in self.batches:
            self.headers += zip(*batch.documents.headers(), strict=True)
            self.lines += zip(*batch.documents.lines(), strict=True)
            self.problems += batch.problems
            self.bad += batch.bad
            self.notes += batch.notes
            self.names |= batch.names

    @property
    def signed(self) -> list[int]:
        """Side times amount of each line."""
        return [side * amount_minor for _seq, _row, _line, side, amount_minor, *_texts in self.lines]

    @property
    def where(self) -> list[tuple[int, str, str]]:
        """Line, column and value of each problem."""
        return [(problem.line, problem.column, problem.value) for problem in self.problems]


def read_files(paths: list[Path], **options: Any) -> Told:
    return Told(list(read_documents([Source(str(path)) for path in paths], ReadOptions(**options))))


def read_bytes(folder: Path, data: bytes, **options: Any) -> Told:
    path = folder / "file.csv"
    path.write_bytes(data)
    return read_files([path], **options)


def read_text(folder: Path, text: str, **options: Any) -> Told:
    return read_bytes(folder, text.encode(), **options)
