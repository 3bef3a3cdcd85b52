"""Where a screen goes and how it may look: format, stream, width, colour, alphabet."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, Self, TextIO

from reconcile_cli.render import safe

if TYPE_CHECKING:  # imported when something is drawn: CSV, JSON and help need no Rich
    from reconcile_cli.domain.telling import Report
    from reconcile_cli.render.page import Page
    from reconcile_cli.render.screen import Screen
    from reconcile_cli.render.workbook import Workbook

Part = tuple[str, str]
"""A text that is harmless already, and its style."""


class Format(StrEnum):
    """What `--format` takes: a command that writes lists all of them, another the first three."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    HTML = "html"
    XLSX = "xlsx"

    @property
    def is_document(self) -> bool:
        """Whether lists stand in a document that has a beginning and an end."""
        return self in (Format.HTML, Format.XLSX)


class CsvStyle(StrEnum):
    """What `--csv-style` takes."""

    PLAIN = "plain"
    EXCEL_FR = "excel-fr"


class About(NamedTuple):
    """What a document says of itself: the file of the books, when it was made and by which command line."""

    books: str = ""
    made_at: str = ""
    asked: str = ""


UNTOLD: Final = About()


class Look(NamedTuple):
    """How a screen may look. `terminal` tells that a person watches: legends are shown and long lists stop.

    `colour` None leaves it to Rich, which looks at the stream, NO_COLOR, FORCE_COLOR and TERM.
    """

    width: int = 100
    ascii: bool = False
    colour: bool | None = False
    terminal: bool = False

    def text(self, text: str) -> str:
        """Make a text harmless, and spell it in ASCII where the stream needs that."""
        harmless = safe.clean(text)
        return safe.ascii_only(harmless) if self.ascii else harmless


PLAIN: Final = Look()


class Target:
    """A stream, the format asked for, and the look that suits the stream."""

    def __init__(
        self,
        stream: TextIO,
        form: Format = Format.TABLE,
        look: Look = PLAIN,
        csv_style: CsvStyle = CsvStyle.PLAIN,
        about: About = UNTOLD,
    ) -> None:
        self.stream = stream
        self.format = form
        self.look = look
        self.csv_style = csv_style
        self.about = about
        self.report: Report | None = None
        """What is told how many rows were written, where somebody watches."""

    @cached_property
    def screen(self) -> "Screen":
        """What Rich draws on."""
        from reconcile_cli.render.screen import Screen  # noqa: PLC0415 - see above

        return Screen(self.stream, self.look)

    @cached_property
    def document(self) -> "Page | Workbook":
        """What is begun with the first list or line, where the format is that of a document."""
        if self.format is Format.HTML:
            from reconcile_cli.render.page import Page  # noqa: PLC0415 - tables and data need none

            return Page(self)
        from reconcile_cli.render.workbook import Workbook  # noqa: PLC0415 - the same

        return Workbook(self)

    @contextmanager
    def finished(self) -> Iterator[Self]:
        """Give the target; a document is whole where the block ends well, else nothing of it is left behind."""
        try:
            yield self
            if self.format.is_document:
                self.document.close()
        except BaseException:
            if "document" in self.__dict__:
                self.document.drop()
            raise

    def line(self, text: str = "", style: str = "") -> None:
        """Write a line of text, data in it made harmless. On a terminal it breaks between words."""
        if self.format.is_document:
            self.document.line([(text, style)])
        elif self.look.terminal or style:
            self.screen.say(self.look.text(text), style)
        else:
            self.stream.write(self.look.text(text) + "\n")

    def flow(self, parts: Iterable[Part]) -> None:
        """Write parts side by side in as few lines as the width allows, none of them broken."""
        if self.format.is_document:
            self.document.line(parts)
            return
        from reconcile_cli.render.screen import flowed  # noqa: PLC0415 - see above

        if text := flowed(parts, self.look.width):
            self.screen.draw(text)
