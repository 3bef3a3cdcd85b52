"""Columns share a window: texts shrink, columns leave, figures never do."""

from hypothesis import given
from hypothesis import strategies as st

from reconcile_cli.render.layout import NARROW, WIDE, Need, plan

NEEDS = st.builds(Need, st.integers(0, 30), st.sampled_from([0, 0, 8, 14]), st.integers(0, 9), st.booleans())


@given(st.lists(NEEDS, min_size=1, max_size=12), st.integers(20, 200))
def test_a_row_fits_unless_its_first_column_alone_is_wider(needs: list[Need], width: int) -> None:
    layout = plan(needs, width)
    assert layout.width <= width or len(layout.row) == 1
    assert layout.row == tuple(sorted(layout.row))


@given(st.lists(NEEDS, min_size=1, max_size=12), st.integers(20, 200))
def test_no_column_is_narrower_than_it_may_be_nor_wider_than_it_needs(needs: list[Need], width: int) -> None:
    layout = plan(needs, width)
    for index, share in zip(layout.row, layout.widths, strict=True):
        assert needs[index].least <= share <= needs[index].width


@given(st.lists(NEEDS, min_size=1, max_size=12), st.integers(20, 200))
def test_only_spare_columns_go_out_of_sight(needs: list[Need], width: int) -> None:
    layout = plan(needs, width)
    seen = {*layout.row, *layout.below}
    assert all(need.spare or not need.width for index, need in enumerate(needs) if index not in seen)


def test_the_order_of_giving_way() -> None:
    """A name shrinks, a spare column leaves, columns close up, and only then one goes below."""
    status, name, amount, spare = (
        Need(12, 0, 1, spare=False),
        Need(20, 10, 0, spare=False),
        Need(10, 0, 0, spare=False),
        Need(8, 0, 5, spare=True),
    )
    needs = [amount, name, status, spare]
    assert plan(needs, 60).widths == (10, 20, 12, 8)
    assert plan(needs, 50).widths == (10, 14, 12, 8)
    assert plan(needs, 40).row == (0, 1, 2)
    assert plan(needs, 40).gap == WIDE
    assert plan(needs, 34).gap == NARROW
    assert plan(needs, 33).below == (2,)
