"""Columns share a window: texts shrink, columns leave, figures never do."""

from hypothesis import given
from hypothesis import strategies as st

from reconcile_cli.render.columns import Column
from reconcile_cli.render.layout import NARROW, WIDE, Layout, plan

Sized = tuple[Column[str], int]


def sized(width: int, floor: int, rank: int, *, spare: bool = False) -> Sized:
    """A column and the width that it needs."""
    return Column("", str, floor=floor, rank=rank, spare=spare), width


def planned(columns: list[Sized], width: int) -> Layout:
    return plan([column for column, _size in columns], [size for _column, size in columns], width)


COLUMNS = st.lists(
    st.builds(sized, st.integers(0, 30), st.sampled_from([0, 0, 8, 14]), st.integers(0, 9), spare=st.booleans()),
    min_size=1,
    max_size=12,
)
WINDOWS = st.integers(20, 200)


@given(COLUMNS, WINDOWS)
def test_a_row_fits_unless_one_column_alone_is_wider(columns: list[Sized], width: int) -> None:
    layout = planned(columns, width)
    assert layout.width <= width or len(layout.row) == 1
    assert layout.row == tuple(sorted(layout.row))


@given(COLUMNS, WINDOWS)
def test_no_column_is_narrower_than_it_may_be_nor_wider_than_it_needs(columns: list[Sized], width: int) -> None:
    layout = planned(columns, width)
    for index, share in zip(layout.row, layout.widths, strict=True):
        column, natural = columns[index]
        assert min(natural, column.floor or natural) <= share <= natural


@given(COLUMNS, WINDOWS)
def test_only_spare_columns_go_out_of_sight(columns: list[Sized], width: int) -> None:
    layout = planned(columns, width)
    seen = {*layout.row, *layout.below}
    assert all(column.spare or not size for index, (column, size) in enumerate(columns) if index not in seen)


def test_the_order_of_giving_way() -> None:
    """A name shrinks, a spare column leaves, columns close up, and only then one goes below."""
    amount, name, status, spare = sized(10, 0, 0), sized(20, 10, 0), sized(12, 0, 1), sized(8, 0, 5, spare=True)
    columns = [amount, name, status, spare]
    assert planned(columns, 60).widths == (10, 20, 12, 8)
    assert planned(columns, 50).widths == (10, 14, 12, 8)
    assert planned(columns, 40).row == (0, 1, 2)
    assert planned(columns, 40).gap == WIDE
    assert planned(columns, 34).gap == NARROW
    assert planned(columns, 33).below == (2,)


def test_the_first_column_leaves_like_the_others() -> None:
    """A status before an amount goes below it in a window that has room for one of them."""
    assert planned([sized(14, 0, 3), sized(25, 0, 0)], 30).row == (1,)
