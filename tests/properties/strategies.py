"""Shared strategies: open items, names of items, and whole small books as rows of a CSV file.

Rows made here are valid by section 4 of the design: a test that uses them may expect that all of them load.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final

from hypothesis import strategies as st

from reconcile_cli.domain.kinds import PLANNABLE, Kind, Side, State

Run = list[tuple[int, int]]
Row = dict[str, str]

COLUMNS: Final = (
    "account", "account_name", "kind", "document", "line", "date", "due_date", "state", "description", "ledger_code",
    "amount", "currency", "order", "applies_to", "match_code", "register", "method",
)  # fmt: skip
DECIMALS: Final = {"CAD": 2, "USD": 2, "JPY": 0}
FIRST_DAY: Final = date(2024, 1, 29)

# Enough to trip over: accents, markup, quotes, delimiters, marks of the naming grammar, wide and right-to-left letters.
TEXTS: Final = st.text("aZ09 éÇœ[]/;,:='\"|\\%_-–$€日ش🏒", max_size=12).map(str.strip)
CODES: Final = st.sampled_from(["", "4000", "4100", "2310-TPS", "005"])


def runs(most_minor: int = 10**15, most_items: int = 10) -> st.SearchStrategy[Run]:
    """One side of an account in matching order: (item id, open_minor > 0) each, the ids unique."""
    amounts = st.lists(st.integers(1, most_minor) | st.integers(1, min(9, most_minor)), max_size=most_items)
    return amounts.map(lambda opens: list(enumerate(opens, start=1)))


def identities() -> st.SearchStrategy[tuple[int, str, int, int]]:
    """The four things that R16 orders by, out of so few values that ties are frequent."""
    documents = st.sampled_from(["9", "10", "INV-9", "INV-10", "inv-9"]) | st.text("09Aaé", min_size=1, max_size=3)
    return st.tuples(
        st.sampled_from([20231231, 20240131, 20240201]),
        documents,
        st.sampled_from([int(kind) for kind in Kind]),
        st.integers(1, 12),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document. `amount_minor` is written as it stands; a negative one flips the side (R1)."""

    number: int
    amount_minor: int
    description: str = ""
    ledger_code: str = ""
    applies_to: str = ""
    match_code: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One document with its lines, before it becomes rows."""

    account: str
    currency: str
    kind: Kind
    number: str
    made: date
    due: date | None = None
    state: State = State.POSTED
    order: str = ""
    register: str = ""
    method: str = ""
    lines: tuple[Line, ...] = field(default=())

    @property
    def name(self) -> str:
        """How `applies_to` names it, whatever else shares its number."""
        return f"{self.kind.code}/{self.number}"

    def side(self, line: Line) -> Side:
        """The side of a line (R1)."""
        return self.kind.side if line.amount_minor >= 0 else Side(-self.kind.side)


def plain(amount_minor: int, currency: str) -> str:
    """Write an amount as the contract wants it: "1234.50", "-3.00", "250" for yen."""
    decimals = DECIMALS[currency]
    digits = str(abs(amount_minor)).rjust(decimals + 1, "0")
    whole, cents = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    return ("-" if amount_minor < 0 else "") + whole + (f".{cents}" if cents else "")


@st.composite
def books(draw: st.DrawFn, most_documents: int = 8) -> list[Row]:
    """Whole small books: accounts, currencies, kinds, orders, discounts, instalments, statements of the source.

    Documents are unique within their kind and their rows stand together, lines numbered from 1. Statements may
    name what cannot take them (R11: it stays open and is reported); they are never malformed.
    """
    documents = draw(bare_documents(most_documents))
    documents = [draw(with_statements(document, documents)) for document in documents]
    documents += draw(balanced_groups(documents))
    documents += draw(replacements(documents))
    names = draw(st.dictionaries(st.sampled_from(["C1", "C2", "00123"]), TEXTS, max_size=3))
    return [row for document in documents for row in rows_of(document, names)]


@st.composite
def interleaved(draw: st.DrawFn, rows: Sequence[Row]) -> list[Row]:
    """The same rows in another order: the lines of a document keep theirs, documents mix (R16, R22)."""
    waiting: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        waiting.setdefault((row["kind"], row["document"]), []).append(row)
    turns = [key for key, own in waiting.items() for _ in own]
    return [waiting[key].pop(0) for key in draw(st.permutations(turns))]


def as_csv(rows: Sequence[Row], columns: Sequence[str] = COLUMNS, delimiter: str = ",") -> str:
    """The rows as the text of a CSV file with a header. `columns` may leave out, or come in any order."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, delimiter=delimiter, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def rows_of(document: Document, names: Mapping[str, str]) -> list[Row]:
    """Write a document as one row for each line."""
    return [
        {
            "account": document.account,
            "account_name": names.get(document.account, ""),
            "kind": document.kind.code,
            "document": document.number,
            "line": str(line.number),
            "date": document.made.isoformat(),
            "due_date": document.due.isoformat() if document.due else "",
            "state": document.state.code,
            "description": line.description,
            "ledger_code": line.ledger_code,
            "amount": plain(line.amount_minor, document.currency),
            "currency": document.currency,
            "order": document.order,
            "applies_to": line.applies_to,
            "match_code": line.match_code,
            "register": document.register,
            "method": document.method,
        }
        for line in document.lines
    ]


