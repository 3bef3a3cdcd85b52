"""How a file was understood: what was decided and what proved it, and what its rows come to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

PLAIN_ENCODINGS = frozenset({"", "utf-8", "ascii"})


class Decision(NamedTuple):
    """One choice for a whole file. `value` and `line` are what proved it; without a value it was said."""

    reading: str
    value: str = ""
    line: int = 0


class SampleRow(NamedTuple):
    """One of the first rows, as understood. `amount_minor` is signed: + owed."""

    row: int
    account: str
    kind: int
    document: str
    line: int
    date: int
    currency: str
    amount_minor: int
    description: str | None


@dataclass(slots=True)
class KindSums:
    """The documents and rows of one kind and currency, and their sums of each side."""

    documents: int = 0
    rows: int = 0
    debit_minor: int = 0
    credit_minor: int = 0


@dataclass(frozen=True, slots=True)
class Understanding:
    """How a file was read. An empty encoding or delimiter: it has none (a workbook).

    `columns`: (header, field) for every field, the header empty where `made` says how it comes about. A decision
    is None where nothing hangs on it. `sample` and `sums` (by kind and currency) are filled for a preview only.
    """

    file: str
    encoding: str = ""
    delimiter: str = ""
    header_line: int = 0
    decimal: Decision | None = None
    date_order: Decision | None = None
    columns: Sequence[tuple[str, str]] = ()
    made: Mapping[str, str] = field(default_factory=dict)
    ignored: Sequence[str] = ()
    sample: list[SampleRow] = field(default_factory=list)
    sums: dict[tuple[int, str], KindSums] = field(default_factory=dict)

    @property
    def plain(self) -> bool:
        """Whether there is nothing to tell: UTF-8, commas, a decimal point or none, and dates that read one way."""
        return (
            self.encoding in PLAIN_ENCODINGS
            and self.delimiter in {"", ","}
            and (self.decimal is None or self.decimal.reading == ".")
            and self.date_order is None
        )
