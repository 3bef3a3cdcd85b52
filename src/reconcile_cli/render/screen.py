"""Rich's console, told what it cannot know by itself; this module is imported when something is drawn."""

from collections.abc import Iterable
from operator import itemgetter
from typing import Final, TextIO

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.text import Text

from reconcile_cli.render.look import Look, Part

ELLIPSIS: Final = "\N{HORIZONTAL ELLIPSIS}"
_CUT: Final = ">"
"""What ends a text that gave way, where there is only ASCII: Rich knows the ellipsis alone."""

Line = list[Segment]


class Screen(Console):
    """A console of fixed width that takes no text for markup and leaves a closed pipe to the command line."""

    def __init__(self, stream: TextIO, look: Look) -> None:
        super().__init__(
            file=stream,
            width=look.width,
            height=25,  # with both, Rich asks neither the terminal nor the environment
            force_terminal=look.colour,
            color_system={None: "auto", True: "standard", False: None}[look.colour],
            no_color=None if look.colour is None else not look.colour,
            markup=False,
            emoji=False,
            highlight=False,
        )
        self._look = look

    @property
    def encoding(self) -> str:
        """The encoding of the stream; ASCII where that is asked for, which decides what Rich draws lines with."""
        return "ascii" if self._look.ascii else super().encoding

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError

    def say(self, text: str, style: str) -> None:
        """Write a harmless text; on a terminal it breaks between words and keeps its indentation."""
        if self._look.terminal and text:
            stripped = text.lstrip()
            self.draw(Padding.indent(Text(stripped, style), len(text) - len(stripped)))
        else:
            self.print(Text(text, style), soft_wrap=True)

    def lines(self, drawing: RenderableType) -> list[Line]:
        """Draw at the width of the window."""
        return self.render_lines(drawing, pad=False)

    def draw(self, drawing: RenderableType) -> None:
        """Write what `lines` gives."""
        self.write(self.lines(drawing))

    def write(self, lines: Iterable[Line]) -> None:
        """Write lines in one piece, whatever their width, without blanks at their ends."""
        ended = (segment for line in lines for segment in (*self._trimmed(line), Segment.line()))
        self.print(Segments(ended), end="", crop=False)

    def _trimmed(self, line: Line) -> Line:
        while line and not line[-1].text.strip():
            line.pop()
        if line:
            line[-1] = Segment(line[-1].text.rstrip(), line[-1].style)
        if not self._look.ascii:
            return line
        return [Segment(segment.text.replace(ELLIPSIS, _CUT), segment.style) for segment in line]


def cells(text: str) -> int:
    """How many cells a harmless text takes."""
    return len(text) if text.isascii() else cell_len(text)


def flowed(parts: Iterable[Part], width: int, gap: int = 3) -> Text:
    """Put parts side by side in as few lines as the width allows."""
    text = Text()
    filled = 0
    for part, style in filter(itemgetter(0), parts):
        size = cells(part)
        if filled and filled + gap + size > width:
            text.append("\n")
            filled = 0
        elif filled:
            text.append(" " * gap)
            filled += gap
        text.append(part, style)
        filled += size
    return text
