"""One folder of files and books, the references, and the program that is compared with them."""

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from figures import Figure
from generate import write, write_one_account
from measure import Output, Sample, measure

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent / "src"
MIGRATIONS = SOURCE / "reconcile_cli" / "store" / "migrations"
IMPORTS: Mapping[str, str] = {
    "P": "import sqlite3, argparse",
    "T": "import typer, sqlite3",
    "R": "import typer, sqlite3, rich.table",
}
WITHOUT_SHELL = """\
import csv, sqlite3, sys
rows = csv.reader(open(sys.argv[2], encoding="utf-8", newline=""))
head = next(rows)
books = sqlite3.connect(sys.argv[1])
books.execute(f"CREATE TABLE plain ({', '.join(f'[{name}] TEXT' for name in head)})")
books.executemany(f"INSERT INTO plain VALUES ({', '.join('?' * len(head))})", rows)
books.commit()
"""
BARE_WRITER = """\
import csv, sqlite3, sys
csv.writer(sys.stdout).writerows(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]))
"""
INTAKE = """\
import sys
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.reading import read_documents
from reconcile_cli.intake.source import Source
print(sum(len(batch.documents.rows) for batch in read_documents([Source(sys.argv[1])], ReadOptions())))
"""
INTEGRITY = """\
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("PRAGMA integrity_check").fetchone())
"""
QUERY_OF_OPEN_ITEMS = """\
import sys, time
from pathlib import Path
from reconcile_cli.store.books import Books
from reconcile_cli.store import unreconciled as module
from reconcile_cli.store.unreconciled import Wanted, unreconciled
module.PARTS = 1  # all in one statement
seen = []
with Books.open(Path(sys.argv[1])) as books:
    books.connection.set_trace_callback(seen.append)
    next(unreconciled(books, (), Wanted(), today=int(time.strftime("%Y%m%d"))))
print(max(seen, key=len))
"""
MIDDLE = """
SELECT account FROM (SELECT account, count(*) AS rows FROM plain GROUP BY account) ORDER BY rows, account
LIMIT 1 OFFSET (SELECT count(DISTINCT account) / 2 FROM plain)
"""
# An account of about ten items that has something open on both sides; its documents open on each side.
BOTH_OPEN = """
SELECT id, account_id FROM pocket
WHERE open_debit_minor > 0 AND open_credit_minor > 0 AND items BETWEEN 8 AND 12 LIMIT 1
"""
OPEN_DOCUMENT = """
SELECT t.document || ':' || i.line FROM item i JOIN txn t ON t.id = i.txn_id
WHERE i.pocket_id = ? AND i.side = ? AND i.open_minor > 0 AND i.state = 0 AND i.removed_by IS NULL LIMIT 1
"""
NEW_ROWS = 1_000


