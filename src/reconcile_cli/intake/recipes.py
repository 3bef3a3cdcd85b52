"""What a profile says of a source beyond the options of reading: which cells to make, which rows to take."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

PLACES: Final = re.compile(r"\{([^{}]+)\}")

Texts = tuple[str, ...]
Patterns = Mapping[str, Texts]
"""Header → texts of which the cell must be one, without case; a `*` at the end stands for whatever follows."""


class KindRule(NamedTuple):
    """The kinds of rows that fit `where` (any row, where it is empty).

    `debit` and `credit` are for the side on which the amount stands. With `by_sign` they are for an amount below
    zero and above: the kind then tells the side, and the sign is dropped.
    """

    where: Patterns
    debit: str
    credit: str
    by_sign: bool = False


@dataclass(frozen=True, slots=True)
class Recipe:
    """How cells are made that no column of the file holds as they are needed. All of it may be empty.

    `columns`: field → headers of which the first that is filled counts, or texts with `{HEADER}` in them.
    `optional`: fields whose columns may be missing. `constants`: field → text, only where the cell is empty if
    the field has columns. `values`: field → cell → text.
    `accounts`: the column that `--accounts` looks at, and how its cells begin. `numbered_by`: the columns whose
    cells, with a running number, name the document; with `number_rows` alone it is the content that does.
    """

    columns: Mapping[str, Texts] = field(default_factory=dict)
    optional: frozenset[str] = frozenset()
    constants: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    keep: Patterns = field(default_factory=dict)
    skip: Patterns = field(default_factory=dict)
    kinds: tuple[KindRule, ...] = ()
    accounts: tuple[str, Texts] | None = None
    number_rows: bool = False
    numbered_by: Texts = ()
    skip_lines: int = 0
    name: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything to make or to leave out."""
        return bool(
            self.columns
            or self.constants
            or self.values
            or self.keep
            or self.skip
            or self.kinds
            or self.accounts
            or self.number_rows
        )

    def headers(self) -> set[str]:
        """Every header that is named, alone or in a text."""
        texts = [text for choices in self.columns.values() for text in choices]
        named = {header for text in texts for header in headers_in(text)}
        accounts = {self.accounts[0]} if self.accounts else set()
        where = {header for rule in self.kinds for header in rule.where}
        return (named | accounts | where | set(self.keep) | set(self.skip) | set(self.numbered_by)) - {""}


def headers_in(text: str) -> list[str]:
    """The headers that stand in braces in a text; without braces, the text is one."""
    return PLACES.findall(text) if "{" in text else [text]
