"""The first look at a file: its encoding, and whether it holds characters that cells must not (C4)."""

import codecs
import re
from dataclasses import dataclass, replace
from typing import Final

from reconcile_cli.errors import Problem
from reconcile_cli.intake.source import BLOCK_BYTES, Source, wide_text
from reconcile_cli.text import _

MAX_RECORD: Final = 1 << 20

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HARMLESS: Final = bytes(byte for byte in range(256) if byte not in range(0x20) and byte != 0x7F) + b"\t\r\n"  # noqa: PLR2004
_C1: Final = re.compile(rb"\xc2[\x80-\x9f]")


@dataclass(frozen=True, slots=True)
class Survey:
    """What the whole file is known to be before its first row is read."""

    encoding: str
    controls: bool
    tabs: bool
    notes: tuple[str, ...] = ()


class _NotThisEncoding(Exception):
    """Bytes that the encoding does not know, and how many bytes stand before them."""

    def __init__(self, before: int) -> None:
        super().__init__()
        self.before = before


class _NoText(Exception):
    """The file cannot be read as text: where, what stands there, what was expected."""

    def __init__(self, line: int, value: str, expected: str) -> None:
        super().__init__()
        self.line = line
        self.value = value
        self.expected = expected


def survey(source: Source, encoding: str | None) -> Survey | Problem:
    """Read the file once as bytes and tell its encoding, or why it cannot be read as text."""
    try:
        return _survey(source, encoding)
    except _NoText as refusal:
        return Problem(source.name, refusal.line, "", refusal.value, refusal.expected)


def told_encoding(head: bytes) -> str | None:
    """The encoding that a mark or zero bytes at the beginning of a file tell; None where only reading can."""
    return next((name for bom, name in _BOMS if head.startswith(bom)), None) or wide_text(head[:4096])


def _survey(source: Source, encoding: str | None) -> Survey:
    with source.open() as file:
        head = file.read(BLOCK_BYTES // 16) or b""
    if not head:
        raise _NoText(0, "", _("a file that is not empty"))
    known = encoding or told_encoding(head)
    try:
        return _look(source, known or "utf-8")
    except _NotThisEncoding as failure:
        line, value = _at(source, failure.before)
    if known:
        expected = _("bytes of the encoding {encoding}; name the right one with --encoding").format(encoding=known)
        raise _NoText(line, value, expected)
    note = _("{file} is not UTF-8 (line {line}) and is read as Windows-1252; --encoding decides otherwise.").format(
        file=source.name, line=line
    )
    try:
        return replace(_look(source, "cp1252"), notes=(note,))
    except _NotThisEncoding as failure:
        line, value = _at(source, failure.before)
    raise _NoText(line, value, _("text in UTF-8 or Windows-1252; name its encoding with --encoding"))


def _look(source: Source, encoding: str) -> Survey:
    """Decode the whole file strictly. Raises _NotThisEncoding, or _NoText where a line is too long."""
    utf8 = codecs.lookup(encoding).name in {"utf-8", "utf-8-sig"}
    decoder = codecs.getincrementaldecoder("utf-8-sig" if utf8 else encoding)("strict")
    controls = tabs = False
    unended = before = 0
    with source.open() as file:
        while True:
            block = file.read(BLOCK_BYTES) or b""
            plain = utf8 and block.isascii() and not decoder.getstate()[0]
            data = block if plain else _in_utf8(decoder, block, before, utf8=utf8)
            if not block:
                break
            before += len(block)
            unended = _unended(block, unended)
            tabs = tabs or b"\t" in data
            controls = controls or bool(data.translate(None, _HARMLESS)) or _C1.search(data) is not None
    return Survey("utf-8-sig" if utf8 else encoding, controls, tabs)


def _in_utf8(decoder: codecs.IncrementalDecoder, block: bytes, before: int, *, utf8: bool) -> bytes:
    pending = decoder.getstate()[0]
    try:
        text = decoder.decode(block, final=not block)
        return block if utf8 else text.encode()
    except UnicodeDecodeError as error:
        raise _NotThisEncoding(before - len(pending) + error.start) from None
    except UnicodeError:
        raise _NotThisEncoding(before) from None


def _unended(block: bytes, unended: int) -> int:
    """How many bytes the last line of the block has so far; refuses a line of more than MAX_RECORD bytes."""
    ends = [place for place in (block.find(b"\n"), block.find(b"\r")) if place >= 0]
    if unended + (min(ends) if ends else len(block)) > MAX_RECORD:
        raise _NoText(0, "", _("lines of at most 1 MiB; is this a file of separated columns?"))
    if not ends:
        return unended + len(block)
    return len(block) - 1 - max(block.rfind(b"\n"), block.rfind(b"\r"))


def _at(source: Source, before: int) -> tuple[int, str]:
    """The physical line on which a byte stands, counted from 1, and that byte in hexadecimal."""
    newlines = returns = 0
    left = before
    with source.open() as file:
        while left > 0 and (block := file.read(min(left, BLOCK_BYTES))):
            newlines += block.count(b"\n")
            returns += block.count(b"\r")
            left -= len(block)
        byte = file.read(1) or b""
    return (newlines or returns) + 1, f"0x{byte.hex().upper()}" if byte else ""
