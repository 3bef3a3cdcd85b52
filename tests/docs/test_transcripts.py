"""Every command that the documentation shows does what it shows."""

import re
from pathlib import Path

import pytest

from tests.docs.terminal import ROOT, Terminal
from tests.docs.transcripts import PAGES, agrees, blocks, missing, play, sections, should_fail

_SECTIONS = [(page, heading) for page in PAGES for heading in sections(page)]
_INSTALLING = {"make demo", "make test", "pipx install .", "pip install ."}


@pytest.mark.parametrize(("page", "heading"), _SECTIONS)
def test_the_program_answers_as_the_page_says(page: str, heading: str, tmp_path: Path) -> None:
    section = sections(page)[heading]
    if missing(section):
        pytest.skip(f"not here: {', '.join(missing(section))}")
    for exchange, answer in play(Terminal(tmp_path), section):
        assert agrees(exchange.answer, answer.text), f"$ {exchange.command}\n{answer.text}"
        assert (answer.code != 0) == should_fail(exchange), f"$ {exchange.command} ended with {answer.code}"


def test_what_is_to_be_typed_elsewhere_is_little() -> None:
    lines = [
        line
        for page in PAGES
        for block in blocks(page)
        if block.language == "sh" and not block.name
        for line in block.text.split("\n")
    ]
    assert set(filter(None, lines)) == _INSTALLING
    targets = re.findall(r"^(\w[\w ]*):$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {"demo", "test"} <= {name for line in targets for name in line.split()}


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("one\n", "one\n"),
        ("one\n\n", "one  \n"),
        ("one\n...\nfour\n", "one\ntwo\nthree\nfour\n"),
        ("one\n...\n", "one\n"),
        ("", ""),
    ],
)
def test_answers_that_agree(shown: str, said: str) -> None:
    assert agrees(shown, said)


@pytest.mark.parametrize(
    ("shown", "said"), [("one\n", "two\n"), ("", "one\n"), ("one\n...\nfour\n", "one\ntwo\n"), ("a.c\n", "abc\n")]
)
def test_answers_that_differ(shown: str, said: str) -> None:
    assert not agrees(shown, said)
