"""How files were understood: what was decided and why, the first rows, kinds and sums (`load --dry-run`)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.money import plain
from reconcile_cli.domain.understanding import Decision, KindSums, SampleRow, Understanding
from reconcile_cli.intake.understanding import delimiter_word, word
from reconcile_cli.render import words
from reconcile_cli.render.columns import Column, Listing, Shape, TotalRow
from reconcile_cli.render.lists import Limit, write_list
from reconcile_cli.render.look import Target
from reconcile_cli.text import N_, _


class _Kind(NamedTuple):
    kind: int
    currency: str
    sums: KindSums


_ROWS: Final = Listing[SampleRow](
    columns=(
        Column(N_("Row"), lambda row: row.row, Shape.COUNT),
        Column(N_("Account"), lambda row: row.account, floor=8),
        Column(N_("Kind"), lambda row: Kind(row.kind).code, words=lambda row: words.kind(Kind(row.kind))),
        Column(N_("Document"), lambda row: row.document, floor=10),
        Column(N_("Line"), lambda row: row.line if row.line > 1 else 0, Shape.COUNT, hide_empty=True),
        Column(N_("Date"), lambda row: row.date, Shape.DATE),
        Column(N_("Description"), lambda row: row.description, floor=12, rank=1, spare=True, hide_empty=True),
        Column("", lambda row: row.currency, key="currency"),
        Column(N_("Debit"), lambda row: max(row.amount_minor, 0), Shape.AMOUNT),
        Column(N_("Credit"), lambda row: max(-row.amount_minor, 0), Shape.AMOUNT),
    ),
    currency=lambda row: row.currency,
)
_KINDS: Final = Listing[_Kind](
    columns=(
        Column(N_("Kind"), lambda line: Kind(line.kind).code, words=lambda line: words.kind(Kind(line.kind))),
        Column(N_("Documents"), lambda line: line.sums.documents, Shape.COUNT),
        Column(N_("Rows"), lambda line: line.sums.rows, Shape.COUNT),
        Column("", lambda line: line.currency, key="currency"),
        Column(N_("Debits"), lambda line: line.sums.debit_minor, Shape.AMOUNT),
        Column(N_("Credits"), lambda line: line.sums.credit_minor, Shape.AMOUNT),
    ),
    currency=lambda line: line.currency,
)


def write_understanding(target: Target, files: Sequence[Understanding]) -> None:
    """Write for people how each file was understood."""
    from reconcile_cli.render.table import write_facts  # noqa: PLC0415 - Rich is imported when something is drawn

    for understood in files:
        target.line(understood.file, "bold")
        write_facts(target, list(_facts(understood)))
        if understood.sample:
            target.line()
            target.line(_("The first rows, as understood"), "bold")
            write_list(target, _ROWS, understood.sample, Limit(0))
            target.line()
            kinds = [_Kind(kind, currency, sums) for (kind, currency), sums in understood.sums.items()]
            write_list(target, _KINDS, kinds, Limit(0), lambda kinds=kinds: list(_totals(kinds)))  # type: ignore[misc]
        target.line()


def understanding_object(understood: Understanding) -> dict[str, Any]:
    """Give how a file was understood as JSON has it; `rows` and `kinds` are empty but for `--dry-run`."""
    return {
        "file": understood.file,
        "encoding": understood.encoding or None,
        "delimiter": understood.delimiter or None,
        "header_line": understood.header_line,
        "decimal": _decision_object(understood.decimal),
        "date_order": _decision_object(understood.date_order),
        "columns": [
            {"field": field, "header": None if field in understood.made else title, "made": understood.made.get(field)}
            for title, field in understood.columns
        ],
        "ignored": list(understood.ignored),
        "kinds": [
            {
                "kind": Kind(kind).code,
                "currency": currency,
                "documents": sums.documents,
                "rows": sums.rows,
                "debit": plain(sums.debit_minor, currency),
                "credit": plain(sums.credit_minor, currency),
            }
            for (kind, currency), sums in understood.sums.items()
        ],
        "rows": [
            {
                "line_of_file": row.row,
                "account": row.account,
                "kind": Kind(row.kind).code,
                "document": row.document,
                "line": row.line,
                "date": iso(row.date),
                "currency": row.currency,
                "amount": plain(row.amount_minor, row.currency),
                "description": row.description,
            }
            for row in understood.sample
        ],
    }


def _decision_object(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    return {
        "reading": decision.reading,
        "given": not decision.value,
        "value": decision.value or None,
        "line": decision.line or None,
    }


def _facts(understood: Understanding) -> Iterator[tuple[str, str]]:
    if understood.encoding:
        yield _("Encoding"), understood.encoding
    if understood.delimiter:
        yield _("Delimiter"), delimiter_word(understood.delimiter)
    yield _("Header"), _("line {line}").format(line=understood.header_line)
    cells = None if understood.encoding else _("as the cells hold them")
    yield _("Amounts"), _decided(understood.decimal, cells or _("whole numbers"))
    yield _("Dates"), _decided(understood.date_order, cells or _("read one way only"))
    yield _("Read"), ", ".join(_source(title, field, understood) for title, field in understood.columns)
    yield _("Not read"), ", ".join(understood.ignored)


def _decided(decision: Decision | None, otherwise: str) -> str:
    if decision is None:
        return otherwise
    if not decision.value:
        return _("{reading}, as given").format(reading=word(decision.reading))
    return _("{reading}, proved by {value} in line {line}").format(
        reading=word(decision.reading), value=decision.value, line=decision.line
    )


def _source(title: str, field: str, understood: Understanding) -> str:
    if field in understood.made:
        return _("{field} ({made})").format(field=field, made=understood.made[field])
    return field if title.casefold() == field else _("{field} from {header}").format(field=field, header=title)


def _totals(kinds: Sequence[_Kind]) -> Iterator[TotalRow]:
    debits: Counter[str] = Counter()
    credits_: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    for _kind, currency, sums in kinds:
        debits[currency] += sums.debit_minor
        credits_[currency] += sums.credit_minor
        documents[currency] += sums.documents
        rows[currency] += sums.rows
    for currency in debits:
        figures = {
            "Debits": debits[currency],
            "Credits": credits_[currency],
            "Documents": documents[currency],
            "Rows": rows[currency],
        }
        yield TotalRow(currency, figures)
