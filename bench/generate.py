"""Write a large CSV file for measurements: python bench/generate.py ROWS FILE [--seed N].

The same seed gives the same file: three years of a club, in the order in which its system wrote them. Accounts
are of very unequal size (log-normal with a median of 10 items, a few of 5,000, one with 5 % of all rows); 55 %
of the items are debits; invoices have one to four items and now and then a discount; half of them are paid at
checkout, some by instalments of which the last are still planned, the others later or never. Standard library
only; what is kept in memory is one small number for each purchase and the payments still to come.
"""

import argparse
import sys
from array import array
from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from math import log
from pathlib import Path
from random import Random

COLUMNS = (
    "account,account_name,kind,document,line,date,due_date,state,description,ledger_code,"
    "amount,currency,order,applies_to,register,method"
)
FIRST_DAY = date(2023, 11, 1)
DAYS = 3 * 365
ROWS_PER_PURCHASE = 4.0
MEDIAN_ITEMS = 10
SIGMA = 1.0
LARGE_ITEMS = 5_000
LARGEST_SHARE = 0.05

ISO = [(FIRST_DAY + timedelta(days=day)).isoformat() for day in range(DAYS + 400)]
FIRST_NAMES = ("Émilie", "Graham", "Zoë", "Jean-François", "Priya", "Luis", "Siobhán", "Mélanie", "Kevin", "Aïssata")
LAST_NAMES = ("Tremblay", "O'Neill", "Côté", "Nguyễn", "Gagné-Roy", "MacDonald", "Bélanger", "Haddad", "Lefebvre")
ITEMS = (
    ('"Hockey school U9, fall"', "4010", 34000),
    ('"Hockey school U13, fall"', "4010", 42000),
    ("Initiation au patinage", "4010", 14500),
    ("Adult league", "4010", 28500),
    ('"Swimming, children"', "4020", 11800),
    ("Aquaforme", "4020", 9600),
    ("Céramique pour adultes", "4030", 16500),
    ("Piano 10 lessons", "4030", 26000),
    ("Adhésion familiale", "4040", 6000),
    ("Club jersey", "4050", 5495),
    ("Bonnet de bain", "4050", 1200),
    ("GST 5 %", "2310", 715),
    ("TVQ 9.975 %", "2320", 1426),
)
REGISTERS = ("Web", "Aréna")
METHODS = ("card", "card", "card", "cash", "cheque", "transfer")


def main() -> None:
    """Read the arguments and write the file; `-` is standard output."""
    parser = argparse.ArgumentParser(description="Write a large CSV file for measurements.")
    parser.add_argument("rows", type=lambda text: int(text.replace("_", "")), help="rows to write, without the header")
    parser.add_argument("file", help="where to; - for standard output")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.file == "-":
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.writelines(lines(arguments.rows, arguments.seed))
    else:
        write(Path(arguments.file), arguments.rows, arguments.seed)


def write(path: Path, rows: int, seed: int = 1, *, after: int = 0) -> None:
    """Write a header and exactly `rows` rows; documents are numbered from the one `after`."""
    with path.open("w", encoding="utf-8", newline="", buffering=1 << 20) as target:
        target.writelines(lines(rows, seed, after=after))


