"""What a file of the corpus is loaded as, in words.

`NAME.csv` stands beside `NAME.expected`: a sentence that says what it shows, perhaps `with: FILE` (loaded together
with it) and `options: ...`, an empty line, and the answer: the documents of each account, each line with its amount
and what is open, the balances, and the notes; or the problems, word for word. After a change of the program's words:

    .venv/bin/python -m tests.corpus.telling

writes the answers anew; read the difference before keeping it.
"""

import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.cli.driving import Answer, reconcile

FOLDER = Path(__file__).parent
_OF_EVERY_LOAD = ("Loaded as ", "See it: ", "Take it back: ", "Next: ")


class Case(NamedTuple):
    """A file and what is expected of it."""

    path: Path
    title: str
    together: tuple[str, ...]
    options: tuple[str, ...]
    answer: str

    @property
    def expected(self) -> Path:
        """Where the answer stands."""
        return self.path.with_suffix(".expected")


def cases() -> Iterator[Case]:
    """Every case, in order; a file that another is loaded with is no case."""
    for expected in sorted(FOLDER.rglob("*.expected")):
        head, _blank, answer = expected.read_text("utf-8").partition("\n\n")
        title, *more = head.splitlines()
        told = {key: shlex.split(value) for key, _colon, value in (line.partition(": ") for line in more)}
        path = expected.with_suffix(".csv")
        yield Case(path, title, tuple(told.get("with", ())), tuple(told.get("options", ())), answer)


def answer(case: Case, folder: Path) -> str:
    """Load the file into new books and tell what is in them then, or why it was refused."""
    files = [case.path.name, *case.together]
    for name in files:
        shutil.copy(case.path.with_name(name), folder / name)
    books = str(folder / "books.db")
    before = Path.cwd()
    os.chdir(folder)
    try:
        loaded = reconcile("load", *files, *case.options, "--db", books)
        notes = [f"note: {line}" for line in loaded.err.splitlines() if not line.startswith(_OF_EVERY_LOAD)]
        if loaded.code:
            return "".join(f"{line}\n" for line in loaded.err.splitlines())
        accounts = _accounts(books) if Path(books).exists() else ()
        return "".join(f"{line}\n" for line in (*accounts, *notes))
    finally:
        os.chdir(before)


def _ok(answer: Answer) -> Answer:
    assert answer.code == 0, answer
    return answer


def _accounts(books: str) -> Iterator[str]:
    codes = dict.fromkeys(row["account"] for row in _ok(reconcile("accounts", "-f", "json", "--db", books)).json)
    for code in codes:
        shown = _ok(reconcile("show", code, "--all", "-f", "json", "--db", books)).json
        yield " ".join(filter(None, (f"account {code}", shown["name"])))
        for one in shown["transactions"]:
            said = (one["kind"], one["document"], one["date"])
            due = f"due {one['due_date']}" if one["due_date"] else ""
            state = one["state"] if one["state"] != "posted" else ""
            yield "  " + " ".join(filter(None, (*said, due, state)))
            for item in one["items"]:
                figures = f"{item['line']}. {item['side']} {item['amount']} {one['currency']}, open {item['open']}"
                yield "     " + ", ".join(filter(None, (figures, item["description"], item["ledger_code"])))
        for balance in shown["balances"]:
            yield f"  balance {balance['balance']} {balance['currency']}"


def rewrite() -> None:
    """Write every answer anew."""
    for case in cases():
        with tempfile.TemporaryDirectory() as folder:
            head = case.expected.read_text("utf-8").partition("\n\n")[0]
            case.expected.write_text(f"{head}\n\n{answer(case, Path(folder))}", "utf-8")


if __name__ == "__main__":
    rewrite()
