"""The words of a command line, which the system hands over as bytes: text is UTF-8 in every locale.

In the locale C, Python keeps what is not ASCII as lone surrogates, which no database takes.
"""

import os
from pathlib import Path


def as_text(word: str) -> str:
    """Read a word as UTF-8. Bytes that are not UTF-8 stay lone surrogates: `is_text` tells."""
    try:
        return os.fsencode(word).decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # given by a program, not by the system
        return word


def is_text(word: str) -> bool:
    """Tell whether a word is text that can be kept."""
    return not any("\ud800" <= character <= "\udfff" for character in word)


def printable(word: str) -> str:
    """Return a word as text that can be kept, with `?` for what is none."""
    return word.encode("utf-8", "replace").decode()


def as_path(word: str | Path) -> Path:
    """Return the file that a word names, in the form in which the system names files."""
    return Path(as_file(str(word)))


def as_file(word: str) -> str:
    """Return the name of a file as the system has it, whatever the locale: the opposite of `as_text`."""
    try:
        return os.fsdecode(word.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return word
