import pytest

from reconcile_cli.render.amounts import dashed, grouped, money


@pytest.mark.parametrize(
    ("amount_minor", "currency", "shown"),
    [
        (123_450, "CAD", "1,234.50"),
        (-300, "CAD", "-3.00"),
        (-5, "CAD", "-0.05"),
        (0, "CAD", "0.00"),
        (1_234, "JPY", "1,234"),
        (1_234_567, "KWD", "1,234.567"),
        (10**15, "CAD", "10,000,000,000,000.00"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency_and_thousands_in_threes(
    amount_minor: int, currency: str, shown: str
) -> None:
    assert grouped(amount_minor, currency) == shown


def test_nothing_is_a_dash_where_it_is_no_result() -> None:
    assert dashed(0, "CAD") == "-"
    assert dashed(-1, "CAD") == "-0.01"
    assert money(0, "CAD") == "0.00 CAD"
