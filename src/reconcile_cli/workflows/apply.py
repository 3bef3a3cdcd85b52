"""Apply a plan that somebody reviewed: exactly its allocations in one operation, or none of them."""

import json
from collections.abc import Iterator, Sequence

from reconcile_cli.domain.kinds import Side, State
from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.naming import part_amount
from reconcile_cli.domain.results import MatchResult, Stamp
from reconcile_cli.domain.stages.run import SEARCHES
from reconcile_cli.errors import BadInput, Problem
from reconcile_cli.intake.plans import PlanRow, read_plan
from reconcile_cli.intake.source import Source
from reconcile_cli.store import allocating
from reconcile_cli.store.books import Books
from reconcile_cli.store.errors import AmbiguousName, UnknownName
from reconcile_cli.store.operation import operation
from reconcile_cli.store.selecting import SelectedItem, select
from reconcile_cli.text import _, ngettext
from reconcile_cli.workflows.results import made

_STAGES = {stage.code: stage for stage in SEARCHES}


class PlanRefused(BadInput):
    """Lines of a plan that cannot be done as they stand, since the books changed or the lines did."""

    code = "plan-refused"

    def sentence(self) -> str:
        return ngettext(
            "{count} line of the plan cannot be done as it stands; nothing was changed. Take it out, or make the plan"
            " anew.",
            "{count} lines of the plan cannot be done as they stand; nothing was changed. Take them out, or make the"
            " plan anew.",
            self.count,
        ).format(count=self.count)


def apply(books: Books, source: Source, stamp: Stamp, *, told: str) -> MatchResult:
    """Make the allocations of a plan; `told` is how the history names the file.

    Raises:
        UnreadableFile, BadInput: it is no plan.
        PlanRefused: a line names what is gone, held, elsewhere or not open enough; each is named with what changed.
    """
    rows = read_plan(source)
    with operation(books, "apply", {"plan": told}, stamp) as op:
        checking = _Checking(books, source.name)
        planned = list(checking.plan(rows))
        if checking.problems:
            raise PlanRefused(checking.problems)
        if planned:
            allocating.plan(op.connection, planned)
            allocating.make_planned(op)
        else:
            op.abandon()
    return made(op, sorted({row.account for row in rows}))


class _Checking:
    """The lines of a plan against the books as they are; `rest` is what the lines so far leave open of each item."""

    def __init__(self, books: Books, file: str) -> None:
        self.books = books
        self.file = file
        self.rest: dict[int, int] = {}
        self.problems: list[Problem] = []

    def plan(self, rows: Sequence[PlanRow]) -> Iterator[allocating.PlanRow]:
        """What is to be made; lines that cannot be become problems."""
        for row in rows:
            credit = self._item(row, "credit", row.credit, Side.CREDIT)
            debit = self._item(row, "debit", row.debit, Side.DEBIT)
            if credit is None or debit is None:
                continue
            amount_minor = part_amount(row.amount, credit.exponent)
            if amount_minor is None:
                self._refuse(row, "amount", row.amount, _("an amount above 0, as 12.50"))
                continue
            if row.stage and row.stage not in _STAGES:
                expected = _("one of {stages}, or nothing").format(stages=", ".join(_STAGES))
                self._refuse(row, "stage", row.stage, expected)
                continue
            if self._has(row, "credit", credit, amount_minor) and self._has(row, "debit", debit, amount_minor):
                self.rest[credit.id] -= amount_minor
                self.rest[debit.id] -= amount_minor
                stage = _STAGES.get(row.stage, Stage.BY_HAND)
                is_planned = int(credit.state == State.PLANNED)
                yield debit.id, credit.id, amount_minor, stage, self._reason(row), is_planned

    def _item(self, row: PlanRow, column: str, name: str, side: Side) -> SelectedItem | None:
        """The item that a line names, where it can take part."""
        try:
            selection = select(self.books, name) if name else None
        except (UnknownName, AmbiguousName):
            selection = None
        if selection is None or selection.named.amount is not None or len(selection.items) != 1:
            self._refuse(row, column, name, _("one item of the books, as KIND/DOCUMENT:LINE; there is none"))
            return None
        item = selection.items[0]
        self.rest.setdefault(item.id, item.open_minor)
        expected = ""
        if (item.account, item.currency) != (row.account, row.currency):
            expected = _("an item of account {account} in {currency}; it is in {other} in {other_currency}").format(
                account=row.account, currency=row.currency, other=item.account, other_currency=item.currency
            )
        elif item.side != side:
            expected = _("a debit item") if side is Side.DEBIT else _("a credit item")
        elif item.state > State.PLANNED:
            expected = _("an item that counts; it is {state}").format(state=State(item.state).code)
        elif item.held:
            expected = _("an item that is not held; it is held now")
        if expected:
            self._refuse(row, column, name, expected)
            return None
        return item

    def _has(self, row: PlanRow, column: str, item: SelectedItem, amount_minor: int) -> bool:
        rest_minor = self.rest[item.id]
        if rest_minor >= amount_minor:
            return True
        self._refuse(
            row,
            column,
            row.credit if column == "credit" else row.debit,
            _("{amount} {currency} open; {rest} {currency} is left of it").format(
                amount=plain(amount_minor, item.currency), currency=item.currency, rest=plain(rest_minor, item.currency)
            ),
        )
        return False

    def _reason(self, row: PlanRow) -> str | None:
        if not row.reason:
            return None
        try:
            known = json.loads(row.reason)
        except ValueError:
            known = None
        if not isinstance(known, dict):
            self._refuse(row, "reason", row.reason, _("the reason as the plan had it, or nothing"))
            return None
        return row.reason

    def _refuse(self, row: PlanRow, column: str, value: str, expected: str) -> None:
        self.problems.append(Problem(self.file, row.number, column, value, expected))
