"""C4: bytes, encodings, delimiters, title lines, quotes, and what is refused with its line."""

import io
import os
import threading
from pathlib import Path

import pytest

from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.problems import BadReadOption, UnreadableFile
from reconcile_cli.intake.reading import read_documents
from reconcile_cli.intake.source import Source
from reconcile_cli.intake.survey import MAX_RECORD
from tests.unit.intake.reading import HEADER, read_bytes, read_files, read_text

ROW = "Été,payment,P1,2024-01-31,5\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
)
def test_encodings_are_told_from_the_bytes(tmp_path: Path, encoding: str) -> None:
    told = read_bytes(tmp_path, (HEADER + ROW).encode(encoding))
    assert [header[5] for header in told.headers] == ["Été"]
    assert told.problems == []
    assert any("Windows-1252" in note for note in told.notes) == (encoding in {"cp1252", "latin-1"})


def test_the_option_decides_the_encoding(tmp_path: Path) -> None:
    data = (HEADER + ROW).encode("cp850")
    assert read_bytes(tmp_path, data, encoding="cp850").headers[0][5] == "Été"
    assert read_bytes(tmp_path, data, encoding="utf-8").where == [(2, "", "0x90")]


def test_bytes_of_no_known_encoding_are_refused_with_their_line(tmp_path: Path) -> None:
    told = read_bytes(tmp_path, HEADER.encode() + b"A,payment,P1,2024-01-31,5\nA\x81,payment,P2,2024-01-31,5\n")
    assert told.where == [(3, "", "0x81")]
    assert "--encoding" in told.problems[0].expected


@pytest.mark.parametrize("shift", [0, 1])
def test_a_character_cut_by_a_block_of_reading_is_whole(tmp_path: Path, shift: int) -> None:
    row = "é" * 5000 + ",payment,P{},2024-01-31,5\n"
    text = HEADER + "x" * shift + "".join(row.format(number) for number in range(300))
    told = read_text(tmp_path, text)
    assert len(told.headers) == 300
    assert told.notes == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_delimiters_and_line_ends(tmp_path: Path, delimiter: str, end: str) -> None:
    text = HEADER + 'A,payment,P1,2024-01-31,5\nA,payment,"P2",2024-01-31,7'
    told = read_text(tmp_path, text.replace(",", delimiter).replace("\n", end))
    assert told.signed == [-500, -700]
    assert told.problems == []


def test_delimiter_by_option_or_by_sep_line(tmp_path: Path) -> None:
    text = "account:kind:document:date:amount\nA:payment:P1:2024-01-31:5\n"
    assert read_text(tmp_path, text, delimiter=":").signed == [-500]
    assert read_text(tmp_path, "sep=:\r\n" + text).signed == [-500]
    assert read_text(tmp_path, "\ufeff" + '"sep=:"\r\n' + text).signed == [-500]
    assert read_text(tmp_path, text).where == [(1, "", "account:kind:document:date:amount")]


def test_title_lines_and_blank_lines(tmp_path: Path) -> None:
    text = (
        'Client list, no 5" of it\n\n"Printed\n2024-01-31"\n'
        "Paiement facture,2024-01-31,5\n"
        + HEADER
        + '\nA,payment,P1,2024-01-31,5\n,,,,\n  , ,,,\n\n"A\n",payment,P2,2024-01-31,x\n'
    )
    told = read_text(tmp_path, text)
    assert told.signed == [-500]
    assert told.headers[0][2] == 8
    assert told.where == [(12, "amount", "x")]


def test_a_row_of_data_is_no_header(tmp_path: Path) -> None:
    told = read_text(tmp_path, "Paiement,facture,client,2024-01-31,5\n")
    assert told.where == [(1, "", "Paiement,facture,client,2024-01-31,5")]


def test_line_ends_and_tabs_in_a_cell_are_a_space(tmp_path: Path) -> None:
    header = "account,kind,document,date,amount,memo\n"
    told = read_text(tmp_path, header + 'A,payment,P1,2024-01-31,5,"a\r\n b\tc\n"\nA,payment,P2,2024-01-31,x,\n')
    assert told.lines[0][5] == "a b c"
    assert told.where == [(5, "amount", "x")]


