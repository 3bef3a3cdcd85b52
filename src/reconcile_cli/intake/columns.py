"""Which column of a file holds which field: header names in English and French, and `--map` (design, section 4)."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reconcile_cli.errors import Problem
from reconcile_cli.intake.problems import shown
from reconcile_cli.intake.words import bare
from reconcile_cli.text import _

MAX_COLUMNS: Final = 1_000

_OTHER_NAMES: Final = {
    "account": "compte, client, customer, no client, tiers, compte auxiliaire",
    "account_name": "nom, customer name",
    "kind": "type, genre, nature",
    "document": "numéro, no, number, invoice, pièce, référence",
    "line": "ligne",
    "date": "date pièce",
    "due_date": "échéance, due",
    "state": "état, statut",
    "description": "libellé, memo",
    "ledger_code": "poste comptable, code gl, gl code, ledger",
    "amount": "montant",
    "debit": "débit",
    "credit": "crédit",
    "currency": "devise",
    "order": "commande, order id",
    "applies_to": "appliqué à",
    "match_code": "lettrage, lettre",
    "register": "registre, caisse, point de vente",
    "method": "mode, mode de paiement",
    "held": "retenu",
}
FIELDS: Final = tuple(_OTHER_NAMES)
_NEEDED: Final = ("account", "kind", "document", "date")
_FIELD_BY_NAME: Final = {
    bare(name): field for field, names in _OTHER_NAMES.items() for name in (field, *names.split(","))
}


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the fields stand: field → index of its column; and every header as written, fit to be shown.

    The last `extra` columns are made by a recipe; `made` says how, where no column of the file tells it.
    """

    index: Mapping[str, int]
    titles: Sequence[str]
    ignored: Sequence[str]
    extra: int = 0
    made: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def title(self, field: str) -> str:
        """The header of a field as the file writes it; the field's own name where no column holds it."""
        index = self.index.get(field)
        return field if index is None else self.titles[index]


def known_words(named: Iterable[str]) -> frozenset[str]:
    """Every header, bare, that names a field, those that the user named included."""
    return frozenset(_FIELD_BY_NAME) | set(map(bare, named))


def lay_out(
    file: str, line: int, titles: Sequence[str], mapped: Mapping[str, str], supplied: frozenset[str] = frozenset()
) -> tuple[Layout, list[Problem]]:
    """Find the column of every field but those `supplied`. The layout is of use only where there is no problem.

    `--map` decides; else the field's own name wins over its other names; else two headers for one field, or a
    missing field that is needed, is a problem of the header's line.
    """
    problems: list[Problem] = []
    by_hand = _mapped_columns(file, line, titles, mapped, problems)
    candidates = {field: [index] for field, index in by_hand.items()}
    for index, title in enumerate(titles):
        field = _FIELD_BY_NAME.get(bare(title))
        if field is not None and field not in mapped and index not in by_hand.values():
            candidates.setdefault(field, []).append(index)
    index_of: dict[str, int] = {}
    for field, found in candidates.items():
        exact = [index for index in found if bare(titles[index]) == bare(field)]
        best = found if len(found) == 1 else exact
        if len(best) == 1:
            index_of[field] = best[0]
        else:
            problems.append(_two_headers(file, line, field, [titles[index] for index in found]))
    problems += _missing(file, line, titles, _present({*candidates, *mapped}, mapped) | supplied)
    if "amount" in index_of and ("debit" in index_of or "credit" in index_of):
        problems.append(_both_ways(file, line, titles, index_of))
    used = set(index_of.values())
    shown_titles = [shown(title) for title in titles]
    ignored = [title for index, title in enumerate(shown_titles) if index not in used and title]
    return Layout(index_of, shown_titles, ignored), problems


def _present(fields: set[str], mapped: Mapping[str, str]) -> set[str]:
    return {name for name in fields if mapped.get(name, name)}


def _mapped_columns(
    file: str, line: int, titles: Sequence[str], mapped: Mapping[str, str], problems: list[Problem]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for field, header in mapped.items():
        if not header:
            continue
        exact = [index for index, title in enumerate(titles) if title == header.strip()]
        same = exact or [index for index, title in enumerate(titles) if bare(title) == bare(header)]
        if len(same) == 1:
            found[field] = same[0]
        elif same:
            problems.append(_two_headers(file, line, field, [titles[index] for index in same]))
        else:
            expected = _("--map {field}={header} names no column of this file; its columns are {columns}").format(
                field=field, header=shown(header), columns=_listed(titles)
            )
            problems.append(Problem(file, line, field, shown(header), expected))
    return found


def _two_headers(file: str, line: int, field: str, titles: Sequence[str]) -> Problem:
    expected = _("one column for {field}; say which with --map {field}=HEADER").format(field=field)
    return Problem(file, line, field, shown(", ".join(titles)), expected)


def _both_ways(file: str, line: int, titles: Sequence[str], index_of: Mapping[str, int]) -> Problem:
    found = [titles[index_of[field]] for field in ("amount", "debit", "credit") if field in index_of]
    expected = _("either an amount or debit and credit; leave one out with --map amount= or --map debit= --map credit=")
    return Problem(file, line, "amount", shown(", ".join(found)), expected)


def _missing(file: str, line: int, titles: Sequence[str], present: set[str]) -> list[Problem]:
    absent = [field for field in _NEEDED if field not in present]
    if "amount" not in present and not {"debit", "credit"} <= present:
        absent.append("amount")
    problems = [
        Problem(
            file,
            line,
            field,
            "",
            _("a column {field} (also: {names}), or --map {field}=HEADER").format(
                field=field, names=_other_names(field)
            ),
        )
        for field in absent
    ]
    if problems:
        columns = _("; the columns of this file are {columns}").format(columns=_listed(titles))
        problems[0] = problems[0]._replace(expected=problems[0].expected + columns)
    return problems


def _other_names(field: str) -> str:
    names = _OTHER_NAMES[field]
    return f"{names}; debit, credit" if field == "amount" else names


def _listed(titles: Sequence[str]) -> str:
    few = [shown(title) for title in titles if title][:30]
    return ", ".join(few) + (", …" if len(titles) > len(few) else "")
