"""Lists of any length: drawn a page at a time, with one heading, in constant memory."""

from collections.abc import Iterator

from reconcile_cli.domain.records import AllocationLine
from reconcile_cli.render import table
from reconcile_cli.render.allocations import ALLOCATIONS
from reconcile_cli.render.card import CardView, write_card
from reconcile_cli.render.lists import Limit, write_list
from tests.unit.render import samples
from tests.unit.render.samples import shown

LARGEST = 10**15
PIPE = {"terminal": False}


def _pages(count: int, *last: AllocationLine) -> Iterator[AllocationLine]:
    for _page in range(count):
        yield from [samples.allocation()] * table.PAGE
    yield from last


def _allocations(lines: Iterator[AllocationLine], width: int = 100) -> list[str]:
    return shown(lambda to: write_list(to, ALLOCATIONS, lines, Limit()), width, **PIPE).splitlines()


def test_the_heading_stands_once_over_all_pages() -> None:
    lines = _allocations(_pages(3, samples.allocation()))
    assert sum("Account" in line for line in lines) == 1
    assert len(lines) == 2 + 3 * table.PAGE + 1
    assert len(set(lines[2:])) == 1


def test_a_larger_amount_on_a_later_page_widens_its_column() -> None:
    lines = _allocations(_pages(1, samples.allocation(amount_minor=LARGEST)))
    assert "10,000,000,000,000.00" in lines[-1]
    assert sum("Account" in line for line in lines) == 1


def test_where_a_later_page_moves_columns_its_heading_is_written_again() -> None:
    lines = _allocations(_pages(1, samples.allocation(amount_minor=LARGEST)), width=60)
    assert [line.split() for line in lines if "Account" in line] == [
        ["Account", "Credit", "Debit", "Amount"],
        ["Account", "Credit", "Amount"],
    ]
    assert "10,000,000,000,000.00" in lines[-2]
    assert lines[-1] == "  invoice INV-1001:2  oldest to oldest"


def test_a_page_is_read_only_when_the_one_before_is_drawn() -> None:
    to, stream = samples.target(terminal=False)
    drawn: list[int] = []

    def watched() -> Iterator[AllocationLine]:
        for number in range(4):
            drawn.append(stream.getvalue().count("\n"))
            yield from _pages(1)
            assert number < 2 or drawn[-1] > 0

    write_list(to, ALLOCATIONS, watched(), Limit())
    assert drawn[2:] == [2 + table.PAGE, 2 + 2 * table.PAGE]


def test_lines_end_without_blanks() -> None:
    cards = samples.invoice(), samples.payment()
    lines = shown(lambda to: write_card(to, samples.card(*cards), CardView(Limit())), 160).splitlines()
    assert lines == [line.rstrip() for line in lines]


def test_what_gives_way_is_marked_in_ascii_too() -> None:
    long = samples.allocation(account="A-1001-of-the-northern-branch")
    assert "A-1001-of-… " in shown(lambda to: write_list(to, ALLOCATIONS, [long], Limit()), 60)
    assert "A-1001-of-> " in shown(lambda to: write_list(to, ALLOCATIONS, [long], Limit()), 60, plain=True)
