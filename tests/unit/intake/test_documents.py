"""Section 4, R1, R22, R23: kinds, states, sides, lines, and rows that belong together."""

from pathlib import Path

import pytest

from reconcile_cli.domain.canonical import document_digest
from reconcile_cli.domain.kinds import Kind
from reconcile_cli.intake.documents import LINES_GIVEN, SOME_LINES_NOT_GIVEN, TWO_SIDES
from reconcile_cli.intake.merging import merge
from tests.unit.intake.reading import HEADER, Told, read_files, read_text

DAY = "2024-01-31"


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("invoice|Facture|FACTURE", Kind.INVOICE),
        ("payment|paiement|Versement|règlement|REGLEMENT|encaissement|Reçu de paiement", Kind.PAYMENT),
        ("deposit|dépôt|depot|acompte|avance|dépôt au compte", Kind.DEPOSIT),
        ("credit_note|Credit note|credit|crédit|credit memo|note de crédit|avoir", Kind.CREDIT_NOTE),
        ("cancellation|annulation", Kind.CANCELLATION),
        ("refund|Remboursement", Kind.REFUND),
        ("adjustment|ajustement", Kind.ADJUSTMENT),
    ],
)
def test_kinds_in_two_languages_and_their_sides(tmp_path: Path, words: str, kind: Kind) -> None:
    """R1: a negative amount flips the side; 0 is on the side of its kind."""
    for word in words.split("|"):
        told = read_text(tmp_path, HEADER + f"A,{word},1,{DAY},5\nA,{word},2,{DAY},-5\nA,{word},3,{DAY},0\n")
        assert [header[3] for header in told.headers] == [kind] * 3
        side = int(kind.side)
        assert [(line[3], line[4]) for line in told.lines] == [(side, 500), (-side, 500), (side, 0)]


@pytest.mark.parametrize("word", ["receipt", "Reçu", "recu"])
def test_a_bare_receipt_is_refused_with_the_reason(tmp_path: Path, word: str) -> None:
    told = read_text(tmp_path, HEADER + f"A,{word},1,{DAY},5\n")
    assert told.where == [(2, "kind", word)]
    assert "the sale to some and the payment to others" in told.problems[0].expected
    assert told.bad == [(0, 2, None, "1")]


@pytest.mark.parametrize(
    ("words", "state"),
    [
        ("|posted|comptabilisé", 0),
        ("planned|prévu|Postdaté|prevue", 1),
        ("declined|refusé|refusée", 2),
        ("void|annulé|Annulée|invalidé", 3),
    ],
)
def test_states_in_two_languages(tmp_path: Path, words: str, state: int) -> None:
    for word in words.split("|"):
        told = read_text(tmp_path, f"account,kind,document,date,amount,statut\nA,payment,1,{DAY},5,{word}\n")
        assert told.headers[0][9] == state


@pytest.mark.parametrize(
    ("kind", "amount", "state", "fine"),
    [
        ("payment", "5", "planned", True),
        ("deposit", "5", "declined", True),
        ("payment", "-5", "planned", False),
        ("payment", "0", "planned", True),
        ("payment", "-5", "declined", True),
        ("invoice", "5", "planned", False),
        ("refund", "5", "declined", False),
        ("invoice", "5", "void", True),
        ("payment", "5", "paid", False),
    ],
)
def test_only_money_to_come_in_is_planned(tmp_path: Path, kind: str, amount: str, state: str, *, fine: bool) -> None:
    """Section 2."""
    text = f"account,kind,document,date,amount,state\nA,{kind},1,{DAY},{amount},{state}\nA,payment,2,{DAY},1,\n"
    told = read_text(tmp_path, text)
    assert told.where == ([] if fine else [(2, "state", state)])
    assert [header[4] for header in told.headers] == (["1", "2"] if fine else ["2"])


