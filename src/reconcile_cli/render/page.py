"""A list as one page of HTML: nothing is fetched, nothing runs, and it prints well.

What the page says of all its rows (which columns are empty, the charts) stands before them: rows go to a temporary
file first, which has no name, so that a million of them need no memory.
"""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile
from typing import Final, Generic

from reconcile_cli.domain.status import Status
from reconcile_cli.render.amounts import NONE
from reconcile_cli.render.chart import svg
from reconcile_cli.render.columns import Column, Listing, Record, Shape, TotalRow, Value, written
from reconcile_cli.render.look import Look, Part, Target
from reconcile_cli.render.safe import clean
from reconcile_cli.text import _, language

_LOOK: Final = Look()
IN_MEMORY: Final = 1 << 20
_EMPTY: Final = frozenset({"", NONE})
_BOLD: Final = "bold"
_LATE: Final = "red"
_FIGURE_SPACE: Final = "\N{FIGURE SPACE}"
_SHORT: Final = 24
"""Texts up to this length stand on one line."""


class Page:
    """The page of a target. Its first title is that of the page."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._body = SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="\n")  # noqa: SIM115 - closed below
        self._title = ""
        self._rules: list[str] = []
        self._charts = 0
        self._lists = 0

    def line(self, parts: Iterable[Part]) -> None:
        """Write what stands beside a list: a title where all of it is bold, else a paragraph."""
        told = [(clean(text), style) for text, style in parts if text]
        if not told:
            return
        if len(told) == 1 and told[0][1] == _BOLD:
            self._heading(told[0][0])
            return
        spans = [f"<b>{escape(text)}</b>" if style == _BOLD else escape(text) for text, style in told]
        self._body.write(f"<p{_class('note' if told[0][1] == 'dim' else '')}>{' &ensp; '.join(spans)}</p>\n")

    def add(
        self,
        listing: Listing[Record],
        records: Iterable[Record],
        totals: Callable[[], Iterable[TotalRow]],
    ) -> int:
        """Write a list: its title, its charts, its table."""
        if listing.title:
            self._heading(_(listing.title))
        if listing.period:
            self._body.write(f'<p class="period">{escape(clean(listing.period))}</p>\n')
        self._lists += 1
        with SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="\n") as rows:
            table = _Table(listing)
            for record in records:
                rows.write(table.row(record))
            sums = "".join(map(table.total, totals())) if table.count else ""
            self._body.write(self._drawn(listing))
            if not table.count:
                empty = _("No rows.")
                self._body.write(f'<p class="note">{escape(empty)}</p>\n')
                return 0
            hidden = ",".join(f"#l{self._lists} :is(th,td):nth-child({place})" for place in table.empty_columns())
            if hidden:
                self._rules.append(f"{hidden}{{display:none}}")
            self._body.write(f'<div class="wide"><table id="l{self._lists}">\n<thead>{table.head()}</thead>\n<tbody>\n')
            rows.seek(0)
            copyfileobj(rows, self._body)
            self._body.write("</tbody>\n")
            if sums:
                self._body.write(f'<tbody class="totals">\n{sums}</tbody>\n')
            self._body.write("</table></div>\n")
        return table.count

    def close(self) -> None:
        """Write the page to the target's stream."""
        with self._body:
            stream = self._target.stream
            style = Path(__file__).with_name("page.css").read_text("utf-8") + "\n".join(self._rules)
            proof = b64encode(hashlib.sha256(style.encode()).digest()).decode()
            policy = f"default-src 'none'; style-src 'sha256-{proof}'; base-uri 'none'; form-action 'none'"
            title = self._title or _("List")
            stream.write(
                f'<!DOCTYPE html>\n<html lang="{language().replace("_", "-")}">\n<head>\n<meta charset="utf-8">\n'
                f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
                '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
                '<meta name="referrer" content="no-referrer">\n'
                f"<title>{escape(title)}</title>\n<style>{style}</style>\n"
                "</head>\n<body>\n<main>\n"
            )
            self._body.seek(0)
            copyfileobj(self._body, stream)
            stream.write(f"</main>\n<footer>{self._about()}</footer>\n</body>\n</html>\n")

    def drop(self) -> None:
        """Forget what was written so far."""
        self._body.close()

    def _heading(self, text: str) -> None:
        rank = 2 if self._title else 1
        self._title = self._title or text
        self._body.write(f"<h{rank}>{escape(text)}</h{rank}>\n")

    def _drawn(self, listing: Listing[Record]) -> str:
        drawn = []
        for chart in listing.charts():
            self._charts += 1
            drawn.append(svg(chart, self._charts))
        return f'<div class="charts">\n{"".join(drawn)}</div>\n' if any(drawn) else ""

    def _about(self) -> str:
        about = self._target.about
        asked = f"<code>{escape(clean(about.asked))}</code>" if about.asked else ""
        return " &ensp;·&ensp; ".join(filter(None, [escape(clean(about.books)), escape(about.made_at), asked]))


