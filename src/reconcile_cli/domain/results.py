"""What a change of the books reports back. Amounts are minor units, dates `yyyymmdd`."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from reconcile_cli.domain.matching import Stage, Why
from reconcile_cli.domain.records import AllocationLine, ItemName, OperationLine, Outcome, Total
from reconcile_cli.domain.writing_off import WrittenOff
from reconcile_cli.errors import Problem

if TYPE_CHECKING:  # only loads tell how they read a file
    from reconcile_cli.domain.understanding import Understanding

SHOWN = 1_000
"""How many details of one sort a load reports; the counts are of all."""


class Stamp(NamedTuple):
    """Who changes the books, when and why. `made_at` is UTC in ISO form, `today` the local day."""

    author: str
    made_at: str
    today: int
    note: str = ""


class FieldChange(NamedTuple):
    """One field that a load changed (R22). `document` is `KIND/DOCUMENT` or `KIND/DOCUMENT:LINE`."""

    document: str
    field: str
    old: str
    new: str


class Freed(NamedTuple):
    """An allocation that a load removed, the sentence that says why (R14, R24), and how its two items stand then.

    The open amounts are those after the load; None for an item that counts no more.
    """

    allocation: AllocationLine
    reason: str
    credit_open_minor: int | None
    debit_open_minor: int | None


class PaidAlready(NamedTuple):
    """An allocation to an item that a load cancels: the money stays where it was put, until a person moves it.

    `open_minor` is what of the cancellation found nothing open to cancel.
    """

    allocation: AllocationLine
    planned: bool
    cancellation: ItemName
    open_minor: int


class Unmet(NamedTuple):
    """Something the source states that could not be done (R11); `reason` is a sentence."""

    item: str
    target: str
    reason: str


class LoadResult(NamedTuple):
    """What a load did. `operation` is None when nothing changed or under `--dry-run`."""

    dry_run: bool
    rows: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    within_document: int = 0
    stated: int = 0
    checkout: int = 0
    removed: int = 0
    changes: Sequence[FieldChange] = ()
    freed: Sequence[Freed] = ()
    paid_already: Sequence[PaidAlready] = ()
    unmet: Sequence[Unmet] = ()
    problems: Sequence[Problem] = ()
    problem_count: int = 0
    open_debits: Sequence[Total] = ()
    open_credits: Sequence[Total] = ()
    accounts: Sequence[str] = ()
    operation: int | None = None
    notes: Sequence[str] = ()
    files: Sequence["Understanding"] = ()


class Doubtful(NamedTuple):
    """What a stage left open though it could have been linked; `others` are the first that it might go with."""

    account: str
    currency: str
    item: str
    stage: Stage
    why: Why
    others: Sequence[str]
    choices: int


class Suggestion(NamedTuple):
    """Allocations that belong together, proposed; `choices` 1: no other answer. `matches` are the words of `match`."""

    account: str
    currency: str
    amount_minor: int
    stage: Stage
    reason: str | None
    choices: int
    allocations: Sequence[AllocationLine]
    matches: Sequence[Sequence[str]]


class Suggestions(NamedTuple):
    """What is suggested, the most certain first, and what was left open."""

    suggestions: Sequence[Suggestion]
    doubts: Sequence[Doubtful]


class MatchResult(NamedTuple):
    """What `match`, `auto`, `unmatch` or `undo` made or removed.

    `allocations` is re-readable but may be large: stream it. The open totals are what stays open in the
    accounts concerned, posted items only. `outcomes`, read once, tell it account by account under `--dry-run`.
    `doubts` are the first that stages left.
    `written_off` are the differences closed; their allocations are among the others.
    """

    operation: int | None
    dry_run: bool
    allocations: Sequence[AllocationLine]
    totals: Sequence[Total]
    open_debits: Sequence[Total] = ()
    open_credits: Sequence[Total] = ()
    held: int = 0
    accounts: Sequence[str] = ()
    notes: Sequence[str] = ()
    outcomes: Iterable[Outcome] = ()
    written_off: Sequence[WrittenOff] = ()
    doubts: Sequence[Doubtful] = ()


class Removal(NamedTuple):
    """What `unmatch` or `undo` is about to do, told before it asks.

    `count` and `totals` are of the allocations that go, the totals added up where somebody reads them; `returning`
    counts those that an undo brings back, `transactions` those that it takes away or changes back.
    """

    description: str
    count: int  # type: ignore[assignment] # see `Total`
    totals: Callable[[], Sequence[Total]]
    returning: int = 0
    transactions: int = 0


class Undone(NamedTuple):
    """What an undo took back (`taken_back`), and the operation that did it (`by`), with what came and went."""

    result: MatchResult
    taken_back: OperationLine
    by: OperationLine


class BackupResult(NamedTuple):
    """A copy of the database: where, how large, its last operation and that one's hash in hexadecimal."""

    path: str
    size_bytes: int
    operation: int
    head: str


class Head(NamedTuple):
    """The last operation and its hash, in hexadecimal; `found` is the operation of the hash that was asked for."""

    operation: int
    hash: str
    found: int | None = None


class LockChange(NamedTuple):
    """The operation that put the lock where it is."""

    operation: int
    made_at: str
    author: str
    note: str


class LockResult(NamedTuple):
    """The lock before and after, the last day that it closes; `operation` is None where it stood there already."""

    operation: int | None
    before: int | None
    until: int | None


class HoldResult(NamedTuple):
    """What `hold` or `release` changed; `already` was so before."""

    operation: int | None
    changed: Sequence[str]
    already: Sequence[str]


class Information(NamedTuple):
    """What the database is. `head` is the hash of the last operation in hexadecimal."""

    path: str
    size_bytes: int
    schema_version: int
    accounts: int
    transactions: int
    items: int
    allocations: int
    operations: int
    head: str
    locked_until: int | None
