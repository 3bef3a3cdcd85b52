"""What a lock forbids a load (R25), told row by row as bad input (R23)."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.kinds import Kind, State
from reconcile_cli.domain.load_results import FieldChange
from reconcile_cli.errors import Problem
from reconcile_cli.store import locking
from reconcile_cli.store.arriving import StagedChange, StagedLine
from reconcile_cli.store.loading import KnownItem, KnownTxn
from reconcile_cli.store.operation import Operation
from reconcile_cli.text import _

LOCKED_FIELDS = frozenset({"account", "currency", "date", "state", "register", "line", "amount", "side", "ledger_code"})
_NAMES_A_CODE = (Kind.CREDIT_NOTE, Kind.CANCELLATION)
Refused = tuple[int, int, int, str]  # file, row, kind, document


def late_documents(op: Operation, names: Sequence[str]) -> Iterator[tuple[Refused, Problem]]:
    """The new documents of the staged load that are dated in the closed period."""
    if op.locked_until is None:
        return
    for late in locking.late_rows(op.connection, op.locked_until):
        problem = late_row(names[late.file], late.row, late.date, op.locked_until)
        yield (late.file, late.row, late.kind, late.document), problem


def late_row(file: str, row: int, date: int, locked_until: int) -> Problem:
    """The problem of a date that lies in the closed period."""
    expected = _(
        "a date after {lock}, up to which the books are locked; to open them again: reconcile lock --reopen {date}"
    ).format(lock=iso(locked_until), date=iso(date))
    return Problem(file, row, "date", iso(date), expected)


class Document(Protocol):
    """A document as it was and as it shall be."""

    @property
    def was(self) -> KnownTxn: ...
    @property
    def items(self) -> list[KnownItem]: ...
    @property
    def now(self) -> StagedChange: ...
    @property
    def lines(self) -> list[StagedLine]: ...
    @property
    def name(self) -> str: ...


def closed_changes(
    document: Document, changes: Sequence[FieldChange], file: str, locked_until: int | None
) -> list[Problem]:
    """What a change of a known document does to the closed period that it must not."""
    was, now = document.was, document.now
    if locked_until is None:
        return []
    if _counts(was.state, was.date, locked_until):
        return [
            _closed_field(document, change, file, locked_until)
            for change in changes
            if _is_locked_field(document, change)
        ]
    if _counts(now.state, now.date, locked_until):
        return [late_row(file, now.row, now.date, locked_until)]
    return []


def _counts(state: int, date: int, locked_until: int) -> bool:
    return state == State.POSTED and date <= locked_until


def _is_locked_field(document: Document, change: FieldChange) -> bool:
    """Whether a lock forbids it. A credit note without a ledger code takes that of what its applies_to names (R18)."""
    if change.field != "applies_to":
        return change.field in LOCKED_FIELDS
    line = _line_of(document, change)
    coded = any(item.line == line and item.ledger_code for item in document.items)
    return document.now.kind in _NAMES_A_CODE and not coded


def _closed_field(document: Document, change: FieldChange, file: str, locked_until: int) -> Problem:
    line = _line_of(document, change)
    row = next((found.row for found in document.lines if found.line == line), document.now.row)
    expected = _("{old}, as it was: the document is dated {date}, and the books are locked up to {lock}").format(
        old=change.old or _("nothing"), date=iso(document.was.date), lock=iso(locked_until)
    )
    return Problem(file, row, change.field, change.new, expected)


def _line_of(document: Document, change: FieldChange) -> int:
    """The line that a change names, 0 where it is of the whole document."""
    return int(change.document.removeprefix(document.name).removeprefix(":") or 0)
