"""Cells that are more than their text: numbers and mistakes of a spreadsheet."""

import math
from typing import Final, Self

_DIGITS_OF_EXCEL: Final = 15
_LARGEST: Final = 10**15
_NOISE: Final = 1e-6


class Number(str):
    """A number cell in plain digits with a decimal point, whatever the file's texts use.

    It proves nothing about the marks of the file (C1), and equals no text that looks the same: where a decimal
    comma is decided, the number 1.234 is not the text "1.234".
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Number) and str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return ~str.__hash__(self)


class Odd(str):
    """A cell that is no value. `value` is what a message shows, `expected` what it says.

    The text itself begins with NUL, so that it can never be taken for a clean one.
    """

    __slots__ = ("expected", "value")

    value: str
    expected: str

    def __new__(cls, value: str, expected: str) -> Self:
        """Make the cell."""
        odd = super().__new__(cls, "\0" + value)
        odd.value = value
        odd.expected = expected
        return odd


def number_text(value: float) -> str | None:
    """The decimal that a double stands for, in plain digits; None where 15 digits do not tell it.

    A decimal of at most 15 significant digits is the shortest that reads as its nearest double, so what was typed
    comes back exactly; every amount up to 10^15 minor units has no more. What a formula left in the 16th and 17th
    digit (3.3000000000000003) is dropped where it is less than a millionth, as Excel drops it on its screen.
    """
    if not math.isfinite(value) or abs(value) > _LARGEST:
        return None
    text = repr(float(value))
    if _significant(text) > _DIGITS_OF_EXCEL:
        text = f"{value:.{_DIGITS_OF_EXCEL}g}"
        if abs(float(text) - value) >= _NOISE:
            return None
    plain = _without_exponent(text)
    return "0" if plain == "-0" else plain


def _significant(text: str) -> int:
    digits = text.lower().partition("e")[0].replace(".", "").lstrip("-0")
    return len(digits.rstrip("0"))


def _without_exponent(text: str) -> str:
    mantissa, _e, exponent = text.lower().partition("e")
    whole, _point, decimals = mantissa.partition(".")
    sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    shift = int(exponent or 0)
    if shift >= 0:
        whole, decimals = whole + decimals[:shift].ljust(shift, "0"), decimals[shift:]
    else:
        padded = whole.rjust(1 - shift, "0")
        whole, decimals = padded[:shift], padded[shift:] + decimals
    decimals = decimals.rstrip("0")
    return sign + (whole.lstrip("0") or "0") + (f".{decimals}" if decimals else "")
