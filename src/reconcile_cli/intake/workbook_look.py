"""A look into a workbook before the library opens it: how large it is, and what the library does not tell.

A few kilobytes of .xlsx can inflate to gigabytes, and one cell at the far end of a sheet asks for seventeen
milliards of cells. Everything here is read as a stream, with a bound on what comes out of it.
"""

import lzma
import posixpath
import struct
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import IO, Final, NamedTuple
from xml.parsers import expat

from reconcile_cli.text import _

MAX_PART: Final = 512 << 20
MAX_NEEDED: Final = 192 << 20
_BLOCK: Final = 1 << 18
_OF_A_CELL: Final = 64
_OF_A_TEXT: Final = 32
_OF_A_SHARED: Final = 48
_MAX_ODD: Final = 100_000
_LONGEST: Final = 4 << 20
"""Of one value, tag or attribute; a cell of Excel has at most 32,767 characters."""
_LONGEST_CHARACTER: Final = 3

Attributes = Mapping[str, str]


class NotRead(Exception):
    """The workbook cannot or must not be opened; the sentence says what was expected."""

    def __init__(self, expected: str, column: str = "", value: str = "") -> None:
        self.expected = expected
        self.column = column
        self.value = value


Place = tuple[int, int]
"""Row and column of a cell, counted from 0."""

_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    KeyError,
    ValueError,
    OverflowError,
)


def parts(file: IO[bytes]) -> frozenset[str]:
    """The names of the parts of an archive, in lower case; empty where it is none."""
    with suppress(NotRead), _opened(file) as archive:
        return frozenset(_present(archive))
    return frozenset()


