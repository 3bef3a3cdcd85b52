"""Locales, closed pipes and streams, signals, folders without rights: the program itself, as shells start it."""

import contextlib
import ctypes
import getpass
import os
import shlex
import shutil
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from reconcile_cli.cli.context import author
from reconcile_cli.errors import Exit
from tests.cli.driving import PROGRAM, ok, program, reconcile

C = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
RUN = shlex.join(PROGRAM)


def _shell(line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `R` is the program; the exit code is that of the program in a pipe."""
    return subprocess.run(
        ["bash", "-c", f'set -o pipefail; R() {{ {RUN} "$@"; }}; {line}'],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture(scope="module")
def _long_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "books.db"
    invoices = [f"L-{n:05},Somebody {n},invoice,L{n:05},2024-02-01,1.00" for n in range(2_000)]
    payments = [f"L-{n:05},Somebody {n},payment,LP{n:05},2024-02-02,1.00" for n in range(2_000)]
    of_one = [f"M-1,Anybody,invoice,M{n:05},2024-02-01,2.00" for n in range(2_000)]
    rows = "\n".join(["account,account_name,kind,document,date,amount", *invoices, *payments, *of_one, ""])
    ok(reconcile("load", "-", "--db", str(path), stdin=rows))
    return path


@pytest.fixture
def long_books(_long_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """More rows of every listing than a pipe holds."""
    path = tmp_path / "long.db"
    shutil.copy(_long_template, path)
    monkeypatch.setenv("RECONCILE_DB", str(path))
    return path


@pytest.mark.parametrize(
    "line",
    [
        "R accounts -f csv | head -1",
        "R accounts -f json | head -1",
        "R accounts | head -1",
        "R unreconciled -f json | head -1",
        "R find 1.00 | head -1",
        "R payments -f csv | head -1",
        "R accounts -f html | head -1",
        "R show M-1 -f csv | head -1",
        "R show M-1 --matches | head -1",
        "R statement M-1 | head -1",
        "R suggest | head -1",
        "R history show 1 | head -1",
        "R report sales --by account | head -1",
        "R report ledger --by account,item -f csv | head -1",
        "R report payments --by account -f json | head -1",
        "R report aging --detail | head -1",
        "R report unapplied | head -1",
        "R auto --all --dry-run -f csv | head -1",
        "R export | head -1",
    ],
)
@pytest.mark.usefixtures("long_books")
def test_a_closed_pipe_is_silent(line: str) -> None:
    done = _shell(line)
    assert done.returncode == Exit.CLOSED_PIPE
    assert "rror" not in done.stderr
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.usefixtures("long_books")
def test_a_change_whose_data_nobody_takes_is_done_and_said() -> None:
    done = _shell("R auto --all -f csv | head -1")
    assert done.returncode == Exit.CLOSED_PIPE
    assert "Take it back: reconcile undo 2" in done.stderr
    assert ok(reconcile("accounts", "--status", "unreconciled", "L-", "-f", "csv")).rows == []


def test_one_file_for_both_streams_reads_as_a_terminal_does(club: Path) -> None:
    log = club / "log.txt"
    _shell(f"R auto --all > {log} 2>&1")
    first, *_others, last = log.read_text("utf-8").splitlines()
    assert first.split() == ["Account", "Credit", "Debit", "Amount", "Why"]
    assert last == "Take it back: reconcile undo 2"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.usefixtures("club")
def test_output_that_cannot_be_written_is_said() -> None:
    done = _shell("R auto --all > /dev/full")
    assert done.returncode == Exit.REFUSED
    assert "Error: No space left on device" in done.stderr
    assert "Take it back: reconcile undo 2" in done.stderr


@pytest.mark.usefixtures("club")
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("R accounts >&-", Exit.DONE),
        ("R accounts -f json >&- 2>&-", Exit.DONE),
        ("R auto A-1 >&- 2>&- <&-", Exit.DONE),
        ("R undo <&-", Exit.REFUSED),
        ("R load - <&-", Exit.REFUSED),
        ("R nope 2>&-", Exit.USAGE),
        ("R show Z 2>&-", Exit.REFUSED),
    ],
)
def test_streams_that_are_closed(line: str, code: Exit) -> None:
    done = _shell(line)
    assert done.returncode == code
    assert "defect" not in done.stderr
    assert "Traceback" not in done.stderr


class TestLocales:
    """Data is UTF-8 in every locale; a table uses what the stream can encode; a word is UTF-8."""

    @pytest.mark.parametrize("env", [{"LC_ALL": "C"}, C])
    def test_data(self, env: dict[str, str], club: Path) -> None:
        assert program("accounts", "Léa", "-f", "csv", env=env).rows[0]["name"] == "Léa Tremblay"
        assert program("accounts", "Léa", "-f", "json", env=env).json[0]["name"] == "Léa Tremblay"
        assert club.exists()

    def test_a_table(self, club: Path) -> None:
        assert "Lea Tremblay" in ok(program("accounts", env=C)).out
        assert ok(program("show", "C-1", "--matches", env=C)).out.isascii()
        assert "Léa Tremblay" in ok(program("accounts", env={"PYTHONIOENCODING": "utf-8"})).out
        assert program("accounts", env={"PYTHONIOENCODING": "latin-1"}).code == Exit.DONE
        assert club.exists()

    def test_names_of_files_and_of_the_user(self, club: Path) -> None:
        """What is read, where it is written and who did it are no ASCII, and the locale is C."""
        (club / "é.csv").write_text(
            "account,kind,document,date,amount\nÉ-1,invoice,É1,2024-02-01,1\n", encoding="utf-8"
        )
        env = C | {"LOGNAME": "Zoë"}
        loaded = program("load", str(club / "é.csv"), "--db", str(club / "ü.db"), "--note", "ça", env=env)
        assert ok(loaded).err.isascii()
        assert (club / "ü.db").exists()
        row = ok(program("history", "-f", "csv", env=C | {"RECONCILE_DB": str(club / "ü.db")})).rows[0]
        assert (row["author"], row["note"]) == ("Zoë", "ça")
        assert "é.csv" in row["arguments"]
        assert ok(program("show", "É1", "-f", "json", "--db", str(club / "ü.db"), env=C)).out

    def test_a_word_that_is_no_text_is_wrong_usage(self, club: Path) -> None:
        for argv in ([b"show", b"\xff"], [b"hold", b"P-1", b"\xff"], [b"hold", b"P-1", b"--note", b"\xff"]):
            answer = program(*argv, env=C if len(argv) > 2 else {})
            assert (answer.code, answer.out) == (Exit.USAGE, "")
            assert "not UTF-8 text" in answer.err
        assert club.exists()

    def test_a_file_may_be_called_anything(self, club: Path) -> None:
        folder = os.fsencode(club)
        (club / os.fsdecode(b"\xff\x1b[31m.csv")).write_bytes((club / "club.csv").read_bytes())
        argv = [b"--db", folder + b"/\xfe.db"]
        loaded = subprocess.run(
            [*PROGRAM, b"load", folder + b"/\xff\x1b[31m.csv", *argv], capture_output=True, check=True
        )
        assert b"\x1b" not in loaded.stdout + loaded.stderr
        for form in (b"table", b"csv", b"json"):
            info = subprocess.run([*PROGRAM, b"info", b"-f", form, *argv], capture_output=True, check=True)
            assert (b"\xfe.db" in info.stdout) is (form == b"csv")
            history = subprocess.run([*PROGRAM, b"history", b"-f", form, *argv], capture_output=True, check=True)
            assert b"\x1b" not in history.stdout


@pytest.mark.usefixtures("club")
def test_a_user_without_a_name() -> None:
    for name in (b"\xff", b"\x1b[31m[red]\xe2\x80\xae"):
        env = os.environ | {"LOGNAME": os.fsdecode(name)}
        subprocess.run([*PROGRAM, "hold", "P-1"], env=env, capture_output=True, check=True)
        subprocess.run([*PROGRAM, "release", "P-1"], env=env, capture_output=True, check=True)
    assert "\x1b" not in ok(reconcile("history")).out


@pytest.mark.parametrize(
    "named",
    [
        {"LOGNAME": "anna", "USER": "bert"},
        {"LOGNAME": "", "USER": "bert", "USERNAME": "carl"},
        {"LNAME": "dora", "USERNAME": "carl"},
        {"USERNAME": "Zoë"},
        {},
    ],
)
def test_the_author_is_who_python_takes_for_the_user(named: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    assert author() == getpass.getuser()


@pytest.mark.parametrize("how", ["a number without an entry", "a system without numbers"])
def test_an_author_whom_nothing_names(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    if how == "a number without an entry":
        monkeypatch.setattr(os, "getuid", lambda: 2**31 - 7)
    else:
        monkeypatch.setitem(sys.modules, "pwd", None)
    assert author() == "unknown"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, Exit.INTERRUPTED), (signal.SIGTERM, Exit.TERMINATED)])
def test_a_load_that_is_stopped_writes_nothing(number: signal.Signals, code: Exit, club: Path) -> None:
    before = ok(reconcile("export")).out
    fifo = club / "slow.csv"
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [*PROGRAM, "load", str(fifo)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with fifo.open("w") as writer:  # opens when the program reads
        writer.write("account,kind,document,date,amount\nA-1,invoice,I-9,2024-02-01,10\n")
        writer.flush()
        while process.poll() is None:  # one that comes just before a read blocks is seen with the next
            process.send_signal(number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=3)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (code, "")
    assert len(err.splitlines()) <= 1
    assert ok(reconcile("export")).out == before


def _as_anyone() -> None:
    """Let rights bind the program that is about to start, also where tests run as root."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            libc.prctl(24, capability)  # PR_CAPBSET_DROP


class TestFolders:
    def test_a_new_database_is_private(self, club: Path) -> None:
        ok(reconcile("load", str(club / "club.csv"), "--db", str(club / "new.db")))
        assert stat.S_IMODE((club / "new.db").stat().st_mode) == 0o600

    def test_the_users_own_database(self, tmp_path: Path) -> None:
        env = {"XDG_DATA_HOME": str(tmp_path / "data"), "RECONCILE_DB": ""}
        rows = b"account,kind,document,date,amount\nA,invoice,1,2024-02-01,10\n"
        assert program("accounts", env=env).code == Exit.REFUSED
        assert not (tmp_path / "data").exists()
        ok(program("load", "-", env=env, stdin=rows))
        made = tmp_path / "data" / "reconcile"
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
        assert [path.name for path in made.iterdir() if path.suffix == ".db"] == ["reconcile.db"]

    @pytest.mark.skipif(sys.platform != "linux", reason="drops rights as Linux does")
    def test_a_folder_that_cannot_be_written(self, club: Path) -> None:
        ok(reconcile("hold", "P-1"))
        for path in club.iterdir():
            path.chmod(0o444)
        club.chmod(0o555)
        try:
            for argv, code in (
                (["accounts", "-f", "csv"], Exit.DONE),
                (["check"], Exit.DONE),
                (["auto", "--all"], Exit.UNUSABLE),
                (["load", str(club / "club.csv"), "--db", str(club / "new.db")], Exit.UNUSABLE),
                (["load", "-", "--rejects", str(club / "rejects.csv"), "--db", "/dev/null"], Exit.UNUSABLE),
            ):
                done = subprocess.run(
                    [*PROGRAM, *argv],
                    preexec_fn=_as_anyone,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                assert done.returncode == code, (argv, done)
                assert "Traceback" not in done.stderr
                assert "defect" not in done.stderr
        finally:
            club.chmod(0o755)


def test_two_may_read_at_once(club: Path) -> None:
    codes: list[int] = []
    threads = [threading.Thread(target=lambda: codes.append(program("accounts").code)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [Exit.DONE, Exit.DONE]
    assert club.exists()
