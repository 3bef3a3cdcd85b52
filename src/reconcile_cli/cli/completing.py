"""The line that a shell asks to complete: global options may stand after the command there too."""

import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Final

ASKED: Final = "_RECONCILE_COMPLETE"
_BASH: Final = "COMP_WORDS"
_OTHERS: Final = "_TYPER_COMPLETE_ARGS"
_CURSOR: Final = "\0"


@contextmanager
def plainly(environ: Mapping[str, str]) -> Iterator[None]:
    """Let Typer answer a shell without Rich, which it would import (70 ms) to take markup out of what has none."""
    if ASKED not in environ:
        yield
        return
    found = sys.modules.get("rich")
    sys.modules["rich"] = None  # type: ignore[assignment] # what Python's import system takes for "not there"
    try:
        yield
    finally:
        del sys.modules["rich"]
        if found is not None:
            sys.modules["rich"] = found


def reorder(environ: MutableMapping[str, str], globals_first: Callable[[Sequence[str]], list[str]]) -> None:
    """Put the words before the cursor in the order that the parser reads.

    The variables are those in which Typer's scripts hand the line over: to bash with the number of the word
    at the cursor, to zsh and fish up to the cursor. A line that cannot be read stays as it is.
    """
    if ASKED not in environ:
        return
    import shlex  # noqa: PLC0415 - only shells ask

    name = _BASH if _BASH in environ else _OTHERS
    line = environ.get(name, "")
    try:
        program, *words = shlex.split(line)
        cursor = int(environ["COMP_CWORD"]) - 1 if name == _BASH else len(words) - (not line.endswith(" "))
    except (KeyError, ValueError):
        return
    before, after = words[: max(cursor, 0)], words[max(cursor, 0) :]
    *moved, last = globals_first([*before, _CURSOR])
    if last == _CURSOR:  # else the value of an option is being typed
        end = " " if name == _OTHERS and not after else ""
        environ[name] = shlex.join([program, *moved, *after]) + end