def write_one_account(path: Path, rows: int) -> None:
    """Write one account with `rows` open items: invoices and payments of other amounts."""
    with path.open("w", encoding="utf-8", newline="", buffering=1 << 20) as target:
        target.write("account,kind,document,date,amount\n")
        for number in range(rows // 2):
            target.write(f"ONE,invoice,I-{number},{ISO[number % DAYS]},{plain(5000 + number % 700)}\n")
        for number in range(rows - rows // 2):
            target.write(f"ONE,payment,P-{number},{ISO[number % DAYS]},{plain(5000 + number % 900)}\n")


def lines(rows: int, seed: int, *, after: int = 0) -> Iterator[str]:
    """A header and exactly `rows` rows, each with its line end."""
    yield COLUMNS + "\n"
    yield from islice(Books(rows, Random(seed), after).history(), rows)


def purchases_of_accounts(rows: int, rng: Random) -> "array[int]":
    """One account number for each purchase, in the order of time. Account 0 is the largest."""
    wanted = int(rows / ROWS_PER_PURCHASE) + 1
    many = array("L", [0]) * max(1, int(wanted * LARGEST_SHARE))
    large = min(LARGE_ITEMS, rows // 20)
    account = 0
    for _ in range(max(1, min(5, rows // 100_000))):
        account += 1
        many.extend(array("L", [account]) * max(1, int(large / ROWS_PER_PURCHASE)))
    while len(many) < wanted:
        account += 1
        items = rng.lognormvariate(log(MEDIAN_ITEMS), SIGMA)
        many.extend(array("L", [account]) * max(1, round(items / ROWS_PER_PURCHASE)))
    rng.shuffle(many)
    return many


class Books:
    """Three years, day by day: what falls due that day, then the purchases of that day."""

    def __init__(self, rows: int, rng: Random, after: int = 0) -> None:
        self.rng = rng
        self.purchases = purchases_of_accounts(rows, rng)
        self.waiting: list[list[str]] = [[] for _ in range(DAYS)]
        self.written = dict.fromkeys(("INV", "PAY", "PP", "CN", "CX", "REF", "DEP", "CMD"), after)
        self.now: deque[str] = deque()

    def history(self) -> Iterator[str]:
        """Rows without end: when the three years are over, purchases of the last day go on."""
        total = len(self.purchases)
        made = 0
        for day in range(DAYS):
            yield from self.waiting[day]
            self.waiting[day] = []
            until = total * (day + 1) // DAYS
            for account in self.purchases[made:until]:
                self.purchase(day, account)
                yield from self.drained()
            made = until
        while True:
            self.purchase(DAYS - 1, self.rng.choice(self.purchases))
            yield from self.drained()

    def drained(self) -> Iterator[str]:
        """Hand over what was written now."""
        while self.now:
            yield self.now.popleft()

    def number(self, prefix: str) -> str:
        """The next number of a kind of document."""
        self.written[prefix] += 1
        return f"{prefix}-{self.written[prefix]}"

    def purchase(self, day: int, account: int) -> None:
        """One invoice, and how it is paid: at checkout, by instalments, later, or never."""
        draw = self.rng.random
        how = draw()
        who = f"A{account:06},{FIRST_NAMES[account % 10]} {LAST_NAMES[account // 10 % 9]}"
        register = REGISTERS[draw() < 0.3]
        order = self.number("CMD") if how < 0.62 else ""
        owed = self.invoice(day, who, register, order, due="" if order else ISO[day + 30])
        method = METHODS[int(draw() * 6)]
        if how < 0.5:
            self.one(day, who, ("payment", "PAY", "Payment"), owed, order=order, register=register, method=method)
        elif how < 0.62:
            self.instalments(day, who, owed, order, register)
        elif how < 0.95:
            self.pay_later(day, who, owed, register, method)
        self.aftermath(day, who, owed, order, register)

    def invoice(self, day: int, who: str, register: str, order: str, due: str) -> int:
        """Write an invoice of one to four items, some with a discount below; tell what is owed, in cents."""
        draw = self.rng.random
        document = self.number("INV")
        owed = 0
        before = f"{who},invoice,{document}"
        after = f"CAD,{order},,{register},\n"
        line = 0
        for _ in range(1 + int(4 * draw() * draw() ** 0.3)):
            line += 1
            text, code, cents = ITEMS[int(draw() * 13)]
            cents += int(draw() * 40) * 25
            owed += cents
            self.now.append(f"{before},{line},{ISO[day]},{due},,{text},{code},{plain(cents)},{after}")
        if draw() < 0.12:
            line += 1
            cents = owed // 10
            owed -= cents
            self.now.append(f"{before},{line},{ISO[day]},{due},,Discount 10 %,4090,-{plain(cents)},{after}")
        return owed

    def one(  # noqa: PLR0913 - the columns of a row
        self,
        day: int,
        who: str,
        what: tuple[str, str, str],
        cents: int,
        *,
        due: str = "",
        order: str = "",
        applies: str = "",
        code: str = "",
        state: str = "",
        register: str = "",
        method: str = "",
        written: int | None = None,
    ) -> str:
        """Write a document of one line, on the day it is `written`; tell its number."""
        kind, prefix, text = what
        document = self.number(prefix)
        row = (
            f"{who},{kind},{document},1,{ISO[day]},{due},{state},{text},{code},{plain(cents)},"
            f"CAD,{order},{applies},{register},{method}\n"
        )
        if written is None:
            self.now.append(row)
        elif written < DAYS:
            self.waiting[written].append(row)
        return document

    def instalments(self, day: int, who: str, owed: int, order: str, register: str) -> None:
        """Pay a part at checkout and the rest by the month; what falls due after the last day is still planned."""
        parts = self.rng.randrange(3, 7)
        each = owed // parts
        first = owed - each * (parts - 1)
        self.one(day, who, ("payment", "PAY", "Payment"), first, order=order, register=register, method="card")
        for part in range(1, parts):
            due = day + 30 * part
            text = f"Instalment {part} of {parts - 1}"
            if due < DAYS:
                what = ("payment", "PAY", text)
                self.one(due, who, what, each, due=ISO[due], order=order, register=register, method="card", written=due)
            else:
                what = ("payment", "PP", text)
                self.one(
                    day, who, what, each, due=ISO[due], order=order, register=register, method="card", state="planned"
                )

    def pay_later(self, day: int, who: str, owed: int, register: str, method: str) -> None:
        """Pay in one to three parts within two months, now and then in round figures, now and then too little."""
        draw = self.rng.random
        parts = 1 + (draw() < 0.35) + (draw() < 0.15)
        amount = owed if draw() < 0.8 else -(-owed // 1000) * 1000
        each = amount // parts
        for part in range(parts):
            paid = day + 1 + int(draw() * 60)
            cents = each if part else amount - each * (parts - 1)
            if part == 0 or draw() < 0.9:
                what = ("payment", "PAY", "Payment")
                self.one(paid, who, what, cents, register=register, method=method, written=paid)

    def aftermath(self, day: int, who: str, owed: int, order: str, register: str) -> None:
        """Now and then a credit note, a cancellation with its refund, or a deposit for next time."""
        chance = self.rng.random()
        later = day + 1 + int(self.rng.random() * 30)
        if chance < 0.05:
            what = ("credit_note", "CN", "Credit: session cancelled")
            self.one(later, who, what, owed // 4 + 1, code="4020", register=register, written=later)
        elif chance < 0.08 and order:
            what = ("cancellation", "CX", "Cancellation")
            document = self.one(
                later, who, what, owed // 2 + 1, order=order, code="4010", register=register, written=later
            )
            what = ("refund", "REF", "Refund")
            self.one(later, who, what, owed // 2 + 1, applies=document, register=register, method="card", written=later)
        elif chance < 0.12:
            self.one(later, who, ("deposit", "DEP", "Deposit"), 5000, register=register, method="card", written=later)


def plain(cents: int) -> str:
    """An amount as the contract wants it: 1234.50."""
    return f"{cents // 100}.{cents % 100:02}"


if __name__ == "__main__":
    main()
