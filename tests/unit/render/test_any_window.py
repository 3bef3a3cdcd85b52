"""What holds in every window, alphabet and colour, whatever the data says."""

import re
from collections.abc import Callable

import pytest

from reconcile_cli import text
from reconcile_cli.domain.cards import Counterpart
from reconcile_cli.domain.kinds import Kind
from reconcile_cli.domain.matching import Stage
from reconcile_cli.domain.status import Status
from reconcile_cli.render.card import CardView, write_card
from reconcile_cli.render.lists import Limit
from reconcile_cli.render.look import Target
from reconcile_cli.render.tree import write_matches
from tests.unit.render import samples, screens
from tests.unit.render.samples import shown

SCREENS = [
    screens.accounts,
    screens.card,
    screens.matches,
    screens.document,
    screens.unreconciled,
    screens.found,
    screens.payments,
    screens.history,
    screens.auto,
    screens.rehearsal,
    screens.load,
    screens.sales,
    screens.money,
    screens.ledger,
]
WIDTHS = (40, 60, 80, 100, 160)
LARGEST = 10**15
HOSTILE = "[red]x[/b] \x1b[2J\x1b]0;t\x07 \u202e\u200b\x9b1m \N{WARNING SIGN}\ufe0f \r\n"

every_screen = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.__name__)
every_width = pytest.mark.parametrize("width", WIDTHS)


@every_screen
@every_width
def test_no_line_is_wider_than_the_window(screen: Callable[[Target], None], width: int) -> None:
    assert max(map(len, shown(screen, width).splitlines())) <= width


@every_screen
def test_without_colour_there_is_no_escape(screen: Callable[[Target], None]) -> None:
    assert "\x1b" not in shown(screen)


@every_screen
def test_colour_adds_nothing_but_colour(screen: Callable[[Target], None]) -> None:
    assert re.sub(r"\x1b\[[\d;]*m", "", shown(screen, colour=True)) == shown(screen)


@every_screen
@every_width
def test_ascii_is_ascii_and_as_wide(screen: Callable[[Target], None], width: int) -> None:
    lines = shown(screen, width, plain=True)
    assert lines.isascii()
    assert max(map(len, lines.splitlines())) <= width


@every_screen
def test_a_symbol_never_stands_without_its_word(screen: Callable[[Target], None]) -> None:
    words = {"✓": "reconciled", "☑": "covered", "⚠": "unreconciled", "◐": "partial", "✗": "error"}
    for symbol, word in re.findall(r"([✓☑⚠◐✗]) (\w+)", shown(screen)):
        assert words[symbol] == word
    assert len(re.findall(r"[✓☑⚠◐✗]", shown(screen))) == len(re.findall(r"[✓☑⚠◐✗] \w", shown(screen)))


@every_screen
def test_the_legend_is_for_a_terminal_alone(screen: Callable[[Target], None]) -> None:
    assert "every cent" not in shown(screen, terminal=False)


def _large(to: Target) -> None:
    invoice = samples.transaction(
        Kind.INVOICE,
        "INV-2026-000000001-OF-A-VERY-LONG-KIND-OF-NUMBER",
        LARGEST,
        samples.item(1, LARGEST, LARGEST, status=Status.UNRECONCILED),
        open_debit_minor=LARGEST,
        status=Status.UNRECONCILED,
    )
    write_card(to, samples.card(invoice, balance_minor=LARGEST), CardView(Limit()))


@every_width
def test_the_largest_amount_is_never_cut(width: int) -> None:
    lines = shown(_large, width)
    assert lines.count("10,000,000,000,000.00") >= 6
    assert max(map(len, lines.splitlines())) <= width


@every_width
def test_the_largest_amount_is_never_cut_in_a_tree(width: int) -> None:
    paid = Counterpart(samples.PAY_1, LARGEST, 1, Stage.CHECKOUT, samples.ORDER, planned=True)
    items = (samples.item(line, LARGEST, 1, allocations=(paid, paid)) for line in (1, 2))
    invoice = samples.transaction(Kind.INVOICE, "INV-2026-000000001", LARGEST, *items)
    lines = shown(lambda to: write_matches(to, [invoice]), width)
    assert lines.count("10,000,000,000,000.00") == 7
    assert max(map(len, lines.splitlines())) <= width


def _hostile(to: Target) -> None:
    item = samples.item(description=HOSTILE, ledger_code=HOSTILE, applies_to=HOSTILE)
    write_card(
        to,
        samples.card(samples.transaction(Kind.INVOICE, HOSTILE, 10_000, item, order=HOSTILE, replaced_by=HOSTILE)),
        CardView(Limit(), matches=to.look.width == 100),
    )


@every_width
def test_text_from_data_is_text(width: int) -> None:
    lines = shown(_hostile, width)
    assert "[red]x" in lines
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u200b\ufe0f]", lines)


@every_screen
def test_every_heading_and_sentence_is_translated(screen: Callable[[Target], None]) -> None:
    """In the language xx every message is marked: what is left outside the marks is data, figures and names."""
    text.choose("xx")
    try:
        lines = shown(screen, 400)
    finally:
        text.choose(None)
    left = re.sub(r"⟦[^⟦⟧]*(?:⟦[^⟦⟧]*⟧[^⟦⟧]*)*⟧", "", lines)
    data = r"[\w'./@-]*\d[\w/.:-]*|CAD|Léa|Tremblay|Club|natation|Rive-Sud|environs|Brien|Kim|Swimming|winter|Yoga|mat|"
    data += r"card|Front|desk|lea|load|undo|sales|csv|January|document|such|yet|used|when|comes|amount|changed|with|"
    data += r"JPY|point|before|decimals|due_date|description|des?|la|et|O|its|no|it|is|an|a|the|"
    data += (
        r"Open|open|debits?|credits?|Items|Days|late|Still|to|be"  # headings of several lines: their marks stand apart
    )
    assert re.findall(r"[^\W\d]{2,}", re.sub(rf"\b(?:{data})\b", "", left)) == []
