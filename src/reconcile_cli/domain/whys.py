"""Why an item is open: the records. The store gathers `Facts`, `domain/concluding.py` makes `Why` of them.

Amounts are minor units, dates `yyyymmdd`.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from reconcile_cli.domain.cards import ItemCard, TransactionCard
from reconcile_cli.domain.kinds import State
from reconcile_cli.domain.load_results import FieldChange
from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.records import ItemName


class Happened(StrEnum):
    """What an operation did to an item."""

    ADDED = "added"
    CHANGED = "changed"
    RECONCILED = "reconciled"
    REMOVED = "removed"


class Event(NamedTuple):
    """Something that an operation did to an item.

    `other` is the other side of an allocation made or removed. `changes` are those of the item's document; of an
    allocation removed, those of the other document, which may be why it went (R14, R24).
    """

    operation: int
    made_at: str
    command: str
    note: str
    what: Happened
    other: ItemName | None = None
    amount_minor: int | None = None
    stage: Stage | None = None
    reason: str | None = None
    undoes: int | None = None
    undone_by: int | None = None
    changes: tuple[FieldChange, ...] = ()


class Stop(StrEnum):
    """What stands between an item and one of the other side."""

    USED_UP = "used_up"
    OTHER_CURRENCY = "other_currency"
    HELD = "held"
    PLANNED = "planned"


class Candidate(NamedTuple):
    """An item of the other side in the same account, and what stops it; `used_by` is the first that has it.

    `date` is the day at which it stands (of a planned payment its due date), `made` the day of its transaction.
    `instalment`: a posted payment with a due date.
    """

    name: ItemName
    date: int
    currency: str
    amount_minor: int
    open_minor: int
    stops: tuple[Stop, ...]
    order: str
    applies_to: str
    made: int
    instalment: bool = False
    used_by: ItemName | None = None

    @property
    def free(self) -> bool:
        """Whether it could be put against the item now."""
        return not self.stops


class Cause(StrEnum):
    """Why an item is open; each has its sentence in `render/causes.py`."""

    NOT_COUNTED = "not_counted"
    HELD = "held"
    ACCOUNT_HELD = "account_held"
    PLANNED = "planned"
    REMOVED = "removed"
    TARGET_AWAITED = "target_awaited"
    TARGET_ELSEWHERE = "target_elsewhere"
    TARGET_USED_UP = "target_used_up"
    STAYS_OPEN = "stays_open"
    CODE_ALONE = "code_alone"
    CODE_UNBALANCED = "code_unbalanced"
    NO_CHECKOUT = "no_checkout"
    NO_ORDER = "no_order"
    ORDER_ALONE = "order_alone"
    ORDER_OTHER_DATE = "order_other_date"
    ORDER_OTHER_CURRENCY = "order_other_currency"
    ORDER_OPEN = "order_open"
    ORDER_PART = "order_part"
    ORDER_USED_UP = "order_used_up"


class Reason(NamedTuple):
    """A cause and what it speaks of: names, a date, amounts, an operation, the count of others like it."""

    cause: Cause
    name: str = ""
    other: str = ""
    date: int | None = None
    debit_minor: int | None = None
    credit_minor: int | None = None
    amount_minor: int | None = None
    operation: int | None = None
    more: int = 0


class Target(NamedTuple):
    """A document that an item's applies_to names: where it is, and what of it is open on the other side."""

    name: str
    account: str | None
    currency: str = ""
    open_minor: int = 0


class Facts(NamedTuple):
    """What the books hold of one item.

    `mates` are the items of the other side that its order has in its account; `code_sums` what carries its match code
    there, debits and credits. `no_match`: it was loaded without R12.
    """

    card: TransactionCard
    item: ItemCard
    account_held: bool
    no_match: bool
    events: Sequence[Event]
    targets: Sequence[Target]
    code_sums: tuple[int, int]
    mates: Sequence[Candidate]
    candidates: Sequence[Candidate]

    @property
    def name(self) -> ItemName:
        """The item's name."""
        return ItemName(self.card.kind, self.card.document, self.item.line)

    @property
    def day(self) -> int:
        """The day at which it stands: of a planned payment its due date."""
        card = self.card
        return (card.due_date or card.date) if card.state is State.PLANNED else card.date


class Suggestion(NamedTuple):
    """What the careful stages of `auto` would put against an item, with amounts; `reason` is JSON as in allocations."""

    stage: Stage
    reason: str | None
    parts: Sequence[tuple[ItemName, int]]


class Why(NamedTuple):
    """The answer for one item: what is known of it, why it is open, the nearest suggestion, what to type next."""

    facts: Facts
    reasons: Sequence[Reason]
    suggestion: Suggestion | None
    commands: Sequence[Sequence[str]]
