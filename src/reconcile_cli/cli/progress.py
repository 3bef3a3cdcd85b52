"""A progress bar on standard error: only on a terminal, and only when the work lasts over a second."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Report = Callable[[str, int, int | None], None]

PATIENCE: Final = 1.0


@contextmanager
def progress() -> Iterator[Report | None]:
    """Give what workflows report to, `(label, done, total)`; None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _Bar()
    try:
        yield bar.report
    finally:
        bar.stop()


class _Bar:
    """Appears after a second; each label is a line of its own."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._shown: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def report(self, label: str, done: int, total: int | None) -> None:
        """Show how far the work has come."""
        if self._shown is None:
            if time.monotonic() - self._began < PATIENCE:
                return
            self._shown = _started()
        if label not in self._tasks:
            self._tasks[label] = self._shown.add_task(label, total=total)
        self._shown.update(self._tasks[label], completed=done, total=total)

    def stop(self) -> None:
        """Take the bar away."""
        if self._shown is not None:
            self._shown.stop()


def _started() -> "Progress":
    from rich.console import Console  # noqa: PLC0415 - most commands are done before a bar is needed
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    shown = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    shown.start()
    return shown
