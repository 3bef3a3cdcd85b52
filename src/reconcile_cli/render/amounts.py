"""Amounts as people read them in tables and sentences. CSV and JSON use `domain.money.plain` and ISO dates."""

from typing import Final

from reconcile_cli.domain.money import exponent
from reconcile_cli.text.figures import count, decimal

NONE: Final = "-"


def grouped(amount_minor: int, currency: str) -> str:
    """Write an amount with its thousands in threes: `1,234.50`, `-3.00`, in French `1 234,50`."""
    digits = exponent(currency)
    if not digits:
        return count(amount_minor)
    whole, part = divmod(abs(amount_minor), 10**digits)
    sign = "-" if amount_minor < 0 else ""
    return sign + decimal(whole, f"{part:0{digits}d}")


def dashed(amount_minor: int, currency: str) -> str:
    """Write an amount with `-` for zero, as ledgers do: what is owed or open stands out from what is not.

    Running balances and totals use `grouped`: there a zero is a result.
    """
    return grouped(amount_minor, currency) if amount_minor else NONE


def money(amount_minor: int, currency: str) -> str:
    """Write an amount with its currency, for sentences: `1,234.50 CAD`."""
    return f"{grouped(amount_minor, currency)} {currency}"
