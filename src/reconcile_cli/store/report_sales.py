"""Sales by register, ledger code and more (R18): the sales column of a period, reconciled or not."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from reconcile_cli.domain.reporting import NONE, Grouping, ReportLine, Row
from reconcile_cli.store import ledger_codes
from reconcile_cli.store.books import Books
from reconcile_cli.store.report_keys import SALES, account_join, key_columns, key_names, key_order, without_codes

_SALES: Final = f"""
SELECT p.currency AS currency, sum(i.side * {ledger_codes.AMOUNT}){{columns}}
FROM item i NOT INDEXED CROSS JOIN txn t ON t.id = i.txn_id CROSS JOIN pocket p ON p.id = i.pocket_id {{account}}
{ledger_codes.JOIN_PARTS}
WHERE i.removed_by IS NULL AND i.state = 0 AND i.date BETWEEN :first AND :last AND t.kind IN ({SALES}) {{without}}
GROUP BY currency{{names}} ORDER BY currency{{order}}
"""
_KNOWN: Final = "SELECT DISTINCT i.ledger_code FROM item i WHERE i.ledger_code IN ({names}) AND i.removed_by IS NULL"


def unknown_codes(books: Books, codes: Sequence[str]) -> list[str]:
    """Those of some ledger codes that no item of the books has."""
    names = without_codes(codes)
    known = {NONE, *(row[0] for row in books.connection.execute(_KNOWN.format(names=_bound(names)), names))}
    return [code for code in codes if code not in known]


def sales(books: Books, grouping: Grouping) -> Iterator[ReportLine]:
    """One line for each currency and combination of keys, in their order; what the customer owes is positive."""
    by = grouping.by
    without = without_codes(grouping.without)
    sql = _SALES.format(
        columns=key_columns(by, code=ledger_codes.CODE, day="i.date"),
        account=account_join(by),
        without=f"AND {ledger_codes.CODE} NOT IN ({_bound(without)})" if without else "",
        names=key_names(by),
        order=key_order(by),
    )
    ledger_codes.begin(books)
    row = Row.SALES
    for found in books.connection.execute(sql, {**grouping.period._asdict(), **without}):
        yield ReportLine(row, found[2:], found[0], found[1:2])


def _bound(names: Iterable[str]) -> str:
    return ", ".join(f":{name}" for name in names)
