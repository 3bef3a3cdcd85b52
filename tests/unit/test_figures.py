"""Numbers and days in each language, against what Babel makes of CLDR."""

from datetime import date

import pytest
from babel.dates import format_date
from babel.numbers import format_decimal

from reconcile_cli.domain.dates import from_date
from reconcile_cli.domain.money import exponent
from reconcile_cli.render.amounts import grouped
from reconcile_cli.text import choose, figures

_LOCALES = {"en": "en_CA", "fr": "fr_FR", "fr_CA": "fr_CA"}
_PATTERNS = {0: "#,##0", 2: "#,##0.00", 3: "#,##0.000"}

languages = pytest.mark.parametrize("language", _LOCALES)


@languages
@pytest.mark.parametrize("currency", ["CAD", "JPY", "KWD"])
@pytest.mark.parametrize("amount_minor", [0, 5, -5, 99_999, 123_456_789, -(10**15), 10**15])
def test_amounts_are_those_of_babel(language: str, currency: str, amount_minor: int) -> None:
    from decimal import Decimal

    digits = exponent(currency)
    choose(language)
    wanted = format_decimal(Decimal(amount_minor).scaleb(-digits), _PATTERNS[digits], _LOCALES[language])
    assert grouped(amount_minor, currency) == wanted


@languages
@pytest.mark.parametrize("number", [0, 7, 1_000, 1_234_567])
def test_counts_are_those_of_babel(language: str, number: int) -> None:
    choose(language)
    assert figures.count(number) == format_decimal(number, locale=_LOCALES[language])


@languages
@pytest.mark.parametrize("day", [date(2026, 1, 31), date(1999, 12, 1)])
def test_days_are_those_of_babel(language: str, day: date) -> None:
    choose(language)
    assert figures.day(from_date(day)) == format_date(day, "short", _LOCALES[language])