def days() -> st.SearchStrategy[date]:
    """A few days around the end of a month, so that ties and the order of days both matter."""
    return st.integers(0, 6).map(lambda offset: FIRST_DAY + timedelta(days=offset))


def amounts() -> st.SearchStrategy[int]:
    """Round amounts that often come out even, and any others; free items are rare."""
    return st.sampled_from([0, 1, 500, 1000, 1000, 2500]) | st.integers(1, 100_000)


@st.composite
def bare_documents(draw: st.DrawFn, most: int) -> list[Document]:
    """Documents without statements of the source, numbered so that kinds share numbers now and then."""
    kinds = draw(st.lists(st.sampled_from([Kind.INVOICE, Kind.PAYMENT, *Kind]), min_size=1, max_size=most))
    shape = draw(st.sampled_from(["{kind}-{place}", "{place}", "{place:05}", "2024/{place}", "A:{place}", "{place}=é"]))
    documents: list[Document] = []
    paid = False
    for place, kind in enumerate(kinds, start=8):
        number = shape.format(kind=kind.name[:3], place=place - place % 2 if kind in PLANNABLE else place)
        if (kind, number) not in {(known.kind, known.number) for known in documents}:
            documents.append(draw(one_document(kind, number, may_be_negative=paid)))
            paid = paid or (kind is Kind.PAYMENT and documents[-1].lines[0].amount_minor > 0)
    return documents


@st.composite
def one_document(draw: st.DrawFn, kind: Kind, number: str, *, may_be_negative: bool) -> Document:
    """One document of a kind. Payments are not all negative: such a file is refused until its signs are explained."""
    states = [State.POSTED] * 4 + [State.VOID]
    if kind in PLANNABLE:
        states += [State.PLANNED] * 2 + [State.DECLINED]
    state = draw(st.sampled_from(states))
    signed = kind is Kind.ADJUSTMENT or (kind is Kind.PAYMENT and may_be_negative and state is State.POSTED)
    made = draw(days())
    has_due_date = state is State.PLANNED or (kind in {Kind.INVOICE, Kind.PAYMENT} and draw(st.booleans()))
    return Document(
        account=draw(st.sampled_from(["C1", "C1", "C2", "00123"])),
        currency=draw(st.sampled_from(["CAD", "CAD", "CAD", *DECIMALS])),
        kind=kind,
        number=number,
        made=made,
        due=made + timedelta(days=draw(st.integers(0, 40))) if has_due_date else None,
        state=state,
        order=draw(st.sampled_from(["", "CMD-1", "CMD-1", "CMD-2"])),
        register=draw(st.sampled_from(["", "Aréna", "Web"])),
        method=draw(st.sampled_from(["", "card", "cash"])),
        lines=draw(invoice_lines()) if kind is Kind.INVOICE else draw(other_lines(signed=signed)),
    )


@st.composite
def invoice_lines(draw: st.DrawFn) -> tuple[Line, ...]:
    """One to four items of an invoice, some of them discounts; a discount may exceed what it discounts."""
    many = draw(st.lists(amounts(), min_size=1, max_size=4))
    flips = draw(st.lists(st.sampled_from([1, 1, 1, -1]), min_size=len(many), max_size=len(many)))
    return tuple(
        Line(place, amount * flip, draw(TEXTS), draw(CODES))
        for place, (amount, flip) in enumerate(zip(many, flips, strict=True), start=1)
    )


@st.composite
def other_lines(draw: st.DrawFn, *, signed: bool) -> tuple[Line, ...]:
    """The lines of another document: most have one."""
    many = draw(st.lists(amounts(), min_size=1, max_size=1) | st.lists(amounts(), min_size=1, max_size=3))
    flip = draw(st.sampled_from([1, -1])) if signed else 1
    return tuple(Line(place, amount * flip, draw(TEXTS), draw(CODES)) for place, amount in enumerate(many, start=1))


