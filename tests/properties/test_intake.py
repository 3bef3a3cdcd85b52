"""Any table in any dialect is read back equal (C1-C4); any bytes give documents or problems, never an exception."""

import csv
import io
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Literal

from hypothesis import assume, example, given
from hypothesis import strategies as st

from reconcile_cli.domain.canonical import document_digest
from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.money import EXPONENTS, plain
from reconcile_cli.intake.amounts import Amounts, proof, take_apart
from reconcile_cli.intake.conventions import UNDECIDED, Convention
from reconcile_cli.intake.documents import TWO_SIDES
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.problems import Refused
from reconcile_cli.intake.reading import DocumentBatch, read_documents
from reconcile_cli.intake.source import Source

_ENGLISH = "account,kind,document,date,amount,currency,description,account_name"
_FRENCH = "Compte,Type,Pièce,Date,Montant,Devise,Libellé,Nom"
_KINDS = {
    Kind.INVOICE: ("invoice", "Facture"),
    Kind.PAYMENT: ("payment", "règlement"),
    Kind.CREDIT_NOTE: ("credit_note", "Avoir"),
    Kind.REFUND: ("refund", "remboursement"),
}


@dataclass(frozen=True)
class Row:
    kind: Kind
    document: str
    account: str
    day: tuple[int, int, int]
    amount_minor: int
    currency: str
    text: str


@dataclass(frozen=True)
class Dialect:
    encoding: str
    delimiter: str
    end: str
    decimal: str
    thousands: str
    order: str
    french: bool
    quoting: Literal[0, 1, 2]
    minus_behind: bool
    title: str
    sep: bool = False

    def amount(self, row: Row) -> str:
        whole, _point, decimals = plain(abs(row.amount_minor), row.currency).partition(".")
        if self.thousands:
            other = "," if self.decimal == "." else "."
            whole = f"{int(whole):,}".replace(",", other if self.thousands == "other" else self.thousands)
        text = whole + (self.decimal + decimals if decimals else "")
        if row.amount_minor >= 0:
            return text
        return text + "-" if self.minus_behind else "-" + text

    def day(self, row: Row) -> str:
        year, month, day = row.day
        return {
            "iso": f"{year}-{month:02}-{day:02}",
            "plain": f"{year}{month:02}{day:02}",
            "dmy": f"{day:02}/{month:02}/{year}",
            "mdy": f"{month}-{day}-{year}",
            "name": f"{day} {'janvier' if month == 1 else 'Dec'} {year}",
        }[self.order]

    def write(self, rows: Sequence[Row]) -> bytes:
        held = io.StringIO()
        writer = csv.writer(
            held,
            delimiter=self.delimiter,
            lineterminator=self.end,
            quoting=self.quoting,
        )
        writer.writerow((_FRENCH if self.french else _ENGLISH).split(","))
        for row in rows:
            kind = _KINDS[row.kind][self.french]
            cells = [row.account, kind, row.document, self.day(row), self.amount(row), row.currency, row.text, row.text]
            writer.writerow(cells)
        said = f"sep={self.delimiter}{self.end}" if self.sep else ""
        return (said + self.title.replace("\n", self.end) + held.getvalue()).encode(self.encoding)

    @property
    def options(self) -> ReadOptions:
        order = self.order if self.order in {"dmy", "mdy"} else None
        return ReadOptions(decimal=self.decimal, date_order=order, signed=False)


_texts = st.text(
    st.characters(codec="cp1252", exclude_categories=["Cc"], exclude_characters="\N{SOFT HYPHEN}"), max_size=12
).map(lambda text: text.strip())
_names = _texts.filter(bool)
_rows = st.builds(
    Row,
    kind=st.sampled_from(sorted(_KINDS)),
    document=_names,
    account=_names,
    day=st.tuples(st.integers(1900, 2999), st.sampled_from([1, 12]), st.integers(1, 31)),
    amount_minor=st.one_of(st.integers(-(10**7), 10**7), st.integers(-(10**15), 10**15)),
    currency=st.sampled_from(["CAD", "EUR", "JPY", "KWD"]),
    text=_texts,
)
_dialects = st.builds(
    Dialect,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n", "\r", "\r\r\n"]),
    decimal=st.sampled_from([".", ","]),
    thousands=st.sampled_from(["", " ", "\N{NO-BREAK SPACE}", "'", "other"]),
    order=st.sampled_from(["iso", "plain", "dmy", "mdy", "name"]),
    french=st.booleans(),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    minus_behind=st.booleans(),
    title=st.sampled_from(["", "Rapport 2024-01-31\n", "\n\nClub\n"]),
    sep=st.booleans(),
)


def _read(data: bytes, options: ReadOptions) -> list[DocumentBatch]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        path.write_bytes(data)
        return list(read_documents([Source(str(path))], options))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _apart(rows: list[Row]) -> list[Row]:
    """Without neighbours of one kind and document: they would have to agree."""
    return rows[:1] + [
        row for before, row in pairwise(rows) if (before.kind, before.document) != (row.kind, row.document)
    ]


