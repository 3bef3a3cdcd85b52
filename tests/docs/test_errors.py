"""docs/errors.md and the code name the same errors."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import reconcile_cli
from reconcile_cli.errors import ReconcileError
from tests.docs.terminal import ROOT, Terminal
from tests.docs.transcripts import Block, play, sections

PAGE = "docs/errors.md"
_TITLE = re.compile(r"^### `([a-z-]+)` \(exit (\d+)\)\n\n> .+\n\n\S", re.MULTILINE)
_CASES = [
    (block.subheading, heading)
    for heading, section in sections(PAGE).items()
    for block in section
    if block.language == "console" and block.subheading
]


def _errors() -> set[type[ReconcileError]]:
    """All errors that have a sentence of their own or of an ancestor."""
    for module in pkgutil.walk_packages(reconcile_cli.__path__, "reconcile_cli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: set[type[ReconcileError]] = set()
    waiting = [ReconcileError]
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        if error.sentence is not ReconcileError.sentence:
            found.add(error)
    return {error for error in found if error.__module__.startswith("reconcile_cli.")}


def test_every_code_has_a_line_and_every_line_a_code() -> None:
    described = {code: int(exit_code) for code, exit_code in _TITLE.findall((ROOT / PAGE).read_text("utf-8"))}
    assert described == {error.code: int(error.exit_code) for error in _errors()}


@pytest.mark.parametrize(("title", "heading"), _CASES)
def test_a_case_ends_with_the_exit_code_of_its_error(title: str, heading: str, tmp_path: Path) -> None:
    section: list[Block] = []
    for block in sections(PAGE)[heading]:
        section.append(block)
        if block.language == "console" and block.subheading == title:
            break
    *_before, (exchange, answer) = play(Terminal(tmp_path), section)
    assert f"(exit {answer.code})" in title, exchange.command
