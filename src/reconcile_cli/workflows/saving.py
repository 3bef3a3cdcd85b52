"""New files beside the books: readable by their owner only, whole or not at all, never over another."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

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
    """A file to write, which takes its name when all is written."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    draft.chmod(0o600)  # also where a umask takes away even that
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            yield file
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
