"""Values to documents: adjacent rows of one kind and number are the lines of one document (R22)."""

from collections.abc import Callable
from itertools import accumulate, chain, compress, pairwise
from operator import and_, eq, itemgetter, ne
from typing import Final

from reconcile_cli.domain.canonical import document_digests
from reconcile_cli.errors import Problem
from reconcile_cli.intake.heads import Head, disagreement
from reconcile_cli.intake.rows import Findings, Values
from reconcile_cli.text import _

HeaderRow = tuple[
    int, int, int, int, str, str, str, int, int | None, int, str | None, str | None, str | None, int, bytes
]
"""seq, file, row, kind, document, account, currency, date, due_date, state, order, register, method, flags, digest."""
LineRow = tuple[int, int, int, int, int, str | None, str | None, str | None, str | None]
"""seq, row, line, side, amount_minor, description, ledger_code, applies_to, match_code; amount_minor >= 0."""

HeldRow = tuple[int, int, int]
"""file, row, HELD_ITEM or HELD_ACCOUNT."""

TWO_SIDES: Final = 1
HAS_APPLIES_TO: Final = 2
HAS_MATCH_CODE: Final = 4
LINES_GIVEN: Final = 8
SOME_LINES_NOT_GIVEN: Final = 16
"""Beside LINES_GIVEN only: some numbers come from the column `line`, some from the position."""
_BY_DOCUMENT_AND_LINE: Final = itemgetter(0, 2)


class Grouper:
    """Groups the rows of one file; its sequence numbers go on from `seq`. `title` names columns as written."""

    def __init__(self, file: int, name: str, title: Callable[[str], str], seq: int) -> None:
        self._file = file
        self._name = name
        self._title = title
        self.seq = seq
        self.held: list[HeldRow] = []

    def group(self, values: Values, findings: Findings) -> tuple[list[HeaderRow], list[LineRow]]:
        """The documents of these rows; those with a bad row lack it, and are named in the findings.

        Leaves in `held` which of their lines the file holds back from `auto`.

        Rows that disagree on their document, or number two of its lines alike, are added to the findings.
        """
        heads: list[Head] = list(
            zip(
                values.kind,
                values.document,
                values.account,
                values.currency,
                values.date,
                values.due_date,
                values.state,
                values.order,
                values.register,
                values.method,
                strict=True,
            )
        )
        begins = list(map(ne, heads, chain((None,), heads)))
        if self._disagree(values, list(compress(range(len(heads)), begins))):
            begins = self._agreeing(heads, values, findings)
        starts = list(compress(range(len(heads)), begins))
        bounds = list(pairwise([*starts, len(heads)]))
        owners = list(accumulate(begins))
        counted = list(chain.from_iterable(range(1, end - start + 1) for start, end in bounds))
        positions = counted
        if values.line is not None and any(values.line):
            positions = [number or position for number, position in zip(values.line, counted, strict=True)]
        if positions != counted:
            self._find_repeated(bounds, positions, values, findings)
        self.held = [
            (self._file, row, held) for row, held in zip(values.numbers, values.held or (), strict=False) if held
        ]
        return self._build(values, heads, bounds, positions, owners)

    def _build(
        self,
        values: Values,
        heads: list[Head],
        bounds: list[tuple[int, int]],
        positions: list[int],
        owners: list[int],
    ) -> tuple[list[HeaderRow], list[LineRow]]:
        """All documents of these rows; `owners` counts them from 1, their sequence numbers go on from `seq`."""
        before, file, numbers = self.seq, self._file, values.numbers
        self.seq += len(bounds)
        lines: list[LineRow] = list(
            zip(
                map(before.__add__, owners),
                numbers,
                positions,
                values.side,
                values.amount_minor,
                values.description,
                values.ledger_code,
                values.applies_to,
                values.match_code,
                strict=True,
            )
        )
        if values.line is not None:
            lines.sort(key=_BY_DOCUMENT_AND_LINE)
        of_documents = [heads[start] for start, _end in bounds]
        headers: list[HeaderRow] = [
            (seq, file, numbers[start], *head, bits, digest)
            for seq, (start, _end), head, bits, digest in zip(
                range(before + 1, self.seq + 1),
                bounds,
                of_documents,
                _flags(values, owners, bounds),
                document_digests(of_documents, lines, bounds),
                strict=True,
            )
        ]
        return headers, lines

    @staticmethod
    def _disagree(values: Values, starts: list[int]) -> bool:
        """Whether two neighbours with different heads are of one document."""
        kinds, documents = values.kind, values.document
        return any(documents[a] == documents[b] and kinds[a] == kinds[b] for a, b in pairwise(starts))

    def _agreeing(self, heads: list[Head], values: Values, findings: Findings) -> list[bool]:
        """Where documents begin; rows that disagree with the first row of their document are told."""
        first = 0
        begins = [True]
        for index, head in enumerate(heads[1:], 1):
            begins.append(head[:2] != heads[first][:2])
            if begins[-1]:
                first = index
            elif head != heads[first]:
                number = values.numbers[index]
                told = disagreement(heads[first], head, values.numbers[first])
                problems = (Problem(self._name, number, self._title(name), *rest) for name, *rest in told)
                findings.add(number, head[:2], *problems)
        return begins

    def _find_repeated(
        self, bounds: list[tuple[int, int]], positions: list[int], values: Values, findings: Findings
    ) -> None:
        for start, end in bounds:
            if len(set(positions[start:end])) < end - start:
                for index, first in _repeated(positions, start, end):
                    number = values.numbers[index]
                    problem = repeated_line(
                        self._name, number, self._title("line"), positions[index], values.numbers[first]
                    )
                    findings.add(number, (values.kind[index], values.document[index]), problem)


def _flags(values: Values, owners: list[int], bounds: list[tuple[int, int]]) -> list[int]:
    """The flags of each document. Only rows that have something to flag are looked at."""
    flags = [0] * len(bounds)
    for column, bit in ((values.applies_to, HAS_APPLIES_TO), (values.match_code, HAS_MATCH_CODE)):
        if any(column):
            for owner in set(compress(owners, column)):
                flags[owner - 1] |= bit
    same_document = map(eq, owners, owners[1:])
    other_side = map(ne, values.side, values.side[1:])
    for owner in set(compress(owners, map(and_, same_document, other_side))):
        start, end = bounds[owner - 1]
        amounts = zip(values.side[start:end], values.amount_minor[start:end], strict=True)
        if len({side for side, amount_minor in amounts if amount_minor}) > 1:
            flags[owner - 1] |= TWO_SIDES
    if values.line is not None:
        if all(values.line):
            return [bits | LINES_GIVEN for bits in flags]
        for index, (start, end) in enumerate(bounds):
            given = values.line[start:end]
            if any(given):
                flags[index] |= LINES_GIVEN if all(given) else LINES_GIVEN | SOME_LINES_NOT_GIVEN
    return flags


def _repeated(positions: list[int], start: int, end: int) -> list[tuple[int, int]]:
    """Each row that repeats a line number, with the row that had it first."""
    first: dict[int, int] = {}
    return [
        (index, first[positions[index]])
        for index in range(start, end)
        if first.setdefault(positions[index], index) != index
    ]


def repeated_line(file: str, row: int, column: str, line: int, first_row: int) -> Problem:
    """The problem of a line whose number another line of its document has."""
    expected = _("another line number: line {row} of the file has this one, in the same document").format(row=first_row)
    return Problem(file, row, column, str(line), expected)
