"""What a stage looks at, and what it answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from reconcile_cli.domain.dates import day_number
from reconcile_cli.domain.kinds import Kind, Side
from reconcile_cli.domain.matching import Link, Stage, Why, chronological

NAMED: Final = 12
"""So many others a doubt or a reason names."""

Place = tuple[int, int, int, str, int, int]
"""1 where it is planned, then `matching_key` (R16)."""


class OpenItem(NamedTuple):
    """An open item of one account and currency. `date` is that of matching: the due date where `--by due` asks for it.

    `text` is where it may name one of the other side: description and method.
    """

    id: int
    side: Side
    kind: Kind
    document: str
    line: int
    date: int
    open_minor: int
    place: Place
    order: str = ""
    text: str = ""

    @property
    def name(self) -> str:
        """Its name, `KIND/DOCUMENT:LINE`."""
        return f"{self.document_name}:{self.line}"

    @property
    def document_name(self) -> str:
        """The name of its document, `KIND/DOCUMENT`."""
        return f"{self.kind.code}/{self.document}"


@dataclass(frozen=True)
class Unit:
    """What is matched as one: the open lines of a document on one side, or a single line."""

    items: tuple[OpenItem, ...]
    is_line: bool = False

    @cached_property
    def open_minor(self) -> int:
        """What is open of it, in minor units."""
        return sum(item.open_minor for item in self.items)

    @cached_property
    def day(self) -> int:
        """Its date as a number of days, to reckon with."""
        return day_number(self.items[0].date)

    @property
    def place(self) -> Place:
        """Its place in the total order: that of its first line."""
        return self.items[0].place

    @property
    def name(self) -> str:
        """The name of its document, `KIND/DOCUMENT`, or of its line, `KIND/DOCUMENT:LINE`."""
        return self.items[0].name if self.is_line else self.items[0].document_name

    @property
    def is_money(self) -> bool:
        """Whether it is money that moved, and no bill."""
        return not self.items[0].kind.in_sales


class Doubt(NamedTuple):
    """What a stage left open. `item` names the one in question, `others` the first of those that it might go with."""

    stage: Stage
    why: Why
    item: str
    others: tuple[str, ...] = ()
    choices: int = 0


class Proposal(NamedTuple):
    """Links that belong together, and why. `reason` holds what the sentence tells; amounts are minor units there.

    `choices` says among how many possible answers this is the best: 1 is unique.
    """

    stage: Stage
    links: tuple[Link, ...]
    reason: Mapping[str, object]
    choices: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """What a stage found; `doubtful` are the items, by id, of which it leaves open what goes with what."""

    proposals: list[Proposal] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    doubtful: set[int] = field(default_factory=set)


class Settings(NamedTuple):
    """How stages decide. `days`: how far apart equal amounts may be. `careful`: of two equally good answers, none."""

    days: int | None = None
    careful: bool = False


def of_side(items: Iterable[OpenItem], side: Side) -> list[OpenItem]:
    """The items of one side."""
    return [item for item in items if item.side == side]


def documents(items: Sequence[OpenItem], side: Side) -> list[Unit]:
    """The items of a side by document, in order of date, then in the total order; `items` stand in that one."""
    by_document: dict[tuple[int, str], list[OpenItem]] = {}
    for item in of_side(items, side):
        by_document.setdefault((item.kind, item.document), []).append(item)
    return _dated(Unit(tuple(lines)) for lines in by_document.values())


def lines(items: Sequence[OpenItem], side: Side) -> list[Unit]:
    """The items of a side one by one, in the same order."""
    return _dated(Unit((item,), is_line=True) for item in of_side(items, side))


def cuts(items: Sequence[OpenItem]) -> Sequence[Callable[[Sequence[OpenItem], Side], list[Unit]]]:
    """How to cut items into units: by document, then by line where a document has several on a side."""
    several = any(len(unit.items) > 1 for side in Side for unit in documents(items, side))
    return (documents, lines) if several else (documents,)


def _dated(units: Iterable[Unit]) -> list[Unit]:
    return sorted(units, key=lambda unit: unit.day)


def put(ones: Iterable[Unit], others: Iterable[Unit]) -> tuple[Link, ...]:
    """Links between two groups of units of opposite sides, oldest to oldest."""
    run, other_run = (
        sorted((item for unit in units for item in unit.items), key=lambda item: item.place) for units in (ones, others)
    )
    debits, credits_ = (run, other_run) if run[0].side is Side.DEBIT else (other_run, run)
    return tuple(chronological(*([(item.id, item.open_minor) for item in side] for side in (debits, credits_))))


def left(items: Iterable[OpenItem], proposals: Iterable[Proposal]) -> list[OpenItem]:
    """The items with what the proposals leave open of them, those without anything left out."""
    used: dict[int, int] = {}
    for proposal in proposals:
        for link in proposal.links:
            used[link.debit_id] = used.get(link.debit_id, 0) + link.amount_minor
            used[link.credit_id] = used.get(link.credit_id, 0) + link.amount_minor
    rest = (item._replace(open_minor=item.open_minor - used[item.id]) if item.id in used else item for item in items)
    return [item for item in rest if item.open_minor]


def by_amount(units: Iterable[Unit]) -> dict[int, list[Unit]]:
    """The units of each open amount, in the order given."""
    groups: dict[int, list[Unit]] = {}
    for unit in units:
        groups.setdefault(unit.open_minor, []).append(unit)
    return groups
