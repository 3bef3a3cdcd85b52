"""The architecture and the rules of style, as tests."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("src", "tests", "bench")
LONGEST = {"src": 300, "bench": 300, "tests": 600, "dev.py": 300}
"""Lines of a file. A file of tests is one subject, read case by case."""


def _python_files() -> Iterator[Path]:
    yield ROOT / "dev.py"
    for folder in CODE:
        yield from sorted((ROOT / folder).rglob("*.py"))


def _project_files() -> Iterator[Path]:
    """Every text file of the project, whether git knows it yet or not."""
    yield from (path for path in sorted(ROOT.iterdir()) if path.is_file() and path.suffix != ".db")
    for folder in (*CODE, "docs", "sample_data", ".ci"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".mo", ".db"}:
                yield path


def _lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", "--config", str(ROOT / "pyproject.toml")],
        cwd=folder,
        env={"PYTHONPATH": str(folder), "COLUMNS": "100"},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the package to a folder of its own, for violations to be planted in."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "reconcile_cli", tmp_path / "reconcile_cli", ignore=ignored)
    return tmp_path


def test_the_contracts_of_imports_hold() -> None:
    answer = _lint_imports(ROOT / "src")
    assert answer.returncode == 0, answer.stdout + answer.stderr


@pytest.mark.parametrize(
    ("place", "line", "contract"),
    [
        ("domain/planted.py", "from reconcile_cli.cli import main", "Imports go down only BROKEN"),
        ("text/planted.py", "import reconcile_cli.errors", "Imports go down only BROKEN"),
        ("planted/__init__.py", "", "Imports go down only BROKEN"),
        ("domain/planted.py", "import sqlite3", "Only the store knows SQLite BROKEN"),
        ("cli/planted.py", "import sqlite3", "Only the store knows SQLite BROKEN"),
        ("domain/planted.py", "import typer", "Only the command line knows Typer BROKEN"),
        ("text/planted.py", "import rich.text", "Only rendering and the command line know Rich BROKEN"),
        ("domain/planted.py", "import time", "The domain is pure: no input, no output, no clock BROKEN"),
    ],
)
def test_a_planted_violation_is_caught(copy: Path, place: str, line: str, contract: str) -> None:
    planted = copy / "reconcile_cli" / place
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f'"""Planted."""\n{line}\n')
    answer = _lint_imports(copy)
    said = " ".join((answer.stdout + answer.stderr).split())
    assert answer.returncode != 0
    assert contract in said or "not listed as layers" in said


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = ("typer", "rich", "sqlite3", "platformdirs", "gettext", "json", "csv", "decimal")
    program = f"import sys, reconcile_cli, reconcile_cli.cli.main; print([m for m in {heavy} if m in sys.modules])"
    answer = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert answer.stdout.strip() == "[]"


def test_no_file_is_too_long_to_read() -> None:
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in _python_files()}
    assert [name for name, length in lengths.items() if length > LONGEST[name.split("/")[0]]] == []


UNWANTED = {
    "an unfinished note": r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b",
    "the address of a registry": r"py" + r"pi\.org|python" + r"hosted|/sim" + r"ple/",
    "the path of a machine": r"(?<![\w.~<])/(ho" + r"me|ro" + r"ot|wo" + r"rk|Us" + r"ers)/\w",
}


@pytest.mark.parametrize("what", UNWANTED)
def test_the_project_holds_nothing_unwanted(what: str) -> None:
    unwanted = re.compile(UNWANTED[what])
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in _project_files()
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1)
        if unwanted.search(line)
    ]
    assert found == []
