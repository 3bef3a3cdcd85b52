"""Separated text to records: rows of cells, each with the physical line on which it begins (C4)."""

import csv
import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, TextIO

from reconcile_cli.intake.survey import MAX_RECORD
from reconcile_cli.text import _, figures

BLOCK_CHARACTERS: Final = 1 << 16
MAX_TEXT: Final = 10_000

_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Fault(NamedTuple):
    """A record that is no record: where it begins, how it begins, and what was expected."""

    line: int
    value: str
    expected: str


class Block(NamedTuple):
    """Some records. `numbers` are the lines on which they begin; `bytes_read` counts from the file's start.

    `dirty` says that a cell may hold a line end or more than MAX_TEXT characters.
    """

    rows: list[list[str]]
    numbers: Sequence[int]
    faults: list[Fault]
    dirty: bool
    bytes_read: int


def parse(lines: list[str], first: int, delimiter: str, *, last: bool) -> tuple[Block, int]:
    """Split lines into records; `first` is the number of the first line.

    Also returns how many lines were used: where more lines follow (`last` is false), a record that does not
    end in these lines is left for the next call. A faulty record is told and the next line begins a new one.
    """
    rows: list[list[str]] = []
    numbers: list[int] = []
    faults: list[Fault] = []
    rest = iter(lines)
    used = 0
    dirty = False
    while used < len(lines):
        reader = csv.reader(rest, delimiter=delimiter, strict=True, skipinitialspace=delimiter != " ")
        fresh: list[list[str]] = []
        error = ""
        try:
            fresh.extend(reader)
        except csv.Error as caught:
            error = str(caught)
        if not error and reader.line_num == len(fresh):
            numbers += range(first + used, first + used + len(fresh))
            begin = used + len(fresh)
        else:
            dirty = True
            begin = used
            for row in fresh:
                numbers.append(first + begin)
                begin += 1 + len(_LINE_END.findall("|".join(row)))
        rows += fresh
        used += reader.line_num
        if not error:
            continue
        if used >= len(lines) and not last and "unexpected end" in error:
            used = begin
            break
        faults.append(
            Fault(first + begin, lines[begin].rstrip("\r\n"), _sentence(error, first + begin, first + used - 1))
        )
    if not all(rows):
        kept = [index for index, row in enumerate(rows) if row]
        rows, numbers = [rows[index] for index in kept], [numbers[index] for index in kept]
    return Block(rows, numbers, faults, dirty, 0), used


def read_blocks(stream: TextIO, first: int, delimiter: str) -> Iterator[Block]:
    """All records from line `first` on. Memory holds one block, and one record of at most MAX_RECORD characters."""
    for _skipped in range(first - 1):
        stream.readline()
    lines: list[str] = []
    number = first
    while True:
        more = stream.readlines(BLOCK_CHARACTERS)
        lines += more
        if not lines:
            return
        block, used = parse(lines, number, delimiter, last=not more)
        if not used and sum(map(len, lines)) > MAX_RECORD:
            begin = lines[0].rstrip("\r\n")
            block = block._replace(faults=[Fault(number, begin, _sentence("unexpected end", number, 0))])
            more, used = [], len(lines)
        long = max(map(len, lines)) > MAX_TEXT
        yield block._replace(dirty=block.dirty or long, bytes_read=_place(stream))
        del lines[:used]
        number += used
        if not more:
            return


def _place(stream: TextIO) -> int:
    """How many bytes were taken from the file; the text buffer is ahead of the records by a few kilobytes."""
    return int(stream.buffer.raw.tell())  # type: ignore[attr-defined]


def _sentence(error: str, begin: int, end: int) -> str:
    if "field limit" in error and begin == end:
        return _("cells of at most {count} characters").format(count=figures.count(MAX_TEXT))
    if "unexpected end" in error or "field limit" in error:
        return _("a quote that is opened here is never closed; close it, or double it where it is meant")
    if end > begin:
        return _(
            "a quote that is opened here is closed on line {line} before other text; double it where it is meant"
        ).format(line=end)
    return _("text follows a closing quote; double the quotes that are meant")
