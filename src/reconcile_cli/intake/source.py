"""Files as bytes: opened as often as needed, standard input kept aside once, what is no text told by name (C4)."""

import io
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from weakref import finalize

from reconcile_cli.intake.problems import UnreadableFile, shown
from reconcile_cli.text import _

BLOCK_BYTES: Final = 1 << 20
_IN_MEMORY_BYTES: Final = 8 << 20
MAX_SPOOLED_BYTES: Final = 4 << 30


class Source:
    """A file to read, `-` for standard input. Opened when first read, and readable again from the start.

    What can be read only once (standard input, a pipe) is first copied to an unnamed temporary file. Every way
    in raises UnreadableFile with a plain reason.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._kept: IO[bytes] | None = None
        self._rest: IO[bytes] | None = None

    @property
    def name(self) -> str:
        """What messages call the file: its path as given."""
        return _("standard input") if self.path == "-" else self.path

    def check(self) -> None:
        """Raise UnreadableFile where the file is missing, a folder or forbidden; reads nothing."""
        if self.path == "-":
            return
        if not self.path or "\0" in self.path:
            raise UnreadableFile(shown(self.path), _("its name is not that of a file."))
        with self.plainly():
            mode = Path(self.path).stat().st_mode
            if stat.S_ISREG(mode):
                os.close(os.open(self.path, os.O_RDONLY))
        if stat.S_ISDIR(mode):
            raise UnreadableFile(self.name, _("it is a folder; name the files in it."))

    def open(self) -> io.RawIOBase:
        """The bytes from the start. Several readers may be open at once; each keeps its own place."""
        with self.plainly():
            if self._is_regular():
                return io.FileIO(self.path)
            kept = self._keep_head()
            self._keep_rest(kept)
            return _View(kept)

    def head(self) -> bytes:
        """The first bytes, BLOCK_BYTES where there are so many; no more than these are read."""
        with self.plainly():
            if self._is_regular():
                with open(self.path, "rb") as file:  # noqa: PTH123 - a path may hold what Path changes
                    return file.read(BLOCK_BYTES)
            return _View(self._keep_head()).read(BLOCK_BYTES) or b""

    def size(self) -> int | None:
        """Bytes in all, for a progress bar; None where only reading can tell."""
        if self._kept is not None:
            return self._kept.seek(0, io.SEEK_END) if self._rest is None else None
        try:
            found = Path(self.path).stat()
        except OSError:
            return None
        return found.st_size if self.path != "-" and stat.S_ISREG(found.st_mode) else None

    def _is_regular(self) -> bool:
        return self._kept is None and self.path != "-" and stat.S_ISREG(Path(self.path).stat().st_mode)

    def _keep_head(self) -> IO[bytes]:
        """The copy of what can be read only once, begun where it is not yet."""
        if self._kept is None:
            kept = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 - lives as long as the source
            finalize(self, kept.close)
            self._rest = sys.stdin.buffer if self.path == "-" else open(self.path, "rb")  # noqa: PTH123, SIM115
            if self.path != "-":
                finalize(self, self._rest.close)
            kept.write(self._rest.read(BLOCK_BYTES))
            self._kept = kept
        return self._kept

    def _keep_rest(self, kept: IO[bytes]) -> None:
        if self._rest is None:
            return
        total = kept.seek(0, io.SEEK_END)
        while block := self._rest.read(BLOCK_BYTES):
            total += kept.write(block)
            if total > MAX_SPOOLED_BYTES:
                raise UnreadableFile(self.name, _("it does not end within 4 GiB; write it to a file first."))
        self._rest = None

    @contextmanager
    def plainly(self) -> Iterator[None]:
        """Whatever goes wrong with opening or reading inside is raised as UnreadableFile."""
        try:
            yield
        except (OSError, UnicodeError) as error:
            raise UnreadableFile(self.name, _reason(error)) from None


class _View(io.RawIOBase):
    """A reader of a shared file that keeps its own place."""

    def __init__(self, shared: IO[bytes]) -> None:
        self._shared = shared
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        before = {io.SEEK_SET: 0, io.SEEK_CUR: self._place}
        self._place = max(0, offset + (self._shared.seek(0, whence) if whence == io.SEEK_END else before[whence]))
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        self._shared.seek(self._place)
        block = self._shared.read(len(view))
        view[: len(block)] = block
        self._place += len(block)
        return len(block)


def wide_text(head: bytes) -> str | None:
    """`utf-16-le` or `utf-16-be` where every second byte is nearly always zero, as in Latin text; else None."""
    pairs = len(head) // 2
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if pairs and odd * 10 >= pairs * 7 and even * 10 <= pairs:
        return "utf-16-le"
    if pairs and even * 10 >= pairs * 7 and odd * 10 <= pairs:
        return "utf-16-be"
    return None


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return _("there is no such file.")
    if isinstance(error, PermissionError):
        return _("you have no permission to read it.")
    if isinstance(error, OSError) and error.strerror:
        return error.strerror + "."
    return _("it changed while it was read.")
