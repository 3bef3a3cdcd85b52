"""A table as a profile wants it: rows chosen, cells made, and where each field then stands.

The columns of the file stay as they are; what is made stands behind them, so that the reading of rows is one and
the same with a profile and without.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Final

from reconcile_cli.errors import Problem
from reconcile_cli.intake import making
from reconcile_cli.intake.columns import Layout, lay_out
from reconcile_cli.intake.making import ContentNumbers, Maker, RunningNumbers
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.problems import shown
from reconcile_cli.intake.recipes import Patterns, Recipe, headers_in
from reconcile_cli.intake.table import Table
from reconcile_cli.intake.text_records import Block
from reconcile_cli.intake.words import bare
from reconcile_cli.text import _

CONTENT: Final = ("account", "kind", "date", "amount", "debit", "credit", "currency")
"""The fields that name a row without a document number: what a later export of the same row does not change."""


def arrange(table: Table, options: ReadOptions) -> tuple[Table, Layout, list[Problem]]:
    """The table with what the recipe makes, and the column of every field; of use only without a problem."""
    if not options.recipe:
        return table, *lay_out(table.name, table.header_line, table.header, options.columns)
    return _Arranger(table, options).arranged()


@dataclass(frozen=True, slots=True)
class RecastTable:
    """A table with other rows, and more columns. `tests`: which cells a row must have or must not have."""

    table: Table
    header: list[str]
    tests: Sequence[tuple[int, Mapping[str, bool], bool]]
    makers: Sequence[Maker]
    numbered_by: Sequence[int]
    content: tuple[int | None, Sequence[int]] | None

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def header_line(self) -> int:
        return self.table.header_line

    @property
    def dirty(self) -> bool:
        return self.table.dirty

    @property
    def notes(self) -> tuple[str, ...]:
        return self.table.notes

    def blocks(self) -> Iterator[Block]:
        """The rows that are taken, each with the cells made for it."""
        running = RunningNumbers(self.numbered_by) if self.numbered_by else None
        last = [ContentNumbers(*self.content)] if self.content else []
        for block in self.table.blocks():
            yield self._recast(block, running, [*self.makers, *last])

    def _recast(self, block: Block, running: RunningNumbers | None, makers: Sequence[Maker]) -> Block:
        """A row of another width than the header's keeps that difference, for the reader to tell."""
        width = len(self.table.header)
        rows = block.rows
        uneven = any(len(row) != width for row in rows)
        even = [(row + [""] * width)[:width] for row in rows] if uneven else rows
        names = running(even) if running else []
        taken = [any(map(str.strip, row)) for row in even]
        for place, matches, wanted in self.tests:
            taken = [ok and matches[row[place]] is wanted for ok, row in zip(taken, even, strict=True)]
        if uneven:
            taken = [ok or len(row) != width for ok, row in zip(taken, rows, strict=True)]
        columns: list[Sequence[str]] = list(zip(*compress(even, taken), strict=True))
        if not columns:
            return block._replace(rows=[], numbers=[])
        columns += [list(compress(names, taken))] if running else []
        for make in makers:
            columns.append(make(columns))
        made = zip(*columns[width:], strict=True) if columns[width:] else [()] * len(columns[0])
        kept = [[*row, *more] for row, more in zip(compress(rows, taken), made, strict=True)]
        return block._replace(rows=kept, numbers=list(compress(block.numbers, taken)))