@pytest.mark.parametrize("control", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\x1f"])
def test_control_characters_are_refused_and_shown(tmp_path: Path, control: str) -> None:
    told = read_text(tmp_path, HEADER + f"A,payment,P1,2024-01-31,5\nA{control},payment,P2,2024-01-31,5\n")
    escaped = control.encode("unicode_escape").decode()
    assert told.where == [(3, "account", "A" + escaped)]
    assert told.bad == [(0, 3, 1, "P2")]
    assert told.signed == [-500]


def test_short_and_long_rows_are_refused(tmp_path: Path) -> None:
    told = read_text(
        tmp_path, HEADER + "A,payment,P1,2024-01-31\nA,payment,P2,2024-01-31,5\nA,payment,P3,2024-01-31,5,\n"
    )
    assert [(problem.line, problem.column) for problem in told.problems] == [(2, ""), (4, "")]
    assert told.bad == [(0, 2, None, None), (0, 4, None, None)]
    assert told.signed == [-500]


def test_a_quote_never_closed_is_one_problem_where_it_opens(tmp_path: Path) -> None:
    rows = "".join(f"A,payment,P{number},2024-01-31,5\n" for number in range(50_000))
    told = read_text(tmp_path, HEADER + "A,payment,P,2024-01-31,5\n" + 'A,payment,"Q,2024-01-31,5\n' + rows)
    assert told.problems[0].line == 3
    assert "never closed" in told.problems[0].expected
    assert (0, 0, None, None) in told.bad


def test_text_after_a_closing_quote_is_refused_and_the_next_row_is_read(tmp_path: Path) -> None:
    told = read_text(
        tmp_path,
        HEADER + 'A,payment,"P"1,2024-01-31,5\nA,payment,P2,2024-01-31,6\nA,payment,"P\n3"x,2024-01-31,5\n',
    )
    assert [problem.line for problem in told.problems] == [2, 4]
    assert "line 5" in told.problems[1].expected
    assert told.signed == [-600]


def test_quotes_after_a_space_are_quotes(tmp_path: Path) -> None:
    assert read_text(tmp_path, HEADER + 'A, payment, "P, ""1""", 2024-01-31, 5\n').headers[0][4] == 'P, "1"'


@pytest.mark.parametrize(("length", "fine"), [(10_000, True), (10_001, False)])
def test_the_longest_text(tmp_path: Path, length: int, *, fine: bool) -> None:
    told = read_text(tmp_path, HEADER + f"{'A' * length},payment,P1,2024-01-31,5\n")
    assert (told.problems == []) == fine
    assert len(told.headers) == fine


@pytest.mark.parametrize(("columns", "fine"), [(1_000, True), (1_001, False)])
def test_the_most_columns(tmp_path: Path, columns: int, *, fine: bool) -> None:
    extra = columns - 5
    told = read_text(tmp_path, HEADER[:-1] + ",x" * extra + "\nA,payment,P1,2024-01-31,5" + "," * extra + "\n")
    assert (told.problems == []) == fine


@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
@pytest.mark.parametrize(("more", "fine"), [(0, True), (1, False)])
def test_the_longest_line(tmp_path: Path, end: str, more: int, *, fine: bool) -> None:
    """The limit holds wherever the line stands to the blocks in which the file is read."""
    row = "A,payment,P1,2024-01-31,5" + ("," + "x" * 1049) * 994
    row += "," + "x" * (MAX_RECORD + more - len(row) - 1)
    told = read_text(
        tmp_path, HEADER[:-1] + ",x" * 995 + "\n" + "A,payment,P0,2024-01-31,5" + "," * 995 + "\n" + row + end
    )
    assert (told.problems == []) == fine
    assert told.signed == [-500] * 2 * fine
    assert fine or "1 MiB" in told.problems[0].expected


def test_an_empty_file_is_refused_and_a_lone_header_is_told(tmp_path: Path) -> None:
    assert read_text(tmp_path, "").where == [(0, "", "")]
    told = read_text(tmp_path, HEADER)
    assert (told.problems, told.headers) == ([], [])
    assert "no rows" in told.notes[0]


@pytest.mark.parametrize("path", ["missing.csv", ".", "a\0b"])
def test_what_cannot_be_opened_is_refused_before_anything_is_read(tmp_path: Path, path: str) -> None:
    good = tmp_path / "good.csv"
    good.write_text(HEADER + ROW)
    with pytest.raises(UnreadableFile):
        next(read_documents([Source(str(good)), Source(str(tmp_path / path))], ReadOptions()))


def test_a_pipe_is_read_once_and_looked_through_twice(tmp_path: Path) -> None:
    """C1 needs the proof that comes last, also from a pipe."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    text = HEADER + 'A,payment,1,2024-01-31,"1,234"\nA,payment,2,2024-01-31,5.25\n'
    writer = threading.Thread(target=pipe.write_text, args=(text,))
    writer.start()
    told = read_files([pipe])
    writer.join()
    assert told.signed == [-123400, -525]


def test_standard_input_is_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    data = io.BytesIO((HEADER + "A,payment,1,2024-01-31,x\n").encode())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(data))
    (batch, _last) = read_documents([Source("-")], ReadOptions())
    problems = batch.problems + _last.problems
    assert [(problem.file, problem.line) for problem in problems] == [("standard input", 2)]


@pytest.mark.parametrize(
    "options",
    [
        {"encoding": "klingon"},
        {"encoding": "hex"},
        {"encoding": "unicode_escape"},
        {"delimiter": ""},
        {"delimiter": ";;"},
        {"delimiter": '"'},
        {"decimal": ";"},
        {"date_order": "ydm"},
        {"columns": {"colour": "x"}},
    ],
)
def test_options_that_mean_nothing_are_refused(tmp_path: Path, options: dict[str, object]) -> None:
    with pytest.raises(BadReadOption):
        read_text(tmp_path, HEADER + ROW, **options)


def test_the_bytes_read_end_at_the_size_of_all_files(tmp_path: Path) -> None:
    paths = [tmp_path / "1.csv", tmp_path / "2.csv"]
    for path in paths:
        path.write_text(HEADER + "".join(f"A,payment,{path.stem}-{n},2024-01-31,5\n" for n in range(5000)))
    told = read_files(paths)
    read = [batch.bytes_read for batch in told.batches]
    assert read == sorted(read)
    assert read[-1] == sum(path.stat().st_size for path in paths)
    assert [header[0] for header in told.headers] == list(range(1, 10_001))
    assert {header[1] for header in told.headers} == {0, 1}
