"""Documents that a later load changes: what may change, what it frees, what it tells (R14, R22, R24)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.kinds import Kind, Side, State
from reconcile_cli.domain.load_results import FieldChange
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.results import SHOWN
from reconcile_cli.errors import Problem
from reconcile_cli.store import allocating, arriving, loading, reading, stating
from reconcile_cli.store.arriving import StagedChange, StagedLine
from reconcile_cli.store.loading import KnownItem, KnownTxn
from reconcile_cli.store.operation import Operation
from reconcile_cli.store.staging import Stage
from reconcile_cli.text import _
from reconcile_cli.workflows import closed


@dataclass(slots=True)
class Outcome:
    """What the changed documents come to."""

    problems: list[Problem] = field(default_factory=list)
    refused: list[closed.Refused] = field(default_factory=list)
    changes: list[FieldChange] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, now: StagedChange, *problems: Problem) -> None:
        """Keep problems, and the document that has them."""
        for problem in problems:
            self.problems.append(problem)
            self.refused.append((now.file, problem.line, now.kind, now.document))

    def tell(self, change: FieldChange) -> None:
        """Keep a field change for the report."""
        if len(self.changes) < SHOWN:
            self.changes.append(change)


@dataclass(frozen=True, slots=True)
class _Document:
    """A document as it was and as it shall be."""

    was: KnownTxn
    items: list[KnownItem]
    now: StagedChange
    lines: list[StagedLine]
    currency: str

    @property
    def name(self) -> str:
        return f"{Kind(self.now.kind).code}/{self.now.document}"

    @property
    def planned(self) -> bool:
        return self.was.state == State.PLANNED

    def line(self, number: int) -> StagedLine | None:
        return next((line for line in self.lines if line.line == number), None)


def rename(op: Operation, renamed: Sequence[tuple[int, str, str, str]], outcome: Outcome) -> None:
    """Give accounts the names that the load gives them."""
    for account_id, code, old, new in renamed:
        loading.rename_account(op, account_id, new)
        outcome.tell(FieldChange(code, "account_name", old, new))


def plan_changes(op: Operation, stage: Stage, names: Sequence[str], outcome: Outcome, *, allow: bool) -> None:
    """Look at every changed document before any is written; what loses its allocations goes to TEMP `freed`.

    A change that R24 forbids is a problem, unless `allow`ed; one of a planned payment is not (R14). One in a closed
    period always is (R25).
    """
    loading.prepare_moves(op.connection)
    moved: dict[int, StagedChange] = {}
    for document in _documents(op, stage):
        changes = list(_field_changes(op, document))
        for change in changes:
            outcome.tell(change)
        if late := closed.closed_changes(document, changes, names[document.now.file], op.locked_until):
            outcome.refuse(document.now, *late)
            continue
        if document.now.pocket_id != document.was.pocket_id:
            loading.note_move(op.connection, document.was.id, document.now.pocket_id)
            moved[document.was.id] = document.now
        for item, why in _losing(document):
            if allow or document.planned:
                allocating.free_item(op.connection, item.id, why)
            else:
                outcome.refuse(document.now, _refusal(document, names, item, why))
    _tear(op, moved, names, outcome, allow=allow)


def _documents(op: Operation, stage: Stage) -> Iterator[_Document]:
    for now, lines in arriving.changed(stage):
        was = loading.known_txn(op.connection, now.txn_id)
        yield _Document(
            was,
            loading.known_items(op.connection, now.txn_id),
            now,
            lines,
            reading.pocket_name(op, now.pocket_id)[1],
        )


def _losing(document: _Document) -> Iterator[tuple[KnownItem, str]]:
    """The items that lose their allocations, and why."""
    of_all = _planned_loses(document) if document.planned else None
    for item in document.items:
        if document.planned or item.open_minor < item.amount_minor:
            why = of_all if document.planned else _posted_loses(document, item)
            if why:
                yield item, why


def _planned_loses(document: _Document) -> str | None:
    """R14: why a planned payment loses its allocations, if it does. A change of account is seen in `_tear`."""
    was, now = document.was, document.now
    if now.state in (State.DECLINED, State.VOID):
        return _("{document} is {state} now").format(document=document.name, state=State(now.state).code)
    old = [(item.line, item.side, item.amount_minor) for item in document.items]
    new = [(line.line, line.side, line.amount_minor) for line in document.lines]
    if sorted(old) != sorted(new):
        return _("the amount of {document} changed").format(document=document.name)
    if now.state == State.PLANNED and was.due_date != now.due_date:
        return _("the due date of {document} changed").format(document=document.name)
    return None


def _posted_loses(document: _Document, item: KnownItem) -> str | None:
    """R24: why an allocated item would lose its allocations, if it would."""
    line = document.line(item.line)
    name = f"{document.name}:{item.line}"
    if document.now.state not in (State.POSTED, document.was.state):
        return _("{document} is {state} now").format(document=document.name, state=State(document.now.state).code)
    if line is None:
        return _("{item} is no longer in its document").format(item=name)
    if line.amount_minor != item.amount_minor:
        return _("the amount of {item} changed").format(item=name)
    if line.side != item.side:
        return _("{item} changed sides").format(item=name)
    return None


def _tear(
    op: Operation, moved: dict[int, StagedChange], names: Sequence[str], outcome: Outcome, *, allow: bool
) -> None:
    """R24: allocations whose two sides move to one account together are kept, others are torn."""
    if not moved:
        return
    for torn in loading.torn(op.connection):
        mover = torn.debit_txn if torn.debit_moves else torn.credit_txn
        now = moved[mover]
        name = f"{Kind(now.kind).code}/{now.document}"
        why = _("{document} moved to another account or currency").format(document=name)
        if allow or (torn.credit_state == State.PLANNED and torn.credit_moves):
            allocating.free_allocation(op.connection, torn.allocation_id, why)
        else:
            column, value = _moved_cell(op, torn, now)
            outcome.refuse(now, Problem(names[now.file], now.row, column, value, _expected(why)))


def _moved_cell(op: Operation, torn: loading.Torn, now: StagedChange) -> tuple[str, str]:
    """The column and the value that move a transaction."""
    old = reading.pocket_name(op, torn.debit_pocket if torn.debit_moves else torn.credit_pocket)
    new = reading.pocket_name(op, now.pocket_id)
    return ("account", new[0]) if old[0] != new[0] else ("currency", new[1])


def _refusal(document: _Document, names: Sequence[str], item: KnownItem, why: str) -> Problem:
    line = document.line(item.line)
    row, column, value = document.now.row, "line", document.name
    if document.now.state not in (State.POSTED, document.was.state):
        column, value = "state", State(document.now.state).code
    elif line is not None:
        signed = line.amount_minor * line.side * Kind(document.now.kind).side
        row, column, value = line.row, "amount", plain(signed, document.currency)
    return Problem(names[document.now.file], row, column, value, _expected(why))


def _expected(why: str) -> str:
    return _("no change, since it is reconciled ({why}); --update-reconciled loads it and opens what it paid").format(
        why=why
    )


def apply_changes(op: Operation, stage: Stage) -> None:
    """Write the changed documents; what they could not keep was removed before."""
    for document in _documents(op, stage):
        was, now = document.was, document.now
        loading.update_txn(
            op,
            was.id,
            (
                now.pocket_id,
                now.date,
                now.due_date,
                now.state,
                now.order_code,
                now.register,
                now.method,
                now.digest,
            ),
        )
        state = now.state if was.replaced_by is None else State.VOID
        known = {item.line: item for item in document.items}
        for line in document.lines:
            texts = (line.description, line.ledger_code, line.applies_to, line.match_code)
            item = known.pop(line.line, None)
            if item is None:
                held = int(reading.is_held(op, now.pocket_id))
                place = (was.id, line.line, now.pocket_id, line.side, now.date, state)
                loading.insert_item(op, (*place, line.amount_minor, line.amount_minor, held, *texts))
            else:
                held = int(item.held or (now.pocket_id != was.pocket_id and reading.is_held(op, now.pocket_id)))
                values = (now.pocket_id, line.side, now.date, state, line.amount_minor, held, *texts)
                loading.update_item(op, item.id, values)
        for item in known.values():
            loading.remove_item(op, item.id)
        if not State(now.state).counts:
            stating.reinstate(op, was.id)
        if State.PLANNED in (was.state, now.state):
            allocating.recount_planned(op, was.id)


def _field_changes(op: Operation, document: _Document) -> Iterator[FieldChange]:
    was, now, name = document.was, document.now, document.name
    if was.pocket_id != now.pocket_id:
        old, new = (reading.pocket_name(op, pocket) for pocket in (was.pocket_id, now.pocket_id))
        for column, before, after in zip(("account", "currency"), old, new, strict=True):
            if before != after:
                yield FieldChange(name, column, before, after)
    for column, before, after in (
        ("date", iso(was.date), iso(now.date)),
        ("due_date", iso(was.due_date) if was.due_date else "", iso(now.due_date) if now.due_date else ""),
        ("state", State(was.state).code, State(now.state).code),
        ("order", was.order_code or "", now.order_code or ""),
        ("register", was.register or "", now.register or ""),
        ("method", was.method or "", now.method or ""),
    ):
        if before != after:
            yield FieldChange(name, column, before, after)
    yield from _line_changes(document)


def _line_changes(document: _Document) -> Iterator[FieldChange]:
    known = {item.line: item for item in document.items}
    for line in document.lines:
        name = f"{document.name}:{line.line}"
        item = known.pop(line.line, None)
        after = _words(line, document.currency)
        before = _words(item, document.currency) if item else dict.fromkeys(after, "")
        for column, value in after.items():
            if before[column] != value:
                yield FieldChange(name, column, before[column], value)
    for item in known.values():
        yield FieldChange(f"{document.name}:{item.line}", "line", str(item.line), "")


def _words(line: StagedLine | KnownItem, currency: str) -> dict[str, str]:
    return {
        "amount": plain(line.amount_minor, currency),
        "side": Side(line.side).name.lower(),
        "description": line.description or "",
        "ledger_code": line.ledger_code or "",
        "applies_to": line.applies_to or "",
        "match_code": line.match_code or "",
    }