def shared_texts(file: IO[bytes]) -> "array[int]":
    """How long each text is that the sheets share, in bytes. Raises NotRead where opening would take too much."""
    with _opened(file) as archive:
        present = _present(archive)
        for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"):
            if name in present:
                _parse(archive, present[name], _Handlers(), MAX_NEEDED // 8)
        name = present.get("xl/sharedstrings.xml", "")
        return _shared(archive, name) if name else array("I")


def odd_cells(file: IO[bytes], sheet: str, shared: "array[int]") -> dict[Place, str]:
    """The errors of a sheet (`#N/A`), and its formulas without a result (`=`).

    Raises NotRead where reading the sheet would take too much memory, or where it is damaged.
    """
    with _opened(file) as archive:
        present = _present(archive)
        place = present.get(_place(archive, present, sheet).lower())
        if place is None:
            raise NotRead(_damaged())
        cells = _Cells(shared)
        _parse(archive, place, cells.handlers, MAX_PART)
    if cells.memory() + len(shared) * _OF_A_SHARED + sum(shared) > MAX_NEEDED:
        raise NotRead(_too_large())
    return cells.odd


@contextmanager
def _opened(file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except _BROKEN:
        raise NotRead(_damaged()) from None


def _present(archive: zipfile.ZipFile) -> dict[str, str]:
    return {name.lower(): name for name in archive.namelist()}


def _damaged() -> str:
    return _("a workbook that is whole; this one is damaged or protected by a password")


def _too_large() -> str:
    return _(
        "a workbook that takes at most 192 MiB when it is opened (about 1,500,000 cells); "
        "save the sheet as CSV, which may be of any size"
    )


def _shared(archive: zipfile.ZipFile, name: str) -> "array[int]":
    """How long each shared text is, in bytes at most."""
    lengths = array("I")
    total = 0

    def start(tag: str, _attributes: Attributes) -> None:
        if _local(tag) == "si":
            lengths.append(0)
            if total + len(lengths) * _OF_A_SHARED > MAX_NEEDED:
                raise NotRead(_too_large())

    def text(data: str) -> None:
        nonlocal total
        if lengths:
            lengths[-1] += len(data.encode())
            total += len(data)

    _parse(archive, name, _Handlers(start, data=text), MAX_NEEDED)
    return lengths


def _place(archive: zipfile.ZipFile, present: Mapping[str, str], sheet: str) -> str:
    """The part that holds a sheet: its id in the list of sheets, and where the relations say that this id is."""
    ids: list[str] = []
    targets: dict[str, str] = {}

    def in_workbook(tag: str, attributes: Attributes) -> None:
        if _local(tag) == "sheet" and attributes.get("name") == sheet:
            ids.extend(value for key, value in attributes.items() if key != "id" and _local(key) == "id")

    def in_relations(tag: str, attributes: Attributes) -> None:
        if _local(tag) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    for name, start in (("xl/workbook.xml", in_workbook), ("xl/_rels/workbook.xml.rels", in_relations)):
        if name not in present:
            raise NotRead(_damaged())
        _parse(archive, present[name], _Handlers(start), MAX_NEEDED // 8)
    target = targets.get(ids[0], "") if ids else ""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


class _Cells:
    """What a sheet's cells ask for in memory, and those that are odd."""

    def __init__(self, shared: "array[int]") -> None:
        self.odd: dict[Place, str] = {}
        self._shared = shared
        self._row = self._column = -1
        self._first = (1 << 30, 1 << 30)
        self._last = (-1, -1)
        self._type = ""
        self._formula = False
        self._texts = self._text_bytes = 0
        self._value: str | None = None
        self._inside = False

    @property
    def handlers(self) -> "_Handlers":
        """What listens to a parser."""
        return _Handlers(self._start, self._end, self._data)

    def memory(self) -> int:
        """Bytes of a full rectangle from the first cell to the last, and of its texts."""
        if self._last[0] < 0:
            return 0
        rows, columns = (last - first + 1 for first, last in zip(self._first, self._last, strict=True))
        return rows * columns * _OF_A_CELL + self._texts * _OF_A_TEXT + self._text_bytes

    def _start(self, tag: str, attributes: Attributes) -> None:
        local = _local(tag) if ":" in tag else tag
        if local == "c":
            self._column += 1
            if "r" in attributes:
                self._refer(attributes["r"])
            self._type = attributes.get("t", "")
            self._formula = False
            self._value = None
        elif local in {"v", "is"}:
            self._inside = True
            self._value = ""
        elif local == "f":
            self._formula = True
        elif local == "row":
            self._row = int(attributes.get("r", self._row + 2)) - 1
            self._column = -1

    def _refer(self, reference: str) -> None:
        """Go to `B12`; what is missing in it stays."""
        letters = reference.rstrip("0123456789")
        if letters:
            self._column = _column(letters)
        if len(letters) < len(reference):
            self._row = int(reference[len(letters) :]) - 1

    def _data(self, data: str) -> None:
        if self._inside and self._value is not None:
            self._value += data
            if len(self._value) > _LONGEST:
                raise NotRead(_too_large())

    def _end(self, tag: str) -> None:
        local = _local(tag) if ":" in tag else tag
        if local in {"v", "is"}:
            self._inside = False
        elif local == "c" and (self._formula or self._value is not None):
            row, column = self._row, self._column
            if row < self._first[0] or column < self._first[1]:
                self._first = (min(self._first[0], row), min(self._first[1], column))
            if row > self._last[0] or column > self._last[1]:
                self._last = (max(self._last[0], row), max(self._last[1], column))
            if self._type or self._value is None:
                self._see((row, column), self._value)

    def _see(self, place: Place, value: str | None) -> None:
        if value is None:
            self.odd[place] = "="
        elif self._type == "e":
            self.odd[place] = value
        elif self._type == "s":
            index = int(value)
            if not 0 <= index < len(self._shared):
                raise ValueError(index)
            self._texts += 1
            self._text_bytes += self._shared[index]
        elif self._type in {"str", "inlineStr"}:
            self._texts += 1
            self._text_bytes += len(value) * _LONGEST_CHARACTER
        if self._text_bytes > MAX_NEEDED or len(self.odd) > _MAX_ODD:
            raise NotRead(_too_large())


class _Handlers(NamedTuple):
    """What is told of the elements of a part."""

    start: Callable[[str, Attributes], None] | None = None
    end: Callable[[str], None] | None = None
    data: Callable[[str], None] | None = None


def _parse(archive: zipfile.ZipFile, name: str, handlers: _Handlers, most: int) -> None:
    """Read a part as XML in blocks. Raises NotRead for a document type, what is no XML, and more than `most` bytes."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = handlers
    read = 0
    with archive.open(name) as part:
        while block := part.read(_BLOCK):
            read += len(block)
            _fed(parser, block, final=False)
            if read > most or read - parser.CurrentByteIndex > _LONGEST:
                raise NotRead(_too_large())
    _fed(parser, b"", final=True)


def _fed(parser: expat.XMLParserType, block: bytes, *, final: bool) -> None:
    try:
        parser.Parse(block, final)
    except expat.ExpatError:
        raise NotRead(_damaged()) from None


def _no_doctype(*_arguments: object) -> None:
    raise NotRead(_("a workbook as a spreadsheet program saves it; this one declares a document type"))


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


@lru_cache(maxsize=20_000)
def _column(letters: str) -> int:
    """`A` is 0, `AB` 27."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        number = number * 26 + ord(letter) - 64
    return number - 1