GIVEN_BACK: Final = frozenset({Kind.PAYMENT, Kind.DEPOSIT, Kind.CREDIT_NOTE, Kind.CANCELLATION})


@st.composite
def with_statements(draw: st.DrawFn, document: Document, others: Sequence[Document]) -> Document:
    """Let some lines say what they pay or give back (R10, R11), and some share a mark."""
    lines = []
    for line in document.lines:
        targets = draw(targets_of(document, line, others)) if draw(st.integers(0, 3)) == 0 else ""
        mark = draw(st.sampled_from(["", "", "", "", "AA", "AB"]))
        lines.append(replace(line, applies_to=targets, match_code=mark))
    return replace(document, lines=tuple(lines))


@st.composite
def targets_of(draw: st.DrawFn, document: Document, line: Line, others: Sequence[Document]) -> str:
    """One or two targets of a credit, or of a debit that gives back; a part each where there are two.

    Mostly of the same account; now and then of another, or not arrived yet.
    """
    gives_back = document.kind is Kind.REFUND or (document.kind is Kind.PAYMENT and line.amount_minor < 0)
    if document.side(line) is Side.DEBIT and not gives_back:
        return ""
    kinds = GIVEN_BACK if gives_back else {Kind.INVOICE}
    possible = [
        other for other in others if other.kind in kinds and (other is not document or other.kind is Kind.INVOICE)
    ]
    near = [other for other in possible if (other.account, other.currency) == (document.account, document.currency)]
    strays = draw(st.integers(0, 3)) == 0
    choice = possible if strays or not near else near
    if document.kind is Kind.INVOICE:
        choice = [document]
    if not choice:
        return draw(st.sampled_from(["payment/LATER-1" if gives_back else "LATER-1", ""]))
    first = draw(target_name(draw(st.sampled_from(choice))))
    amount_minor: int = abs(line.amount_minor)
    if amount_minor < 2 or draw(st.booleans()):
        return first
    second = draw(target_name(draw(st.sampled_from(choice))))
    part_minor = draw(st.integers(1, amount_minor - 1))
    parts = [f"{first}={plain(part_minor, document.currency)}"]
    if second != first:
        parts.append(f"{second}={plain(amount_minor - part_minor, document.currency)}")
    return ";".join(parts)


@st.composite
def target_name(draw: st.DrawFn, target: Document) -> str:
    """`KIND/DOCUMENT`, with a line or without."""
    if draw(st.booleans()):
        return target.name
    return f"{target.name}:{draw(st.sampled_from([line.number for line in target.lines]))}"


@st.composite
def balanced_groups(draw: st.DrawFn, documents: Sequence[Document]) -> list[Document]:
    """A payment that covers an invoice to the cent and shares a mark with all its lines (R11 b), or nothing.

    The invoice itself is added once more under another number: its first copy keeps its own statements.
    """
    invoices = [document for document in documents if document.kind is Kind.INVOICE and document.state is State.POSTED]
    payable = [invoice for invoice in invoices if sum(line.amount_minor for line in invoice.lines) > 0]
    if not payable or not draw(st.booleans()):
        return []
    model = draw(st.sampled_from(payable))
    lines = tuple(replace(line, applies_to="", match_code="ZZ") for line in model.lines)
    total_minor = sum(line.amount_minor for line in lines)
    return [
        replace(model, number="MARK-1", order="", lines=lines),
        Document(
            account=model.account,
            currency=model.currency,
            kind=Kind.PAYMENT,
            number="MARK-1",
            made=draw(days()),
            lines=(Line(1, total_minor, match_code="ZZ"),),
        ),
    ]


@st.composite
def replacements(draw: st.DrawFn, documents: Sequence[Document]) -> list[Document]:
    """The receipt of a planned payment, under another number, naming what it replaces (R14), or nothing."""
    planned = [document for document in documents if document.kind is Kind.PAYMENT and document.state is State.PLANNED]
    if not planned or not draw(st.booleans()):
        return []
    model = draw(st.sampled_from(planned))
    total_minor = sum(line.amount_minor for line in model.lines)
    receipt = Document(
        account=model.account,
        currency=model.currency,
        kind=Kind.PAYMENT,
        number="RECEIPT-1",
        made=model.due or model.made,
        register=model.register,
        method="card",
        lines=(Line(1, total_minor, applies_to=model.name),),
    )
    return [receipt]
