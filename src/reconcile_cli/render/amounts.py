"""Amounts and dates as people read them in tables. CSV and JSON use `domain.money.plain` and ISO dates."""

from typing import Final

from reconcile_cli.domain.dates import iso
from reconcile_cli.domain.money import exponent

NONE: Final = "-"


def grouped(amount_minor: int, currency: str) -> str:
    """Write an amount with its thousands in threes: `1,234.50`, `-3.00`, `0.00`."""
    digits = exponent(currency)
    if not digits:
        return f"{amount_minor:,}"
    whole, part = divmod(abs(amount_minor), 10**digits)
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{whole:,}.{part:0{digits}d}"


def dashed(amount_minor: int, currency: str) -> str:
    """Write an amount with `-` for zero, as ledgers do: what is owed or open stands out from what is not.

    Running balances and totals use `grouped`: there a zero is a result.
    """
    return grouped(amount_minor, currency) if amount_minor else NONE


def money(amount_minor: int, currency: str) -> str:
    """Write an amount with its currency, for sentences: `1,234.50 CAD`."""
    return f"{grouped(amount_minor, currency)} {currency}"


def day(date: int) -> str:
    """Write a date as tables show it: ISO in every language, so that columns align and sort."""
    return iso(date)
