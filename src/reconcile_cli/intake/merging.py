"""Pieces of one document that stand apart in a file, put together (R22)."""

from collections.abc import Sequence
from operator import itemgetter

from reconcile_cli.domain.canonical import document_digest
from reconcile_cli.errors import Problem
from reconcile_cli.intake.documents import (
    LINES_GIVEN,
    SOME_LINES_NOT_GIVEN,
    TWO_SIDES,
    HeaderRow,
    LineRow,
    repeated_line,
)
from reconcile_cli.intake.heads import Head, disagreement
from reconcile_cli.text import _

Piece = tuple[HeaderRow, Sequence[LineRow]]


def merge(parts: Sequence[Piece], file: str = "") -> tuple[HeaderRow, list[LineRow]] | list[Problem]:
    """One document from its pieces in one file, in the order of the file; `file` is its name in problems.

    It keeps the first piece's seq and row. Lines numbered by position go on counting over the pieces; where
    the pieces disagree or number two lines alike, every problem is returned instead.
    """
    header = parts[0][0]
    problems = [
        Problem(file, other[2], *told)
        for other, _lines in parts[1:]
        for told in disagreement(_head(header), _head(other), header[2])
    ]
    bits = 0
    for other, _lines in parts:
        bits |= other[13]
    if any(other[13] & SOME_LINES_NOT_GIVEN for other, _lines in parts) and len(parts) > 1:
        expected = _("a number for each line, or for none: the rows of this document stand apart in the file")
        problems.append(Problem(file, header[2], "line", "", expected))
    lines = _renumbered(parts, header[0])
    first_row: dict[int, int] = {}
    problems.extend(
        repeated_line(file, line[1], "line", line[2], first_row[line[2]])
        for line in lines
        if first_row.setdefault(line[2], line[1]) != line[1]
    )
    if problems:
        return problems
    if len({line[3] for line in lines if line[4]}) > 1:
        bits |= TWO_SIDES
    lines.sort(key=itemgetter(2))
    return (*header[:13], bits, document_digest(_head(header), (line[2:] for line in lines))), lines


def _head(header: HeaderRow) -> Head:
    return header[3:13]


def _renumbered(parts: Sequence[Piece], seq: int) -> list[LineRow]:
    renumbered: list[LineRow] = []
    for header, lines in parts:
        before = len(renumbered)
        given = header[13] & LINES_GIVEN
        renumbered.extend((seq, line[1], line[2] if given else line[2] + before, *line[3:]) for line in lines)
    return renumbered
