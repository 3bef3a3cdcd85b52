"""Made-up customer accounts with the match codes that an accountant would set: python bench/ledgers.py FILE [--seed N].

Each account has a habit: invoices paid one by one, a fee every month, several invoices in one transfer, instalments,
credit notes taken off, everything settled at the end of a quarter. Some amounts are round, some recur; some items are
never matched, and lie between the others. Standard library only; the same seed gives the same file.
"""

import argparse
import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import NamedTuple

ACCOUNTS = 60
FIRST_DAY = date(2025, 1, 1)
HEADER = ("account", "kind", "document", "date", "amount", "match_code", "description")


class Row(NamedTuple):
    """One document of one line; `group` counts from 1 within the account, 0 is no code."""

    kind: str
    day: int
    cents: int
    group: int
    text: str = ""


Habit = Callable[[Random], Iterator[Row]]


def price(chance: Random) -> int:
    """An amount: of a price list, round, or to the cent."""
    return chance.choice(
        [chance.choice([4500, 6000, 7500, 12000, 18500]), 500 * chance.randint(2, 80), chance.randint(900, 90_000)]
    )


def one_by_one(chance: Random) -> Iterator[Row]:
    """Each invoice is paid by itself, sooner or later; now and then one is not."""
    for group in range(1, chance.randint(4, 25)):
        day, cents = chance.randrange(330), price(chance)
        paid = chance.random() > 0.08
        yield Row("invoice", day, cents, group if paid else 0)
        if paid:
            yield Row("payment", day + chance.choice([0, 2, 9, 20, 31, 60]), cents, group)


def every_month(chance: Random) -> Iterator[Row]:
    """The same fee every month, paid with the same delay; the last ones may be open."""
    cents, delay, paid = price(chance), chance.choice([0, 3, 12, 20]), chance.randint(9, 12)
    for month in range(12):
        matched = month + 1 if month < paid else 0
        yield Row("invoice", 30 * month, cents, matched)
        if matched:
            yield Row("payment", 30 * month + delay + chance.randrange(3), cents, matched)


def together(chance: Random) -> Iterator[Row]:
    """One transfer pays the invoices of a while."""
    day = 0
    for group in range(1, chance.randint(3, 8)):
        bills = [(day + 3 * place, price(chance)) for place in range(chance.randint(2, 6))]
        yield from (Row("invoice", when, cents, group) for when, cents in bills)
        day = bills[-1][0] + chance.randint(5, 30)
        yield Row("payment", day, sum(cents for _day, cents in bills), group)
        day += 2


def instalments(chance: Random) -> Iterator[Row]:
    """An invoice is paid in several parts."""
    for group in range(1, chance.randint(2, 5)):
        day, cents, parts = 80 * group, price(chance) * 3, chance.randint(2, 5)
        yield Row("invoice", day, cents, group)
        for part in range(parts):
            amount = cents // parts if part else cents - cents // parts * (parts - 1)
            yield Row("payment", day + 15 * (part + 1), amount, group)


def with_credit_notes(chance: Random) -> Iterator[Row]:
    """A credit note is taken off, and the rest paid."""
    for group in range(1, chance.randint(3, 9)):
        day, cents = 35 * group, price(chance)
        off = max(1, cents // chance.choice([4, 5, 10]))
        yield Row("invoice", day, cents, group)
        yield Row("credit_note", day + 4, off, group)
        yield Row("payment", day + 20, cents - off, group)


def by_quarter(chance: Random) -> Iterator[Row]:
    """Everything of a quarter is settled at its end, by several payments that fit no invoice."""
    for group in range(1, 4):
        bills = [(90 * group + chance.randrange(60), price(chance)) for _ in range(chance.randint(3, 9))]
        yield from (Row("invoice", day, cents, group) for day, cents in bills)
        total = sum(cents for _day, cents in bills)
        first = chance.randint(total // 3, total // 2)
        yield Row("payment", 90 * group + 65, first, group)
        yield Row("payment", 90 * group + 80, total - first, group)


def naming(chance: Random) -> Iterator[Row]:
    """Each payment names its invoice, and may be late or out of order; the text stands for `{invoice}`."""
    cents = price(chance)
    for group in range(1, chance.randint(4, 10)):
        day = 20 * group
        yield Row("invoice", day, cents, group)
        yield Row("payment", day + chance.randint(0, 90), cents, group, "transfer {invoice}")


HABITS: tuple[Habit, ...] = (
    one_by_one, one_by_one, one_by_one, every_month, together, instalments, with_credit_notes, by_quarter, naming,
)  # fmt: skip


def write(path: Path, seed: int) -> None:
    """Write the accounts of one ledger; all rows in order of date."""
    chance = Random(seed)
    numbers = count(1)
    told = []
    for account in range(1, ACCOUNTS + 1):
        rows = sorted(chance.choice(HABITS)(chance), key=lambda row: row.day)
        invoices: dict[int, str] = {}
        for row in rows:
            document = f"{'F' if row.kind == 'invoice' else 'R'}{next(numbers):06}"
            if row.kind == "invoice":
                invoices.setdefault(row.group, document)
            told.append(
                (
                    (FIRST_DAY + timedelta(days=row.day)).isoformat(),
                    f"C{account:03}",
                    row.kind,
                    document,
                    f"{row.cents / 100:.2f}",
                    f"L{row.group}" if row.group else "",
                    row.text.format(invoice=invoices.get(row.group, "")),
                )
            )
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for day, account_code, kind, document, amount, code, text in sorted(told):
            writer.writerow((account_code, kind, document, day, amount, code, text))


def main() -> None:
    """Write one ledger."""
    parser = argparse.ArgumentParser(description="Write made-up customer accounts with match codes.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    write(arguments.file, arguments.seed)


if __name__ == "__main__":
    main()
