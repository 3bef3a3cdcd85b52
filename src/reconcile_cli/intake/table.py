"""A file as a table: its header and, as often as asked, its rows. Finds delimiter and header line (C4)."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TextIO

from reconcile_cli.errors import Problem
from reconcile_cli.intake.columns import MAX_COLUMNS, known_words
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.problems import shown
from reconcile_cli.intake.signatures import is_zip, unwanted
from reconcile_cli.intake.source import BLOCK_BYTES, Source
from reconcile_cli.intake.survey import Survey, survey, told_encoding
from reconcile_cli.intake.text_records import Block, parse, read_blocks
from reconcile_cli.intake.words import bare
from reconcile_cli.text import _, figures

_DELIMITERS: Final = (",", ";", "\t", "|")
HEADER_WITHIN: Final = 60
_HEAD_CHARACTERS: Final = 1 << 16
_SEP: Final = re.compile(r'\ufeff?"?sep=(.)"?[\r\n]*', re.IGNORECASE)
_FIGURE: Final = re.compile(r"\W*\d[\d\s.,/'’-]*\W*")


class Table(Protocol):
    """What a reader of any format offers: a header and rows of texts, readable from the start any number of times.

    `dirty` tells that a cell anywhere may hold control characters, tabs or line ends.
    """

    @property
    def name(self) -> str: ...
    @property
    def header(self) -> list[str]: ...
    @property
    def header_line(self) -> int: ...
    @property
    def dirty(self) -> bool: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    def blocks(self) -> Iterator[Block]: ...


@dataclass(frozen=True, slots=True)
class TextTable:
    """A file of separated text whose dialect is known."""

    source: Source
    name: str
    encoding: str
    delimiter: str
    header: list[str]
    header_line: int
    first_line: int
    dirty: bool
    notes: tuple[str, ...]

    def blocks(self) -> Iterator[Block]:
        """The records below the header."""
        with _text(self.source, self.encoding) as stream:
            yield from read_blocks(stream, self.first_line, self.delimiter)


@dataclass(frozen=True, slots=True)
class _Header:
    score: int
    delimiter: str
    line: int
    next_line: int
    cells: list[str]


def open_table(source: Source, options: ReadOptions) -> Table | Problem:
    """Find out how the file is written, or say why it is not understood."""
    head = source.head()
    refusal = unwanted(head, source)
    if refusal is not None:
        return Problem(source.name, 0, "", "", refusal)
    if is_zip(head):
        from reconcile_cli.intake.workbook import open_workbook  # noqa: PLC0415 - few files are workbooks

        return open_workbook(source, options)
    if options.sheet is not None:
        return Problem(source.name, 0, "--sheet", shown(options.sheet), _("a workbook (.xlsx); this is a text file"))
    if len(head) == BLOCK_BYTES and _find_header(_first_lines(head, options), options) is None:
        return _no_header(source, _first_lines(head, options))  # without reading on: it may have no end
    return _open_text(source, options)


def _first_lines(head: bytes, options: ReadOptions) -> list[str]:
    encoding = options.encoding or told_encoding(head) or "utf-8"
    with io.TextIOWrapper(io.BytesIO(head), encoding, errors="replace", newline="") as stream:
        return stream.readlines(_HEAD_CHARACTERS)


def _open_text(source: Source, options: ReadOptions) -> TextTable | Problem:
    facts = survey(source, options.encoding)
    if isinstance(facts, Problem):
        return facts
    with _text(source, facts.encoding) as stream:
        lines = stream.readlines(_HEAD_CHARACTERS)
    if not lines:
        return Problem(source.name, 0, "", "", _("a file that is not empty"))
    lines[0] = lines[0].removeprefix("\ufeff")
    found = _find_header(lines, options)
    if found is None:
        return _no_header(source, lines)
    if len(found.cells) > MAX_COLUMNS:
        expected = _("at most {count} columns").format(count=figures.count(MAX_COLUMNS))
        return Problem(source.name, found.line, "", str(len(found.cells)), expected)
    return _table(source, facts, found)


def _table(source: Source, facts: Survey, found: _Header) -> TextTable:
    return TextTable(
        source=source,
        name=source.name,
        encoding=facts.encoding,
        delimiter=found.delimiter,
        header=[" ".join(cell.split()) for cell in found.cells],
        header_line=found.line,
        first_line=found.next_line,
        dirty=facts.controls or (facts.tabs and found.delimiter != "\t"),
        notes=facts.notes,
    )


def _text(source: Source, encoding: str) -> TextIO:
    return io.TextIOWrapper(io.BufferedReader(source.open()), encoding=encoding, newline="")


def _find_header(lines: list[str], options: ReadOptions) -> _Header | None:
    """The row that names most fields, by whichever delimiter; the earliest of equals. Two fields at least."""
    said = _SEP.fullmatch(lines[0])
    start = max(1 if said else 0, options.recipe.skip_lines)
    delimiters: Sequence[str] = _DELIMITERS
    if options.delimiter:
        delimiters = (options.delimiter,)
    elif said:
        delimiters = (said[1],)
    found = (
        header for delimiter in delimiters for header in _headers(lines[start:], start + 1, delimiter, options.headers)
    )
    return max(found, key=lambda header: (header.score, -header.line), default=None)


def _headers(lines: list[str], first: int, delimiter: str, named: set[str]) -> Iterator[_Header]:
    words = known_words(named)
    number = first
    while lines and number < first + HEADER_WITHIN:
        block, used = _one_record(lines, number, delimiter)
        for row in block.rows:
            score = header_score(row, words)
            if score:
                yield _Header(score, delimiter, number, number + used, row)
        number += used
        lines = lines[used:]


def header_score(cells: Sequence[str], words: frozenset[str]) -> int:
    """How many fields a row names as a header; 0 where it names fewer than two, or holds a figure."""
    score = len({bare(cell) for cell in cells} & words)
    return score if score > 1 and not any(map(_FIGURE.fullmatch, cells)) else 0


def _one_record(lines: list[str], number: int, delimiter: str) -> tuple[Block, int]:
    """The first record of these lines: as many lines as its quotes need, one where they are never closed."""
    for count in range(1, min(len(lines), HEADER_WITHIN) + 1):
        block, used = parse(lines[:count], number, delimiter, last=False)
        if used:
            return block, used
    return parse(lines[:1], number, delimiter, last=True)


def _no_header(source: Source, lines: list[str]) -> Problem:
    first = next((line for line in lines if line.strip()), "").strip()
    expected = _(
        "a header row that names the columns: account, kind, document, date, amount "
        "(compte, type, pièce, date, montant), separated by , ; tab or |; --delimiter and --map say otherwise"
    )
    return Problem(source.name, 1, "", shown(first), expected)
