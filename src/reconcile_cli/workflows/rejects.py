"""The file of rejected documents: whole, with the reasons, fit to be corrected and loaded again (R23)."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from reconcile_cli.intake import ReadOptions, Source, copy_rows
from reconcile_cli.store.staging import Stage
from reconcile_cli.text import _
from reconcile_cli.workflows.errors import Refused

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
    tables = [copy_rows(source, options, iter(stage.bad_rows(file))) for file, source in enumerate(sources)]
    headers = [table.header for table in tables]
    alike = all(header == headers[0] for header in headers)
    comma = tables[0].comma
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    draft.chmod(0o600)  # also where a umask takes away even that
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([REASON, *(headers[0] if alike else tables[0].fields)])
            for number, (table, source) in enumerate(zip(tables, sources, strict=True)):
                for row, cells in (table.rows if alike else table.rows_by_field)(comma=comma):
                    reason = stage.reason(source.name, row)
                    if not reason and stage.is_beside(number, row):
                        reason = _("left out with the unreadable row beside it, which may belong to its document")
                    writer.writerow([reason, *cells])
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
