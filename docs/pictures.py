"""Draw the pictures of the pages from real runs on the sample data.

    .venv/bin/python docs/pictures.py          draws them
    .venv/bin/python docs/pictures.py --check  tells which no longer show what the program shows

They need no font from elsewhere, and the same program draws them the same.
"""

# ruff: noqa: INP001 - a script beside the package

import re
import sys
import tempfile
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Final, NamedTuple

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.docs.terminal import ROOT, WIDTH, Terminal

PICTURES: Final = ROOT / "docs" / "pictures"
LOAD: Final = "reconcile load sample_data/club_en.csv sample_data/club_fr.csv"


class Scene(NamedTuple):
    """A picture: its name, what is typed before it, and the command that it shows."""

    name: str
    before: tuple[str, ...]
    command: str


SCENES: Final = (
    Scene("accounts", (LOAD,), "reconcile accounts C00"),
    Scene("matches", (LOAD, "reconcile auto C027"), "reconcile show C027 --matches"),
    Scene("sales", (LOAD,), "reconcile report sales --from 2026-09-01 --to 2026-09-30"),
    Scene("payments", (LOAD,), "reconcile report payments --from 2026-09-01 --to 2026-09-30"),
    Scene("ledger", (LOAD,), "reconcile report ledger"),
    Scene("aging", (LOAD, "reconcile auto --all"), "reconcile report aging"),
    Scene("unapplied", (LOAD,), "reconcile report unapplied"),
    Scene("reconciliation", (LOAD,), "reconcile report reconciliation"),
    Scene("statement", (LOAD,), "reconcile statement C008"),
    Scene("suggest", (LOAD,), "reconcile suggest C030"),
)


# The colours of two windows: sixteen colours, and those of the background and the text.
_WINDOWS: Final = {
    "dark": TerminalTheme(
        (27, 31, 36),
        (209, 215, 224),
        [
            *((72, 79, 88), (255, 123, 114), (86, 211, 100), (227, 179, 65)),
            *((121, 192, 255), (210, 168, 255), (86, 212, 221), (209, 215, 224)),
        ],
        [
            *((139, 148, 158), (255, 123, 114), (126, 231, 135), (240, 200, 100)),
            *((121, 192, 255), (210, 168, 255), (179, 240, 255), (240, 246, 252)),
        ],
    ),
    "light": TerminalTheme(
        (255, 255, 255),
        (31, 35, 40),
        [
            *((31, 35, 40), (182, 35, 36), (17, 99, 41), (125, 78, 0)),
            *((9, 80, 170), (102, 57, 186), (24, 105, 120), (89, 99, 110)),
        ],
        [
            *((89, 99, 110), (164, 14, 38), (26, 127, 55), (99, 60, 1)),
            *((33, 100, 190), (130, 80, 223), (49, 146, 170), (31, 35, 40)),
        ],
    ),
}

_DRAWING: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "Fira Code", "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width; white-space: pre;
}}
.{unique_id}-title {{ font-family: sans-serif; font-size: 18px; font-weight: bold; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def screen_of(scene: Scene, *, colour: bool = True) -> str:
    """Play a scene in a terminal of its own and return the last screen, with its colours."""
    with tempfile.TemporaryDirectory() as folder:
        terminal = Terminal(Path(folder), colour=colour)
        answers = [terminal.type(line) for line in (*scene.before, scene.command)]
    for answer in answers:
        if answer.code:
            raise RuntimeError(answer.text)
    return answers[-1].text


def drawing(scene: Scene, screen: str, theme: str) -> str:
    """Draw a screen as SVG."""
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, legacy_windows=False)
    console.print(Text(f"$ {scene.command}", style="bold"), Text.from_ansi(screen), sep="\n", crop=False)
    svg = console.export_svg(title="", theme=_WINDOWS[theme], code_format=_DRAWING, unique_id=f"{scene.name}-{theme}")
    return "\n".join(line.rstrip() for line in svg.splitlines() if line.strip()) + "\n"


def is_true(scene: Scene) -> bool:
    """Whether the pictures of a scene hold the words that the program writes now."""
    screen = "".join(f"$ {scene.command}\n{screen_of(scene, colour=False)}".split())
    drawn = [(PICTURES / f"{scene.name}-{theme}.svg").read_text("utf-8") for theme in _WINDOWS]
    words = [unescape("".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))) for svg in drawn]
    return all("".join(text.split()) == screen for text in words)


def draw(scene: Scene) -> None:
    """Draw a scene in dark and in light."""
    screen = screen_of(scene)
    for theme in _WINDOWS:
        (PICTURES / f"{scene.name}-{theme}.svg").write_text(drawing(scene, screen, theme), "utf-8")


def main(arguments: list[str]) -> int:
    """Draw all, or with `--check` tell what is to be drawn anew."""
    if arguments == ["--check"]:
        old = [scene.name for scene in SCENES if not is_true(scene)]
        sys.stdout.write("".join(f"{name} is to be drawn anew\n" for name in old))
        return 1 if old else 0
    PICTURES.mkdir(exist_ok=True)
    for scene in SCENES:
        draw(scene)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
