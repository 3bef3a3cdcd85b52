"""How far a long job is, on standard error: only on a terminal, and only when it lasts over a second."""

import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TextIO, cast

from reconcile_cli.render.look import Look
from reconcile_cli.text import _

if TYPE_CHECKING:
    from reconcile_cli.cli.bars import Bars

PATIENCE: Final = 1.0
BETWEEN: Final = 0.25


class Progress:
    """What jobs report to, and SQLite in the middle of its statements; after a second there are bars, one a label."""

    def __init__(self, stream: TextIO, look: Look) -> None:
        self._stream = stream
        self._look = look
        self._began = self._since = time.monotonic()
        self._label, self._next = "", 0.0
        self._left = False
        self._bars: Bars | None = None

    def report(self, label: str, done: int, total: int | None, rows: int) -> None:
        """Show how much is done, of how much (None: nobody knows), and how many rows that were (0: not counted)."""
        if label != self._label:
            self._label, self._since, self._next = label, time.monotonic(), 0.0
        if time.monotonic() >= self._next and (bars := self._shown()):
            self._next = time.monotonic() + BETWEEN
            bars.update(label, self._since, done, total, rows)

    def tick(self) -> int:
        """Show at least that there is work; SQLite asks now and then, and goes on for a 0."""
        if self._bars is None:
            self._shown()
        return 0

    def hush(self) -> None:
        """Leave the line to something else; what is reported next comes below it."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None

    def leave(self) -> None:
        """Leave for good: the job is done, or its data take the screen."""
        self.hush()
        self._left = True

    def _shown(self) -> "Bars | None":
        now = time.monotonic()
        if self._bars is None and not self._left and now - self._began >= PATIENCE:
            from reconcile_cli.cli.bars import Bars  # noqa: PLC0415 - most commands are done before one is needed

            self._bars = Bars(self._stream, self._look)
            self._bars.begin(self._label or _("working"), self._since)
        return self._bars


def leaving(stream: TextIO, progress: Progress) -> TextIO:
    """Give a stream whose first text takes the bars away."""
    return cast("TextIO", _Leaving(stream, progress))


class _Leaving:
    def __init__(self, stream: TextIO, progress: Progress) -> None:
        self._stream = stream
        self._progress = progress

    def write(self, text: str) -> int:
        self._progress.leave()
        return self._stream.write(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the stream has
        return getattr(self._stream, name)