@pytest.mark.parametrize(
    ("debit", "credit", "signed"),
    [
        ("5", "", 500),
        ("", "5", -500),
        ("5", "0,00", 500),
        ("0,00", "5", -500),
        ("0", "0", 0),
        ("-5", "", -500),
        ("5", "5", None),
        ("", "", None),
        ("x", "", None),
    ],
)
def test_debit_and_credit_tell_the_side(tmp_path: Path, debit: str, credit: str, signed: int | None) -> None:
    for kind in ("facture", "paiement"):
        told = read_text(tmp_path, f"compte;type;no;date;débit;crédit\nA;{kind};1;{DAY};{debit};{credit}\n")
        assert told.signed == ([] if signed is None else [signed])
        assert [problem.column for problem in told.problems] == ([] if signed is not None else ["débit"])


def test_signed_amounts_tell_the_side_whatever_the_kind(tmp_path: Path) -> None:
    text = HEADER + f"A,invoice,1,{DAY},5\nA,payment,2,{DAY},-5\nA,payment,3,{DAY},7\nA,payment,4,{DAY},0\n"
    assert read_text(tmp_path, text, signed=True).signed == [500, -500, 700, 0]


def test_payments_that_are_all_negative_need_an_option(tmp_path: Path) -> None:
    """Section 4, amount."""
    rows = "".join(f"A,invoice,I{n},{DAY},5\nA,payment,P{n},{DAY},-5\n" for n in range(3000))
    told = read_text(tmp_path, HEADER + rows)
    assert told.where == [(3, "amount", "-5")]
    assert "--signed" in told.problems[0].expected
    assert "--unsigned" in told.problems[0].expected
    assert told.bad == [(0, 0, None, None)]
    assert told.batches[-1].problems == told.problems
    assert read_text(tmp_path, HEADER + rows, signed=False).signed[:2] == [500, 500]
    assert read_text(tmp_path, HEADER + rows, signed=True).signed[:2] == [500, -500]
    assert read_text(tmp_path, HEADER + rows + f"A,deposit,D,{DAY},1\n").problems == []


def test_texts_stay_texts(tmp_path: Path) -> None:
    """R22: compared exactly after trimming; 00123 is not 123."""
    told = read_text(
        tmp_path, HEADER + f" 00123 ,invoice, 007 ,{DAY},5\n123,invoice,7,{DAY},5\n1e5,invoice,=1+1,{DAY},5\n"
    )
    assert [header[4:6] for header in told.headers] == [("007", "00123"), ("7", "123"), ("=1+1", "1e5")]


def test_adjacent_rows_are_one_document(tmp_path: Path) -> None:
    """R22: however alike. A discount makes two sides (R10)."""
    text = HEADER + f"A,invoice,1,{DAY},5\nA,facture,1,{DAY},5\nA,invoice,1,{DAY},-1\nA,payment,1,{DAY},9\n"
    told = read_text(tmp_path, text)
    assert [(header[0], header[2], header[3], header[13]) for header in told.headers] == [
        (1, 2, 0, TWO_SIDES),
        (2, 5, 1, 0),
    ]
    assert [line[:5] for line in told.lines] == [
        (1, 2, 1, 1, 500),
        (1, 3, 2, 1, 500),
        (1, 4, 3, -1, 100),
        (2, 5, 1, -1, 900),
    ]


def test_a_document_longer_than_a_batch_stays_whole(tmp_path: Path) -> None:
    rows = "".join(f"A,invoice,{0 if n > 10 else n},{DAY},5\n" for n in range(20_000))
    told = read_text(tmp_path, HEADER + rows)
    assert len(told.headers) == 12
    assert [line[2] for line in told.lines][-1] == 20_000 - 11


def test_a_document_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reconcile_cli.intake.reading.MAX_LINES", 5000)
    rows = "".join(f"A,invoice,1,{DAY},5\n" for _ in range(12_000))
    told = read_text(tmp_path, HEADER + rows + f"A,invoice,2,{DAY},5\n")
    assert {(problem.column, problem.value) for problem in told.problems} == {("document", "1")}
    assert {(kind, document) for _file, _row, kind, document in told.bad} == {(0, "1")}


