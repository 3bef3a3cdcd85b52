"""Files in, batches of documents out."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from reconcile_cli.domain.documents import NO_DOCUMENTS, Documents
from reconcile_cli.domain.understanding import Understanding
from reconcile_cli.errors import Problem
from reconcile_cli.intake.amounts import Amounts
from reconcile_cli.intake.columns import Layout
from reconcile_cli.intake.conventions import Convention
from reconcile_cli.intake.datetexts import Dates
from reconcile_cli.intake.documents import Grouper, HeldRow
from reconcile_cli.intake.evidence import marks, orders
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.problems import shown
from reconcile_cli.intake.recasting import arrange
from reconcile_cli.intake.rows import Findings, RowReader, Values
from reconcile_cli.intake.source import Source
from reconcile_cli.intake.table import Table, open_table
from reconcile_cli.intake.text_records import Block, Fault
from reconcile_cli.intake.understanding import understand
from reconcile_cli.text import _, figures

MAX_LINES: Final = 100_000

BadRow = tuple[int, int, int | None, str | None]


class DocumentBatch(NamedTuple):
    """Some documents of one file, and what was wrong. A document that `bad` names lacks the rows that are bad.

    `names`: account code → last name seen. `bad`: (file, row, kind, document) of each bad row, None where
    unreadable; row 0 refuses the whole file. `bytes_read` counts over all files. `understood` is in the last batch
    of a file.
    """

    documents: Documents
    names: dict[str, str]
    problems: list[Problem]
    bad: list[BadRow]
    notes: list[str]
    bytes_read: int
    held: list[HeldRow]
    understood: Understanding | None = None


def read_documents(sources: Sequence[Source], options: ReadOptions) -> Iterator[DocumentBatch]:
    """Read files one after the other, in constant memory, each row once.

    Problems are values in the batches. Raises UnreadableFile, BadReadOption or UnknownCurrency.
    """
    options.check()
    for source in sources:
        source.check()
    seq = bytes_before = 0
    for file, source in enumerate(sources):
        with source.plainly():
            for batch in _read_file(file, source, options, seq):
                seq = max(seq, batch.documents.seqs().stop - 1)
                yield batch._replace(bytes_read=bytes_before + batch.bytes_read)
        bytes_before += source.size() or 0


def _read_file(file: int, source: Source, options: ReadOptions, seq: int) -> Iterator[DocumentBatch]:
    table = open_table(source, options)
    if isinstance(table, Problem):
        yield _refused(file, [table])
        return
    arranged, layout, problems = arrange(table, options)
    if problems:
        yield _refused(file, problems)
        return
    yield from _FileReader(file, arranged, layout, options, seq).batches()


def _refused(file: int, problems: list[Problem]) -> DocumentBatch:
    return DocumentBatch(NO_DOCUMENTS, {}, problems, [(file, 0, None, None)], [], 0, [])


class _FileReader:
    """One file: its conventions, its rows, its documents."""

    def __init__(self, file: int, table: Table, layout: Layout, options: ReadOptions, seq: int) -> None:
        self._file = file
        self._table = table
        self._layout = layout
        mark = Convention("--decimal", table.name, options.decimal, lambda: marks(table, layout, options.currency))
        order = Convention("--date-order", table.name, options.date_order, lambda: orders(table, layout))
        self._conventions = (mark, order)
        self._rows = RowReader(table.name, layout, options, Amounts(mark), Dates(order))
        self._grouper = Grouper(file, table.name, layout.title, seq)

    def batches(self) -> Iterator[DocumentBatch]:
        """A batch for each block of the file; the last document of a block waits for the next block."""
        held = Block([], [], [], dirty=False, bytes_read=0)
        notes = [*self._table.notes, *self._ignored_columns()]
        anything = False
        for block in self._table.blocks():
            anything = anything or bool(block.rows or block.faults)
            joined = _joined(held, block)
            cut = self._last_document(joined.rows)
            yield self._batch(_part(joined, 0, cut), joined.faults, notes)
            held = _part(joined, cut, len(joined.rows))
            notes = []
        if not anything:
            none = (
                _("{file}: no row that the profile takes.")
                if self._layout.extra
                else _("{file}: no rows below the header.")
            )
            notes.append(none.format(file=self._table.name))
        last = self._batch(held, [], notes)
        understood = understand(self._table, self._layout, *self._conventions)
        yield self._with_sign_problem(last)._replace(understood=understood)

    def _last_document(self, rows: list[list[str]]) -> int:
        """Where the last document begins; the end of the rows where it is too long to wait for."""
        begin = len(rows)
        if begin:
            key = self._rows.key_as_written(rows[-1])
            while begin and self._rows.key_as_written(rows[begin - 1]) == key:
                begin -= 1
        return begin if len(rows) - begin <= MAX_LINES else len(rows)

    def _batch(self, block: Block, faults: list[Fault], notes: list[str]) -> DocumentBatch:
        name = self._table.name
        problems = [Problem(name, fault.line, "", shown(fault.value), fault.expected) for fault in faults]
        bad: list[BadRow] = [(self._file, 0, None, None) for _fault in faults]
        values, findings = self._rows.read(block.rows, block.numbers, dirty=block.dirty or self._table.dirty)
        documents = NO_DOCUMENTS
        held: list[HeldRow] = []
        names: dict[str, str] = {}
        if values is not None:
            if len(values.document) > MAX_LINES:
                self._find_too_long(values, findings)
            documents = self._grouper.group(values, findings)
            held = self._grouper.held
            names = values.names()
        refusals = [problem for convention in self._conventions if (problem := convention.take_problem())]
        if any(convention.refused for convention in self._conventions):
            documents = NO_DOCUMENTS
        problems += findings.problems
        bad += [(self._file, number, *key) for number, key in findings.bad]
        if refusals:
            problems += refusals
            bad.append((self._file, 0, None, None))
        return DocumentBatch(documents, names, problems, bad, notes, block.bytes_read, held)

    def _find_too_long(self, values: Values, findings: Findings) -> None:
        """A document of more than MAX_LINES lines is the last of its block."""
        key = values.kind[-1], values.document[-1]
        if (values.kind[-MAX_LINES - 1], values.document[-MAX_LINES - 1]) == key:
            expected = _("documents of at most {count} lines").format(count=figures.count(MAX_LINES))
            number = values.numbers[-1]
            findings.add(
                number, key, Problem(self._table.name, number, self._layout.title("document"), key[1], expected)
            )

    def _with_sign_problem(self, batch: DocumentBatch) -> DocumentBatch:
        """Refuse a file whose payments are all negative while nobody said what the signs mean."""
        seen = self._rows.signs.unexplained
        if seen is None:
            return batch
        line, value = seen
        expected = _(
            "--signed, where a minus means that money was paid (the sign alone tells the side), or --unsigned, "
            "where it means a payment taken back: all payments of this file are negative"
        )
        problem = Problem(self._table.name, line, self._layout.title("amount"), shown(value), expected)
        return batch._replace(problems=[*batch.problems, problem], bad=[*batch.bad, (self._file, 0, None, None)])

    def _ignored_columns(self) -> list[str]:
        if not self._layout.ignored or self._layout.extra:
            return []
        columns = ", ".join(map(shown, self._layout.ignored))
        return [_("{file}: columns ignored: {columns}.").format(file=self._table.name, columns=columns)]


def _joined(held: Block, block: Block) -> Block:
    if not held.rows:
        return block
    return block._replace(
        rows=held.rows + block.rows, numbers=[*held.numbers, *block.numbers], dirty=held.dirty or block.dirty
    )


def _part(block: Block, start: int, end: int) -> Block:
    return block._replace(rows=block.rows[start:end], numbers=block.numbers[start:end], faults=[])
