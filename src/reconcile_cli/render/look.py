"""Where a screen goes and how it may look: format, stream, width, colour, alphabet."""

from dataclasses import dataclass
from enum import StrEnum
from textwrap import wrap
from typing import Final, TextIO

from reconcile_cli.render import safe

RESET: Final = "\x1b[0m"
_SGR: Final = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "94",
    "cyan": "36",
}


class Format(StrEnum):
    """What `--format` takes."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Look:
    """How a screen may look. `terminal` tells that a person watches: legends are shown and long lists stop."""

    width: int = 100
    ascii: bool = False
    colour: bool = False
    terminal: bool = False

    @property
    def ellipsis(self) -> str:
        """What ends a text that gave way."""
        return "..." if self.ascii else "\N{HORIZONTAL ELLIPSIS}"

    @property
    def rule(self) -> str:
        """What lines under headings are drawn with."""
        return "-" if self.ascii else "\N{BOX DRAWINGS LIGHT HORIZONTAL}"

    def text(self, text: str) -> str:
        """Make a text harmless, and spell it in ASCII where the stream needs that."""
        harmless = safe.clean(text)
        return safe.ascii_only(harmless) if self.ascii else harmless

    def paint(self, text: str, style: str) -> str:
        """Give text a style, where there is colour; bold and dim go the same way."""
        if not (self.colour and style and text):
            return text
        codes = ";".join(_SGR[name] for name in style.split())
        return f"\x1b[{codes}m{text}{RESET}"


@dataclass(frozen=True, slots=True)
class Target:
    """A stream, the format asked for, and the look that suits the stream."""

    stream: TextIO
    format: Format = Format.TABLE
    look: Look = Look()

    def line(self, text: str = "", style: str = "") -> None:
        """Write a line of text, data in it made harmless. On a terminal it breaks between words, never in a figure."""
        harmless = self.look.text(text)
        for part in _broken(harmless, self.look.width) if self.look.terminal else [harmless]:
            self.stream.write(self.look.paint(part, style) + "\n")


def _broken(text: str, width: int) -> list[str]:
    if len(text) <= width:
        return [text]
    indent = " " * (len(text) - len(text.lstrip()) + 2)
    return wrap(text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