@given(st.lists(_rows, min_size=1, max_size=8).map(_apart), _dialects)
def test_any_table_in_any_dialect_is_read_back_equal(rows: list[Row], dialect: Dialect) -> None:
    assume(all((before.kind, before.document) != (row.kind, row.document) for before, row in pairwise(rows)))
    data = dialect.write(rows)
    assume(dialect.encoding != "cp1252" or data.isascii() or not _is_utf8(data))
    batches = _read(data, dialect.options)
    assert [problem for batch in batches for problem in batch.problems] == []
    headers = [header for batch in batches for header in zip(*batch.documents.headers(), strict=True)]
    lines = [line for batch in batches for line in zip(*batch.documents.lines(), strict=True)]
    assert [header[3:8] for header in headers] == [
        (row.kind, row.document, row.account, row.currency, row.day[0] * 10000 + row.day[1] * 100 + row.day[2])
        for row in rows
    ]
    assert [(side * amount_minor, text) for _s, _r, _l, side, amount_minor, text, *_more in lines] == [
        (row.kind.side * row.amount_minor, row.text or None) for row in rows
    ]
    for header, line in zip(headers, lines, strict=True):
        assert header[14] == document_digest(header[3:13], [line[2:]])


@given(
    st.integers(-(10**15), 10**15), st.sampled_from(sorted(EXPONENTS)), st.sampled_from(".,"), st.sampled_from("', .")
)
def test_amounts_survive_the_round_trip(amount_minor: int, currency: str, decimal: str, thousands: str) -> None:
    """C2, R2: in every currency."""
    assume(decimal != thousands)
    whole, _point, decimals = plain(abs(amount_minor), currency).partition(".")
    grouped = f"{int(whole):,}".replace(",", thousands) + (decimal + decimals if decimals else "")
    cache = Amounts(Convention("--decimal", "file", decimal, dict)).cache(currency)
    assert cache[f"({grouped})" if amount_minor < 0 else grouped] == amount_minor


@given(
    st.text(st.sampled_from("0123456789.,' -()$\N{NO-BREAK SPACE}"), max_size=12),
    st.sampled_from(["CAD", "JPY", "KWD"]),
)
@example("1,234", "CAD")
@example("1,234", "KWD")
def test_what_proves_a_mark_cannot_be_read_with_the_other(text: str, currency: str) -> None:
    """C1: so a single pass misses no contradiction."""
    read: dict[str, int | None] = {}
    for decimal in ".,":
        try:
            read[decimal] = Amounts(Convention("--decimal", "file", decimal, dict)).cache(currency)[text]
        except Refused:
            read[decimal] = None
    try:
        proved = proof(take_apart(text, currency), currency)
    except Refused:
        assert read == {".": None, ",": None}
        return
    if proved in {".", ","}:
        assert read[proved] is not None
        assert read["," if proved == "." else "."] is None
    elif proved is None:
        assert read["."] == read[","]
    else:
        assert proved == UNDECIDED
        assert read["."] != read[","] or read["."] in {None, 0}


@given(st.binary(max_size=400))
def test_any_bytes_give_documents_or_problems(data: bytes) -> None:
    batches = _read(data, ReadOptions())
    assert all(problem.expected for batch in batches for problem in batch.problems)
    assert any(batch.problems or batch.documents.flags or batch.notes for batch in batches)


_items = st.lists(st.integers(-2, 2), min_size=1, max_size=4)


@given(
    st.lists(_items, min_size=1, max_size=6), st.sampled_from(sorted(Kind)), st.sampled_from(["own", "signed", "both"])
)
def test_sides_and_documents_of_two_sides_are_those_of_the_rule(
    bills: list[list[int]], kind: Kind, writing: str
) -> None:
    """R1, R10: amounts by kind, by sign alone, or in two columns; an amount of 0 is on the side of its kind."""
    header = "account,kind,document,date," + ("debit,credit\n" if writing == "both" else "amount\n")
    rows = [(document, amount) for document, amounts in enumerate(bills) for amount in amounts]
    cells = [f"{max(amount, 0)},{max(-amount, 0)}" if writing == "both" else str(amount) for _document, amount in rows]
    text = header + "".join(
        f"A,{kind.code},{document},2024-01-31,{cell}\n" for (document, _amount), cell in zip(rows, cells, strict=True)
    )
    natural = int(kind.side)
    owed = [amount * natural if writing == "own" else amount for _document, amount in rows]

    (batch, last) = _read(text.encode(), ReadOptions(signed=writing == "signed"))

    assert not [*batch.problems, *last.problems]
    lines = [line for part in (batch, last) for line in zip(*part.documents.lines(), strict=True)]
    assert [(side, amount_minor) for _seq, _row, _line, side, amount_minor, *_texts in lines] == [
        ((1 if amount > 0 else -1) if amount else natural, abs(amount) * 100) for amount in owed
    ]
    flags = [flag for part in (batch, last) for flag in part.documents.flags]
    assert flags == [TWO_SIDES * (min(amounts) < 0 < max(amounts)) for amounts in bills]
