"""Completion of accounts, documents and open items, as the scripts of bash, zsh and fish ask for it."""

import csv
import io
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from reconcile_cli.cli.completing import reorder
from tests.cli.driving import ok, on_path, program, reconcile

ASKED = "_RECONCILE_COMPLETE"


def _bash(line: str, **env: str) -> list[str]:
    """Ask as the script of bash does: the words, and the number of the one at the cursor."""
    words = line.split(" ")
    asked = {ASKED: "complete_bash", "COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    return _asked(asked | env).split()


def _asked(env: dict[str, str]) -> str:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        answer = ok(reconcile())
    assert answer.err == ""
    return answer.out


def _other(shell: str, line: str) -> str:
    asked = {
        ASKED: f"complete_{shell}",
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": line.rpartition(" ")[2],
    }
    return _asked(asked)


@pytest.mark.usefixtures("club")
class TestNames:
    def test_in_bash(self) -> None:
        assert _bash("reconcile show A") == ["A-1"]
        assert _bash("reconcile show I-1") == ["I-1"]
        assert set(_bash("reconcile unreconciled ")) == {f"{letter}-1" for letter in "ABCDEFG"}
        assert _bash("reconcile unmatch --account C") == ["C-1"]
        assert set(_bash("reconcile match P-1")) == {"P-1:1", "P-1b:1"}
        assert set(_bash("reconcile match P-1 invoice/I-1")) == {"invoice/I-1:1", "invoice/I-1:2"}
        assert _bash("reconcile hold payment/I-1") == []
        assert _bash("reconcile show Z") == []
        assert {"accounts", "apply", "auto"} == set(_bash("reconcile a"))

    def test_in_zsh_with_a_word_of_help(self) -> None:
        assert '"A-1":"Léa Tremblay"' in _other("zsh", "reconcile show A")
        assert "Swimming" in _other("zsh", "reconcile hold I-1")

    def test_in_fish_with_a_word_of_help(self) -> None:
        assert _other("fish", "reconcile show A") == "A-1\tLéa Tremblay\n"
        assert "payment" in _other("fish", "reconcile hold P-1")

    def test_a_value_behind_its_option(self) -> None:
        """Zsh and fish replace the whole word; zsh is told to leave the option alone."""
        assert _other("fish", "reconcile auto --by=du") == "--by=due\n"
        assert _other("fish", "reconcile unmatch --account=A") == "--account=A-1\tLéa Tremblay\n"
        assert _other("zsh", "reconcile auto --by=du").startswith("compset -P 1 '*='; _arguments ")
        assert _other("zsh", "reconcile --db=b").startswith("compset -P 1 '*='; _files")
        assert "compset" not in _other("zsh", "reconcile auto --by=date A")

    def test_a_global_option_behind_the_command(self) -> None:
        assert _other("fish", "reconcile show --lang=f") == "--lang=fr\n--lang=fr_CA\n"
        assert _other("zsh", "reconcile show --color=al").startswith("compset -P 1 '*='; _arguments ")
        assert _bash("reconcile show --lang = f") == ["fr", "fr_CA"]

    @pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish here")
    def test_in_a_real_fish(self, club: Path) -> None:
        script = "_RECONCILE_COMPLETE=source_fish reconcile | source; for line in $argv; complete -C $line; end"
        lines = ("reconcile show A", "reconcile hold P-1:", "reconcile auto --by=du", "reconcile load clu")
        answer = subprocess.run(
            ["fish", "--no-config", "-c", script, *lines],
            cwd=club,
            env=on_path(club),
            check=True,
            capture_output=True,
            text=True,
        )
        assert answer.stdout.splitlines() == ["A-1\tLéa Tremblay", "P-1:1\tpayment", "--by=due", "club.csv"]

    def test_the_database_may_be_named_before_or_after_the_command(self, club: Path) -> None:
        none = {"RECONCILE_DB": str(club / "none.db")}
        path = club / "books.db"
        assert _bash(f"reconcile --db {path} show A", **none) == ["A-1"]
        assert _bash(f"reconcile show --db {path} A", **none) == ["A-1"]
        assert _bash(f"reconcile hold --db={path} P-1:", **none) == ["P-1:1"]
        assert _bash(f"reconcile unmatch --db {path} --account C", **none) == ["C-1"]


class TestSilence:
    """Nothing but names on stdout, nothing on stderr, whatever is typed and whatever the books are."""

    @pytest.mark.parametrize("name", ["missing.db", "foreign.db", "."])
    def test_without_books(self, name: str, tmp_path: Path) -> None:
        (tmp_path / "foreign.db").write_text("foreign", encoding="utf-8")
        assert _bash("reconcile show A", RECONCILE_DB=str(tmp_path / name)) == []
        assert not (tmp_path / "missing.db").exists()

    @pytest.mark.usefixtures("club")
    @pytest.mark.parametrize(
        "line",
        [
            "reconcile show 'A",
            'reconcile show "',
            "reconcile show \\",
            "reconcile show --db",
            "reconcile --db",
            "reconcile nope A",
            "reconcile show --nope A",
            "reconcile show -- A",
            "reconcile show \x1b[31m",
            "reconcile show \udcff",
            "reconcile auto --until ",
            "reconcile auto --by d",
            "reconcile load ",
            "reconcile",
        ],
    )
    def test_whatever_is_typed(self, line: str) -> None:
        _bash(line)
        for shell in ("zsh", "fish"):
            _other(shell, line)


def test_what_a_shell_would_run_is_not_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Zsh evaluates what it is given, bash expands it and types it as it stands."""
    monkeypatch.setenv("RECONCILE_DB", str(tmp_path / "books.db"))
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["account", "account_name", "kind", "document", "date", "amount"])
    evil = ("$(touch x)", "`touch x`", "\\$(touch x)", "';touch x;'", '";touch x;"', "*", "-x", "a b", "a;b", "[/b]")
    for number, name in enumerate(evil):
        rows.writerow((f"Q{name}", "fine", "invoice", f"Q{number}{name}", "2024-01-01", "1"))
        rows.writerow((f"R{number}", name, "invoice", f"S{number}", "2024-01-01", "1"))
    ok(reconcile("load", "-", stdin=out.getvalue()))
    assert set(_bash("reconcile show Q")) == {"Q-x", "Q6-x", "Qa\\", "Q7a\\", "b"}  # a space is escaped
    assert len(_bash("reconcile show R")) == len(evil)
    for shell in ("zsh", "fish"):
        offered = _other(shell, "reconcile show R")
        assert offered.count("R") == len(evil)
        assert not set("$`\\[") & set(offered.replace("\\:", ""))


@pytest.mark.usefixtures("club")
def test_the_program_itself_answers() -> None:
    asked = {ASKED: "complete_bash", "COMP_WORDS": "reconcile show A", "COMP_CWORD": "2"}
    assert program(env=asked).out == "A-1\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell(shell: str) -> None:
    script = _asked({ASKED: f"source_{shell}"})
    assert f"complete_{shell}" in script
    assert ASKED in script


def test_reordering_moves_what_is_global_and_leaves_the_rest() -> None:
    def moving(words: list[str]) -> list[str]:
        return [word for word in words if word == "--ascii"] + [word for word in words if word != "--ascii"]

    def reordered(**environ: str) -> dict[str, str]:
        reorder(environ, lambda words: moving(list(words)))
        return environ

    bash = {ASKED: "complete_bash", "COMP_WORDS": "r show --ascii A", "COMP_CWORD": "3"}
    assert reordered(**bash)["COMP_WORDS"] == "r --ascii show A"
    other = {ASKED: "complete_fish", "_TYPER_COMPLETE_ARGS": "r show --ascii 'a b' "}
    assert shlex.split(reordered(**other)["_TYPER_COMPLETE_ARGS"]) == ["r", "--ascii", "show", "a b"]
    for unread in (
        {},
        {"COMP_WORDS": "r show --ascii A", "COMP_CWORD": "3"},
        {ASKED: "complete_bash"},
        bash | {"COMP_CWORD": "x"},
        bash | {"COMP_WORDS": "r show --ascii 'A"},
    ):
        assert reordered(**unread) == unread


@pytest.mark.usefixtures("club")
def test_numbers_of_operations() -> None:
    ok(reconcile("hold", "I-1"))
    for line in ("reconcile undo ", "reconcile history show ", "reconcile show A-1 --known-at "):
        assert _bash(line) == ["2", "1"]
    assert _bash("reconcile undo 2") == ["2"]
    assert _bash("reconcile history sh") == ["show"]
    assert _bash("reconcile history A") == ["A-1"]
    assert _bash("reconcile show A-1 --lang f") == ["fr", "fr_CA"]
