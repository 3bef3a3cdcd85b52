"""Records to CSV and JSON, one at a time: nothing is kept, so a million rows need no memory."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final, TextIO

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.money import plain
from reconcile_cli.render.columns import Listing, Record, Shape, Value
from reconcile_cli.render.look import CsvStyle, Format, Target
from reconcile_cli.render.safe import clean, json_text

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What makes a cell a formula, in some spreadsheet."""

_BOM: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"

_WRITTEN: Final = frozenset({Shape.AMOUNT, Shape.BALANCE, Shape.DATE})
"""What is written otherwise than as it is."""


def plain_value(shape: Shape, value: Value, currency: str) -> Value:
    """Give a value as CSV and JSON have it: amounts "1234.50", dates ISO, whatever the language."""
    if isinstance(value, int) and not isinstance(value, bool):
        if shape.is_money:
            return plain(value, currency)
        if shape is Shape.DATE:
            return iso(value)
    return value


def write_csv(target: Target, listing: Listing[Record], records: Iterable[Record]) -> None:
    """Write a header and one row per record. On a terminal hostile characters are replaced, in a pipe nothing is."""
    columns = listing.data()
    money = [column.shape.is_money for column in columns]
    cells = [(column.value, column.shape if column.shape in _WRITTEN else None) for column in columns]
    rows = csv_writer(target, [column.key for column in columns])
    for record in records:
        currency = listing.currency(record)
        rows.write(
            [value(record) if shape is None else plain_value(shape, value(record), currency) for value, shape in cells],
            money,
        )


def _cell(value: Value) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


class csv_writer:  # noqa: N801 - named like the standard library's
    """Rows to CSV, each ended by a line feed; booleans as true and false.

    For a French Excel (`CsvStyle.EXCEL_FR`): a byte order mark, semicolons, decimal commas, and an apostrophe before
    a text that a spreadsheet would take for a formula.
    """

    def __init__(self, target: Target, header: Iterable[str]) -> None:
        import csv  # noqa: PLC0415 - tables need none

        self._harmless = target.look.terminal
        self._excel = target.csv_style is CsvStyle.EXCEL_FR
        if self._excel:
            target.stream.write(_BOM)
        self._writer = csv.writer(target.stream, lineterminator="\n", delimiter=";" if self._excel else ",")
        self._writer.writerow(header)

    def write(self, values: Iterable[Value], money: Sequence[bool] = ()) -> None:
        """Write one row; `money` tells which of its texts are amounts."""
        cells = [value if type(value) is str else _cell(value) for value in values]
        if self._excel:
            cells = [
                cell.replace(".", ",") if amount else f"'{cell}" if cell.startswith(FORMULA) else cell
                for cell, amount in zip_longest(cells, money)
            ]
        self._writer.writerow([clean(cell) for cell in cells] if self._harmless else cells)


def write_json(target: Target, listing: Listing[Record], records: Iterable[Record]) -> None:
    """Write a JSON array, one object a line."""
    with_comma = JsonArray(target.stream)
    for record in records:
        with_comma.add(as_object(listing, record))
    with_comma.end()


def as_object(listing: Listing[Record], record: Record) -> dict[str, Any]:
    """Give a record as a JSON object."""
    currency = listing.currency(record)
    return {
        column.key: parsed(column.value(record))
        if column.shape is Shape.OBJECT
        else plain_value(column.shape, column.value(record), currency)
        for column in listing.data()
    }


def parsed(text: Value) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Give what JSON text of the books says; None for none."""
    import json  # noqa: PLC0415 - tables and CSV need none

    return json.loads(text) if isinstance(text, str) and text else None


class JsonArray:
    """A JSON array written piece by piece."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._before = "[\n"

    def add(self, value: object) -> None:
        """Write one element."""
        self._stream.write(self._before + json_text(value))
        self._before = ",\n"

    def end(self, after: str = "\n") -> None:
        """Close the array."""
        self._stream.write(("[]" if self._before == "[\n" else "\n]") + after)


def write_object(
    target: Target, head: Mapping[str, object], key: str, elements: Iterable[object], tail: Mapping[str, object]
) -> None:
    """Write a JSON object one of whose values, between head and tail, is a long array."""
    fields = [f"{json_text(name)}: {json_text(value)}" for name, value in head.items()]
    target.stream.write("{" + ", ".join([*fields, f"{json_text(key)}: "]))
    array = JsonArray(target.stream)
    for element in elements:
        array.add(element)
    array.end("".join(f", {json_text(name)}: {json_text(value)}" for name, value in tail.items()) + "}\n")


def write_data(target: Target, listing: Listing[Record], records: Iterable[Record]) -> None:
    """Write records as the format asked for: CSV or JSON."""
    if target.format is Format.CSV:
        write_csv(target, listing, records)
    else:
        write_json(target, listing, records)
