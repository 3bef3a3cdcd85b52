"""The session of one command line: what is read of the surroundings (streams, clock, user, variables) is read here."""

import os
import stat
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

import typer

from reconcile_cli.cli import configuration
from reconcile_cli.cli.progress import Progress, leaving
from reconcile_cli.cli.saying import say
from reconcile_cli.cli.words import as_text, printable
from reconcile_cli.domain.dates import from_date
from reconcile_cli.errors import ReconcileError
from reconcile_cli.render.amounts import money
from reconcile_cli.render.look import About, CsvStyle, Format, Look, Target
from reconcile_cli.render.safe import ascii_only
from reconcile_cli.text import _, figures, ngettext

if TYPE_CHECKING:  # the list of commands and completion of options need neither records nor SQLite
    from reconcile_cli.domain.results import Removal, Stamp
    from reconcile_cli.domain.telling import Report
    from reconcile_cli.store.books import Books

WIDTH: Final = 100
_NARROWEST: Final = 20
_USER: Final = ("LOGNAME", "USER", "LNAME", "USERNAME")
"""The variables that name the user, as `getpass` reads them, whose import brings what asks for passwords."""
_DRAWN: Final = (
    "\N{CHECK MARK}\N{BALLOT BOX WITH CHECK}\N{CIRCLE WITH LEFT HALF BLACK}\N{WARNING SIGN}\N{BALLOT X}\u2500\u2026"
)


class Colour(StrEnum):
    """What `--color` takes."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class NeedsYes(ReconcileError):
    """Something is to be confirmed, and nobody can be asked."""

    code = "needs-yes"

    def __init__(self, what: str) -> None:
        super().__init__()
        self.what = what

    def sentence(self) -> str:
        return _("{what} Nothing was done: repeat it with --yes to confirm.").format(what=self.what)


class Session:
    """What the global options say, and the moment at which the command began: one clock for all of it."""

    def __init__(self, db: Path | None = None, colour: Colour = Colour.AUTO, ascii_: bool = False) -> None:
        self.db = db
        self.colour = colour
        self.ascii = ascii_
        self.now = datetime.now(UTC)

    @property
    def today(self) -> int:
        """The local day, `yyyymmdd`."""
        return from_date(self.now.astimezone().date())

    @property
    def database(self) -> Path:
        """`--db`, else RECONCILE_DB, else `reconcile.db` in the user's data folder."""
        if self.db is not None:
            return self.db
        if named := os.environ.get("RECONCILE_DB"):
            return Path(named).expanduser()
        from platformdirs import user_data_path  # noqa: PLC0415 - needed only where nothing names a database

        return user_data_path("reconcile", appauthor=False) / "reconcile.db"

    @property
    def profiles(self) -> Path:
        """The folder of the user's profiles."""
        return configuration.folder() / "profiles"

    def read(self) -> "Books":
        """Open the books for reading."""
        from reconcile_cli.store.books import Books  # noqa: PLC0415 - see above

        return self._opened(Books.open(self.database, moment=self._moment))

    def change(self, *, new: bool = False) -> "Books":
        """Open the books for a change; `new` makes them where there are none, private to the user."""
        from reconcile_cli.store.books import Books  # noqa: PLC0415 - see above
        from reconcile_cli.store.errors import NoDatabase  # noqa: PLC0415

        path = self.database
        if new and self.db is None and not os.environ.get("RECONCILE_DB"):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not new and not path.exists():
            raise NoDatabase(str(path))
        return self._opened(Books.open(path, change=True, moment=self._moment))

    @property
    def _moment(self) -> str:
        return self.now.strftime("%Y%m%dT%H%M%SZ")

    def _opened(self, books: "Books") -> "Books":
        """Tell of the copy that was made before an older file was brought up to date."""
        if books.kept:
            self.say(
                _(
                    "The database is of an older version and was brought up to date; as it was, it is kept as {path}"
                ).format(path=books.kept)
            )
        if self.progress:
            books.watch(self.progress.tick, self.progress.leave)
        return books

    @cached_property
    def progress(self) -> Progress | None:
        """How far it is, where somebody watches."""
        watched = _is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"
        return Progress(sys.stderr, self._look(sys.stderr)) if watched else None

    @property
    def report(self) -> "Report | None":
        """What a long job reports to, where somebody watches."""
        return self.progress.report if self.progress else None

    def stamp(self, note: str = "", by: str = "") -> "Stamp":
        """Say who changes the books (else the user of the system), when and why."""
        from reconcile_cli.domain.results import Stamp  # noqa: PLC0415 - see above

        return Stamp(by.strip() or author(), self.now.strftime("%Y-%m-%dT%H:%M:%SZ"), self.today, note)

    @property
    def width(self) -> int:
        """How many columns a table may take."""
        return _width()

    def target(
        self, form: Format = Format.TABLE, csv_style: CsvStyle = CsvStyle.PLAIN, about: About = About()
    ) -> Target:
        """Standard output in this format. Data is UTF-8 in every locale; a table uses what the stream can encode."""
        stream, look = sys.stdout, self._look(sys.stdout)
        if form is not Format.TABLE:
            _as_data(stream)
        if self.progress and not _is_file(stream):  # a pipe may end in a pager
            return Target(leaving(stream, self.progress), form, look, csv_style, about)
        target = Target(stream, form, look, csv_style, about)
        target.report = self.report
        return target

    def messages(self) -> Target:
        """Standard error, for what a person reads."""
        return Target(sys.stderr, Format.TABLE, self._look(sys.stderr))

    def say(self, *sentences: str) -> None:
        """Write sentences to standard error, one a line."""
        if self.progress:
            self.progress.hush()
        for sentence in sentences:
            say(self._spelled(sentence))

    def _spelled(self, sentence: str) -> str:
        return ascii_only(sentence) if self.ascii or not _encodes(sys.stderr) else sentence

    def confirm(self, *, yes: bool, always: bool = False) -> "Callable[[Removal], bool]":
        """Return what asks before something is taken away; one allocation alone is not asked for, unless `always`.

        It asks only where a person can read and answer; `yes` answers; else it raises NeedsYes.
        """

        def confirmed(removal: "Removal") -> bool:
            if yes or (removal.count <= 1 and not always):
                return True
            what = _told(removal)
            if not (_is_terminal(sys.stdin) and _is_terminal(sys.stderr)):
                raise NeedsYes(what)
            self.say(what)
            sys.stderr.write(self._spelled(_("Go on? [y/N] ")))
            sys.stderr.flush()
            return sys.stdin.readline().strip().casefold() in _("y yes").split()

        return confirmed

    def _look(self, stream: TextIO) -> Look:
        terminal = _is_terminal(stream)
        return Look(
            width=_width(),
            ascii=self.ascii or not _encodes(stream),
            colour=self._coloured(terminal=terminal),
            terminal=terminal,
        )

    def _coloured(self, *, terminal: bool) -> bool:
        if self.colour is not Colour.AUTO:
            return self.colour is Colour.ALWAYS
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR"):
            return True
        return terminal and os.environ.get("TERM") != "dumb"


