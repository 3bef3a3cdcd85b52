"""Lists to files: which format, who may read them, what is never written over; whole or not at all."""

import fcntl
import json
import os
import shlex
import stat
import subprocess
from functools import partial
from pathlib import Path

import pytest

from reconcile_cli.errors import Exit
from tests.cli.driving import PROGRAM, ok, on_terminal, reconcile
from tests.fault.forked import run
from tests.fault.test_injection import file_limit

BEGINNINGS = {
    "csv": b"account,name",
    "json": b"[\n{",
    "html": b"<!DOCTYPE html>",
    "htm": b"<!DOCTYPE html>",
    "xlsx": b"PK",
    "txt": b"Open ",
}


def _written(folder: Path, name: str, *more: str) -> bytes:
    ok(reconcile("accounts", "-o", str(folder / name), *more))
    return (folder / name).read_bytes()


@pytest.mark.parametrize("ending", BEGINNINGS)
def test_the_ending_tells_the_format(ending: str, club: Path) -> None:
    for name in (f"list.{ending}", f"LIST.{ending.upper()}"):
        assert _written(club, name).lstrip().startswith(BEGINNINGS[ending])


def test_the_format_given_wins_over_the_ending_and_that_over_the_environment(
    club: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _written(club, "1.csv", "-f", "json").startswith(b"[")
    monkeypatch.setenv("RECONCILE_FORMAT", "json")
    assert _written(club, "2.csv").startswith(b"account,")
    assert _written(club, "without an ending").startswith(b"[")
    assert _written(club, "3.csv", "--format=table").lstrip().startswith(b"Open ")


def test_an_ending_that_says_nothing_is_no_format(club: Path) -> None:
    answer = reconcile("accounts", "-o", str(club / "list.ods"))
    assert answer.code == Exit.USAGE
    assert "give --format" in answer.err
    assert not (club / "list.ods").exists()


def test_what_is_written_to_a_file_is_what_goes_through_a_pipe(club: Path) -> None:
    for form in ("table", "csv", "json", "html"):
        piped = ok(reconcile("accounts", "-f", form)).out
        written = _written(club, f"list-{form}", "-f", form).decode()
        assert [line for line in written.splitlines() if "UTC" not in line] == [
            line for line in piped.splitlines() if "UTC" not in line
        ]


def test_a_single_hyphen_is_standard_output(club: Path) -> None:
    assert ok(reconcile("accounts", "-o", "-", "-f", "csv")).rows
    assert sorted(path.name for path in club.iterdir()) == ["books.db", "club.csv"]


def test_it_is_said_where_the_list_went_and_nothing_else(club: Path) -> None:
    answer = ok(reconcile("unreconciled", "--exit-code", "-o", str(club / "open.csv"), "--older-than", "100000"))
    assert answer.out == ""
    assert answer.err == f"Written: {club / 'open.csv'}\n"


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o777])
def test_it_is_its_owners_alone(umask: int, club: Path) -> None:
    before = os.umask(umask)
    try:
        for name in ("list.html", "list.xlsx", "list.csv"):
            _written(club, name)
            assert stat.S_IMODE((club / name).stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_a_file_that_is_there_stays_without_force(club: Path) -> None:
    (club / "list.csv").write_text("precious", "utf-8")
    answer = reconcile("accounts", "-o", str(club / "list.csv"))
    assert answer.code == Exit.REFUSED
    assert answer.err.endswith("list.csv was not written: write over it with --force. Name another file.\n")
    assert (club / "list.csv").read_text("utf-8") == "precious"
    assert _written(club, "list.csv", "--force").startswith(b"account,")


def test_a_link_leads_to_the_file_that_is_written(club: Path) -> None:
    (club / "real.csv").write_text("old", "utf-8")
    (club / "link.csv").symlink_to("real.csv")
    _written(club, "link.csv", "--force")
    assert (club / "link.csv").is_symlink()
    assert (club / "real.csv").read_text("utf-8").startswith("account,")


def test_the_database_is_never_written_over(club: Path) -> None:
    data = (club / "books.db").read_bytes()
    os.link(club / "books.db", club / "same.csv")
    for name in ("books.db", "same.csv"):
        answer = reconcile("accounts", "-f", "csv", "-o", str(club / name), "--force")
        assert answer.code == Exit.REFUSED
        assert "it is the database itself" in answer.err
    assert (club / "books.db").read_bytes() == data


def test_nothing_is_written_where_sqlite_keeps_the_last_changes(club: Path) -> None:
    """Others may be at work on the database: a list in the place of its log would lose what they committed."""
    for name in ("books.db-wal", "books.db-shm", "books.db-journal"):
        before = (club / name).read_bytes() if (club / name).exists() else None
        answer = reconcile("accounts", "-f", "csv", "-o", str(club / name), "--force")
        assert answer.code == Exit.REFUSED
        assert "a database may keep its last changes there" in answer.err
        assert before is None or (club / name).read_bytes() == before
    assert reconcile("accounts", "-f", "csv", "-o", str(club / "-wal")).code == Exit.DONE


@pytest.mark.parametrize("name", [".", "absent/list.csv", "pipe.csv"])
def test_what_is_no_place_for_a_file_is_refused(name: str, club: Path) -> None:
    os.mkfifo(club / "pipe.csv")
    answer = reconcile("accounts", "-f", "csv", "-o", str(club / name), "--force")
    assert answer.code == Exit.REFUSED
    assert len(answer.err.splitlines()) == 1
    assert "was not written" in answer.err


def test_a_name_that_no_account_has_leaves_no_file(club: Path) -> None:
    assert reconcile("show", "nobody", "-o", str(club / "nobody.html")).code == Exit.REFUSED
    assert not list(club.glob("*nobody*"))


@pytest.mark.parametrize("form", ["csv", "html", "xlsx", "json", "txt"])
@pytest.mark.parametrize("there", [False, True])
def test_on_a_full_disk_nothing_is_left_and_the_old_file_stays(form: str, club: Path, *, there: bool) -> None:
    rows = "".join(f"L-{n},{os.urandom(40).hex()},invoice,L-{n},2024-02-01,9.00\n" for n in range(3_000))
    ok(reconcile("load", "-", stdin=f"account,account_name,kind,document,date,amount\n{rows}"))
    place = club / f"list.{form}"
    if there:
        place.write_text("old", "utf-8")
    for limit in (40_000, 90_000):
        answer = run("accounts", "-o", str(place), "--force", folder=club, prepare=partial(file_limit, limit))
        assert answer.code == Exit.REFUSED, answer
        assert answer.err.startswith(f"Error: {place} was not written: "), answer
        assert len(answer.err.splitlines()) == 1, answer
        assert [path.read_text("utf-8") for path in club.glob("*list*")] == (["old"] if there else [])
        assert not [path for path in club.glob(".*") if path.name.endswith(".new")]


def test_the_draft_of_a_killed_process_goes_with_the_next_and_one_at_work_stays(club: Path) -> None:
    killed, working = club / ".list.csv.1234.new", club / ".list.csv.99.new"
    killed.write_text("customers", "utf-8")
    with working.open("w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _written(club, "list.csv")
        assert not killed.exists()
        assert working.exists()
    (club / ".other.csv.1.new").touch()
    _written(club, "list.csv", "--force")
    assert [path.name for path in club.glob(".*.new")] == [".other.csv.1.new"]


def test_options_that_go_together(club: Path) -> None:
    for argv, said in (
        (["--force"], "it goes with --output FILE"),
        (["--force", "-o", "-"], "it goes with --output FILE"),
        (["--csv-style", "excel-fr"], "it is for CSV alone"),
        (["--csv-style", "excel-fr", "-o", str(club / "a.json")], "it is for CSV alone"),
    ):
        answer = reconcile("accounts", *argv)
        assert answer.code == Exit.USAGE, argv
        assert said in answer.err, argv


def test_a_workbook_is_not_for_a_terminal(club: Path) -> None:
    answer = on_terminal("accounts", "-f", "xlsx")
    assert answer.code == Exit.USAGE
    assert "PK" not in answer.out
    assert club.exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize("form", ["csv", "json", "html", "xlsx"])
def test_a_full_device_or_a_closed_pipe_is_one_sentence_or_none(form: str, club: Path) -> None:
    line = f"{shlex.join(PROGRAM)} history show 1 -f {form}"
    for more, code, said in (
        (" > /dev/full", Exit.REFUSED, 1),
        (" | head -c 1 > /dev/null; exit ${PIPESTATUS[0]}", 0, 0),
    ):
        done = subprocess.run(["bash", "-c", line + more], check=False, capture_output=True, text=True, env=os.environ)
        assert done.returncode in (code, Exit.CLOSED_PIPE), done
        assert len(done.stderr.splitlines()) == said, done
    assert club.exists()


def test_a_command_without_a_list_takes_the_plain_formats(club: Path) -> None:
    answer = reconcile("auto", "--all", "-f", "html")
    assert answer.code == Exit.USAGE
    assert "html is not one of table, csv, json." in answer.err
    assert json.loads(ok(reconcile("auto", "--all", "--dry-run", "-f", "json")).out)["dry_run"] is True
    assert club.exists()


def test_a_missing_library_is_a_sentence_with_its_extra(club: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    answer = reconcile("accounts", "-o", str(club / "list.xlsx"))
    assert answer.code == Exit.REFUSED
    assert "pip install 'reconcile-cli[xlsx]'" in answer.err
    assert "xlsxwriter" in answer.err
    assert not list(club.glob("*list*"))


def test_a_page_tells_what_was_asked_without_where_it_was_written(club: Path) -> None:
    page = club / "page.html"
    ok(
        reconcile(
            "accounts", "--db", str(club / "books.db"), "Léa T", "--owing", "-o", str(page), "--limit=5", "-fhtml"
        )
    )
    text = page.read_text("utf-8")
    assert "<code>reconcile accounts &#x27;Léa T&#x27; --owing --limit=5</code>" in text
    assert "books.db" in text
    assert str(club) not in text


def test_csv_for_a_french_excel(club: Path) -> None:
    rows = 'A;1,"=1+1",invoice,=X,2024-01-01,-1234.50\nB,"-5",invoice,@Y,2024-01-01,0.05\n'
    db = str(club / "fr.db")
    ok(reconcile("load", "-", "--db", db, stdin=f"account,account_name,kind,document,date,amount\n{rows}"))
    plain = ok(reconcile("accounts", "--db", db, "-f", "csv")).out
    styled = ok(reconcile("accounts", "--db", db, "-f", "csv", "--csv-style", "excel-fr")).out
    assert styled.startswith("\ufeffaccount;name;")
    assert '"A;1";\'=1+1;CAD;unreconciled;-1234,50;0,00;1234,50;' in styled
    assert "B;'-5;CAD;unreconciled;0,05;0,05;" in styled
    assert "A;1,=1+1,CAD,unreconciled,-1234.50," in plain