def test_line_numbers(tmp_path: Path) -> None:
    """By the column, else by position; in the order of the numbers; never one twice."""
    header = "account,kind,document,date,amount,line\n"
    told = read_text(
        tmp_path,
        header
        + "".join(
            f"A,invoice,{document},{DAY},{amount},{line}\n"
            for document, amount, line in [(1, 5, 20), (1, 6, 10), (2, 7, ""), (2, 8, ""), (3, 9, ""), (3, 1, 7)]
        ),
    )
    assert [line[:5] for line in told.lines] == [
        (1, 3, 10, 1, 600),
        (1, 2, 20, 1, 500),
        (2, 4, 1, 1, 700),
        (2, 5, 2, 1, 800),
        (3, 6, 1, 1, 900),
        (3, 7, 7, 1, 100),
    ]
    assert [header[13] for header in told.headers] == [LINES_GIVEN, 0, LINES_GIVEN | SOME_LINES_NOT_GIVEN]


@pytest.mark.parametrize("line", ["0", "-1", "1.0", "x", "\N{SUPERSCRIPT TWO}", "9" * 50])
def test_line_numbers_are_whole_and_positive(tmp_path: Path, line: str) -> None:
    told = read_text(tmp_path, f"account,kind,document,date,amount,ligne\nA,invoice,1,{DAY},5,{line}\n")
    assert [(problem.line, problem.column) for problem in told.problems] == [(2, "ligne")]


def test_a_line_number_twice_names_both_rows(tmp_path: Path) -> None:
    told = read_text(
        tmp_path, f"account,kind,document,date,amount,line\nA,invoice,1,{DAY},5,2\nA,invoice,1,{DAY},6,2\n"
    )
    assert told.where == [(3, "line", "2")]
    assert "line 2 of the file" in told.problems[0].expected
    assert told.bad == [(0, 3, 0, "1")]


@pytest.mark.parametrize(
    ("column", "first", "second", "value"),
    [
        ("account", "A", "B", "B"),
        ("Date pièce", DAY, "2024-02-01", "2024-02-01"),
        ("due", "", DAY, DAY),
        ("devise", "CAD", "USD", "USD"),
        ("state", "", "void", "void"),
        ("order", "O1", "", ""),
        ("register", "R1", "R2", "R2"),
        ("mode", "card", "cash", "cash"),
    ],
)
def test_rows_of_a_document_agree(tmp_path: Path, column: str, first: str, second: str, value: str) -> None:
    """Section 4: a disagreement names both lines."""
    common = {"account": "A", "kind": "payment", "document": "1", "Date pièce": DAY, "amount": "5"}
    header = [*common, column] if column not in common else [*common]
    rows = [[{**common, column: cell}[name] for name in header] for cell in (first, second, first)]
    told = read_text(tmp_path, "\n".join(",".join(row) for row in [header, *rows]))
    assert told.where == [(3, column, value)]
    assert "line 2" in told.problems[0].expected
    assert told.bad == [(0, 3, 1, "1")]


def test_bad_rows_name_their_documents_and_no_other(tmp_path: Path) -> None:
    """R23: every bad row is told, never half a document."""
    text = HEADER + (
        f"A,invoice,1,{DAY},5\nA,invoice,2,{DAY},5\nA,invoice,2,{DAY},x\nA,invoice,2,nie,y\n"
        f"A,invoice,3,{DAY},5\nA,bill,3,{DAY},5\n,invoice,,{DAY},5\nA,payment,4,{DAY},5\n"
    )
    told = read_text(tmp_path, text)
    assert told.where == [
        (4, "amount", "x"),
        (5, "date", "nie"),
        (5, "amount", "y"),
        (7, "kind", "bill"),
        (8, "account", ""),
        (8, "document", ""),
    ]
    assert told.bad == [(0, 4, 0, "2"), (0, 5, 0, "2"), (0, 7, None, "3"), (0, 8, 0, None)]
    whole = {header[4] for header in told.headers} - {document for *_row, document in told.bad}
    assert whole == {"1", "4"}


def test_values_are_shortened_in_problems(tmp_path: Path) -> None:
    told = read_text(tmp_path, HEADER + f"A,invoice,1,{DAY},{'9x' * 100}\n")
    assert told.problems[0].value == "9x" * 19 + "9…"


def test_the_last_name_of_an_account_counts(tmp_path: Path) -> None:
    header = "account,nom,kind,document,date,amount\n"
    told = read_text(
        tmp_path,
        header + f"A,Old,invoice,1,{DAY},5\nA, New ,invoice,2,{DAY},5\nA,,invoice,3,{DAY},5\nB,,invoice,4,{DAY},5\n",
    )
    assert told.names == {"A": "New"}


