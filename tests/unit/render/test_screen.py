"""What Rich is told, and when it is imported at all."""

import io
import subprocess
import sys

import pytest

from reconcile_cli.domain.matching import Stage
from reconcile_cli.render.look import Look, Target
from reconcile_cli.render.reasons import worded

DATA = """
import io, sys
from reconcile_cli.render.accounts import write_accounts
from reconcile_cli.render.card import write_card
from reconcile_cli.render.items import write_transaction_cards
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.loading import write_load
from reconcile_cli.render.look import Format, Target
for form in (Format.CSV, Format.JSON):
    write_accounts(Target(io.StringIO(), form), [], tuple, Limit())
print([name for name in sys.modules if name.startswith("rich")])
"""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Closed(io.StringIO):
    def write(self, _text: str) -> int:
        raise BrokenPipeError


def _written(stream: io.StringIO, *, colour: bool | None) -> str:
    Target(stream, look=Look(80, colour=colour)).line("text", "green")
    return stream.getvalue()


GREEN = "\x1b[32mtext\x1b[0m\n"


def test_rich_is_not_imported_for_data() -> None:
    answer = subprocess.run([sys.executable, "-c", DATA], capture_output=True, text=True, check=True)
    assert answer.stdout == "[]\n"


@pytest.mark.parametrize(
    ("variables", "terminal", "pipe"),
    [
        ({}, GREEN, "text\n"),
        ({"NO_COLOR": "1"}, "text\n", "text\n"),
        ({"FORCE_COLOR": "1"}, GREEN, GREEN),
        ({"TERM": "dumb"}, "text\n", "text\n"),
    ],
)
def test_colour_that_nobody_decided_is_decided_by_rich(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], terminal: str, pipe: str
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert _written(Terminal(), colour=None) == terminal
    assert _written(io.StringIO(), colour=None) == pipe


def test_colour_that_is_decided_needs_no_terminal_and_no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("NO_COLOR", "1")
    assert _written(io.StringIO(), colour=True) == GREEN
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert _written(Terminal(), colour=False) == "text\n"


def test_a_closed_pipe_is_left_to_the_command_line() -> None:
    with pytest.raises(BrokenPipeError):
        Target(Closed()).line("text")


def test_a_sentence_breaks_on_a_terminal_alone_and_keeps_its_indentation() -> None:
    stream = io.StringIO()
    Target(stream, look=Look(20, terminal=True)).line("  25.00 CAD of payment PAY-77:1")
    assert stream.getvalue() == "  25.00 CAD of\n  payment PAY-77:1\n"
    stream = io.StringIO()
    Target(stream, look=Look(20)).line("  25.00 CAD of payment PAY-77:1")
    assert stream.getvalue() == "  25.00 CAD of payment PAY-77:1\n"


@pytest.mark.parametrize(
    ("stage", "reason", "said"),
    [
        (Stage.CHECKOUT, '{"order": "7731"}', "at checkout, order 7731"),
        (Stage.STATED, '{"match_code": "AB"}', "stated by the source: AB"),
        (Stage.BY_HAND, "agreed", "by hand: agreed"),
        (Stage.DATE, None, "oldest to oldest"),
        (Stage.REFERENCE, '{"names": "INV-14"}', "names INV-14"),
        (Stage.AMOUNT, '{"days": 0}', "same amount, same day"),
        (Stage.AMOUNT, '{"days": 1}', "same amount, 1 day apart"),
        (Stage.AMOUNT, '{"days": 3, "choices": 2}', "same amount, 3 days apart"),
        (
            Stage.SUM,
            '{"parts": ["invoice/INV-14", "invoice/INV-15:2"], "count": 2, "sum": "240.00"}',
            "INV-14 + INV-15:2 = 240.00",
        ),
        (Stage.SUM, '{"parts": ["invoice/INV-14"], "count": 3, "sum": "240.00"}', "INV-14 + 2 more = 240.00"),
        (Stage.BALANCE, '{"until": "2026-03-31", "items": 5}', "everything up to 2026-03-31 nets to zero"),
        (Stage.BALANCE, None, "nets to zero"),
        (Stage.SUM, '{"parts": 7, "count": "x"}', "exact sum"),
        (Stage.AMOUNT, "[3]", "same amount"),
    ],
)
def test_reasons_are_worded(stage: Stage, reason: str | None, said: str) -> None:
    assert worded(stage, reason) == said
