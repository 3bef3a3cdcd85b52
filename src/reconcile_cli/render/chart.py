"""Charts of a page: horizontal bars as SVG, with the same figures in words for those who do not see them."""

from collections.abc import Sequence
from html import escape
from typing import Final, NamedTuple

from reconcile_cli.render.safe import clean
from reconcile_cli.text import _

_WIDTH: Final = 720
_LETTER: Final = 8  # of a letter, about
_GAP: Final = 8
_ROW: Final = 30
_BAR: Final = 18
_LONGEST: Final = 26
_MOST: Final = 20


class Bar(NamedTuple):
    """One bar: whose it is, how long (in units that all bars of a chart share), and the figure as tables show it.

    `tone` is the colour: that of a status by its code, `late` for what is overdue, else the common one.
    """

    label: str
    value: int
    shown: str
    tone: str = ""


class Chart(NamedTuple):
    """Horizontal bars from one zero: positive to the right, negative to the left. The table below has the figures."""

    title: str
    bars: Sequence[Bar]


def svg(chart: Chart, number: int) -> str:
    """Draw a chart; `number` tells it from the others of its page. Of many bars the longest are drawn, in their order.

    Nothing where there is nothing to compare.
    """
    kept = set(sorted(range(len(chart.bars)), key=lambda index: -abs(chart.bars[index].value))[:_MOST])
    bars = [bar for index, bar in enumerate(chart.bars) if index in kept]
    if not any(bar.value for bar in bars):
        return ""
    title = clean(chart.title)
    if len(bars) < len(chart.bars):
        title = _("{title}: the {count} largest").format(title=title, count=len(bars))
    told = "; ".join(f"{clean(bar.label)}: {clean(bar.shown)}" for bar in bars)
    height = _ROW * len(bars)
    return "\n".join(
        [
            f"<figure><figcaption>{escape(title)}</figcaption>",
            f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="t{number} d{number}">',
            f'<title id="t{number}">{escape(title)}</title><desc id="d{number}">{escape(told)}</desc>',
            *_drawn(bars, height),
            "</svg></figure>\n",
        ]
    )


def _drawn(bars: Sequence[Bar], height: int) -> list[str]:
    lowest = min(0, *(bar.value for bar in bars))
    highest = max(0, *(bar.value for bar in bars))
    names = [_cut(clean(bar.label)) for bar in bars]
    figures = [_cut(clean(bar.shown)) for bar in bars]
    before, after = (max(map(len, texts)) * _LETTER + 2 * _GAP for texts in (names, figures))
    scale = (_WIDTH - before - after) / (highest - lowest)
    zero = before - lowest * scale
    drawn = []
    for index, bar in enumerate(bars):
        middle = (index + 0.5) * _ROW
        length = abs(bar.value) * scale
        left = zero if bar.value >= 0 else zero - length
        tone = f' class="{escape(bar.tone)}"' if bar.tone else ""
        drawn += [
            f'<text class="label" x="{before - _GAP}" y="{middle:g}">{escape(names[index])}</text>',
            f'<rect{tone} x="{left:.1f}" y="{middle - _BAR / 2:g}" width="{length:.1f}" height="{_BAR}">',
            f"<title>{escape(clean(bar.label))}: {escape(clean(bar.shown))}</title></rect>",
            f'<text class="figure" x="{left + length + _GAP:.1f}" y="{middle:g}">{escape(figures[index])}</text>',
        ]
    return [*drawn, f'<line x1="{zero:.1f}" y1="0" x2="{zero:.1f}" y2="{height}"/>']


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
