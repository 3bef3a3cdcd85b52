"""Never a traceback and never a defect, for any argument and any file: the ways in which a command may end are few."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reconcile_cli.cli.app import COMMANDS
from reconcile_cli.cli.main import main
from reconcile_cli.errors import Exit
from tests.cli.driving import CLUB, Answer, ok, reconcile

ENDS: Final = {Exit.DONE, Exit.REFUSED, Exit.USAGE, Exit.FINDINGS, Exit.UNUSABLE}
QUICK: Final = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

_NAMES: Final = (
    "A-1",
    "I-1",
    "P-1",
    "I-1:2",
    "P-1=5",
    "invoice/I-1:1",
    "payment/PP-1",
    "DEP-1",
    "E-1",
    "F-1",
    "1",
    "-",
)
_OPTIONS: Final = tuple(
    """
    --all --dry-run --until --by --due --include-planned --note --yes -y --account --status --owing --in-credit --sort
    --limit --side --older-than --held --exit-code --open --matches --from --to --state --overdue --quick --format -f
    --db --lang --color --ascii --version --help -h --map --decimal --encoding --delimiter --date-order --currency
    --signed --unsigned --rejects --no-match --update-reconciled -- --format=json -fcsv --limit=0 --until=2024-01-01
    """.split()  # noqa: SIM905 - a list of strings would be a page long
)
_VALUES: Final = (
    "0", "1", "-1", "99999999999999999999", "9" * 5000, "1e5", "1_0", "１", "2024-01-01", "2024-02-30", "date", "due",
    "debit", "planned", "json", "csv", "table", "code", "balance", "unreconciled", "account=account", "=", ":", "/",
    ":/=", "invoice/", "invoice/:1=", "a/b/c:1:2=3=4", "%", "'", '"', "\\", "*", "~", "$HOME", " ", "", "\t", "\n", "é",
    "\u202e", "\x1b[31m", "[/b]", "{0}", "%s", "x" * 3000, "\udcff", "utf-16", ",", ";", "tab", "dmy", "CAD", "xx",
)  # fmt: skip
WORDS: Final = st.one_of(
    st.sampled_from((*COMMANDS, *_NAMES)), st.sampled_from(_OPTIONS), st.sampled_from(_VALUES), st.text(max_size=6)
)


@pytest.fixture(scope="module", autouse=True)
def _books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Books of this module, in a folder where stray files may be made."""
    folder = tmp_path_factory.mktemp("any")
    (folder / "club.csv").write_text(CLUB, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch, contextlib.chdir(folder):
        patch.setenv("RECONCILE_DB", str(folder / "books.db"))
        ok(reconcile("load", "club.csv"))
        yield


def _well_ended(answer: Answer, argv: object) -> None:
    said = answer.out + answer.err
    assert answer.code in ENDS, (argv, answer)
    assert "Traceback" not in said, (argv, answer)
    assert "defect" not in said, (argv, answer)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", said), (argv, answer)
    if answer.code in (Exit.REFUSED, Exit.USAGE, Exit.UNUSABLE):
        assert answer.err, (argv, answer)


@given(
    command=st.sampled_from(tuple(COMMANDS)), words=st.lists(WORDS, max_size=4), stdin=st.sampled_from((CLUB, "", "x"))
)
@example(command="undo", words=["9" * 5000, "--yes"], stdin="")
@example(command="accounts", words=["--limit", "9" * 30], stdin="")
@example(command="unreconciled", words=["--older-than", "9" * 5000], stdin="")
@example(command="hold", words=["I-1:" + "9" * 5000], stdin="")
@example(command="match", words=["I-1", "P-1=" + "9" * 5000], stdin="")
@example(command="find", words=["9" * 5000], stdin="")
@example(command="show", words=["x" * 50_000], stdin="")
@example(command="load", words=["-", "-"], stdin=CLUB)
@example(command="info", words=["--db", ""], stdin="")
@QUICK
def test_any_words_after_a_command(command: str, words: list[str], stdin: str) -> None:
    argv = [command, *words]
    _well_ended(reconcile(*argv, stdin=stdin), argv)


@given(words=st.lists(WORDS, max_size=5))
@QUICK
def test_any_words_at_all(words: list[str]) -> None:
    _well_ended(reconcile(*words), words)


def _mutated(text: bytes, cuts: list[tuple[int, int, bytes]]) -> bytes:
    for at, length, new in cuts:
        begin = at % (len(text) + 1)
        text = text[:begin] + new + text[begin + length :]
    return text


_PIECES: Final = st.one_of(
    st.binary(max_size=4),
    st.sampled_from(
        (
            b'"',
            b",",
            b";",
            b"\n",
            b"\r",
            b"\x00",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"-",
            b"=",
            b"9" * 25,
            b"\x1b]0;x\x07",
            b"sep=;\n",
        )
    ),
)


@given(cuts=st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 40), _PIECES), min_size=1, max_size=4))
@QUICK
def test_any_damage_to_a_file(cuts: list[tuple[int, int, bytes]]) -> None:
    damaged = _mutated(CLUB.encode(), cuts)
    answer = reconcile("load", "-", "--dry-run", "--update-reconciled", stdin=damaged)
    _well_ended(answer, damaged)
    if answer.code == Exit.REFUSED:
        assert answer.out == "", damaged


@given(content=st.binary(max_size=200))
@example(content=b"")
@example(content=b"\xef\xbb\xbf")
@example(content=b"\x00" * 50)
@example(content=b"SQLite format 3\x00" + b"\x00" * 100)
@QUICK
def test_any_bytes_as_file_and_as_database(content: bytes) -> None:
    _well_ended(reconcile("load", "-", "--dry-run", stdin=content), content)
    path = Path("some.db")
    path.write_bytes(content)
    for argv in (["accounts"], ["check"], ["load", "club.csv"], ["undo", "--yes"]):
        answer = reconcile(*argv, "--db", "some.db")
        _well_ended(answer, content)
        assert answer.code == Exit.UNUSABLE or not content, (argv, content, answer)
        if content:
            assert path.read_bytes() == content
        else:
            path.write_bytes(content)


def test_a_database_cut_short_is_unusable_and_left_alone() -> None:
    whole = Path("books.db").read_bytes()
    path = Path("cut.db")
    for length in (1, 15, 16, 99, 100, 101, 4095, 4096, 4097, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        for argv in (["accounts"], ["check"], ["load", "club.csv"]):
            answer = reconcile(*argv, "--db", str(path))
            _well_ended(answer, (argv, length))
            assert answer.code in (Exit.UNUSABLE, Exit.FINDINGS), (argv, length, answer)
        assert path.read_bytes() == whole[:length]


def test_an_interruption_in_the_middle_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reconcile_cli.cli.context.Session.read", interrupt)
    for argv in (["accounts"], ["show", "A-1"], ["check"]):
        answer = reconcile(*argv)
        assert (answer.code, answer.out, len(answer.err.splitlines())) == (Exit.INTERRUPTED, "", 1)
    assert main(["--version"]) == Exit.DONE
