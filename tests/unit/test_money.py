import pytest

from reconcile_cli.domain.money import EXPONENTS, UnknownCurrency, exponent, plain


@pytest.mark.parametrize(
    ("amount_minor", "currency", "expected"),
    [
        (123450, "CAD", "1234.50"),
        (-300, "CAD", "-3.00"),
        (5, "CAD", "0.05"),
        (-5, "CAD", "-0.05"),
        (0, "CAD", "0.00"),
        (1234, "JPY", "1234"),
        (-1, "JPY", "-1"),
        (0, "JPY", "0"),
        (1, "KWD", "0.001"),
        (10**15, "CAD", "10000000000000.00"),
        (12345, "CLF", "1.2345"),
    ],
)
def test_plain_amounts_have_all_decimals_of_their_currency(amount_minor: int, currency: str, expected: str) -> None:
    """R2; section 5: amounts in CSV and JSON."""
    assert plain(amount_minor, currency) == expected


def test_exponents_are_those_of_iso_4217() -> None:
    """R2: where CLDR differs (ISK 0, UGX 0, IQD 3, HUF 2), ISO 4217 counts."""
    assert {code: EXPONENTS[code] for code in ("CAD", "EUR", "JPY", "ISK", "UGX", "IQD", "HUF", "KWD", "UYW")} == {
        "CAD": 2,
        "EUR": 2,
        "JPY": 0,
        "ISK": 0,
        "UGX": 0,
        "IQD": 3,
        "HUF": 2,
        "KWD": 3,
        "UYW": 4,
    }
    assert len(EXPONENTS) == 165
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in EXPONENTS)


@pytest.mark.parametrize("code", ["XBA", "XAU", "cad", "", "$"])
def test_unknown_currency_is_refused_by_name(code: str) -> None:
    with pytest.raises(UnknownCurrency, match="ISO 4217") as caught:
        exponent(code)
    assert caught.value.currency == code
