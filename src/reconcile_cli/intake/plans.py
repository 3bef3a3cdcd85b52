"""A plan of allocations as a file: what `--save` wrote, as a second person left it."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from reconcile_cli.errors import BadInput, Problem
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.source import Source
from reconcile_cli.intake.table import Table, open_table
from reconcile_cli.intake.words import bare
from reconcile_cli.text import _

NEEDED: Final = ("account", "currency", "credit", "debit", "amount")
_OPTIONAL: Final = ("stage", "reason")


class PlanRow(NamedTuple):
    """One line of a plan, its texts as they stand; `number` is the physical line."""

    number: int
    account: str
    currency: str
    credit: str
    debit: str
    amount: str
    stage: str
    reason: str


def read_plan(source: Source) -> list[PlanRow]:
    """The rows of a plan, those that are empty left out. Columns may stand in any order, others are ignored.

    Raises:
        UnreadableFile: the file cannot be opened.
        BadInput: it is no plan, or holds records that cannot be read.
    """
    table = open_table(source, ReadOptions(decimal="."))
    if isinstance(table, Problem):
        raise BadInput([table])
    header = [bare(cell) for cell in table.header]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        expected = _("the columns {names}, as auto --dry-run --save writes them").format(names=", ".join(missing))
        raise BadInput([Problem(table.name, table.header_line, "", "", expected)])
    places = [header.index(name) if name in header else None for name in (*NEEDED, *_OPTIONAL)]
    return _rows(table, places)


def _rows(table: Table, places: Sequence[int | None]) -> list[PlanRow]:
    rows: list[PlanRow] = []
    problems: list[Problem] = []
    for block in table.blocks():
        problems += (Problem(table.name, fault.line, "", fault.value, fault.expected) for fault in block.faults)
        for number, cells in zip(block.numbers, block.rows, strict=True):
            texts = ["" if place is None or place >= len(cells) else cells[place].strip() for place in places]
            if any(texts):
                rows.append(PlanRow(number, *texts))
    if problems:
        raise BadInput(problems)
    return rows
