"""Files that are no table are refused by name, each with what to do (C4)."""

import bz2
import gzip
import io
import lzma
import os
import sqlite3
import tarfile
import threading
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from reconcile_cli.intake.source import BLOCK_BYTES
from tests.unit.intake.reading import HEADER, read_bytes, read_files

ROW = "A,payment,P1,2024-01-31,5\n"


def _zip(**parts: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return held.getvalue()


def _tar() -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.csv"), io.BytesIO())
    return held.getvalue()


def _database(folder: Path) -> bytes:
    with sqlite3.connect(folder / "a.db") as database:
        database.execute("CREATE TABLE t (a)")
    database.close()
    return (folder / "a.db").read_bytes()


OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CASES = {
    "image (PNG)": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "image (JPEG)": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "image (BMP)": b"BM\x36\0\0\0\0\0",
    "PDF document": b"%PDF-1.7\n",
    "RTF file": b"{\\rtf1\\ansi",
    "archive (ZIP); unpack it": _zip(**{"a.csv": HEADER}),
    "archive (gzip)": gzip.compress(HEADER.encode()),
    "archive (bzip2)": bz2.compress(HEADER.encode()),
    "archive (xz)": lzma.compress(HEADER.encode()),
    "archive (7-Zip)": b"7z\xbc\xaf\x27\x1c\0\4",
    "archive (RAR)": b"Rar!\x1a\x07\1\0",
    "archive (tar)": _tar(),
    "old Office file (.xls)": OLE + bytes(600),
    "protected by a password": OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    "format .ods": _zip(mimetype=OPEN_DOCUMENT + "spreadsheet"),
    ".odt document": _zip(mimetype=OPEN_DOCUMENT + "text"),
    "format .xlsb": _zip(**{"xl/workbook.bin": ""}),
    "Word document": _zip(**{"word/document.xml": ""}),
    "web page (HTML)": b"\xef\xbb\xbf\n<!-- made by us -->\n<HTML><table><tr><td>account,kind,document</table>",
    "XML file": b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>',
    "JSON file": b'{"account": "A-1"}',
    "OFX file": b"OFXHEADER:100\nDATA:OFXSGML\n",
    "Parquet file": b"PAR1\x15\4",
    "binary file": bytes(range(32)) * 10,
}


@pytest.mark.parametrize("named", CASES)
def test_what_is_no_table_is_refused_by_name(tmp_path: Path, named: str) -> None:
    told = read_bytes(tmp_path, CASES[named])
    (problem,) = told.problems
    assert named in problem.expected
    assert problem.expected.startswith("a table as CSV or .xlsx; ")
    assert told.bad == [(0, 0, None, None)]


def test_a_database_is_refused_by_name(tmp_path: Path) -> None:
    assert "database (SQLite)" in read_bytes(tmp_path, _database(tmp_path)).problems[0].expected


@pytest.mark.parametrize("first", ["BM-1", "MM", "PK", "Rar", "GIF", "[A]", "{x}", "<A-1>", "%"])
def test_text_that_begins_like_another_format_is_text(tmp_path: Path, first: str) -> None:
    told = read_bytes(tmp_path, f"{first}\n{HEADER}{first},payment,P1,2024-01-31,5\n".encode())
    assert (told.problems, told.signed) == ([], [-500])


def _pouring(pipe: Path, block: Callable[[], bytes]) -> threading.Thread:
    """A writer that would never end; it stops when nobody reads any more."""

    def pour() -> None:
        with suppress(BrokenPipeError), pipe.open("wb", buffering=0) as stream:
            while True:
                stream.write(block())

    os.mkfifo(pipe)
    thread = threading.Thread(target=pour)
    thread.start()
    return thread


@pytest.mark.parametrize(
    ("block", "told"),
    [
        (lambda: bytes(4096), "binary file"),
        (lambda: os.urandom(4096), "binary file"),
        (lambda: b"y\n" * 2048, "header row"),
        (lambda: b"a,b,c\n" * 2048, "header row"),
        (lambda: b"x" * 4096, "header row"),
    ],
)
def test_what_never_ends_is_refused_after_its_first_block(
    tmp_path: Path, block: Callable[[], bytes], told: str
) -> None:
    thread = _pouring(tmp_path / "pipe", block)
    assert told in read_files([tmp_path / "pipe"]).problems[0].expected
    thread.join()


def test_a_pipe_longer_than_a_block_is_read_whole(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    count = 3 * BLOCK_BYTES // len(ROW)
    rows = "".join(f"A,payment,P{number},2024-01-31,5\n" for number in range(count))
    writer = threading.Thread(target=pipe.write_text, args=(HEADER + rows,))
    writer.start()
    assert sum(read_files([pipe]).signed) == -500 * count
    writer.join()
