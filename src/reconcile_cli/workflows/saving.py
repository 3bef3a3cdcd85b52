"""New files beside the books: readable by their owner only, whole or not at all, never over another."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from reconcile_cli.store import files
from reconcile_cli.text import _
from reconcile_cli.workflows.errors import Refused


def refuse_existing(path: Path) -> None:
    """Refuse to write over a file, or where there is no folder, before anything is done."""
    if not path.parent.is_dir():
        raise Refused(_("{path}: there is no such folder; name another file.").format(path=path))
    if path.exists():
        raise Refused(_("{path} exists already; name another file.").format(path=path))


@contextmanager
def new_file(path: Path) -> Iterator[TextIO]:
    """A file of text to write, which takes its name when all is written. Raises what `files.whole` raises."""
    with files.whole(path) as opened, io.TextIOWrapper(opened, encoding="utf-8", newline="") as file:
        yield file
