"""Profiles: what a source needs, said once, as TOML, read strictly."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from reconcile_cli.errors import Exit, ReconcileError
from reconcile_cli.intake.columns import FIELDS
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.problems import BadReadOption, shown
from reconcile_cli.intake.recipes import KindRule, Recipe
from reconcile_cli.intake.words import KINDS, bare
from reconcile_cli.text import _

Document = dict[str, Any]
"""A profile as TOML has it."""

OPTIONS: Final = ("encoding", "delimiter", "decimal", "date_order", "currency", "signed")
"""Keys that are options of reading under the same name."""
_KEYS: Final = (
    "about",
    *OPTIONS,
    "skip_lines",
    "number_rows",
    "optional",
    "columns",
    "constants",
    "values",
    "keep",
    "skip",
    "accounts",
    "kinds",
)
_KIND_KEYS: Final = ("where", "kind", "debit", "credit", "positive", "negative")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_MOST_LINES: Final = 50


class BadProfile(ReconcileError):
    """A profile that says something that means nothing."""

    code = "bad-profile"
    exit_code = Exit.USAGE

    def __init__(self, file: str, key: str, expected: str) -> None:
        super().__init__()
        self.file = file
        self.key = key
        self.expected = expected

    def sentence(self) -> str:
        """Name the file, the key and what is allowed."""
        if not self.key:
            return f"{self.file}: {self.expected}"
        return _("{file}, {key}: {expected}").format(file=self.file, key=self.key, expected=self.expected)


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile: its name, the file it stands in, all that it says (`document`), and what that means."""

    name: str
    file: str
    document: Document
    options: Mapping[str, Any]
    recipe: Recipe

    @property
    def path(self) -> Path:
        """The file."""
        return Path(self.file)

    @property
    def about(self) -> str:
        """What the profile says it is for."""
        return str(self.document.get("about", ""))


def is_profile_name(name: str) -> bool:
    """Whether a profile may be called so: ASCII letters, digits, - and _, at most 64."""
    return _NAME.fullmatch(name) is not None


def as_profile(name: str, file: str, document: Document) -> Profile:
    """What a TOML document says as a profile. Raises BadProfile."""
    return _Parser(file).profile(name, document)


