"""Cells that a profile makes from other cells, column by column; and the rows that it takes."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from typing import Final

from reconcile_cli.intake.caches import CACHE_SIZE, Cache
from reconcile_cli.intake.recipes import PLACES, KindRule, Texts, headers_in
from reconcile_cli.intake.typed_cells import Number

Cells = Sequence[str]
Columns = Sequence[Cells]
Maker = Callable[[Columns], list[str]]
"""All columns of some rows, those made before included → one more column."""

_MINUS: Final = re.compile("[-\N{MINUS SIGN}]")
_IN_PARENTHESES: Final = re.compile(r"([^\d()]*)\(([^()]*)\)([^\d()]*)")
_DIGIT: Final = re.compile(r"\d")
_NOT_ZERO: Final = re.compile(r"[1-9]")
_DIGEST_BYTES: Final = 8


def tidy(cell: str) -> str:
    """The text of a cell on one line, without padding."""
    return " ".join(cell.split())


def first_filled(choices: Sequence[str], places: Mapping[str, int]) -> Maker:
    """The first choice that gives anything: a column, or a text with columns in braces."""
    makers = [_template(choice, places) if "{" in choice else _column(places[choice]) for choice in choices]
    if len(makers) == 1:
        return makers[0]

    def make(columns: Columns) -> list[str]:
        return [next(filter(None, cells), "") for cells in zip(*(maker(columns) for maker in makers), strict=True)]

    return make


def _column(place: int) -> Maker:
    return lambda columns: [cell if isinstance(cell, Number) else cell.strip() for cell in columns[place]]


def _template(text: str, places: Mapping[str, int]) -> Maker:
    indexes = [places[header] for header in headers_in(text)]
    form = PLACES.sub("\0", text.replace("%", "%%")).replace("\0", "%s")
    return lambda columns: [
        tidy(form % cells) for cells in zip(*(map(str.strip, columns[index]) for index in indexes), strict=True)
    ]


def constant(text: str, place: int | None) -> Maker:
    """The same text in every row; only where the cell is empty, if the field has a column."""
    if place is None:
        return lambda columns: [text] * len(columns[0])
    return lambda columns: [cell if cell.strip() else text for cell in columns[place]]


def by_value(values: Mapping[str, str], place: int) -> Maker:
    """What a cell stands for, compared without case and padding; itself where it is not listed."""
    known = {tidy(cell).casefold(): text for cell, text in values.items()}
    cache = Cache(lambda cell: known.get(tidy(cell).casefold(), cell))
    return lambda columns: list(map(cache.__getitem__, columns[place]))


def matcher(patterns: Texts) -> Cache[bool]:
    """Cell → whether it is one of the patterns, without case and padding; `*` at the end: begins so."""
    whole = {pattern.casefold() for pattern in patterns if not pattern.endswith("*")}
    beginnings = tuple(pattern[:-1].casefold() for pattern in patterns if pattern.endswith("*"))

    def matches(cell: str) -> bool:
        text = tidy(cell).casefold()
        return text in whole or text.startswith(beginnings)

    return Cache(matches)


class Kinds:
    """The kinds of rows by the first rule that fits; and the amounts without the sign that a kind has told."""

    def __init__(self, rules: Sequence[KindRule], places: Mapping[str, int], index: Mapping[str, int]) -> None:
        self._headers = sorted({header for rule in rules for header in rule.where})
        self._places = [places[header] for header in self._headers]
        self._rules = [
            ([(self._headers.index(header), matcher(patterns)) for header, patterns in rule.where.items()], rule)
            for rule in rules
        ]
        self._amount, self._debit, self._credit = (index.get(name) for name in ("amount", "debit", "credit"))
        self._known: dict[tuple[Cells, bool, bool], tuple[str, bool]] = {}

    def kinds(self, columns: Columns) -> list[str]:
        """The kind of each row, empty where no rule fits."""
        return [kind for kind, _drops in self._found(columns)]

    def amounts(self, columns: Columns) -> list[str]:
        """The amount of each row, without its sign where the sign told the kind."""
        place = self._amount or 0
        return [
            without_sign(cell) or cell if drops else cell
            for cell, (_kind, drops) in zip(columns[place], self._found(columns), strict=True)
        ]

    def _found(self, columns: Columns) -> list[tuple[str, bool]]:
        if self._amount is not None:
            negative = [without_sign(cell) is not None for cell in columns[self._amount]]
            credit = negative
        else:
            negative = credit = self._on_credit_side(columns)
        cells = zip(*(columns[place] for place in self._places), strict=True) if self._places else [()] * len(credit)
        known, found = self._known, []
        for key in zip(cells, credit, negative, strict=True):
            if key not in known:
                if len(known) >= CACHE_SIZE:
                    known.clear()
                known[key] = self._find(*key)
            found.append(known[key])
        return found

    def _on_credit_side(self, columns: Columns) -> list[bool]:
        if self._debit is None or self._credit is None:
            return [False] * len(columns[0])
        return [
            _NOT_ZERO.search(debit) is None and _NOT_ZERO.search(credit) is not None
            for debit, credit in zip(columns[self._debit], columns[self._credit], strict=True)
        ]

    def _find(self, cells: Cells, credit: bool, negative: bool) -> tuple[str, bool]:  # noqa: FBT001 - a key's parts
        for where, rule in self._rules:
            if all(matches[cells[place]] for place, matches in where):
                if rule.by_sign:
                    return (rule.debit, True) if negative else (rule.credit, False)
                return (rule.credit if credit else rule.debit), False
        return "", False


def without_sign(text: str) -> str | None:
    """A negative amount without what makes it negative; None where it is not negative, or not in one way alone."""
    if isinstance(text, Number):
        return Number(text.removeprefix("-")) if text.startswith("-") else None
    minus, parentheses, behind = len(_MINUS.findall(text)), "(" in text or ")" in text, text.rstrip().endswith("CR")
    if minus + parentheses + behind != 1:
        return None
    if behind:
        return text.rstrip()[:-2]
    if parentheses:
        found = _IN_PARENTHESES.fullmatch(text.strip())
        return found and found[1] + found[2] + found[3]
    head, tail = _MINUS.split(text)
    return None if _DIGIT.search(head) and _DIGIT.search(tail) else head + tail


class RunningNumbers:
    """Documents named by some cells of their row and its place among the rows that share them.

    The counter is kept under the joined text, so that no two rows ever get one name. Memory: one short text for
    each entry of the file.
    """

    def __init__(self, places: Sequence[int]) -> None:
        self._places = places
        self._counts: defaultdict[str, int] = defaultdict(int)

    def __call__(self, rows: Sequence[Cells]) -> list[str]:
        """The name of each row; all rows count, also those that are not taken."""
        counts, names = self._counts, []
        for cells in zip(*([row[place] for row in rows] for place in self._places), strict=True):
            entry = "-".join([text.lstrip("0") or text[:1] for text in map(str.strip, cells)])
            counts[entry] += 1
            names.append(f"{entry}-{counts[entry]}")
        return names


class ContentNumbers:
    """Documents named by the content of their row and how often it came before; a document named stays.

    Memory: a few bytes for each row without a document.
    """

    def __init__(self, document: int | None, content: Sequence[int]) -> None:
        self._document = document
        self._content = content
        self._counts: dict[bytes, int] = {}

    def __call__(self, columns: Columns) -> list[str]:
        given = columns[self._document] if self._document is not None else [""] * len(columns[0])
        contents = zip(*(columns[place] for place in self._content), strict=True)
        return [
            document if document.strip() else self._name("\x1f".join(map(tidy, cells)))
            for document, cells in zip(given, contents, strict=True)
        ]

    def _name(self, content: str) -> str:
        digest = blake2b(content.encode("utf-8", "surrogatepass"), digest_size=_DIGEST_BYTES)
        count = self._counts[digest.digest()] = self._counts.get(digest.digest(), 0) + 1
        return f"row-{digest.hexdigest()}" + (f"-{count}" if count > 1 else "")
