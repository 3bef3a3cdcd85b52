"""How a file was understood, told from what was decided while it was read."""

from reconcile_cli.domain.understanding import PLAIN_ENCODINGS, Decision, Understanding
from reconcile_cli.intake.columns import FIELDS, Layout
from reconcile_cli.intake.conventions import Convention
from reconcile_cli.intake.problems import shown
from reconcile_cli.intake.recasting import RecastTable
from reconcile_cli.intake.table import Table, TextTable
from reconcile_cli.text import N_, _

_WORDS = {".": N_("decimal point"), ",": N_("decimal comma"), "dmy": N_("day/month"), "mdy": N_("month/day")}


def understand(table: Table, layout: Layout, mark: Convention, order: Convention) -> Understanding:
    """What was decided for a file that is read to its end."""
    origin = table.table if isinstance(table, RecastTable) else table
    text = origin if isinstance(origin, TextTable) else None
    return Understanding(
        file=table.name,
        encoding=text.encoding.removesuffix("-sig") if text else "",
        delimiter=text.delimiter if text else "",
        header_line=table.header_line,
        decimal=_decision(table, layout, mark, ("amount", "debit", "credit")),
        date_order=_decision(table, layout, order, ("date", "due_date")),
        columns=[(layout.title(field), field) for field in FIELDS if field in layout.index],
        made=dict(layout.made),
        ignored=list(layout.ignored),
    )


def decision(understood: Understanding) -> str:
    """Say in one line what of a file is not plain: `club.csv: cp1252, ';', decimal comma, day/month`, with a stop."""
    parts = [] if understood.encoding in PLAIN_ENCODINGS else [understood.encoding]
    if understood.delimiter not in {"", ","}:
        parts.append(delimiter_word(understood.delimiter))
    parts += [
        word(made.reading)
        for made in (understood.decimal, understood.date_order)
        if made is not None and made.reading != "."
    ]
    return _("{file}: {parts}.").format(file=understood.file, parts=", ".join(parts))


def word(reading: str) -> str:
    """The words for a decimal mark or an order of dates."""
    return _(_WORDS[reading]) if reading in _WORDS else _("year first")


def delimiter_word(delimiter: str) -> str:
    """A delimiter as people read it."""
    return _("tab") if delimiter == "\t" else f"'{delimiter}'"


def _decision(table: Table, layout: Layout, made: Convention, fields: tuple[str, ...]) -> Decision | None:
    if made.chosen is None:
        return None
    if made.given:
        return Decision(made.chosen)
    line = made.proof.line or _line(table, layout, fields, made.proof.value)
    return Decision(made.chosen, shown(made.proof.value.strip()), line)


def _line(table: Table, layout: Layout, fields: tuple[str, ...], value: str) -> int:
    """Where a value first stands: it was the first to be read, so the search ends where the reading then was."""
    places = [layout.index[field] for field in fields if field in layout.index]
    for block in table.blocks():
        for row, number in zip(block.rows, block.numbers, strict=True):
            if any(place < len(row) and row[place] == value for place in places):
                return number
    return 0
