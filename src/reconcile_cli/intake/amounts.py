"""Text to money: a closed grammar first, then whole minor units (C1, C2, R2)."""

import re
from typing import Final, NamedTuple

from reconcile_cli.domain.money import EXPONENTS, MAX_MINOR
from reconcile_cli.intake.caches import Cache
from reconcile_cli.intake.conventions import UNDECIDED, Convention
from reconcile_cli.intake.problems import Refused
from reconcile_cli.intake.typed_cells import Number
from reconcile_cli.text import _

POINT: Final = "."
COMMA: Final = ","
_SPACES: Final = " \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}"
_DIGITS_KEPT: Final = 20


def _grammar(decimal: str, thousands: str) -> re.Pattern[str]:
    """Whole digits, or threes joined by one and the same mark; then decimals."""
    grouped = rf"[1-9][0-9]{{0,2}}([{thousands}])[0-9]{{3}}(?:\2[0-9]{{3}})*"
    return re.compile(rf"([0-9]+|{grouped})?(?:[{decimal}]([0-9]+))?")


_NUMBER: Final = {
    POINT: _grammar(POINT, COMMA + "'" + _SPACES),
    COMMA: _grammar(COMMA, POINT + "'" + _SPACES),
}
_PLAIN: Final = {
    POINT: re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,2})?"),
    COMMA: re.compile(r"-?[0-9]{1,15}(?:,[0-9]{1,2})?"),
}
_PARTS: Final = re.compile(r"([^0-9]*?)([.,]?[0-9](?:.*[0-9])?)([^0-9]*)", re.DOTALL)
_BEFORE: Final = re.compile(rf"([-−(]?)([^-−()]*?)([-−(]?)[{_SPACES}]*")
_AFTER: Final = re.compile(rf"[{_SPACES}]*([-−)]?)([^-−()]*?)([-−)]|CR)?")

_DOLLARS: Final = (
    "ARS AUD BBD BMD BND BSD BZD CAD CLP COP DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD SGD SRD TTD TWD USD UYU XCD"
)
_MARKS: Final = {
    "$": _DOLLARS,
    "CA$": "CAD",
    "C$": "CAD NIO",
    "$CA": "CAD",
    "US$": "USD",
    "$US": "USD",
    "A$": "AUD",
    "NZ$": "NZD",
    "HK$": "HKD",
    "S$": "SGD",
    "MX$": "MXN",
    "R$": "BRL",
    "€": "EUR",
    "£": "GBP EGP FKP GIP LBP SHP SSP SYP",
    "¥": "JPY CNY",
    "₹": "INR",
    "₩": "KRW KPW",
    "₪": "ILS",
    "₫": "VND",
    "₺": "TRY",
    "₽": "RUB",
    "₴": "UAH",
    "zł": "PLN",
    "Kč": "CZK",
    "kr": "DKK ISK NOK SEK",
    "Fr": "CHF",
    "Fr.": "CHF",
    "DH": "MAD",
    "FCFA": "XAF XOF",
}


class Reading(NamedTuple):
    """A text as one of the two grammars reads it. `grouping` is the thousands mark, a space for all spaces."""

    whole: str
    decimals: str
    grouping: str


class Shape(NamedTuple):
    """A text taken apart: its sign, and what each grammar makes of its digits (None: not a number)."""

    negative: bool
    point: Reading | None
    comma: Reading | None

    @property
    def plain(self) -> bool:
        """Whether both grammars read the same: no mark, or none but spaces and apostrophes."""
        return self.point is not None and self.point == self.comma


class Amounts:
    """The amounts of one file in any currency, as signed minor units."""

    def __init__(self, mark: Convention) -> None:
        self._mark = mark
        self._grouping = ""
        self._caches: dict[str, Cache[int]] = {}

    def cache(self, currency: str) -> Cache[int]:
        """Text → signed minor units of this currency; looking up raises Refused."""
        cache = self._caches.get(currency)
        if cache is None:
            cache = self._caches[currency] = self._cache(currency)
        return cache

    def _cache(self, currency: str) -> Cache[int]:
        return Cache(lambda text: self._read(text, currency))

    def _read(self, text: str, currency: str) -> int:
        if isinstance(text, Number):
            return _of_number(text, currency)
        exponent = EXPONENTS[currency]
        chosen = self._mark.chosen
        if chosen is not None and _PLAIN[chosen].fullmatch(text):
            whole, _mark, decimals = text.partition(chosen)
            if len(decimals) <= exponent:
                return _limited(int(whole + decimals.ljust(exponent, "0")))
        shape = take_apart(text, currency)
        if shape.plain:
            reading = shape.point
        else:
            self._decide(shape, currency, text)
            if self._mark.refused:
                return 0
            reading = shape.point if self._mark.chosen == POINT else shape.comma
        if reading is None:
            raise Refused(_wrong_mark(self._mark.chosen))
        amount = to_minor(reading, currency)
        self._keep_grouping(reading.grouping)
        return -amount if shape.negative else amount

    def _decide(self, shape: Shape, currency: str, text: str) -> None:
        """Let the value prove the mark, or have it proved by others; a bad value proves nothing."""
        if self._mark.given or self._mark.refused:
            return
        only = proof(shape, currency)
        if only is None:
            to_minor(shape.point or shape.comma or _NOTHING, currency)
        elif only == UNDECIDED:
            self._mark.decide()
        else:
            self._mark.prove(only, text)

    def _keep_grouping(self, grouping: str) -> None:
        """One thousands mark in a file (C1)."""
        if not grouping:
            return
        if not self._grouping:
            self._grouping = grouping
        elif grouping != self._grouping:
            raise Refused(
                _("thousands marked as elsewhere in this file, by {mark}").format(
                    mark=_("a space") if self._grouping == " " else self._grouping
                )
            )


