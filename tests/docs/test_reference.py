"""docs/reference.md and docs/reference.fr.md say what the commands say, and leave nothing out."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from reconcile_cli.errors import Exit
from tests.docs.terminal import ROOT

SCRIPT = ROOT / "docs" / "reference.py"
SOURCE = ROOT / "src" / "reconcile_cli"
WORDS = tomllib.loads((ROOT / "docs" / "reference.toml").read_text("utf-8"))


def test_the_pages_are_those_that_the_commands_make() -> None:
    answer = subprocess.run([sys.executable, str(SCRIPT), "--check"], check=False, capture_output=True, text=True)
    assert answer.returncode == 0, f"{answer.stdout}{answer.stderr}Write it anew: make docs"


def test_a_page_that_is_old_is_told(tmp_path: Path) -> None:
    for name in ("reference.py", "reference.toml", "reference.md", "reference.fr.md"):
        text = (ROOT / "docs" / name).read_text("utf-8")
        (tmp_path / name).write_text(
            text.replace("`--dry-run`", "`--dry`") if name == "reference.md" else text, "utf-8"
        )
    line = [sys.executable, str(tmp_path / "reference.py")]
    told = subprocess.run([*line, "--check"], check=False, capture_output=True, text=True)
    assert (told.returncode, told.stdout) == (1, "reference.md is to be written anew: docs/reference.py\n")
    subprocess.run(line, check=True)
    assert subprocess.run([*line, "--check"], check=True, capture_output=True, text=True).stdout == ""


def test_both_languages_tell_the_same() -> None:
    english, french = WORDS["en"], WORDS["fr"]
    assert list(english) == list(french)
    for table in ("exit", "found", "environment"):
        assert list(english[table]) == list(french[table])
    assert set(english["exit"]) == {code.name for code in Exit}


def test_every_command_that_ends_with_findings_tells_which() -> None:
    commands = (SOURCE / "cli" / "commands").glob("*.py")
    assert set(WORDS["en"]["found"]) == {path.stem for path in commands if "Exit.FINDINGS" in path.read_text("utf-8")}


def test_every_variable_that_the_program_reads_is_told() -> None:
    source = "\n".join(path.read_text("utf-8") for path in sorted(SOURCE.rglob("*.py")))
    read = set(re.findall(r"\b(?<!_)RECONCILE_[A-Z]+\b", source))
    read |= set(re.findall(r'environ(?:\.get\(|\[)"([A-Z_]+)"', source)) - {"COMP_CWORD"}  # the shell's, for completion
    told = {name for names in WORDS["en"]["environment"] for name in names.split(", ")}
    assert read - told == set()
