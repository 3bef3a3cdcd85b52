"""Measure how much of what accountants matched `auto` finds again.

    python bench/agreement.py FILE... [-- OPTIONS OF LOAD]

FILE holds match codes: a French audit file (known by its columns; accounts 401 and 411) or a CSV file. It is loaded
without its codes into new books, and every way of `auto` runs on a copy; the codes are read from a second load. A
group is what shares an account, a currency and a code; groups that do not balance are left out.

exact   groups of which every item is wholly reconciled, and with nothing outside the group
wrong   of the links that touch a group, those between two groups or between a group and what has no code; links
        between two items without a code are not judged, nor those within a document (R10), which every way has

--synthetic N measures N made-up ledgers as well (see ledgers.py); --list names each group missed and each wrong link.
"""

import argparse
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ledgers import write

HERE = Path(__file__).resolve().parent
WAYS = {
    "date": (),
    "amount, date": ("--stages", "amount,date"),
    "smart": ("--smart",),
    "smart, then date": ("--smart", "--then-date"),
}
FEC = ("--profile", "fec", "--accounts", "401", "--accounts", "411")
FIRST_STAGE_OF_AUTO = 4
ITEMS = """
SELECT a.code, p.currency, t.kind, t.document, i.line, i.match_code, i.side * i.amount_minor, i.open_minor, i.id
FROM item i JOIN txn t ON t.id = i.txn_id JOIN pocket p ON p.id = i.pocket_id JOIN account a ON a.id = p.account_id
WHERE i.state = 0 AND i.amount_minor > 0 AND i.removed_by IS NULL
"""
LINKS = "SELECT debit_id, credit_id, stage FROM allocation WHERE removed_by IS NULL"

Name = tuple[int, str, int]
Group = tuple[str, str, str]


class Failed(Exception):
    """A command of the program that did not do what it should."""


@dataclass
class Agreement:
    """What one way of `auto` found again."""

    groups: int = 0
    exact: int = 0
    links: int = 0
    wrong: int = 0
    told: list[str] = field(default_factory=list)

    def add(self, other: "Agreement") -> None:
        """Count those of another file too."""
        self.groups += other.groups
        self.exact += other.exact
        self.links += other.links
        self.wrong += other.wrong


def main() -> int:
    """Measure every file in every way, and print a table for each and one for all."""
    parser = argparse.ArgumentParser(description="Measure what auto finds again of what accountants matched.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--synthetic", type=int, default=0, metavar="N", help="made-up ledgers to measure")
    parser.add_argument("--seed", type=int, default=1, help="of the first made-up ledger")
    parser.add_argument("--list", action="store_true", help="name what was missed and what is wrong")
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    arguments = parser.parse_args(words[:cut])
    total = {way: Agreement() for way in WAYS}
    with tempfile.TemporaryDirectory(prefix="reconcile-agreement-") as folder:
        files = [*arguments.files]
        for number in range(arguments.seed, arguments.seed + arguments.synthetic):
            files.append(Path(folder) / f"synthetic-{number}.csv")
            write(files[-1], number)
        for file in files:
            options = words[cut + 1 :] or (FEC if is_fec(file) else ())
            try:
                found = {way: agreement(*opened) for way, opened in ways(file, options, Path(folder))}
            except Failed as failure:
                print(f"{file.name}: {failure}", file=sys.stderr)
                return 1
            print(table(file.name, found))
            for way, one in found.items():
                total[way].add(one)
                if arguments.list:
                    print(*(f"  {way}: {line}" for line in one.told), sep="\n")
    if len(files) > 1:
        print(table("all", total))
    return 0


def is_fec(file: Path) -> bool:
    """Whether the file has the columns of a French audit file."""
    with file.open("rb") as stream:
        return b"ecriturelet" in stream.readline().lower()


def ways(
    file: Path, options: Sequence[str], folder: Path
) -> Iterator[tuple[str, tuple[sqlite3.Connection, dict[Name, str]]]]:
    """The books after each way of `auto`, with the code of each item."""
    coded, bare, worked = (folder / f"{name}.db" for name in ("coded", "bare", "worked"))
    for path in (coded, bare):
        path.unlink(missing_ok=True)
    reconcile(coded, "load", "--no-match", *options, str(file))
    reconcile(bare, "load", "--no-match", "--map", "match_code=", *options, str(file))
    with sqlite3.connect(coded) as books:
        codes = {row[2:5]: row[5] for row in books.execute(ITEMS) if row[5]}
    for way, words in WAYS.items():
        shutil.copy(bare, worked)
        reconcile(worked, "auto", "--all", *words, "-f", "csv")
        books = sqlite3.connect(worked)
        yield way, (books, codes)
        books.close()


def reconcile(books: Path, *words: str) -> None:
    """Run the program."""
    command = [sys.executable, "-m", "reconcile_cli", "--db", str(books), *words]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise Failed(done.stderr.strip())


def agreement(books: sqlite3.Connection, codes: dict[Name, str]) -> Agreement:
    """Compare the links of the books with the codes."""
    rows = books.execute(ITEMS).fetchall()
    group_of: dict[int, Group | None] = {}
    groups: dict[Group, list[tuple[int, int]]] = {}
    for account, currency, kind, document, line, _none, signed_minor, open_minor, number in rows:
        code = codes.get((kind, document, line))
        group_of[number] = (account, currency, code) if code else None
        if code:
            groups.setdefault((account, currency, code), []).append((signed_minor, open_minor))
    balanced = {group for group, items in groups.items() if sum(signed for signed, _open in items) == 0}
    found = Agreement(groups=len(balanced))
    crossed: set[Group | None] = set()
    names = {row[-1]: f"{row[3]}:{row[4]}" for row in rows}
    for debit, credit, stage in books.execute(LINKS):
        ends = {group_of[debit], group_of[credit]}
        if stage < FIRST_STAGE_OF_AUTO or not ends & balanced:
            continue
        found.links += 1
        if len(ends) > 1:
            found.wrong += 1
            crossed |= ends
            found.told.append(f"wrong: {names[credit]} to {names[debit]} (stage {stage})")
    missed = {
        group for group in balanced if group in crossed or any(open_minor for _signed, open_minor in groups[group])
    }
    found.exact = found.groups - len(missed)
    found.told += [f"missed: {' '.join(group)} ({len(groups[group])} items)" for group in sorted(missed)]
    return found


def table(title: str, found: dict[str, Agreement]) -> str:
    """The figures of a file, one way a line."""
    lines = [f"{title}: {next(iter(found.values())).groups} balanced groups"]
    for way, one in found.items():
        exact = one.exact / one.groups if one.groups else 1
        wrong = one.wrong / one.links if one.links else 0
        lines.append(f"  {way:18}{exact:7.1%} exact  {wrong:6.1%} wrong ({one.wrong} of {one.links:,} links)")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
