"""What a change of the books reports back. Amounts are minor units, dates `yyyymmdd`."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from reconcile_cli.domain.records import AllocationLine, Total

if TYPE_CHECKING:  # each named tuple takes 0.1 ms to define: what only some commands report is theirs to import
    from reconcile_cli.domain.operations import OperationLine
    from reconcile_cli.domain.outcomes import Outcome
    from reconcile_cli.domain.suggestions import Doubtful
    from reconcile_cli.domain.writing_off import WrittenOff

SHOWN = 1_000
"""How many details of one sort a load reports; the counts are of all."""


class Stamp(NamedTuple):
    """Who changes the books, when and why. `made_at` is UTC in ISO form, `today` the local day."""

    author: str
    made_at: str
    today: int
    note: str = ""


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
    outcomes: Iterable["Outcome"] = ()
    written_off: Sequence["WrittenOff"] = ()
    doubts: Sequence["Doubtful"] = ()


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
    taken_back: "OperationLine"
    by: "OperationLine"
