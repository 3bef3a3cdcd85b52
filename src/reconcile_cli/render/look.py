"""Where a screen goes and how it may look: format, stream, width, colour, alphabet."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TextIO

from reconcile_cli.render import safe

if TYPE_CHECKING:  # imported when something is drawn: CSV, JSON and help need no Rich
    from reconcile_cli.render.screen import Screen

Part = tuple[str, str]
"""A text that is harmless already, and its style."""


class Format(StrEnum):
    """What `--format` takes."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


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

    def __init__(self, stream: TextIO, form: Format = Format.TABLE, look: Look = PLAIN) -> None:
        self.stream = stream
        self.format = form
        self.look = look

    @cached_property
    def screen(self) -> "Screen":
        """What Rich draws on."""
        from reconcile_cli.render.screen import Screen  # noqa: PLC0415 - see above

        return Screen(self.stream, self.look)

    def line(self, text: str = "", style: str = "") -> None:
        """Write a line of text, data in it made harmless. On a terminal it breaks between words."""
        if self.look.terminal or style:
            self.screen.say(self.look.text(text), style)
        else:
            self.stream.write(self.look.text(text) + "\n")

    def flow(self, parts: Iterable[Part]) -> None:
        """Write parts side by side in as few lines as the width allows, none of them broken."""
        from reconcile_cli.render.screen import flowed  # noqa: PLC0415 - see above

        if text := flowed(parts, self.look.width):
            self.screen.draw(text)
