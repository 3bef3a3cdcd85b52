"""Files that are no table: known by their first bytes, refused by name, with what to do instead (C4)."""

import io
import re
from typing import Final

from reconcile_cli.intake.source import Source, wide_text
from reconcile_cli.intake.workbook_look import parts
from reconcile_cli.text import N_, _

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_MARKS_OF_TEXT: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_LOOKED_AT: Final = 4096
_PAGE: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|script|meta)\b", re.IGNORECASE | re.DOTALL
)
_OTHER_TEXT: Final = (
    (re.compile(rb"\s*<\?xml\b"), "XML"),
    (re.compile(rb"\s*[\[{]\s*(?:[\"{\[\]}]|$)"), "JSON"),
    (re.compile(rb"\{\\rtf"), "RTF"),
    (re.compile(rb"%!PS"), "PostScript"),
    (re.compile(rb"\s*OFXHEADER|\s*<OFX>"), "OFX"),
)

_IMAGE: Final = N_("this is an image ({name})")
_DOCUMENT: Final = N_("this is a {name} document; ask its source for CSV or .xlsx")
_ARCHIVE: Final = N_("this is an archive ({name}); unpack it, and load the files in it")
_DATABASE: Final = N_(
    "this is a database ({name}); export a table from it as CSV, or name it with --db if it holds the books"
)
_DATA: Final = N_("this is a {name} file; export it as CSV")
_PROGRAM: Final = N_("this is a program ({name})")
_SHEET: Final = N_(
    "this is a workbook in the format {name}; open it in a spreadsheet program and save it as .xlsx or CSV"
)
_WEB: Final = N_(
    "this is a web page ({name}), perhaps one that asks for a password, or a report under another name; download it"
    " again, or open it in a spreadsheet program and save it as .xlsx"
)
_PROTECTED: Final = (".xlsx", N_("this is a workbook protected by a password ({name}); save it without one"))
_OLD: Final = (".xls", N_("this is an old Office file ({name}); open it and save it as .xlsx or CSV"))
_BINARY: Final = ("", N_("this is a binary file"))
_SIGNATURES: Final = (
    (b"\x89PNG", "PNG", _IMAGE),
    (b"\xff\xd8\xff", "JPEG", _IMAGE),
    (b"GIF8", "GIF", _IMAGE),
    (b"BM", "BMP", _IMAGE),
    (b"II*\0", "TIFF", _IMAGE),
    (b"MM\0*", "TIFF", _IMAGE),
    (b"%PDF", "PDF", _DOCUMENT),
    (b"SQLite format 3\0", "SQLite", _DATABASE),
    (b"\0\1\0\0Standard ", "Access", _DATABASE),
    (b"\x1f\x8b", "gzip", _ARCHIVE),
    (b"BZh", "bzip2", _ARCHIVE),
    (b"\xfd7zXZ", "xz", _ARCHIVE),
    (b"\x28\xb5\x2f\xfd", "zstd", _ARCHIVE),
    (b"\x04\x22\x4d\x18", "lz4", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip", _ARCHIVE),
    (b"Rar!\x1a\x07", "RAR", _ARCHIVE),
    (b"PAR1", "Parquet", _DATA),
    (b"ARROW1", "Arrow", _DATA),
    (b"\x7fELF", "ELF", _PROGRAM),
    (b"MZ\x90\0", "EXE", _PROGRAM),
)
_PARTS: Final = (
    ("xl/workbook.bin", ".xlsb", _SHEET),
    ("word/document.xml", "Word", _DOCUMENT),
    ("ppt/presentation.xml", "PowerPoint", _DOCUMENT),
    ("index/document.iwa", "Numbers", _SHEET),
)
_OPEN_DOCUMENTS: Final = {b"spreadsheet": (".ods", _SHEET), b"text": (".odt", _DOCUMENT)}


def is_zip(head: bytes) -> bool:
    """Whether these are the first bytes of a ZIP archive, which workbooks are too."""
    return head.startswith(_ZIP)


def unwanted(head: bytes, source: Source) -> str | None:
    """What was expected instead of this file, by name; None for text and for workbooks that can be read."""
    if is_zip(head):
        found = _of_zip(head, source)
    elif head.startswith(_OLE):
        found = _PROTECTED if _ENCRYPTED in head else _OLD
    else:
        found = _of_bytes(head) or _of_text(head[:_LOOKED_AT])
    if found is None:
        return None
    name, sentence = found
    return _("a table as CSV or .xlsx; {what}").format(what=_(sentence).format(name=name))


def _of_bytes(head: bytes) -> tuple[str, str] | None:
    for signature, name, sentence in _SIGNATURES:
        if head.startswith(signature) and (name != "BMP" or b"\0" in head[:_LOOKED_AT]):
            return name, sentence
    return ("tar", _ARCHIVE) if head[257:262] == b"ustar" else None


def _of_text(start: bytes) -> tuple[str, str] | None:
    if start.startswith(_MARKS_OF_TEXT):
        return None
    text = start.removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(text):
        return "HTML", _WEB
    for pattern, name in _OTHER_TEXT:
        if pattern.match(text):
            return name, _DATA
    odd = sum(byte < 0x20 and byte not in b"\t\n\r\x0c\x1a\x1b" for byte in start)  # noqa: PLR2004 - the space
    return _BINARY if odd * 20 > len(start) and wide_text(start) is None else None


def _of_zip(head: bytes, source: Source) -> tuple[str, str] | None:
    kind = head[30:110].partition(b"application/vnd.oasis.opendocument.")[2]
    for part, found in _OPEN_DOCUMENTS.items():
        if kind.startswith(part):
            return found
    with io.BufferedReader(source.open()) as file:
        names = parts(file)
    if "xl/workbook.xml" in names:
        return None
    return next(((name, sentence) for part, name, sentence in _PARTS if part in names), ("ZIP", _ARCHIVE))
