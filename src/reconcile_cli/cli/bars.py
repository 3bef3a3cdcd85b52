"""The bars of long jobs, drawn by Rich: share, rows a second, and the time left where it is known."""

import time
from typing import Final, TextIO

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.progress_bar import ProgressBar
from rich.text import Text

from reconcile_cli.render.look import Look
from reconcile_cli.render.screen import Screen
from reconcile_cli.text import _, figures

_WIDEST: Final = 40
_WORDS: Final = 50
"""What label and figures take of a line."""
_WIDE: Final = 60
_TIMES_A_SECOND: Final = 2


class _Steady(Screen):
    """A screen that never hides the cursor: whoever is stopped by Ctrl-Z would leave it so."""

    def show_cursor(self, show: bool = True) -> bool:  # noqa: ARG002 - Rich's own
        return False


class Bars:
    """One bar for each label, in the order of their appearance; the last one is at work."""

    def __init__(self, stream: TextIO, look: Look) -> None:
        screen = _Steady(stream, look._replace(colour=True))  # so that it draws again in place
        screen.no_color = not look.colour
        self._look = look
        self._tasks: dict[str, TaskID] = {}
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            _Bar(bar_width=max(1, min(_WIDEST, look.width - _WORDS))),
            _Pace(look),
            console=screen,
            refresh_per_second=_TIMES_A_SECOND,
            transient=True,
            redirect_stdout=False,  # data may go there
            redirect_stderr=False,
        )

    def begin(self, label: str, since: float) -> None:
        """Add a bar for work that began at a moment of the monotonic clock; what came before it is done."""
        self._progress.start()  # not before whoever made them can stop them: Ctrl-C may come in the middle
        for task in self._progress.tasks:
            self._progress.update(task.id, total=task.total or 1, completed=task.total or 1)
        self._tasks[label] = self._progress.add_task(self._look.text(label), total=None, rows=0, since=since)

    def update(self, label: str, since: float, done: int, total: int | None, rows: int) -> None:
        """Show how far the work of a label is."""
        if label not in self._tasks:
            self.begin(label, since)
        self._progress.update(self._tasks[label], completed=done, total=total, rows=rows)

    def stop(self) -> None:
        """Take the bars away."""
        self._progress.stop()


class _Bar(BarColumn):
    """Nothing where nobody knows how much there is to do."""

    def render(self, task: Task) -> ProgressBar | Text:  # type: ignore[override]
        """Give the bar."""
        return Text() if task.total is None else super().render(task)


class _Pace(ProgressColumn):
    """`45%  71,000 rows/s  0:12 left`; what is not known is left out, and the time that has passed stands instead."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look

    def render(self, task: Task) -> Text:
        """Give the figures of a bar."""
        passed = time.monotonic() - task.fields["since"]
        share = task.completed / task.total if task.total else 0
        told = [_("{share}%").format(share=int(100 * share))] if task.total else []
        if task.fields["rows"] and passed and not task.finished and self._look.width >= _WIDE:
            told.append(_("{count} rows/s").format(count=figures.count(round(task.fields["rows"] / passed))))
        if not task.finished:
            told.append(_("{time} left").format(time=_clock(passed / share - passed)) if share else _clock(passed))
        return Text(self._look.text("  ".join(told)), no_wrap=True)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
