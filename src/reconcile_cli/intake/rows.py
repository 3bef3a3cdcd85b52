"""Rows to columns of values. Whole columns at once; row by row only to find what is wrong (R23)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress, count, repeat
from operator import itemgetter, lt, mul
from typing import Any, Final

from reconcile_cli.domain.kinds import Kind
from reconcile_cli.errors import Problem
from reconcile_cli.intake.amounts import Amounts
from reconcile_cli.intake.cells import TEXTS, Cells, read_currency, readers
from reconcile_cli.intake.columns import FIELDS, Layout
from reconcile_cli.intake.datetexts import Dates
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.problems import Refused, shown
from reconcile_cli.intake.signs import SignWatch, check_states
from reconcile_cli.intake.text_records import MAX_TEXT
from reconcile_cli.intake.typed_cells import Odd
from reconcile_cli.intake.words import read_kind
from reconcile_cli.text import _, figures

_FEW: Final = 50
_AS_SPACE: Final = re.compile(r" *[\t\r\n]+[\t\r\n ]*")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SIDE: Final = {int(kind): int(kind.side) for kind in Kind}

BadKey = tuple[int | None, str | None]


@dataclass(slots=True)
class Values:
    """Some rows as columns of values, every column with one entry for each row. An absent text is empty.

    `flipped` are the places of the rows that are on another side than their kind (R1).
    """

    numbers: Sequence[int]
    kind: Sequence[int]
    document: Cells
    account: Cells
    currency: Cells
    date: Sequence[int]
    due_date: Sequence[int | None]
    state: Sequence[int]
    order: Cells
    register: Cells
    method: Cells
    line: Sequence[int | None] | None
    side: Sequence[int]
    amount_minor: Sequence[int]
    flipped: Sequence[int]
    description: Cells
    ledger_code: Cells
    applies_to: Cells
    match_code: Cells
    account_name: Cells | None
    held: Sequence[int] | None

    def names(self) -> dict[str, str]:
        """The last name that is not empty of each account."""
        if self.account_name is None:
            return {}
        names = list(map(str.strip, self.account_name))
        named = zip(self.account, names, strict=True)
        return dict(named if all(names) else filter(itemgetter(1), named))


@dataclass(slots=True)
class Findings:
    """What is wrong with some rows: the problems, and each bad row with as much of its key as is readable."""

    problems: list[Problem] = field(default_factory=list)
    bad: list[tuple[int, BadKey]] = field(default_factory=list)

    def add(self, number: int, key: BadKey, *problems: Problem) -> None:
        """A bad row and its problems."""
        self.problems += problems
        self.bad.append((number, key))


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, file: str, layout: Layout, options: ReadOptions, amounts: Amounts, dates: Dates) -> None:
        self._file = file
        self._layout = layout
        self._width = len(layout.titles)
        self._used = frozenset(layout.index.values())
        self._amounts = amounts
        self._signed = options.signed
        self._default_currency = options.currency
        self._in_debit_credit = "amount" not in layout.index
        self.signs = SignWatch()
        self.signs.explained = self._in_debit_credit or options.signed is not None
        self._readers = readers(dates, options.currency)

    def read(self, rows: list[list[str]], numbers: Sequence[int], *, dirty: bool) -> tuple[Values | None, Findings]:
        """The values of all good rows (None where there are none), and what is wrong with the others."""
        findings = Findings()
        values = self._at_once(rows, numbers, dirty=dirty)
        if values is not None:
            return values, findings
        good_rows: list[list[str]] = []
        good_numbers: list[int] = []
        for start in range(0, len(rows), _FEW):
            few, few_numbers = rows[start : start + _FEW], numbers[start : start + _FEW]
            if self._at_once(few, few_numbers, dirty=dirty) is None:
                good = [self._is_good(row, number, findings) for row, number in zip(few, few_numbers, strict=True)]
                few, few_numbers = list(compress(few, good)), list(compress(few_numbers, good))
            good_rows += few
            good_numbers += few_numbers
        return (self._columns(good_rows, good_numbers) if good_rows else None), findings

    def _at_once(self, rows: list[list[str]], numbers: Sequence[int], *, dirty: bool) -> Values | None:
        """The values of rows that are all good; None where they are not."""
        clean = not dirty or all(self._is_clean(row) for row in rows)
        if not clean or set(map(len, rows)) != {self._width}:
            return None
        try:
            return self._columns(rows, numbers)
        except Refused:
            return None

    def key_as_written(self, row: Sequence[str]) -> tuple[str, str] | None:
        """The words for kind and document, to tell where a document may end; None in a short or long row."""
        kind, document = self._layout.index["kind"], self._layout.index["document"]
        return (row[kind], row[document]) if len(row) == self._width else None

    def readable_key(self, row: Sequence[str]) -> BadKey:
        """Kind and document of a row of the right width, None for what is unreadable."""
        kind: int | None
        try:
            kind = read_kind(row[self._layout.index["kind"]])
        except Refused:
            kind = None
        document = row[self._layout.index["document"]].strip()
        return kind, document if document and not _CONTROL.search(document) else None

    def _columns(self, rows: Sequence[Cells], numbers: Sequence[int]) -> Values:
        columns = list(zip(*rows, strict=True))
        index = self._layout.index

        def read(name: str, default: object = None) -> Sequence[Any]:
            place = index.get(name)
            return [default] * len(rows) if place is None else self._readers[name](columns[place])

        kinds, currencies, states = read("kind"), read("currency", self._default_currency), read("state", 0)
        sides, amounts, flipped = self._sides(kinds, currencies, columns, numbers)
        if any(states):
            check_states(kinds, states, sides, amounts)
        name = index.get("account_name")
        return Values(
            numbers=numbers,
            kind=kinds,
            document=read("document"),
            account=read("account"),
            currency=currencies,
            date=read("date"),
            due_date=read("due_date"),
            state=states,
            line=read("line") if "line" in index else None,
            side=sides,
            amount_minor=amounts,
            flipped=flipped,
            account_name=None if name is None else columns[name],
            held=read("held") if "held" in index else None,
            **{text: read(text, "") for text in TEXTS},
        )

    def _sides(
        self, kinds: Sequence[int], currencies: Sequence[str], columns: Sequence[Cells], numbers: Sequence[int]
    ) -> tuple[list[int], list[int], list[int]]:
        """The side and the amount >= 0 of each row, and which rows are flipped; an amount of 0 flips none (R1)."""
        sides = list(map(_SIDE.__getitem__, kinds))
        if self._in_debit_credit:
            amounts = self._debits_less_credits(currencies, columns)
        else:
            amounts = self._minor("amount", currencies, columns)
            if not self.signs.explained:
                self.signs.see(kinds, amounts, numbers, columns[self._layout.index["amount"]])
        if self._in_debit_credit or self._signed:
            amounts = list(map(mul, amounts, sides))
        flipped = list(compress(count(), map(lt, amounts, repeat(0))))
        for row in flipped:
            sides[row], amounts[row] = -sides[row], -amounts[row]
        return sides, amounts, flipped

    def _debits_less_credits(self, currencies: Sequence[str], columns: Sequence[Cells]) -> list[int]:
        both = [columns[self._layout.index[name]] for name in ("debit", "credit")]
        if any(not debit.strip() and not credit.strip() for debit, credit in zip(*both, strict=True)):
            raise Refused(_("an amount is needed in one of the columns debit and credit"), "debit")
        debits, credits_ = (self._minor(name, currencies, columns) for name in ("debit", "credit"))
        if any(debit and credit for debit, credit in zip(debits, credits_, strict=True)):
            raise Refused(_("an amount in one of the columns debit and credit, not in both"), "debit")
        return [debit - credit for debit, credit in zip(debits, credits_, strict=True)]

    def _minor(self, name: str, currencies: Sequence[str], columns: Sequence[Cells]) -> list[int]:
        cells = columns[self._layout.index[name]]
        if name != "amount":
            cells = [cell if cell.strip() else "0" for cell in cells]
        try:
            if len(set(currencies)) == 1:
                return list(map(self._amounts.cache(currencies[0]).__getitem__, cells))
            return [self._amounts.cache(currency)[cell] for currency, cell in zip(currencies, cells, strict=True)]
        except Refused as refused:
            raise Refused(refused.expected, name) from None

    def _is_good(self, row: list[str], number: int, findings: Findings) -> bool:
        """Whether a row is right and not blank; tells what is wrong. Cleans its cells in place."""
        if not any(map(str.strip, row)):
            return False
        before = len(findings.problems)
        if len(row) == self._width:
            findings.problems += self._clean(row, number)
            findings.problems += self._cell_problems(row, number) if len(findings.problems) == before else ()
            key = self.readable_key(row)
        else:
            made = self._layout.extra
            own = row[: len(row) - made]
            expected = _("{count} cells, as the header has; this row has {found}").format(
                count=self._width - made, found=len(own)
            )
            findings.problems.append(Problem(self._file, number, "", shown("; ".join(own[:20])), expected))
            key = (None, None)
        if len(findings.problems) == before:
            return True
        findings.bad.append((number, key))
        return False

    def _is_clean(self, row: list[str]) -> bool:
        """Whether no cell is refused for its characters or length; line ends and tabs are gone afterwards."""
        text = "".join(row)
        if len(row) != self._width or (text.isprintable() and len(text) <= MAX_TEXT):
            return True
        return not any(self._clean(row, 0))

    def _clean(self, row: list[str], number: int) -> Iterator[Problem]:
        """Line ends and tabs in a cell become a space; other control characters are refused (C4)."""
        for index, cell in enumerate(row):
            if isinstance(cell, Odd):
                if index in self._used:
                    yield Problem(self._file, number, self._layout.titles[index], shown(cell.value), cell.expected)
                else:
                    row[index] = cell.value
            elif not cell.isprintable():
                row[index] = _AS_SPACE.sub(" ", cell)
                if _CONTROL.search(row[index]):
                    expected = _("a text without control characters")
                    yield Problem(self._file, number, self._layout.titles[index], shown(cell), expected)
            if len(cell) > MAX_TEXT:
                expected = _("cells of at most {count} characters").format(count=figures.count(MAX_TEXT))
                yield Problem(self._file, number, self._layout.titles[index], shown(cell), expected)

    def _cell_problems(self, row: list[str], number: int) -> list[Problem]:
        """Every cell that is refused; where each is right alone, what is wrong with them together."""
        problems: list[Problem] = []
        for name in FIELDS:
            if name in self._readers and name in self._layout.index:
                try:
                    self._readers[name]([row[self._layout.index[name]]])
                except Refused as refused:
                    problems.append(self._problem(name, row, number, refused.expected))
        currency_is_bad = any(problem.column == self._layout.title("currency") for problem in problems)
        if not currency_is_bad:
            problems += self._amount_problems(row, number)
        if not problems:
            try:
                self._columns([row], [number])
            except Refused as refused:
                problems.append(self._problem(refused.field, row, number, refused.expected))
        return problems

    def _amount_problems(self, row: list[str], number: int) -> Iterator[Problem]:
        place = self._layout.index.get("currency")
        currency = self._default_currency if place is None else read_currency(row[place], self._default_currency)
        for name in ("amount", "debit", "credit"):
            if name in self._layout.index:
                try:
                    self._minor(name, [currency], [[cell] for cell in row])
                except Refused as refused:
                    yield self._problem(name, row, number, refused.expected)

    def _problem(self, name: str, row: list[str], number: int, expected: str) -> Problem:
        place = self._layout.index.get(name)
        value = "" if place is None else row[place]
        return Problem(self._file, number, self._layout.title(name), shown(value), expected)
