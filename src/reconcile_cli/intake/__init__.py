"""Text in, batches of documents and problems out (design, section 4). No database, no terminal."""

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
