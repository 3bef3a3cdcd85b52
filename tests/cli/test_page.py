"""A page in a real browser: its figures stand there, nothing runs, nothing is asked for, and it prints."""

import re
from html import unescape
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.render.chart import Bar, Chart
from reconcile_cli.render.columns import Column, Listing, Shape, TotalRow
from reconcile_cli.render.look import About, Format, Target
from reconcile_cli.render.page import Page
from tests.cli import browser
from tests.cli.driving import ok, reconcile

HOSTILE: Final = (
    "</td></table><script>document.title='owned'</script><img src=http://127.0.0.1:9/x.png onerror=alert(1)>"
    "<style>*{display:none}</style>&amp;\" style='x' \x1b[31m\x00\x9b\u202egnp.exe\u2066\ud800]]>--><!--"
)
RISKS: Final = Listing[tuple[str, int]](
    columns=(
        Column("Name", lambda row: row[0], key="name"),
        Column("Amount", lambda row: row[1], Shape.BALANCE, "amount"),
        Column("Note", lambda _row: "", hide_empty=True),
    ),
    currency=lambda _row: "CAD",
    keys="name amount",
    title="Risks",
    period=HOSTILE,
    charts=lambda: [Chart(HOSTILE, [Bar(HOSTILE, 300, HOSTILE, "late"), Bar("Back", -100, "-1.00")])],
)

in_a_browser = pytest.mark.skipif(browser.PROGRAM is None, reason="no Chromium here: apt-get install chromium")


def _page(path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        page = Page(Target(stream, Format.HTML, about=About(HOSTILE, "2026-11-20 12:00 UTC", HOSTILE)))
        page.line([(HOSTILE, "")])
        page.add(RISKS, [(HOSTILE, 300), ("Back", -100)], lambda: [TotalRow("CAD", {"Amount": 200})])
        page.close()
    return path


@in_a_browser
def test_the_instrument_sees_what_a_page_asks_for_and_complains_of(tmp_path: Path) -> None:
    page = tmp_path / "bad.html"
    page.write_text("<img src='http://127.0.0.1:9/x.png'><script>console.error('so')</script>", "utf-8")
    seen = browser.opened(page, tmp_path)
    assert seen.asked == {"http://127.0.0.1:9/x.png"}
    assert len(seen.console) == 1


@in_a_browser
@pytest.mark.parametrize("argv", [["accounts"], ["unreconciled"], ["show", "A-1"], ["history", "show", "1"]])
def test_a_list_in_a_browser(argv: list[str], club: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    ok(reconcile(*argv, "-o", str(page)))
    seen = browser.opened(page, tmp_path)
    assert seen.asked == set()
    assert seen.console == []
    figures = re.findall(r"<td[^>]*>([^<]*)</td>", page.read_text("utf-8"))
    assert figures
    assert re.findall(r"<td[^>]*>([^<]*)</td>", seen.dom) == figures
    assert browser.printed(page, tmp_path).startswith(b"%PDF")
    assert club.exists()


@in_a_browser
def test_hostile_text_is_shown_and_does_nothing(tmp_path: Path) -> None:
    page = _page(tmp_path / "page.html")
    seen = browser.opened(page, tmp_path)
    assert seen.asked == set()
    assert seen.console == []
    assert "<title>Risks</title>" in seen.dom
    assert seen.dom.count("<style>") == seen.dom.count("<table") == 1
    assert "<script" not in seen.dom
    assert "<img" not in seen.dom
    assert "&lt;script&gt;document.title='owned'" in seen.dom


def test_hostile_text_steers_nothing_and_hides_nothing(tmp_path: Path) -> None:
    text = _page(tmp_path / "page.html").read_text("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert "gnp.exe" in text
    assert unescape(text).count("document.title='owned'") > 5


def test_a_chart_says_its_figures_in_words_and_the_empty_column_is_not_shown(tmp_path: Path) -> None:
    text = _page(tmp_path / "page.html").read_text("utf-8")
    assert 'role="img" aria-labelledby="t1 d1"' in text
    assert "; Back: -1.00</desc>" in text
    assert "#l1 :is(th,td):nth-child(3){display:none}" in text
    assert 'class="late"' in text


def test_a_page_without_rows_says_so(club: Path) -> None:
    text = ok(reconcile("unreconciled", "--held", "-f", "html")).out
    assert "<h1>Not reconciled</h1>" in text
    assert "No rows." in text
    assert "<table" not in text
    assert club.exists()
