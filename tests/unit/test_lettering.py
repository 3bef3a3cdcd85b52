"""Which items share a letter: told as `D1-C1` for allocations, in the order in which they were made."""

import pytest

from reconcile_cli.domain.lettering import Lettered, Link, letters


def _letters(items: str, links: str) -> str:
    """Items as `D1 C1:5=AA` (5 open, came with AA), links as `D1-C1`; the letters as `D1=AA C1=AA`."""
    names: dict[str, int] = {}
    told = []
    for number, word in enumerate(items.split(), 1):
        name, _equals, code = word.partition("=")
        name, _colon, open_minor = name.partition(":")
        names[name] = number
        told.append(Lettered(number, int(open_minor or 0), code or None))
    joined = [
        Link(names.get(debit, 900), names.get(credit, 901), number, 20260100 + number)
        for number, (debit, credit) in enumerate((word.split("-") for word in links.split()), 1)
    ]
    found = letters(told, joined)
    return " ".join(
        f"{name}={found[number].code}@{found[number].day % 100}" for name, number in names.items() if number in found
    )


@pytest.mark.parametrize(
    ("items", "links", "told"),
    [
        # A payment pays an invoice, and another two: two groups.
        ("D1 C1 D2 D3 C2", "D1-C1 D2-C2 D3-C2", "D1=AA@1 C1=AA@1 D2=AB@3 D3=AB@3 C2=AB@3"),
        # Partly paid, or a part of the payment left: no letter for any of them.
        ("D1:5 C1", "D1-C1", ""),
        ("D1 C1:5 D2 C2", "D1-C1 D2-C2", "D2=AA@2 C2=AA@2"),
        ("D1 C1 D2 C2:5", "D1-C1 D2-C1 D2-C2", ""),
        # Nothing is linked; an amount of 0 has nothing to balance.
        ("D1:5 D2", "", ""),
        # Linked to what is not in the file, a planned payment: not lettered, nor what hangs on it.
        ("D1 C1", "D1-P9 D1-C1", ""),
        ("D1 C1", "D1-C1 D1-P9", ""),
        # The order of completion tells the code, whatever the order of items.
        ("D1 D2 C1 C2", "D2-C2 D1-C1", "D1=AB@2 D2=AA@1 C1=AB@2 C2=AA@1"),
        # What came with a code keeps it; new groups get codes that nobody came with.
        ("D1=AA C1=AA D2 C2", "D2-C2 D1-C1", "D1=AA@2 C1=AA@2 D2=AB@1 C2=AB@1"),
        ("D1=X C1=X D2:5=AB", "D1-C1", "D1=X@1 C1=X@1"),
        # One code of two closed groups is one group; one of whose items is open is none.
        ("D1=K C1=K D2=K C2=K", "D1-C1 D2-C2", "D1=K@2 C1=K@2 D2=K@2 C2=K@2"),
        ("D1=K C1=K D2:5=K", "D1-C1", "D1=AA@1 C1=AA@1"),
        # A group that grew: the code it came with, the shortest where there are two.
        ("D1=B C1=B D2=AZ C2", "D1-C1 D2-C2 D1-C2", "D1=B@3 C1=B@3 D2=B@3 C2=B@3"),
    ],
)
def test_letters(items: str, links: str, told: str) -> None:
    assert _letters(items, links) == told


def test_after_zz_comes_aaa() -> None:
    items = [Lettered(number, 0, None) for number in range(1, 2 * 678 + 1)]
    links = [Link(number, number + 1, number, 20260101) for number in range(1, 2 * 678, 2)]
    found = letters(items, links)
    assert [found[2 * place - 1].code for place in (1, 26, 27, 676, 677, 678)] == ["AA", "AZ", "BA", "ZZ", "AAA", "AAB"]