def session_of(ctx: typer.Context) -> Session:
    """Return the session that the global options made."""
    session = ctx.find_object(Session)
    return session or Session()


def author() -> str:
    """The name of the user of the system; `unknown` where the system tells none."""
    named = next(filter(None, map(os.environ.get, _USER)), None)
    return printable(as_text(named or _of_process()))


def _of_process() -> str:
    try:
        from pwd import getpwuid  # noqa: PLC0415 - Unix alone has it, and most sessions are told who they are

        return getpwuid(os.getuid()).pw_name
    except (KeyError, ImportError, OSError):
        return "unknown"


def _told(removal: "Removal") -> str:
    amounts = ", ".join(money(total.amount_minor, total.currency) for total in removal.totals())
    counted = ngettext(
        "{description}: {count} allocation ({amounts}) would be removed.",
        "{description}: {count} allocations ({amounts}) would be removed.",
        removal.count,
    )
    if not removal.count:
        counted = _("{description} would be taken back.")
    told = [counted.format(description=removal.description, count=figures.count(removal.count), amounts=amounts)]
    if removal.returning:
        back = ngettext(
            "{count} allocation would come back.", "{count} allocations would come back.", removal.returning
        )
        told.append(back.format(count=figures.count(removal.returning)))
    if removal.transactions:
        concerned = ngettext(
            "{count} transaction would leave or change back.",
            "{count} transactions would leave or change back.",
            removal.transactions,
        )
        told.append(concerned.format(count=figures.count(removal.transactions)))
    return " ".join(told)


def _as_data(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")  # names of files are any bytes


def _is_terminal(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def _is_file(stream: TextIO) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return False


def _encodes(stream: TextIO) -> bool:
    try:
        _DRAWN.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _width() -> int:
    """The width of the window: COLUMNS, else that of the terminal that a stream is, else 100."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return max(int(columns), _NARROWEST)
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            if stream is not None:
                return max(os.get_terminal_size(stream.fileno()).columns, _NARROWEST)
        except (OSError, ValueError):
            continue
    return WIDTH
