"""Money: whole numbers of minor units of ISO 4217 currencies (R2)."""

from typing import Final

from reconcile_cli.errors import ReconcileError
from reconcile_cli.text import _

MAX_MINOR: Final = 10**15

_BY_EXPONENT: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY
        COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS
        INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR
        MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
        STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
EXPONENTS: Final[dict[str, int]] = {
    currency: exponent for exponent, currencies in _BY_EXPONENT.items() for currency in currencies.split()
}
"""Decimals of every current currency that has a minor unit; metals and test codes have none and are left out."""


class UnknownCurrency(ReconcileError):
    """A code that ISO 4217 does not list."""

    code = "unknown-currency"

    def __init__(self, currency: str) -> None:
        super().__init__()
        self.currency = currency

    def sentence(self) -> str:
        """Name the code and what to write instead."""
        return _("{currency} is not a currency: give its ISO 4217 code, as in CAD, EUR or USD.").format(
            currency=self.currency
        )


def exponent(currency: str) -> int:
    """Decimals of a currency: 2 for CAD, 0 for JPY. Raises UnknownCurrency."""
    try:
        return EXPONENTS[currency]
    except KeyError:
        raise UnknownCurrency(currency) from None


def plain(amount_minor: int, currency: str) -> str:
    """The amount as scripts read it: all decimals, no thousands: "1234.50", "-3.00". Raises UnknownCurrency."""
    decimals = exponent(currency)
    sign = "-" if amount_minor < 0 else ""
    digits = str(abs(amount_minor)).rjust(decimals + 1, "0")
    return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}" if decimals else sign + digits
