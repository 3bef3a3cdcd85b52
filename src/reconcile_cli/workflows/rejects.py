"""The file of rejected documents: whole, with the reasons, fit to be corrected and loaded again (R23)."""

import csv
from collections.abc import Sequence
from pathlib import Path

from reconcile_cli.intake.columns import FIELDS
from reconcile_cli.intake.copying import Copy, copy_rows
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.source import Source
from reconcile_cli.store.staging import Stage
from reconcile_cli.text import _
from reconcile_cli.workflows.errors import Refused
from reconcile_cli.workflows.saving import new_file

REASON = "problem"


def refuse_existing(path: Path) -> None:
    """Refuse to write over a file, or where there is no folder, before anything is loaded."""
    if not path.parent.is_dir():
        raise Refused(_("{path}: there is no such folder; name another file for the rejects.").format(path=path))
    if path.exists():
        raise Refused(_("{path} exists already; name another file for the rejects.").format(path=path))


def write(path: Path, stage: Stage, sources: Sequence[Source], options: ReadOptions) -> None:
    """Write all rows of the rejected documents, with the reasons in a first column.

    They are as they stood in their files, but for amounts and dates, which are written plainly. The file is
    readable by its owner only and appears whole or not at all.
    """
    copies = {
        file: copy_rows(source, options, iter(stage.bad_rows(file)))
        for file, source in enumerate(sources)
        if next(iter(stage.bad_rows(file)), None) is not None
    }
    header = _header(list(copies.values()))
    comma = any(copy.comma for copy in copies.values())
    with new_file(path) as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([REASON, *header])
        for number, copy in copies.items():
            same = list(copy.header) == header
            for row, cells in copy.rows(comma=comma) if same else copy.rows_by_field(header, comma=comma):
                writer.writerow([_reason(stage, number, sources[number].name, row), *cells])


def _header(copies: Sequence[Copy]) -> list[str]:
    """The header that all files have, else the fields that they have together. Raises Refused."""
    if all(copy.header == copies[0].header for copy in copies):
        return list(copies[0].header)
    fields = frozenset[str]().union(*(copy.fields for copy in copies))
    if "amount" in fields and fields & {"debit", "credit"}:
        raise Refused(
            _(
                "Some of these files have an amount, others debit and credit: their rejects do not fit in one file. "
                "Load them one after the other, each with --rejects and a file of its own; nothing was loaded."
            )
        )
    return [field for field in FIELDS if field in fields]


def _reason(stage: Stage, file: int, name: str, row: int) -> str:
    reason = stage.reason(name, row)
    if not reason and stage.is_beside(file, row):
        return _("left out with the unreadable row beside it, which may belong to its document")
    return reason
