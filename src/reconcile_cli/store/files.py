"""Files that appear whole or not at all, for their owner only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from reconcile_cli.errors import ReconcileError
from reconcile_cli.store import drafts
from reconcile_cli.store.errors import Exists
from reconcile_cli.text import _

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class NotWritten(ReconcileError):
    """The folder or the disk does not take a file."""

    code = "not-written"

    def __init__(self, path: str, why: str) -> None:
        super().__init__()
        self.path = path
        self.why = why

    def sentence(self) -> str:
        return _("{path} was not written: {why}. Nothing of it was kept.").format(path=self.path, why=self.why)


@contextmanager
def whole(path: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """Give a new file that comes to `path` where the block ends well; else nothing of it is left.

    Raises:
        Exists: something is there and `force` is not given, or it is no file. Known before the block begins, and
            again when it ends.
        NotWritten: the folder or the disk does not take it.
    """
    place = path.resolve()
    refuse(place, force=force)
    draft = None
    try:
        _sweep(place)
        draft = drafts.create(place)
        with draft.open("wb") as file:
            with suppress(OSError):  # a file system without locks
                _hold(file.fileno())
            yield file
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        put(draft, place, force=force)
    except BrokenPipeError:  # of standard output, not of the file
        raise
    except OSError as error:
        raise NotWritten(str(path), error.strerror or "") from None
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def _sweep(path: Path) -> None:
    """Remove the drafts of killed processes: they hold customers' data, and nobody holds them any more."""
    for draft in drafts.left(path):
        with suppress(OSError), draft.open("rb") as file:  # somebody is at work, or it is gone already
            _hold(file.fileno())
            draft.unlink()


def _hold(descriptor: int) -> None:
    """Mark a draft as being written; Windows removes no open file anyway. Raises OSError where another writes it."""
    if fcntl is not None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def make_folder(path: Path) -> None:
    """Make a folder for its owner only, where there is none.

    Raises:
        Exists: something that is no folder is there.
        NotWritten: it cannot be made.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except FileExistsError:
        raise Exists(str(path), _("it is not a folder")) from None
    except OSError as error:
        raise NotWritten(str(path), error.strerror or "") from None


def refuse(path: Path, *, force: bool) -> None:
    """Refuse to write where something is in the way. Raises Exists."""
    if path.is_dir() or (path.exists() and not path.is_file()):
        raise Exists(str(path), _("it is not a file"))
    for name in drafts.BESIDE:
        if path.with_name(path.name + name).exists():
            raise Exists(str(path), _("a database of that name is in use"))
        beside = path.name.removesuffix(name)
        if beside not in ("", path.name) and path.with_name(beside).exists():
            raise Exists(str(path), _("a database may keep its last changes there"))
    if path.exists() and not force:
        raise _in_the_way(path)


def put(draft: Path, path: Path, *, force: bool) -> None:
    """Move a closed draft to its place. Raises Exists where somebody else made a file there meanwhile."""
    if force:
        draft.replace(path)
        return
    try:
        drafts.put(draft, path)
    except FileExistsError:
        raise _in_the_way(path) from None


def _in_the_way(path: Path) -> Exists:
    return Exists(str(path), _("write over it with --force"))
