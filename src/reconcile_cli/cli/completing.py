"""The line that a shell asks to complete: global options may stand after the command there too.

Bash hands `INV-9:1` and `--by=due` over in pieces, since its words end at `:` and `=`, and replaces the last piece
alone; zsh and fish replace the whole word, of which the parser answers what follows `--by=`.
"""

import sys
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Final

from reconcile_cli.cli.arguments import ASKED

_BASH: Final = "COMP_WORDS"
_OTHERS: Final = "_TYPER_COMPLETE_ARGS"
_CURSOR: Final = "\0"
_BREAKS: Final = frozenset(":=")


@contextmanager
def plainly() -> Iterator[None]:
    """Let Typer answer a shell without Rich, which it would import (70 ms) to take markup out of what has none."""
    found = sys.modules.get("rich")
    sys.modules["rich"] = None  # type: ignore[assignment] # what Python's import system takes for "not there"
    try:
        yield
    finally:
        del sys.modules["rich"]
        if found is not None:
            sys.modules["rich"] = found


@contextmanager
def in_order(environ: MutableMapping[str, str], globals_first: Callable[[Sequence[str]], list[str]]) -> Iterator[None]:
    """Let the parser read the line as `reorder` puts it, and the shell the answers as it replaces words."""
    kept = reorder(environ, globals_first)
    if kept is None:
        yield
        return
    from contextlib import redirect_stdout  # noqa: PLC0415 - only shells ask
    from io import StringIO  # noqa: PLC0415

    shell, answers = sys.stdout, StringIO()
    try:
        with redirect_stdout(answers):
            yield
    finally:
        shell.write(_answered(environ[ASKED], kept, answers.getvalue()))


def reorder(environ: MutableMapping[str, str], globals_first: Callable[[Sequence[str]], list[str]]) -> str | None:
    """Put the words before the cursor in the order that the parser reads.

    Returns what of the word at the cursor stays in front of an answer: in bash `INV-9:` of `INV-9:1`, in zsh and
    fish `--by=` of `--by=due`; None where no shell asks, and of a line that cannot be read.

    The variables are those in which Typer's scripts hand the line over: to bash with the number of the word
    at the cursor, to zsh and fish up to the cursor. A line that cannot be read stays as it is.
    """
    if ASKED not in environ:
        return None
    import shlex  # noqa: PLC0415 - only shells ask

    variable = _BASH if _BASH in environ else _OTHERS
    line, place, kept = environ.get(variable, ""), 0, ""
    try:
        if variable == _BASH:
            line, place, kept = _whole(line, int(environ["COMP_CWORD"]))
            environ[variable], environ["COMP_CWORD"] = line, str(place)
        program, *words = shlex.split(line)
        cursor = place - 1 if variable == _BASH else len(words) - (not line.endswith(" "))
        if variable == _OTHERS and words[cursor:] and words[cursor].startswith("--"):
            option, equals, _value = words[cursor].partition("=")
            kept = option * bool(equals) + equals
    except (KeyError, ValueError):
        return None
    before, after = words[: max(cursor, 0)], words[max(cursor, 0) :]
    name, equals, _value = after[0].partition("=") if after else ("", "", "")
    mark = f"{name}={_CURSOR}" if equals else _CURSOR  # `--lang=f` moves as `--lang f` does
    moved = globals_first([*before, mark])
    moved = moved[: moved.index(mark)]  # without the command where the value of a global option is being typed
    environ[variable] = shlex.join([program, *moved, *after]) + (" " if variable == _OTHERS and not after else "")
    if variable == _BASH:
        environ["COMP_CWORD"] = str(len(moved) + 1)
    return kept


def _answered(asked: str, kept: str, answers: str) -> str:
    """Write answers as the shell that asked replaces words."""
    lines = answers.splitlines(keepends=True)
    if asked == "complete_bash":  # it types them as they stand
        return "".join(line.replace(" ", "\\ ").removeprefix(kept) for line in lines)
    if asked == "complete_fish":
        return "".join(kept + line for line in lines)
    if asked == "complete_zsh" and kept and answers.strip():  # a script: what is in front of the word is left alone
        return f"compset -P 1 '*='; {answers}"
    return answers


def _whole(line: str, cursor: int) -> tuple[str, int, str]:
    """Join the pieces of words, one a line, up to the cursor.

    Returns the line, the place of the cursor in it, and what of its word is kept. An empty piece is a word that
    begins. Of `--account=A:B` is kept `A:`, since answers do not repeat the option.
    """
    words: list[str] = []
    place, kept, going_on = cursor, "", False
    for number, piece in enumerate(line.split("\n")):
        is_break = bool(piece) and _BREAKS.issuperset(piece)
        if words and piece and (is_break or going_on) and number <= cursor:
            kept = (words[-1] + piece * is_break) if number == cursor else ""
            words[-1] += piece
            place -= 1
        else:
            words.append(piece)
        going_on = is_break
    return "\n".join(words), place, kept.partition("=")[2] if kept.startswith("-") else kept
