"""The SQL that docs/database.md shows, and the rows that the page says it gives.

A block ```sql is run on the books that its section makes, by SQLite alone, and the table under it is its answer.
`.venv/bin/python -m tests.docs.queries` writes the tables anew.
"""

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple

from tests.docs.terminal import ROOT, Terminal
from tests.docs.transcripts import play, sections

PAGE: Final = "docs/database.md"
SECTION: Final = "Five questions"
_QUERY: Final = re.compile(r"^### (.+?)\n.*?^```sql\n(.*?)^```\n\n?((?:^\|[^\n]*\n)*)", re.MULTILINE | re.DOTALL)


class Query(NamedTuple):
    """A question of the page, its SQL, and the table that it shows."""

    question: str
    sql: str
    table: str


def queries(text: str) -> Iterator[Query]:
    """The questions of the page, in order."""
    return (Query(*found.groups()) for found in _QUERY.finditer(text))


def page() -> str:
    """The page as it stands."""
    return (ROOT / PAGE).read_text("utf-8")


def books(folder: Path) -> Path:
    """The books of the section, made as it says."""
    for exchange, answer in play(Terminal(folder), sections(PAGE)[SECTION]):
        assert answer.code == 0, exchange.command
    return folder / "club.db"


def answer(path: Path, sql: str) -> str:
    """What SQLite says, as a table in Markdown."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        cursor = connection.execute(sql)
        head = [name for name, *_rest in cursor.description]
        rows = [["" if cell is None else str(cell) for cell in row] for row in cursor]
    return "".join(f"| {' | '.join(row)} |\n" for row in [head, ["---"] * len(head), *rows])


def rewrite() -> None:
    """Write the tables of the page anew."""
    text = page()
    with tempfile.TemporaryDirectory() as folder:
        path = books(Path(folder))
        for query in list(queries(text)):
            begin = text.index(query.sql) + len(query.sql) + len("```\n")
            end = text.index(query.table, begin) + len(query.table) if query.table else begin
            text = f"{text[:begin]}\n{answer(path, query.sql)}{text[end:]}"
    (ROOT / PAGE).write_text(text, "utf-8")


if __name__ == "__main__":
    rewrite()
