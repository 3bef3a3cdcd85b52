"""The language of the scenarios: an accountant's lines, run through the real workflows on a real database.

A file of scenarios holds titles, which begin at the margin, and below each its lines, indented. `#` begins a remark.

Rows, which a `load` writes to a CSV file and loads (repeat a document for its next line):
    KIND DOCUMENT DATE AMOUNT [CURRENCY] [planned|declined|void] [account=B] [name="..."] [due=DATE] [order=..]
        [to=..] (applies_to) [code=..] (match code) [gl=..] (ledger code) [text=".."] [line=N] [register=..] [method=..]
        [kind=..] (what stands in the file as the kind)
    file                        the rows below stand in another file of the same load
The account is A and the currency CAD where a row does not say.

Steps:
    load [again] [--no-match] [--update-reconciled] [--dry-run] [--rejects] [--killed]
                                `again`: the files of the last load; `--killed`: the process dies before it is done
    match NAME NAME[=AMOUNT]... [--write-off CODE]
    auto [ACCOUNT...] [--by due] [--until DATE] [--include-planned] [--dry-run]     without an account: all
        [--stages LIST] [--smart] [--then-date] [--days N] [--tolerance AMOUNT --write-off CODE]
    unmatch NAME... [--no]      unmatch --account CODE       `--no`: the answer when it asks
    undo [NUMBER] [--no]
    hold NAME...                release NAME...
    lock DATE                   lock --reopen DATE
    today DATE                  the day it is, 2024-12-31 where not said
    remember WORD               keeps what the books show, for `expect same WORD`

What must be so then is told by `expect` (see expecting.py), several separated by commas. After every step the books
are proved: `check` finds nothing, and in every account balance = open debits + covered - open credits (R3). A step
that is refused must have changed nothing, and the next line must expect it.
"""

import csv
import os
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from reconcile_cli.cli.commands.auto import parse_stages
from reconcile_cli.domain.keeping import HoldResult
from reconcile_cli.domain.kinds import KIND_BY_CODE
from reconcile_cli.domain.load_results import LoadResult
from reconcile_cli.domain.money import EXPONENTS
from reconcile_cli.domain.records import AllocationLine
from reconcile_cli.domain.results import MatchResult, Removal, Stamp
from reconcile_cli.domain.writing_off import WriteOff, tolerance
from reconcile_cli.errors import ReconcileError
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.source import Source
from reconcile_cli.store.books import Books
from reconcile_cli.workflows.auto import Choice, auto
from reconcile_cli.workflows.hold import hold, release
from reconcile_cli.workflows.load import Rules, load
from reconcile_cli.workflows.lock import lock, reopen
from reconcile_cli.workflows.match import match
from reconcile_cli.workflows.undo import undo
from reconcile_cli.workflows.unmatch import unmatch
from tests.scenarios.seen import Seen, look

COLUMNS: Final = {
    "account": "account",
    "name": "account_name",
    "kind": "kind",
    "document": "document",
    "line": "line",
    "date": "date",
    "due": "due_date",
    "state": "state",
    "text": "description",
    "gl": "ledger_code",
    "amount": "amount",
    "currency": "currency",
    "order": "order",
    "to": "applies_to",
    "code": "match_code",
    "register": "register",
    "method": "method",
}
_GIVEN_BY_PLACE: Final = {"document", "date", "amount", "currency", "state"}
_OFF: Final = ("--tolerance", "--write-off")
_TAKING: Final = {"--by", "--until", "--account", "--reopen", "--stages", "--days", *_OFF}
_STATES: Final = {"planned", "declined", "void"}
_KILLED: Final = """
import os, sys, pathlib
from reconcile_cli.store.books import Books
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.source import Source
from reconcile_cli.domain.results import Stamp
from reconcile_cli.workflows.load import load
def die(label, done, total, rows):
    if label == "proving":
        os._exit(9)
sources = [Source(path) for path in sys.argv[2:]]
with Books.open(pathlib.Path(sys.argv[1]), change=True) as books:
    load(books, sources, ReadOptions(), Stamp("", "", 20240101), arguments={}, progress=die)
"""


class NotUnderstoodError(Exception):
    """A line that says nothing in this language; never a failed expectation."""


class Words(NamedTuple):
    """The words of a line and its `--options`."""

    plain: list[str]
    options: dict[str, str]

    def only(self, *allowed: str) -> None:
        """Refuse options that the step does not know."""
        unknown = set(self.options) - set(allowed)
        if unknown:
            raise NotUnderstoodError(f"unknown option {', '.join(sorted(unknown))}")