class _Table(Generic[Record]):
    """Writes the rows of one table, and remembers which columns have anything in them."""

    def __init__(self, listing: Listing[Record]) -> None:
        self._columns = listing.shown()
        self._currency = listing.currency
        self._strong = listing.strong
        self._filled = [not column.hide_empty for column in self._columns]
        self.count = 0

    def head(self) -> str:
        """Write the row of titles."""
        cells = [
            f'<th scope="col"{_class(_KIND.get(column.shape, ""))}>{escape(clean(column.full_heading()))}</th>'
            for column in self._columns
        ]
        return f"<tr>{''.join(cells)}</tr>"

    def row(self, record: Record) -> str:
        """Write the row of a record."""
        self.count += 1
        currency = self._currency(record)
        cells = []
        for index, column in enumerate(self._columns):
            if column.shape is Shape.SHARE:
                text = _share(column.value(record))
            else:
                text = escape(column.cell(record, currency, _LOOK))
            if text not in _EMPTY:
                self._filled[index] = True
            cells.append(f"<td{_class(_style(column, record, text))}>{text}</td>")
        strong = self._strong is not None and self._strong(record)
        return f"<tr{_class('sum' if strong else '')}>{''.join(cells)}</tr>\n"

    def total(self, total: TotalRow) -> str:
        """Write a row of totals."""
        cells = []
        for index, column in enumerate(self._columns):
            shape = Shape.BALANCE if column.shape.is_money else column.shape
            text = written(shape, total.figures.get(column.title), total.currency)
            if column.key == "currency":
                text = total.currency
            elif index == 0 and not text:
                text = _("Total")
            tag = 'th scope="row"' if index == 0 else "td"
            cells.append(f"<{tag}{_class(_KIND.get(column.shape, ''))}>{escape(text)}</{tag[:2]}>")
        return f"<tr>{''.join(cells)}</tr>\n"

    def empty_columns(self) -> Sequence[int]:
        """The places, from 1, of columns that are left out."""
        return [place for place, filled in enumerate(self._filled, 1) if not filled]


_KIND: Final = {Shape.AMOUNT: "n", Shape.BALANCE: "n", Shape.COUNT: "n", Shape.DATE: "d", Shape.SHARE: "share"}


def _style(column: Column[Record], record: Record, text: str) -> str:
    if column.shape is Shape.STATUS:
        status = column.value(record)
        return f"c {status.value}" if isinstance(status, Status) else ""
    kind = _KIND.get(column.shape, "c" if len(text) <= _SHORT else "w")
    if text == NONE:
        return f"{kind} none"
    return f"{kind} late" if column.style is not None and column.style(record) == _LATE else kind


def _share(value: Value) -> str:
    """A share in thousandths as a figure and a bar."""
    if not isinstance(value, int):
        return ""
    bar = (
        f'<svg viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true"><rect width="{value}" height="10"/>'
    )
    return f"{(value + 5) // 10:{_FIGURE_SPACE}>3} % {bar}</svg>"


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""
