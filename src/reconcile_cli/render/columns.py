"""A list is declared once, as columns; tables, CSV and JSON are made from the same declaration."""

from collections.abc import Callable, Iterable, Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from reconcile_cli.domain.status import Status
from reconcile_cli.render import amounts, symbols
from reconcile_cli.render.bars import bar
from reconcile_cli.render.look import Look
from reconcile_cli.text import _, figures

if TYPE_CHECKING:  # only pages draw charts
    from reconcile_cli.render.chart import Chart

Record = TypeVar("Record")
Value = str | int | bool | Status | None

STAYS: Final = 0


class Shape(Enum):
    """What a column holds: how it is aligned and written."""

    TEXT = auto()
    AMOUNT = auto()  # minor units; a zero shows as "-"
    BALANCE = auto()  # minor units; a zero shows as 0.00
    DATE = auto()
    COUNT = auto()
    STATUS = auto()  # symbol and word; CSV and JSON have the code
    FLAG = auto()  # CSV and JSON only
    SHARE = auto()  # of a whole, in thousandths: a figure and a bar in tables
    OBJECT = auto()  # JSON text: an object in JSON, the text in CSV

    @property
    def right(self) -> bool:
        """Whether values are aligned to the right."""
        return self in _RIGHT

    @property
    def is_money(self) -> bool:
        """Whether values are minor units."""
        return self in _MONEY


_MONEY: Final = frozenset({Shape.AMOUNT, Shape.BALANCE})
_SPOKEN: Final = (Shape.STATUS, Shape.SHARE, Shape.FLAG)
_RIGHT: Final = _MONEY | {Shape.COUNT}


class Column(NamedTuple, Generic[Record]):
    """One column of a list.

    In a narrow window texts with a `floor` shrink to it first, then columns leave the row, highest `rank` first
    (STAYS last of all): `spare` ones out of sight, the others to a second line under the row. Figures are never
    cut. `hide_empty` leaves the column out where no row has anything in it.
    """

    title: str
    value: Callable[[Record], Value]
    shape: Shape = Shape.TEXT
    key: str = ""  # in CSV and JSON; "" is not there
    shown: bool = True  # in tables
    words: Callable[[Record], str] | None = None  # what a table says instead of the value, or beside a status
    floor: int = 0
    rank: int = STAYS
    spare: bool = False
    hide_empty: bool = False
    style: Callable[[Record], str] | None = None  # of a value in tables; the colour never says anything alone
    titled: bool = False  # says nothing without its title, wherever it stands; figures and dates always are

    def heading(self) -> str:
        """Give the title in the user's language."""
        return _(self.title) if self.title else ""

    def full_heading(self) -> str:
        """Give the title where every column has one: the currency too."""
        return self.heading() or _(self.key.replace("_", " ").capitalize())

    def cell(self, record: Record, currency: str, look: Look) -> str:
        """Write the record's value for a table, harmless and without style."""
        value = self.value(record)
        if self.words is None and self.shape not in _SPOKEN:  # as most are
            return look.text(written(self.shape, value, currency))
        if self.shape is Shape.STATUS:
            status = value if isinstance(value, Status) else None
            return symbols.label(status, look, self.words(record) if self.words else "")
        if self.shape is Shape.SHARE:
            return bar(value, look) if isinstance(value, int) else ""
        if self.words is not None:
            return look.text(self.words(record))
        return look.text(_("yes")) if value else ""


def written(shape: Shape, value: Value, currency: str) -> str:
    """Write a value as tables show it."""
    if value is None:
        return ""
    if isinstance(value, int):
        if shape is Shape.AMOUNT:
            return amounts.dashed(value, currency)
        if shape is Shape.BALANCE:
            return amounts.grouped(value, currency)
        if shape is Shape.DATE:
            return figures.day(value)
        if shape is Shape.COUNT:
            return figures.count(value) if value else amounts.NONE
    return str(value)


class TotalRow(NamedTuple):
    """A row of totals in one currency: figures by the title of their column."""

    currency: str
    figures: Mapping[str, int]


class Listing(NamedTuple, Generic[Record]):
    """A list: its columns in the order of the table, how to tell a record's currency, and the keys of its data.

    `keys` is a contract with scripts: the order of CSV columns and JSON keys, one for each column with a key,
    separated by blanks. A page and a workbook have the columns of the table, all of them; they are called `title`
    (a sentence for the catalogue), with `period` below it (in the user's words), and a page shows `charts`, asked
    after the last record, above its table.
    """

    columns: tuple[Column[Record], ...]
    currency: Callable[[Record], str]
    keys: str = ""
    strong: Callable[[Record], bool] | None = None  # which rows of a table stand out, as subtotals do
    title: str = ""
    period: str = ""
    charts: "Callable[[], Iterable[Chart]]" = tuple

    def shown(self) -> list[Column[Record]]:
        """Give the columns of tables."""
        return [column for column in self.columns if column.shown]

    def data(self) -> list[Column[Record]]:
        """Give the columns of CSV and JSON in the order of `keys`."""
        by_key = {column.key: column for column in self.columns if column.key}
        return [by_key[key] for key in self.keys.split()]
