"""Numbers and days as the user's language writes them: what CLDR says of en_CA, fr_CA and fr_FR."""

from typing import Final

from reconcile_cli.text import language

_MARKS: Final = {
    "fr": ("\N{NARROW NO-BREAK SPACE}", ","),
    "fr_CA": ("\N{NO-BREAK SPACE}", ","),
}


def count(number: int) -> str:
    """Write a whole number with its thousands in threes: `1,234`, in French `1 234`."""
    return f"{number:,}".replace(",", _marks()[0])


def decimal(whole: int, part: str) -> str:
    """Write a number of zero or more from its whole part and the digits behind the mark: `1,234.50`, `1 234,50`."""
    return f"{count(whole)}{_marks()[1]}{part}"


def day(date: int) -> str:
    """Write a date `yyyymmdd`: ISO in Canada, in both languages; the day first in France."""
    year, month, of_month = date // 10_000, date // 100 % 100, date % 100
    return f"{of_month:02}/{month:02}/{year:04}" if language() == "fr" else f"{year:04}-{month:02}-{of_month:02}"


def _marks() -> tuple[str, str]:
    """What stands between thousands, and before the decimals."""
    return _MARKS.get(language(), (",", "."))
