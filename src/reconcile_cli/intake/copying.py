"""Rows of a file as they stand in it, for the file of rejects (R23)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reconcile_cli.errors import Problem
from reconcile_cli.intake.columns import FIELDS, Layout, lay_out
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.source import Source
from reconcile_cli.intake.table import Table, open_table
from reconcile_cli.intake.typed_cells import Odd


@dataclass(frozen=True, slots=True)
class Copy:
    """Chosen rows of one file, with their line: as written (`rows`), or field by field (`rows_by_field`)."""

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
        wanted = iter(self._wanted)
        number = next(wanted, None)
        for block in self._table.blocks():
            for line, cells in zip(block.numbers, block.rows, strict=True):
                while number is not None and number < line:
                    number = next(wanted, None)
                if number == line:
                    yield line, [cell.value if isinstance(cell, Odd) else cell for cell in cells]

    @property
    def rows_by_field(self) -> Iterator[tuple[int, list[str]]]:
        """The same, one cell for each field."""
        places = [self._layout.index.get(field) for field in FIELDS]
        for line, cells in self.rows:
            yield line, ["" if place is None or place >= len(cells) else cells[place] for place in places]


def copy_rows(source: Source, options: ReadOptions, wanted: Iterable[int]) -> Copy:
    """Prepare to copy the rows that begin on these lines (rising). The file was read before without a refusal."""
    table = open_table(source, options)
    if isinstance(table, Problem):
        raise TypeError(table)
    layout, _problems = lay_out(table.name, table.header_line, table.header, options.columns)
    return Copy(table.header, table, layout, wanted)
