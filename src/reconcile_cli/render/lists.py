"""What all lists have in common: the format asked for, and where a list stops."""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Final

from reconcile_cli.render.columns import Listing, Record, TotalRow
from reconcile_cli.render.data import write_data
from reconcile_cli.render.look import Format, Target
from reconcile_cli.text import _

SCREENFUL: Final = 200
_BETWEEN_REPORTS: Final = 1_000


class Limit:
    """How many rows to write: `asked` None is 200 in a table on a terminal and all elsewhere, 0 is all.

    `written` and `cut` tell afterwards how many there were, and whether rows were left out.
    """

    def __init__(self, asked: int | None = None) -> None:
        self.asked = asked
        self.written = 0
        self.cut = False

    def rows(self, target: Target) -> int | None:
        """Give the number of rows, None for all."""
        if self.asked is None:
            return SCREENFUL if target.look.terminal and target.format is Format.TABLE else None
        return self.asked or None

    def apply(self, target: Target, records: Iterable[Record]) -> Iterator[Record]:
        """Pass the rows on up to the limit, and remember whether there were more."""
        rows = self.rows(target)
        source, report = iter(records), target.report
        for record in islice(source, rows):
            self.written += 1
            if report and not self.written % _BETWEEN_REPORTS:
                report(_("writing"), self.written, None, self.written)
            yield record
        self.cut = rows is not None and next(source, None) is not None

    def say(self, target: Target) -> None:
        """Tell how to see the rows that were left out of a table, and that there are some in a page."""
        if self.cut and target.format is Format.HTML:
            target.line(_("The first {count} rows; there are more.").format(count=self.rows(target)), "dim")
        if self.cut and target.format is Format.TABLE:
            target.line(
                _(
                    "The first {count} rows; there are more. All of them: --limit 0, or pipe the list to a pager."
                ).format(count=self.rows(target)),
                "dim",
            )


def write_list(
    target: Target,
    listing: Listing[Record],
    records: Iterable[Record],
    limit: Limit,
    totals: Callable[[], Iterable[TotalRow]] = tuple,
) -> int:
    """Write a list in the format asked for and return the number of rows."""
    limited = limit.apply(target, records)
    if target.format in (Format.CSV, Format.JSON):
        write_data(target, listing, limited)
        return limit.written
    count = draw_list(target, listing, limited, totals)
    limit.say(target)
    return count


def draw_list(
    target: Target,
    listing: Listing[Record],
    records: Iterable[Record],
    totals: Callable[[], Iterable[TotalRow]] = tuple,
) -> int:
    """Write a list for people, as a table, in a page or in a workbook, and return the number of rows."""
    if target.format.is_document:
        return target.document.add(listing, records, totals)
    first = list(islice(records := iter(records), 1))
    if not first:
        return 0
    from reconcile_cli.render.table import write_table  # noqa: PLC0415 - Rich is imported when something is drawn

    return write_table(target, listing, chain(first, records), totals)


def or_say(target: Target, count: int, sentence: str) -> int:
    """Return the count; where it is 0 and a person reads, say so in a sentence instead of an empty table."""
    if not count and target.format is Format.TABLE:
        target.line(sentence)
    return count