class _Arranger:
    """Finds out, field by field, where a cell comes from."""

    def __init__(self, table: Table, options: ReadOptions) -> None:
        self._table = table
        self._options = options
        self._recipe: Recipe = options.recipe
        self._problems: list[Problem] = []
        self._used: set[int] = set()
        self._titles: list[str] = []
        self._makers: list[Maker] = []
        self._index: dict[str, int] = {}
        self._made: dict[str, str] = {}

    def arranged(self) -> tuple[Table, Layout, list[Problem]]:
        table, recipe, by_hand = self._table, self._recipe, self._options.columns
        made = self._choices()
        constants = {field: text for field, text in recipe.constants.items() if field not in by_hand}
        kinds = recipe.kinds if "kind" not in by_hand else ()
        numbered_by = [self._place(header) for header in recipe.numbered_by if "document" not in by_hand]
        supplied = {*made, *constants, *(["kind"] if kinds else []), *(["document"] if recipe.number_rows else [])}
        alone = constants.keys() - recipe.columns.keys()
        nowhere = {*made, *alone, *(["kind"] if kinds else []), *(["document"] if numbered_by else [])}
        mapped = self._plain() | dict.fromkeys(nowhere, "") | dict(by_hand)
        layout, problems = lay_out(table.name, table.header_line, table.header, mapped, frozenset(supplied))
        tests = self._tests()
        if self._problems or problems:
            return table, layout, [*self._problems, *problems]
        self._index = dict(layout.index)
        self._titles = list(layout.titles)
        if numbered_by:
            self._add("document", ", ".join(recipe.numbered_by), _("numbered by {columns}"))
        for field, choices in made.items():
            self._make(field, ", ".join(choices), making.first_filled(choices, self._places(choices)))
        for field, text in constants.items():
            place = self._index.get(field)
            title = field if place is None else self._titles[place]
            self._make(field, title, making.constant(text, place), shown(text) if place is None else "")
        for field, values in recipe.values.items():
            if field in self._index:
                self._make(field, layout.title(field), making.by_value(values, self._index[field]))
        if kinds:
            self._make_kinds()
        content = None
        if recipe.number_rows and not recipe.numbered_by:
            content = self._index.get("document"), [self._index[name] for name in CONTENT if name in self._index]
            self._add("document", "document", _("numbered by content"))
        recast = RecastTable(table, self._titles, tests, self._makers, numbered_by, content)
        ignored = [
            title for place, title in enumerate(layout.titles) if title in layout.ignored and place not in self._used
        ]
        extra = len(self._titles) - len(table.header)
        arranged = replace(
            layout, index=self._index, titles=self._titles, ignored=ignored, extra=extra, made=self._made
        )
        return recast, arranged, []

    def _choices(self) -> dict[str, list[str]]:
        """Fields of which a cell is put together, or chosen among columns that the file has."""
        found = {}
        for field, choices in self._recipe.columns.items():
            if field in self._options.columns:
                continue
            there = [choice for choice in choices if "{" in choice or self._is_there(choice)]
            if len(there) > 1 or any("{" in choice for choice in there):
                found[field] = there
                for choice in there:
                    self._places([choice])
        return found

    def _plain(self) -> dict[str, str]:
        """Fields that stand in one column. One that may be missing, and is, is left out."""
        plain = {}
        for field, choices in self._recipe.columns.items():
            there = [choice for choice in choices if not choice or self._is_there(choice)]
            if there:
                plain[field] = there[0]
            elif not any("{" in choice for choice in choices) and field not in self._options.columns:
                if field in self._recipe.optional:
                    plain[field] = ""
                else:
                    self._missing(field, ", ".join(choices))
        return plain

    def _tests(self) -> list[tuple[int, Mapping[str, bool], bool]]:
        recipe = self._recipe
        accounts: Patterns = {}
        if recipe.accounts:
            header, beginnings = recipe.accounts
            accounts = {header: tuple(f"{beginning}*" for beginning in beginnings)}
        return [
            (self._place(header), making.matcher(patterns), wanted)
            for chosen, wanted in ((accounts, True), (recipe.keep, True), (recipe.skip, False))
            for header, patterns in chosen.items()
        ]

    def _make_kinds(self) -> None:
        rules = self._recipe.kinds
        places = {header: self._place(header) for rule in rules for header in rule.where}
        kinds = making.Kinds(rules, places, dict(self._index))
        self._make("kind", "kind", kinds.kinds, _("by rule"))
        if "amount" in self._index and any(rule.by_sign for rule in rules):
            self._make("amount", self._titles[self._index["amount"]], kinds.amounts)

    def _make(self, field: str, title: str, maker: Maker, words: str = "") -> None:
        self._makers.append(maker)
        self._add(field, title, words)

    def _add(self, field: str, title: str, words: str = "") -> None:
        self._index[field] = len(self._titles)
        self._titles.append(title)
        if words:
            self._made[field] = words.format(columns=title)

    def _places(self, choices: Sequence[str]) -> dict[str, int]:
        return {header: self._place(header) for choice in choices for header in headers_in(choice)}

    def _is_there(self, header: str) -> bool:
        return bool(self._found(header))

    def _found(self, header: str) -> list[int]:
        titles = self._table.header
        exact = [place for place, title in enumerate(titles) if title == header.strip()]
        return exact or [place for place, title in enumerate(titles) if title and bare(title) == bare(header)]

    def _place(self, header: str) -> int:
        """The column of a header; a problem where there is none, or more than one."""
        found = self._found(header)
        if len(found) != 1:
            self._missing("", header)
            return 0
        self._used.add(found[0])
        return found[0]

    def _missing(self, field: str, header: str) -> None:
        titles = ", ".join([shown(title) for title in self._table.header if title][:30])
        expected = _("one column {header}, which the profile {profile} names; the columns of this file are {columns}")
        text = expected.format(header=shown(header), profile=self._recipe.name or "-", columns=titles)
        problem = Problem(self._table.name, self._table.header_line, field or header, "", text)
        if problem not in self._problems:
            self._problems.append(problem)
