"""Starting is most of what a short command costs: what it imports is counted, not timed."""

import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Final

import pytest

from tests.cli.test_completion import ASKED

_STARTED: Final = """
import sys
from reconcile_cli.cli.main import main
code = main(sys.argv[1:])
print("", *sys.modules, sep="\\n", file=sys.stderr)
sys.exit(code)
"""
OWN_SHA256: Final = any(map(find_spec, ("_sha2", "_sha256")))
"""Whether this Python was built with an SHA-256 of its own."""
NEVER: Final = {
    "dataclasses": "each class of them costs 0.5 ms to make, where a named tuple costs 0.1",
    "tempfile": "what is big spills, and nothing here is",
    "random": "it comes with tempfile",
    "platformdirs": "the database is named, and the configuration is where Typer says",
    "tomllib": "nothing is configured",
    **({"glob": "drafts have names of one form"} if sys.version_info < (3, 13) else {}),  # pathlib imports it since
    "decimal": "money is whole minor units",
    "getpass": "nobody is asked for a password",
    "unicodedata": "what is typed and said is ASCII",
    **({"hashlib": "a few rows are hashed without OpenSSL"} if OWN_SHA256 else {}),
    "csv": "tables and JSON need none",
    "rich": "data need none",
    "rich.table": "lists are put together line by line",
    "rich.progress": "nothing takes long",
    "rich.markup": "text from data is no markup",
    "pygments": "nothing is highlighted",
    "reconcile_cli.cli.helping": "nothing is wrong, and nobody asks for help",
    "reconcile_cli.cli.usage": "the same",
    "reconcile_cli.domain.findings": "nothing is checked",
    "reconcile_cli.domain.outcomes": "nothing is rehearsed",
    "reconcile_cli.intake": "nothing is loaded",
    "reconcile_cli.reports": "nothing is reported",
    "reconcile_cli.domain.stages": "accounts go by date unless somebody asks",
    "reconcile_cli.store.writing_off": "nothing is written off",
    "reconcile_cli.store.first_load": "nothing is loaded",
    "reconcile_cli.store.loading": "the same",
    "reconcile_cli.store.backing_up": "nothing is copied",
    "reconcile_cli.render.page": "nothing is a page",
    "reconcile_cli.render.workbook": "nor a workbook",
}
"""What no command here imports, and why not, but for what a format needs (see `NEEDED`)."""
NEEDED: Final = {
    "csv": {"csv"},
    "json": set[str](),
    "table": {"rich", "rich.markup", "dataclasses", "random"},  # what Rich imports for its console
}
READING: Final = ("show A-1", "find I-1", "unreconciled A-1", "history", "accounts")
CHANGING: Final = ("match P-1 I-1", "unmatch I-1 --yes", "undo --yes", "auto A-1", "auto --all")

pytestmark = pytest.mark.usefixtures("club")


def _imported(line: str, **env: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", _STARTED, *line.split()],
        env=os.environ | {"RECONCILE_LANG": "en"} | env,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stderr.splitlines())


def _unwanted(modules: set[str], form: str) -> set[str]:
    return modules & NEVER.keys() - NEEDED[form]


@pytest.mark.parametrize("form", NEEDED)
@pytest.mark.parametrize("line", READING)
def test_what_reads_a_little(line: str, form: str) -> None:
    modules = _imported(f"{line} -f {form}")
    assert _unwanted(modules, form) == set()
    assert "hashlib" not in modules, "nothing is sealed"
    assert "json" not in modules or form == "json" or (line, form) == ("history", "table")


@pytest.mark.parametrize("form", NEEDED)
def test_what_changes_a_little(form: str) -> None:
    """One after the other, so that each has something to do."""
    for line in CHANGING:
        modules = _imported(f"{line} -f {form}")
        assert _unwanted(modules, form) == set(), line
        assert not modules & {"shlex", "reconcile_cli.domain.lists", "reconcile_cli.cli.completing"}, line


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize("line", ["show A", "match I-", "undo ", "auto --", "load --", "a"])
def test_what_a_shell_asks(line: str, shell: str) -> None:
    words = ["reconcile", *line.split(" ")]
    asked = {
        ASKED: f"complete_{shell}",
        "COMP_WORDS": "\n".join(words),
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": " ".join(words),
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    if shell != "bash":
        del asked["COMP_WORDS"]
    modules = _imported("", **asked)
    assert _unwanted(modules, "json") == set()
    loaded = [name for name in modules if name.startswith("reconcile_cli.cli.commands.")]
    assert len(loaded) == (0 if line == "a" else 1)


def test_profiles_are_completed_without_what_reads_files() -> None:
    """Their help is told by what reads profiles alone."""
    asked = {ASKED: "complete_bash", "COMP_WORDS": "reconcile\nload\n--profile\n", "COMP_CWORD": "3"}
    read = {name.removeprefix("reconcile_cli.intake.") for name in _imported("", **asked) if ".intake." in name}
    assert "profile_files" in read
    assert not read & {"reading", "copying", "table", "workbook_look", "making", "documents", "rows"}