class _Parser:
    def __init__(self, file: str) -> None:
        self._file = file

    def profile(self, name: str, document: Document) -> Profile:
        self._known("", document, _KEYS)
        options: dict[str, Any] = {key: document[key] for key in OPTIONS if key in document}
        for key, value in options.items():
            if key == "signed":
                self._is(key, isinstance(value, bool), _("true or false"))
            else:
                self._text(key, value)
        self._text("about", document.get("about", ""))
        if options.get("delimiter") in ("tab", "\\t"):
            options["delimiter"] = "\t"
        if "currency" in options:
            options["currency"] = options["currency"].upper()
        recipe = self._recipe(name, document)
        try:
            ReadOptions(**options).check()
        except BadReadOption as error:
            raise BadProfile(self._file, error.option.lstrip("-").replace("-", "_"), error.expected) from None
        return Profile(name, self._file, document, options, recipe)

    def _recipe(self, name: str, document: Document) -> Recipe:
        skip_lines = document.get("skip_lines", 0)
        count = isinstance(skip_lines, int) and not isinstance(skip_lines, bool) and 0 <= skip_lines <= _MOST_LINES
        self._is("skip_lines", count, _("a whole number from 0 to {most}").format(most=_MOST_LINES))
        numbers = document.get("number_rows", False)
        listed = isinstance(numbers, list) and bool(numbers)
        self._is("number_rows", isinstance(numbers, bool) or listed, _("true, false or a list of headers"))
        columns = {
            field: self._choices(f"columns.{field}", texts) for field, texts in self._fields(document, "columns")
        }
        constants = {
            field: self._text(f"constants.{field}", text) for field, text in self._fields(document, "constants")
        }
        optional = self._texts("optional", document.get("optional", []))
        for field in optional:
            self._is(
                "optional", field in columns, _("fields that stand under [columns]; {name} does not").format(name=field)
            )
        return Recipe(
            columns=columns,
            optional=frozenset(optional),
            constants=constants,
            values={
                field: {
                    cell: self._text(f"values.{field}.{cell}", text)
                    for cell, text in self._table(f"values.{field}", table).items()
                }
                for field, table in self._fields(document, "values")
            },
            keep=self._patterns("keep", document.get("keep", {})),
            skip=self._patterns("skip", document.get("skip", {})),
            kinds=tuple(
                self._rule(f"kinds {place}", rule) for place, rule in enumerate(self._list("kinds", document), 1)
            ),
            accounts=self._accounts(document),
            number_rows=bool(numbers),
            numbered_by=self._texts("number_rows", numbers) if listed else (),
            skip_lines=skip_lines,
            name=name,
        )

    def _rule(self, key: str, rule: object) -> KindRule:
        table = self._table(key, rule)
        self._known(key, table, _KIND_KEYS)
        where = self._patterns(f"{key}.where", table.get("where", {}))
        named = {name: self._kind(f"{key}.{name}", word) for name, word in table.items() if name != "where"}
        if named.keys() == {"kind"}:
            return KindRule(where, named["kind"], named["kind"])
        if named.keys() == {"debit", "credit"}:
            return KindRule(where, named["debit"], named["credit"])
        if named.keys() == {"positive", "negative"}:
            return KindRule(where, named["negative"], named["positive"], by_sign=True)
        raise self._bad(key, _("kind, or debit and credit, or positive and negative"))

    def _kind(self, key: str, word: object) -> str:
        text = self._text(key, word)
        self._is(key, bare(text) in KINDS, _("a kind, such as invoice, payment or credit_note"))
        return text

    def _accounts(self, document: Document) -> tuple[str, tuple[str, ...]] | None:
        if "accounts" not in document:
            return None
        table = self._table("accounts", document["accounts"])
        self._known("accounts", table, ("column", "begin"))
        if table.keys() != {"column", "begin"}:
            self._refuse("accounts", _('a column, and with what its cells begin: column = "...", begin = ["..."]'))
        return self._text("accounts.column", table["column"]), self._texts("accounts.begin", table["begin"])

    def _fields(self, document: Document, key: str) -> list[tuple[str, Any]]:
        table = self._table(key, document.get(key, {}))
        self._known(key, table, FIELDS)
        return list(table.items())

    def _patterns(self, key: str, value: object) -> dict[str, tuple[str, ...]]:
        return {header: self._choices(f"{key}.{header}", texts) for header, texts in self._table(key, value).items()}

    def _choices(self, key: str, value: object) -> tuple[str, ...]:
        return (value,) if isinstance(value, str) else self._texts(key, value)

    def _texts(self, key: str, value: object) -> tuple[str, ...]:
        texts = value if isinstance(value, list) else [None]
        self._is(key, all(isinstance(text, str) for text in texts), _("a text, or a list of texts"))
        return tuple(texts)

    def _text(self, key: str, value: object) -> str:
        return value if isinstance(value, str) else self._refuse(key, _("a text in quotes"))

    def _table(self, key: str, value: object) -> dict[str, Any]:
        return (
            value if isinstance(value, dict) else self._refuse(key, _("a table, as [{key}] begins one").format(key=key))
        )

    def _list(self, key: str, document: Document) -> list[Any]:
        value = document.get(key, [])
        return (
            value if isinstance(value, list) else self._refuse(key, _("rules, each begun by [[{key}]]").format(key=key))
        )

    def _known(self, key: str, table: Mapping[str, Any], allowed: tuple[str, ...]) -> None:
        for name in table:
            if name not in allowed:
                expected = _("no such key; allowed are {names}").format(names=", ".join(allowed))
                self._refuse(shown(f"{key}.{name}" if key else name), expected)

    def _is(self, key: str, right: bool, expected: str) -> None:  # noqa: FBT001 - a finding
        if not right:
            self._refuse(key, expected)

    def _refuse(self, key: str, expected: str) -> Any:  # noqa: ANN401 - never returns
        raise self._bad(key, expected)

    def _bad(self, key: str, expected: str) -> BadProfile:
        return BadProfile(self._file, shown(key), expected)
