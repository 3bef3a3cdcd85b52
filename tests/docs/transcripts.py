"""Transcripts in the documentation: what is typed, and what the program answers.

A block ```csv NAME or ```toml NAME is a file of that name, ```sh NAME a program, ```xlsx NAME a workbook of these
cells; a block ```console holds lines `$ COMMAND`, each with its answer below; a command goes on in lines `> `.
Everything under one heading of level 2 happens in one folder, with one database; in a page of STORIES, the whole
page does. A line `...` in an answer stands for any number of lines.
After a change of the program's words:

    .venv/bin/python -m tests.docs.transcripts

writes the answers anew; read the difference before keeping it.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from tests.docs.terminal import ROOT, Answer, Terminal

STORIES = ("docs/tutorial.md", "docs/tutoriel.md")
PAGES = (
    "README.md",
    "README.fr.md",
    "docs/loading.md",
    "docs/reports.md",
    "docs/formats.md",
    "docs/errors.md",
    "docs/history.md",
    "docs/database.md",
    "docs/why.md",
    "docs/matching.md",
    *STORIES,
    "docs/how-to/loading.md",
    "docs/how-to/correcting.md",
    "docs/how-to/closing.md",
    "docs/scripting.md",
    "docs/completion.md",
)
ANYTHING = "..."
FILES = ("csv", "toml", "sh")
FOREIGN = ("bash", "jq", "sqlite3")
"""Programs that a page shows and that need not be here."""
_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^(##|###) (.+)$", re.MULTILINE)
_FAILURE = re.compile(r"^(Error|Erreur\N{NO-BREAK SPACE}): ", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block: the headings of level 2 and 3 above it, its language, the name behind that, and its text."""

    heading: str
    subheading: str
    language: str
    name: str
    text: str


class Exchange(NamedTuple):
    """A command as it is typed, in one line or more, and the answer that the page shows."""

    command: str
    answer: str

    @property
    def line(self) -> str:
        """The command as the shell reads it."""
        return self.command.replace("\n> ", "\n")


def blocks(page: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = (ROOT / page).read_text("utf-8")
    for found in _FENCE.finditer(text):
        heading = subheading = ""
        for title in _HEADING.finditer(text, 0, found.start()):
            heading, subheading = (title[2], "") if title[1] == "##" else (heading, title[2])
        yield Block(heading, subheading, found[1], found[2] or "", found[3])


def sections(page: str) -> dict[str, list[Block]]:
    """The blocks of a page that something is done with, by heading."""
    wanted = (block for block in blocks(page) if block.language in ("console", "xlsx") or block.name)
    return {
        heading: list(group)
        for heading, group in groupby(wanted, key=lambda block: "" if page in STORIES else block.heading)
    }


def exchanges(block: Block) -> Iterator[Exchange]:
    """The commands of a console block with their answers."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, answer = re.split(r"\n(?!> )", part, maxsplit=1)
        yield Exchange(command, answer)


def missing(section: Sequence[Block]) -> set[str]:
    """The programs that a section shows and that are not here."""
    commands = "\n".join(block.text for block in section if block.language == "console")
    return {name for name in FOREIGN if re.search(rf"(?:\$|\|) {name} ", commands) and not shutil.which(name)}


def agrees(shown: str, said: str) -> bool:
    """Whether an answer is the one shown, apart from empty ends and what `...` stands for."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == ANYTHING else re.escape(line.rstrip()) + r"[ ]*\n"
        for line in shown.rstrip("\n").splitlines()
    )
    return re.fullmatch(pattern, said.rstrip("\n") + "\n" * bool(said.strip())) is not None


def should_fail(exchange: Exchange) -> bool:
    """Whether the answer shown is a refusal that ends the line, not one whose exit code the line goes on to print."""
    return _FAILURE.search(exchange.answer) is not None and not exchange.line.endswith("; echo $?")


def play(terminal: Terminal, section: Sequence[Block]) -> Iterator[tuple[Exchange, Answer]]:
    """Do what a section of a page does, in order."""
    for block in section:
        if block.language in FILES:
            path = terminal.folder / block.name
            path.write_text(block.text, "utf-8")
            path.chmod(0o755 if block.language == "sh" else 0o644)
        elif block.language == "xlsx":
            _write_workbook(terminal.folder / block.name, block.text)
        else:
            for exchange in exchanges(block):
                yield exchange, terminal.type(exchange.line)


def _write_workbook(path: Path, text: str) -> None:
    """A workbook with one sheet: cells between `|`, numbers and ISO dates as such."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Sales")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for row, line in enumerate(text.splitlines()):
            for column, cell in enumerate(map(str.strip, line.split("|"))):
                if re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
                    sheet.write_datetime(row, column, datetime.fromisoformat(cell), day)
                elif re.fullmatch(r"-?\d+(\.\d+)?", cell):
                    sheet.write_number(row, column, float(cell))
                elif cell:
                    sheet.write_string(row, column, cell)


def _renewed(exchange: Exchange, said: str) -> str:
    """The answer as it is now; where the page shows its ends alone, as much of both ends."""
    lines = [line.rstrip() for line in said.rstrip("\n").splitlines()]
    shown = exchange.answer.rstrip("\n").splitlines()
    gap = exchange.answer[len(exchange.answer.rstrip("\n")) + 1 :]
    if ANYTHING in shown:
        head = shown.index(ANYTHING)
        tail = len(shown) - head - 1
        lines = [*lines[:head], ANYTHING, *lines[len(lines) - tail :]]
    return "".join(f"{line}\n" for line in lines) + gap


def rewrite(page: str) -> None:
    """Write the answers of a page anew."""
    path = ROOT / page
    text = path.read_text("utf-8")
    place = 0
    for heading, section in sections(page).items():
        if missing(section):
            sys.stderr.write(f"{page}, {heading}: stays as it is, without {', '.join(missing(section))}\n")
            continue
        with tempfile.TemporaryDirectory() as folder:
            for exchange, answer in play(Terminal(Path(folder)), section):
                place = text.index(f"$ {exchange.command}\n{exchange.answer}", place) + len(exchange.command) + 3
                new = exchange.answer
                if not agrees(exchange.answer, answer.text):
                    new = _renewed(exchange, answer.text)
                    text = text[:place] + new + text[place + len(exchange.answer) :]
                place += len(new)
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    for name in sys.argv[1:] or PAGES:
        rewrite(name)