class Session:
    """Every file of one measurement. `names` are what the arguments of figures are filled with."""

    def __init__(self, folder: Path, program: Sequence[str]) -> None:
        self.folder = folder
        self.program = program
        self.books = folder / "books.db"
        self.plain = folder / "plain.db"
        self.loaded = folder / "loaded.db"
        self.names = {"csv": str(folder / "rows.csv"), "new": str(folder / "new.csv")}
        self.query = ""
        self.environment = {
            **os.environ,
            "LC_ALL": "C.UTF-8",
            "RECONCILE_LANG": "en",
            "PYTHONPATH": str(SOURCE),
            "XDG_CONFIG_HOME": str(folder),
            "XDG_DATA_HOME": str(folder),
            "PYTHONDONTWRITEBYTECODE": "",  # what is installed is compiled
        }

    def write_files(self, rows: int, seed: int) -> None:
        """Write what is loaded: the rows, and some new ones of the same accounts."""
        write(Path(self.names["csv"]), rows, seed)
        write(Path(self.names["new"]), NEW_ROWS, seed + 1, after=10**9)

    def write_one_account(self, items: int) -> None:
        """Make two books of one account: one with so many open items, the other with a tenth of them."""
        for count, name in ((items, "one"), (items // 10, "few")):
            rows = self.folder / "one.csv"
            write_one_account(rows, count)
            self.reconcile(f"load {rows}", self.folder / f"{name}.db")

    def choose(self) -> None:
        """Choose from the books just loaded what the other commands are asked about."""
        books = sqlite3.connect(self.books)
        pocket, account = books.execute(BOTH_OPEN).fetchone()
        (self.names["account"],) = books.execute("SELECT code FROM account WHERE id = ?", (account,)).fetchone()
        for side, name in ((1, "debit"), (-1, "credit")):
            (self.names[name],) = books.execute(OPEN_DOCUMENT, (pocket, side)).fetchone()
        self.names["document"] = self.names["debit"].partition(":")[0]
        books.close()

    def keep_loaded(self) -> None:
        """Keep the books as the load left them, and the query that lists what is open in them."""
        copy(self.books, self.loaded)
        asked = [sys.executable, "-c", QUERY_OF_OPEN_ITEMS, str(self.loaded)]
        self.query = output_of(asked, self.environment)

    def reference(self, names: str, figure: Figure) -> Sample:
        """Measure the references named and add them up."""
        samples = [self.started(name) if name in IMPORTS else self.bulk[name](self, figure) for name in names.split()]
        first = samples[0]
        cpu_s, wall_s = sum(one.cpu_s for one in samples), sum(one.wall_s for one in samples)
        return Sample(cpu_s, wall_s, first.peak_mb, first.first_s)

    def started(self, name: str) -> Sample:
        """Measure P, T or R."""
        return self.run([sys.executable, "-c", IMPORTS[name]])

    def imported(self, _figure: Figure | None = None) -> Sample:
        """Measure L: the rows into a new file."""
        remove(self.plain)
        shell = shutil.which("sqlite3")
        if shell is None:
            return self.run([sys.executable, "-c", WITHOUT_SHELL, str(self.plain), self.names["csv"]])
        return self.run([shell, str(self.plain), ".mode csv", f".import '{self.names['csv']}' plain"])

    def filled(self, _figure: Figure) -> Sample:
        """Measure S: our schema by straight SQL. Stands on L and on the books just loaded."""
        straight = self.folder / "straight.db"
        remove(straight)
        script = [sys.executable, str(HERE / "straight.py"), str(MIGRATIONS)]
        sample = self.run([*script, str(straight), str(self.plain), str(self.books)])
        remove(straight)
        return sample

    def inserted(self, _figure: Figure) -> Sample:
        """Measure A: the allocations just made into the books as they were before."""
        before = self.folder / "before.db"
        copy(self.loaded, before)
        sample = self.run([sys.executable, str(HERE / "inserting.py"), str(before), str(self.books)])
        remove(before)
        return sample

    def dealt(self, _figure: Figure) -> Sample:
        """Measure D: the same allocations by the shortest script. Stands on the books as they were loaded."""
        before = self.folder / "before.db"
        copy(self.loaded, before)
        sample = self.run([sys.executable, str(HERE / "dealing.py"), str(before)])
        remove(before)
        return sample

    def proved(self, figure: Figure) -> Sample:
        """Measure K and Q: what `check` and `check --quick` have to read."""
        quick = ["quick"] if "--quick" in figure.arguments else []
        return self.run([sys.executable, str(HERE / "proving.py"), str(self.books), *quick])

    def written(self, _figure: Figure) -> Sample:
        """Measure W: the query of open items by a bare csv.writer."""
        return self.run([sys.executable, "-c", BARE_WRITER, str(self.loaded), self.query], output=Output.PIPE)

    def read(self, _figure: Figure) -> Sample:
        """Measure I: every row is read and validated, and goes nowhere."""
        return self.run([sys.executable, "-c", INTAKE, self.names["csv"]])

    def looked_through(self, _figure: Figure) -> Sample:
        """Measure C: SQLite's own check of the file."""
        return self.run([sys.executable, "-c", INTEGRITY, str(self.books)])

    def with_few(self, figure: Figure) -> Sample:
        """Measure N: the same command on books with a tenth of the items."""
        return self.own(figure, "few")

    bulk: Mapping[str, Callable[["Session", Figure], Sample]] = {
        "L": imported,
        "S": filled,
        "A": inserted,
        "D": dealt,
        "K": proved,
        "Q": proved,
        "W": written,
        "I": read,
        "C": looked_through,
        "N": with_few,
    }
    dear = ("I", "A", "D", "C", "K", "Q")  # these are left out where one round is measured
    afterwards = ("S", "A")  # these stand on what the figure has made

    def own(self, figure: Figure, books: str | None = None) -> Sample:
        """Measure one command of the program, with what is to be done before and after it."""
        path = self.folder / f"{books or figure.books}.db"
        if figure.copy:
            original, path = path, self.folder / "copy.db"
            copy(self.loaded if original == self.books else original, path)
        for command in filter(None, figure.before.split(";")):
            self.reconcile(command, path)
        sample = self.reconcile(figure.arguments, path, figure.output)
        for command in filter(None, figure.after.split(";")):
            self.reconcile(command, path)
        if figure.copy:
            remove(path)
        return sample

    def reconcile(self, arguments: str, books: Path, output: Output = Output.NOWHERE) -> Sample:
        """Run a command of the program."""
        words = [word.format_map(self.names) for word in shlex.split(arguments)]
        return measure([*self.program, *words], self.environment | {"RECONCILE_DB": str(books)}, output)

    def run(self, command: Sequence[str], output: Output = Output.NOWHERE) -> Sample:
        """Run another command in the environment of the measurement."""
        return measure(command, self.environment, output)


def output_of(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """What a command writes."""
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()


def copy(original: Path, path: Path) -> None:
    """Copy a closed database."""
    remove(path)
    shutil.copyfile(original, path)


def remove(path: Path) -> None:
    """Remove a database with what may stand beside it."""
    for beside in path.parent.glob(path.name + "*"):
        beside.unlink()
