"""Text from data, made harmless: it may neither steer the terminal nor hide what it says."""

import re
from typing import Final

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

_UNSAFE: Final = (  # compiled where the first text needs it
    r"[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_BLANK: Final = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_JOINERS: Final = frozenset("\xad\u200c\u200d\ufeff") | {chr(code) for code in range(0xFE00, 0xFE10)}
_BMP_END: Final = 0xFFFF
_SPELLED: Final = str.maketrans(
    {
        "\N{LATIN SMALL LIGATURE OE}": "oe",
        "\N{LATIN CAPITAL LIGATURE OE}": "OE",
        "\xe6": "ae",
        "\xc6": "AE",
        "\xdf": "ss",
        "\xab": '"',
        "\xbb": '"',
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2212": "-",
        "\u2026": "...",
        "\u2192": "->",
    }
)


def clean(text: str) -> str:
    """Show line breaks as a space and every other control, C1, bidi or invisible character as U+FFFD.

    Soft hyphens, joiners and variation selectors only change how their neighbours look (U+FE0F breaks
    the width of a cell): they are left out.
    """
    if text.isascii() and text.isprintable():
        return text
    return re.sub(_UNSAFE, _replace, text)


def _replace(found: re.Match[str]) -> str:
    character = found[0]
    if character in _BLANK:
        return " "
    return "" if character in _JOINERS else REPLACEMENT


def ascii_only(text: str) -> str:
    """Spell cleaned text in ASCII: accents go, what has no spelling becomes `?`."""
    if text.isascii():
        return text
    import unicodedata  # noqa: PLC0415 - few terminals have ASCII alone

    parts = unicodedata.normalize("NFKD", text.translate(_SPELLED))
    return "".join(
        character if character.isascii() else "?" for character in parts if not unicodedata.combining(character)
    )


def json_text(value: object) -> str:
    """Write a value as JSON whose characters are harmless on a terminal and equal when read back."""
    import json  # noqa: PLC0415 - tables and CSV need none

    return re.sub(_UNSAFE, _escape, json.dumps(value, ensure_ascii=False))


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code <= _BMP_END:
        return f"\\u{code:04x}"
    high, low = divmod(code - _BMP_END - 1, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