_NOTHING: Final = Reading("0", "", "")


def take_apart(text: str, currency: str) -> Shape:
    """Sign, currency and digits of an amount. Raises Refused where neither grammar finds a number."""
    stripped = text.strip()
    if not stripped:
        raise Refused(_("an amount is needed"))
    parts = _PARTS.fullmatch(stripped)
    before, after = (_BEFORE.fullmatch(parts[1]), _AFTER.fullmatch(parts[3])) if parts else (None, None)
    if not parts or not before or not after:
        raise Refused(_not_an_amount())
    signs = [sign for sign in (before[1], before[3], after[1], after[3]) if sign]
    if (len(signs) > 1 and signs != ["(", ")"]) or (len(signs) == 1 and signs[0] in "()"):
        raise Refused(_not_an_amount())
    point, comma = _reading(POINT, parts[2]), _reading(COMMA, parts[2])
    if point is None and comma is None:
        raise Refused(_not_an_amount())
    for mark in (before[2].strip(), after[2].strip()):
        _check_currency(mark, currency)
    return Shape(bool(signs), point, comma)


def proof(shape: Shape, currency: str) -> str | None:
    """The mark that a value proves, UNDECIDED where it reads both ways, None where it tells nothing.

    `12.34` proves the point, `1.234,5` the comma; `12,345` is undecided, whatever the currency: thousands, or
    three decimals. What the currency cannot have, such as `0.123` dollars, proves nothing.
    """
    if shape.plain:
        return None
    if shape.point is not None and shape.comma is not None:
        return UNDECIDED
    reading = shape.point or shape.comma
    if reading is None or len(reading.decimals) > EXPONENTS[currency]:
        return None
    return POINT if shape.comma is None else COMMA


def to_minor(reading: Reading, currency: str) -> int:
    """Minor units. Raises Refused for more decimals than the currency has (R2) and beyond MAX_MINOR."""
    exponent = EXPONENTS[currency]
    if len(reading.decimals) > exponent:
        if exponent == 0:
            raise Refused(_("an amount without decimals: {currency} has none").format(currency=currency))
        raise Refused(
            _("at most {count} decimals, as {currency} has; nothing is rounded").format(
                count=exponent, currency=currency
            )
        )
    digits = (reading.whole + reading.decimals.ljust(exponent, "0")).lstrip("0")[:_DIGITS_KEPT]
    return _limited(int(digits or "0"))


def _of_number(number: Number, currency: str) -> int:
    """A number cell as signed minor units; no mark of the file has a say in it."""
    whole, _point, decimals = number.removeprefix("-").partition(POINT)
    amount = to_minor(Reading(whole, decimals, ""), currency)
    return -amount if number.startswith("-") else amount


def _limited(amount_minor: int) -> int:
    if not -MAX_MINOR <= amount_minor <= MAX_MINOR:
        raise Refused(_("an amount of at most 10^15 minor units (cents)"))
    return amount_minor


def _reading(mark: str, digits: str) -> Reading | None:
    found = _NUMBER[mark].fullmatch(digits)
    if found is None:
        return None
    whole, grouping, decimals = found[1] or "", found[2] or "", found[3] or ""
    if grouping:
        whole = whole.replace(grouping, "")
    return Reading(whole, decimals, " " if grouping and grouping in _SPACES else grouping)


def _check_currency(mark: str, currency: str) -> None:
    """The mark or code at one end must be the row's currency: `$`, `CAD`, `$ CA`, `$ CAD`."""
    words = mark.split()
    whole = "".join(words)
    if _denotes(whole, currency) or all(_denotes(word, currency) for word in words):
        return
    if all(word in _MARKS or word.upper() in EXPONENTS for word in words) or whole in _MARKS:
        raise Refused(_("an amount in the currency of its row, {currency}").format(currency=currency))
    raise Refused(_not_an_amount())


def _denotes(mark: str, currency: str) -> bool:
    return mark.upper() == currency or currency in _MARKS.get(mark, "").split()


def _not_an_amount() -> str:
    return _("an amount, such as 1234.50, 1 234,50, -12.00 or (12.00); digits, one decimal mark, thousands in threes")


def _wrong_mark(mark: str | None) -> str:
    if mark == COMMA:
        return _("an amount with a decimal comma, as the whole file has")
    return _("an amount with a decimal point, as the whole file has")
