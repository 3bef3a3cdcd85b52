"""Looking through a whole file for values that prove how it writes amounts or dates (C1)."""

from collections.abc import Callable, Sequence

from reconcile_cli.domain.money import EXPONENTS
from reconcile_cli.intake import amounts, datetexts
from reconcile_cli.intake.caches import Cache
from reconcile_cli.intake.columns import Layout
from reconcile_cli.intake.conventions import UNDECIDED, Evidence, Sighting
from reconcile_cli.intake.problems import Refused
from reconcile_cli.intake.table import Table
from reconcile_cli.intake.typed_cells import Number

_Classify = Callable[[str, Sequence[str]], str | None]


def marks(table: Table, layout: Layout, default_currency: str) -> Evidence:
    """What the amounts of the file prove about its decimal mark."""
    place = layout.index.get("currency")
    caches: dict[str, Cache[str | None]] = {}

    def classify(text: str, row: Sequence[str]) -> str | None:
        currency = ("" if place is None else row[place].strip().upper()) or default_currency
        if currency not in caches:
            caches[currency] = Cache(lambda amount: _mark(amount, currency))
        return caches[currency][text]

    return _look(table, layout, ("amount", "debit", "credit"), classify)


def orders(table: Table, layout: Layout) -> Evidence:
    """What the dates of the file prove about the order of day and month."""
    cache = Cache(_order)
    return _look(table, layout, ("date", "due_date"), lambda text, _row: cache[text])


def _look(table: Table, layout: Layout, fields: Sequence[str], classify: _Classify) -> Evidence:
    """The first value for each reading; stops when both readings are proved."""
    evidence: Evidence = {}
    columns = [layout.index[field] for field in fields if field in layout.index]
    for block in table.blocks():
        for row, number in zip(block.rows, block.numbers, strict=True):
            if len(row) != len(layout.titles):
                continue
            for column in columns:
                reading = classify(row[column], row)
                if reading is not None and reading not in evidence:
                    evidence[reading] = Sighting(number, layout.titles[column], row[column])
        if len(evidence.keys() - {UNDECIDED}) > 1:
            break
    return evidence


def _mark(text: str, currency: str) -> str | None:
    if currency not in EXPONENTS or isinstance(text, Number):
        return None
    try:
        return amounts.proof(amounts.take_apart(text, currency), currency)
    except Refused:
        return None


def _order(text: str) -> str | None:
    try:
        return datetexts.proof(datetexts.take_apart(text))
    except Refused:
        return None