@dataclass(frozen=True)
class Outcome:
    """What the last step gave back. Lists that the database reads lazily were read while it was open."""

    result: LoadResult | MatchResult | HoldResult | None = None
    refusal: ReconcileError | None = None
    links: list[AllocationLine] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    asked: Removal | None = None
    files: list[str] = field(default_factory=list)


def words_of(text: str) -> Words:
    """Cut a line into words; options that take a value take the word after them."""
    plain: list[str] = []
    options: dict[str, str] = {}
    waiting = iter(shlex.split(text))
    for word in waiting:
        if word in _TAKING:
            options[word] = next(waiting)
        elif word.startswith("--"):
            options[word] = ""
        else:
            plain.append(word)
    return Words(plain, options)


class Session:
    """One database, and the lines of a scenario said to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "books.db"
        self.today = 20241231
        self.last = Outcome()
        self.remembered: dict[str, Seen] = {}
        self._rows: list[list[dict[str, str]]] = [[]]
        self._files: list[str] = []
        self._written = 0
        self.seen = Seen([], [])

    @property
    def pending_rows(self) -> int:
        """Rows that no load has taken yet."""
        return sum(map(len, self._rows))

    def say(self, line: str) -> None:
        """Run one line that is no expectation."""
        word, _blank, rest = line.strip().partition(" ")
        if word in KIND_BY_CODE:
            self._rows[-1].append(_row(line))
            return
        steps: dict[str, Callable[[Words], None]] = {
            "file": self._new_file,
            "today": self._today,
            "remember": self._remember,
        }
        acts: dict[str, Callable[[Books, Words], Outcome]] = {
            "load": self._load,
            "match": self._match,
            "auto": self._auto,
            "unmatch": self._unmatch,
            "undo": self._undo,
            "hold": self._hold,
            "release": self._release,
            "lock": self._lock,
        }
        if word in steps:
            steps[word](words_of(rest))
        elif word in acts:
            self._act(acts[word], words_of(rest))
        else:
            raise NotUnderstoodError(f"unknown word {word}")

    def look(self) -> None:
        """Read the books anew, as a reading command would; before the first good load there is no file."""
        if not self.path.exists():
            return
        with Books.open(self.path) as books:
            self.seen = look(books, self.today)

    def _act(self, act: Callable[[Books, Words], Outcome], words: Words) -> None:
        before = self.seen
        try:
            with Books.open(self.path, change=True) as books:
                self.last = act(books, words)
        except ReconcileError as refusal:
            self.last = Outcome(refusal=refusal, files=self._files)
        self.look()
        unchanged = self.last.refusal is not None or "--dry-run" in words.options or "--killed" in words.options
        assert not unchanged or self.seen == before, "a step that did not take place changed the books (R21)"

    # steps without an operation

    def _new_file(self, words: Words) -> None:
        _count(words, 0)
        self._rows.append([])

    def _today(self, words: Words) -> None:
        _count(words, 1)
        self.today = day(words.plain[0])
        self.look()

    def _remember(self, words: Words) -> None:
        _count(words, 1)
        self.remembered[words.plain[0]] = self.seen

    # operations

    def _load(self, books: Books, words: Words) -> Outcome:
        words.only("--no-match", "--update-reconciled", "--dry-run", "--rejects", "--killed")
        if words.plain not in ([], ["again"]):
            raise NotUnderstoodError("load, or load again")
        fits = self._files and not self.pending_rows if words.plain else self.pending_rows
        if not fits:
            raise NotUnderstoodError("`load` takes the rows above it, `load again` those of the last load")
        if not words.plain:
            self._files = [self._write(rows) for rows in self._rows]
            self._rows = [[]]
        if "--killed" in words.options:
            command = [sys.executable, "-c", _KILLED, str(self.path), *self._files]
            assert subprocess.run(command, check=False, env={**os.environ}).returncode == 9
            return Outcome()
        rules = Rules(
            dry_run="--dry-run" in words.options,
            match="--no-match" not in words.options,
            update_reconciled="--update-reconciled" in words.options,
            rejects=self._rejects() if "--rejects" in words.options else None,
        )
        sources = [Source(path) for path in self._files]
        result = load(books, sources, ReadOptions(), self._stamp(), rules, arguments={"files": self._files})
        return Outcome(result, left_out=_documents(rules.rejects), files=self._files)

    def _match(self, books: Books, words: Words) -> Outcome:
        words.only("--write-off")
        code = words.options.get("--write-off", "")
        return _told(match(books, words.plain, self._stamp(), write_off=code))

    def _auto(self, books: Books, words: Words) -> Outcome:
        words.only(
            "--by", "--until", "--include-planned", "--dry-run", "--stages", "--smart", "--then-date", "--days", *_OFF
        )
        if words.options.get("--by", "due") != "due":
            raise NotUnderstoodError("auto --by due")
        until = words.options.get("--until")
        choice = Choice(
            until=None if until is None else day(until),
            by_due="--by" in words.options,
            include_planned="--include-planned" in words.options,
            dry_run="--dry-run" in words.options,
            write_off=_write_off(words),
            stages=parse_stages(words.options.get("--stages", "date")),
            smart="--smart" in words.options,
            then_date="--then-date" in words.options,
            days=int(words.options["--days"]) if "--days" in words.options else None,
        )
        return _told(auto(books, words.plain or None, self._stamp(), choice))

    def _unmatch(self, books: Books, words: Words) -> Outcome:
        words.only("--account", "--no")
        asked: list[Removal] = []
        account = words.options.get("--account")
        answer = _answer(asked, yes="--no" not in words.options)
        return _told(unmatch(books, words.plain, self._stamp(), account=account, confirm=answer), asked)

    def _undo(self, books: Books, words: Words) -> Outcome:
        words.only("--no")
        asked: list[Removal] = []
        number = int(words.plain[0]) if words.plain else None
        done = undo(books, number, self._stamp(), confirm=_answer(asked, yes="--no" not in words.options))
        return _told(done.result, asked)

    def _hold(self, books: Books, words: Words) -> Outcome:
        words.only()
        return Outcome(hold(books, words.plain, self._stamp()))

    def _release(self, books: Books, words: Words) -> Outcome:
        words.only()
        return Outcome(release(books, words.plain, self._stamp()))

    def _lock(self, books: Books, words: Words) -> Outcome:
        words.only("--reopen")
        if "--reopen" in words.options:
            reopen(books, day(words.options["--reopen"]), self._stamp())
        else:
            lock(books, day(words.plain[0]), self._stamp())
        return Outcome()

    def _stamp(self) -> Stamp:
        return Stamp("an accountant", "2024-12-31T12:00:00Z", self.today)

    def _rejects(self) -> Path:
        self._written += 1
        return self.folder / f"rejects-{self._written}.csv"

    def _write(self, rows: list[dict[str, str]]) -> str:
        self._written += 1
        path = self.folder / f"{self._written}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS.values())
            writer.writerows([row.get(name, "") for name in COLUMNS] for row in rows)
        return str(path)


def day(text: str) -> int:
    """20240131 from 2024-01-31."""
    if len(text) != len("2024-01-31"):
        raise NotUnderstoodError(f"{text} is not a date like 2024-01-31")
    return int(text.replace("-", ""))


def _row(line: str) -> dict[str, str]:
    kind, *words = shlex.split(line)
    if len(words) < len(("document", "date", "amount")):
        raise NotUnderstoodError("a row is KIND DOCUMENT DATE AMOUNT and more")
    row = {"account": "A", "kind": kind, "document": words[0], "date": words[1], "amount": words[2]}
    for word in words[3:]:
        name, equals, value = word.partition("=")
        if equals and name in COLUMNS.keys() - _GIVEN_BY_PLACE:
            row[name] = value
        elif word in _STATES:
            row["state"] = word
        elif word in EXPONENTS:
            row["currency"] = word
        else:
            raise NotUnderstoodError(f"unknown word {word} in a row")
    return row


def _documents(rejects: Path | None) -> list[str]:
    if rejects is None or not rejects.exists():
        return []
    with rejects.open(encoding="utf-8", newline="") as file:
        return [row["document"] for row in csv.DictReader(file)]


def _told(result: MatchResult, asked: list[Removal] | None = None) -> Outcome:
    return Outcome(result, links=list(result.allocations), asked=asked[0] if asked else None)


def _answer(asked: list[Removal], *, yes: bool) -> Callable[[Removal], bool]:
    def answer(removal: Removal) -> bool:
        asked.append(removal)
        return yes

    return answer


def _write_off(words: Words) -> WriteOff | None:
    if "--tolerance" not in words.options:
        return None
    found = tolerance(words.options["--tolerance"])
    if found is None:
        raise NotUnderstoodError("--tolerance AMOUNT")
    return WriteOff(words.options["--write-off"], found)


def _count(words: Words, count: int) -> None:
    words.only()
    if len(words.plain) != count:
        raise NotUnderstoodError(f"{count} word(s) expected after it")
