"""Rows of a file as they stand in it, for the file of rejects (R23)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconcile_cli.errors import Problem
from reconcile_cli.intake.columns import FIELDS, Layout
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.recasting import arrange
from reconcile_cli.intake.source import Source
from reconcile_cli.intake.table import Table, open_table


@dataclass(frozen=True, slots=True)
class Copy:
    """Chosen rows of one file, with their line: as written (`rows`), or field by field (`rows_by_field`).

    What a profile made stands in no column of the file: such rows are given as the fields that they have.
    """

    header: Sequence[str]
    _table: Table
    _layout: Layout
    _wanted: Iterable[int]

    @property
    def fields(self) -> Sequence[str]:
        """The header of `rows_by_field`."""
        return FIELDS

    @property
    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of the chosen rows, in the order of the file; read once."""
        return self._by_field(self.header) if self._layout.extra else self._chosen()

    def _chosen(self) -> Iterator[tuple[int, list[str]]]:
        wanted = iter(self._wanted)
        number = next(wanted, None)
        for block in self._table.blocks():
            for line, cells in zip(block.numbers, block.rows, strict=True):
                while number is not None and number < line:
                    number = next(wanted, None)
                if number == line:
                    yield line, cells

    @property
    def rows_by_field(self) -> Iterator[tuple[int, list[str]]]:
        """The same, one cell for each field."""
        return self._by_field(FIELDS)

    def _by_field(self, fields: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
        places = [self._layout.index.get(field) for field in fields]
        extra = self._layout.extra
        width = len(self._layout.titles) - extra
        for line, row in self._chosen():
            cells = row
            if extra and len(row) != width + extra:  # what was made stands behind the cells of the file
                cells = [*[*row[:-extra], *[""] * width][:width], *row[-extra:]]
            yield line, ["" if place is None or place >= len(cells) else cells[place] for place in places]


def copy_rows(source: Source, options: ReadOptions, wanted: Iterable[int]) -> Copy:
    """Prepare to copy the rows that begin on these lines (rising). The file was read before without a refusal."""
    table = open_table(source, options)
    if isinstance(table, Problem):
        raise TypeError(table)
    arranged, layout, _problems = arrange(table, options)
    header = [field for field in FIELDS if field in layout.index] if layout.extra else table.header
    return Copy(header, arranged, layout, wanted)
