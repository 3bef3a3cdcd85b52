"""Text in, batches of documents and problems out (design, section 4). No database, no terminal.

Each name is imported where it is asked for first: a shell that completes the name of a profile waits for no reader.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reconcile_cli.intake.columns import FIELDS
    from reconcile_cli.intake.copying import Copy, copy_rows
    from reconcile_cli.intake.documents import (
        HAS_APPLIES_TO,
        HAS_MATCH_CODE,
        LINES_GIVEN,
        SOME_LINES_NOT_GIVEN,
        TWO_SIDES,
        HeaderRow,
        LineRow,
    )
    from reconcile_cli.intake.merging import merge
    from reconcile_cli.intake.options import ReadOptions
    from reconcile_cli.intake.problems import BadReadOption, MissingExtra, UnreadableFile
    from reconcile_cli.intake.reading import DocumentBatch, read_documents
    from reconcile_cli.intake.source import Source
    from reconcile_cli.intake.understanding import decision
else:
    _NAMES = {
        "columns": "FIELDS",
        "copying": "Copy copy_rows",
        "documents": "HAS_APPLIES_TO HAS_MATCH_CODE LINES_GIVEN SOME_LINES_NOT_GIVEN TWO_SIDES HeaderRow LineRow",
        "merging": "merge",
        "options": "ReadOptions",
        "problems": "BadReadOption MissingExtra UnreadableFile",
        "reading": "DocumentBatch read_documents",
        "source": "Source",
        "understanding": "decision",
    }
    _MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}

    def __getattr__(name: str) -> object:
        """Import what is asked for. Python asks once: what is found stays."""
        if name not in _MODULES:
            raise AttributeError(f"{__name__} has no {name}")
        found = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
        return found


__all__ = [
    "FIELDS",
    "HAS_APPLIES_TO",
    "HAS_MATCH_CODE",
    "LINES_GIVEN",
    "SOME_LINES_NOT_GIVEN",
    "TWO_SIDES",
    "BadReadOption",
    "Copy",
    "DocumentBatch",
    "HeaderRow",
    "LineRow",
    "MissingExtra",
    "ReadOptions",
    "Source",
    "UnreadableFile",
    "copy_rows",
    "decision",
    "merge",
    "read_documents",
]