def _pieces(folder: Path, *documents: str, header: str = HEADER) -> Told:
    return read_text(folder, header + "".join(f"{document}\n" for document in documents))


def _digest(told: Told, seq: int) -> bytes:
    header = next(header for header in told.headers if header[0] == seq)
    return document_digest(header[3:13], [line[2:] for line in told.lines if line[0] == seq])


def test_digests_are_those_of_the_canonical_form(tmp_path: Path) -> None:
    """R22, R26."""
    header = "account,kind,document,date,amount,line,due,order,memo,applies_to,lettre,mode,registre,gl code\n"
    told = _pieces(
        tmp_path,
        f"A,invoice,1,{DAY},5,9,{DAY},O,Été,x,y,z,r,400",
        f"A,invoice,1,{DAY},-5,3,{DAY},O,,,,z,r,",
        f"B,payment,2,{DAY},5,,,,,,,,,",
        header=header,
    )
    assert [_digest(told, header[0]) for header in told.headers] == [header[14] for header in told.headers]


def test_pieces_of_a_document_are_merged_and_go_on_counting(tmp_path: Path) -> None:
    """R22: the same digest as if the rows stood together."""
    one, two, other = f"A,invoice,1,{DAY},5", f"A,invoice,1,{DAY},-7", f"A,payment,9,{DAY},1"
    apart = _pieces(tmp_path, one, one, other, two, other.replace("9", "8"), one)
    parts = [
        (header, [line for line in apart.lines if line[0] == header[0]]) for header in apart.headers if header[4] == "1"
    ]
    together = _pieces(tmp_path, one, one, two, one)
    merged = merge(parts)
    assert not isinstance(merged, list)
    header, lines = merged
    assert [line[:5] for line in lines] == [
        (1, 2, 1, 1, 500),
        (1, 3, 2, 1, 500),
        (1, 5, 3, -1, 700),
        (1, 7, 4, 1, 500),
    ]
    assert header == together.headers[0]


def test_pieces_that_do_not_fit_are_problems(tmp_path: Path) -> None:
    lines = "account,kind,document,date,amount,line\n"
    told = _pieces(
        tmp_path,
        f"A,invoice,1,{DAY},5,1",
        f"A,payment,9,{DAY},1,",
        f"B,invoice,1,{DAY},5,1",
        f"A,payment,8,{DAY},1,",
        f"A,invoice,1,{DAY},5,",
        f"A,invoice,1,{DAY},5,7",
        header=lines,
    )
    parts = [(header, [line for line in told.lines if line[0] == header[0]]) for header in told.headers]
    problems = merge([part for part in parts if part[0][4] == "1"], "a.csv")
    assert isinstance(problems, list)
    assert {problem.file for problem in problems} == {"a.csv"}
    assert [(problem.line, problem.column, problem.value) for problem in problems] == [
        (4, "account", "B"),
        (2, "line", ""),
        (4, "line", "1"),
        (6, "line", "1"),
    ]


def test_merged_two_sides_are_flagged(tmp_path: Path) -> None:
    """R10: a discount that stands apart is still of the document."""
    told = _pieces(tmp_path, f"A,invoice,1,{DAY},5", f"A,payment,9,{DAY},1", f"A,invoice,1,{DAY},-2")
    merged = merge(
        [(header, [line for line in told.lines if line[0] == header[0]]) for header in told.headers if header[4] == "1"]
    )
    assert not isinstance(merged, list)
    assert merged[0][13] & TWO_SIDES


def test_files_are_told_apart(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.csv", "b.csv", "c.csv")]
    for path in paths:
        path.write_text(HEADER + f"A,invoice,{path.stem},{DAY},5\n")
    paths[1].write_bytes(b"%PDF")
    told = read_files(paths)
    assert [(header[0], header[1], header[4]) for header in told.headers] == [(1, 0, "a"), (2, 2, "c")]
    assert told.bad == [(1, 0, None, None)]
    assert told.problems[0].file == str(paths[1])
