"""What the pages name exists: commands, options, files, pictures."""

import re
import subprocess
import sys
from functools import cache
from typing import Final

import pytest

from reconcile_cli.cli.app import COMMANDS
from reconcile_cli.cli.commands import report
from tests.docs.terminal import ROOT

PAGES: Final = (
    "README.md",
    "README.fr.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "docs/loading.md",
    "docs/formats.md",
    "docs/errors.md",
    "docs/reliability.md",
    "docs/history.md",
    "docs/database.md",
    "docs/why.md",
    "docs/reports.md",
    "docs/matching.md",
    "docs/decisions.md",
    "docs/performance.md",
    "docs/reference.md",
    "docs/reference.fr.md",
    "docs/tutorial.md",
    "docs/tutoriel.md",
    "docs/how-to/README.md",
    "docs/how-to/loading.md",
    "docs/how-to/correcting.md",
    "docs/how-to/closing.md",
    "docs/scripting.md",
    "docs/completion.md",
)
_CODE: Final = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK: Final = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)|(?:src|srcset)=\"([^\"]+)\"")
_MEMBERS: Final = [["report", name] for name in report.MEMBERS]
_GLOBAL: Final = {"--db", "--ascii", "--help", "--install-completion", "--lang", "--color", "--version"}


@cache
def _help(command: str) -> str:
    line = [sys.executable, "-m", "reconcile_cli", *command.split(), "--help"]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_and_options_named_exist(page: str) -> None:
    for line in (ROOT / page).read_text("utf-8").splitlines():
        named: list[str] = []
        for code in _CODE.findall(line):
            words = code.split()
            if words[0] == "reconcile" and len(words) > 1 and words[1].islower() and words[1][0] != "-":
                assert words[1] in COMMANDS, line
                name = " ".join(words[1:3]) if words[1:3] in _MEMBERS else words[1]
                named = [*named, name] if line.startswith("|") else [name]
            options = [word.partition("=")[0] for word in words if word.startswith("--")]
            if named and words[0] in ("reconcile", *options):
                known = "".join(map(_help, named))
                assert all(option in _GLOBAL or f"{option} " in known for option in options), line


def test_the_readme_lists_every_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert [name for name in COMMANDS if f"`reconcile {name}" not in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    anchors = {
        re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    for path, anchor, picture in _LINK.findall(text):
        if path or picture:
            assert ((ROOT / page).parent / (path or picture)).exists(), path or picture
        else:
            assert anchor in anchors, anchor


def test_the_pictures_show_what_the_program_shows() -> None:
    answer = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "pictures.py"), "--check"], check=False, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
