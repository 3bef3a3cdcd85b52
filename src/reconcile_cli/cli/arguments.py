"""The order of the words on a command line: global options may stand after the command."""

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import islice
from typing import Final

ASKED: Final = "_RECONCILE_COMPLETE"
"""The variable in which Typer's scripts say that a shell asks to complete a line."""

Taking = Mapping[str, int]
"""How many values each option takes: `{"--db": 1, "--ascii": 0}`."""


def globals_first(argv: Sequence[str], taking: Taking, taking_of: Callable[..., Taking | None]) -> list[str]:
    """Return the same words with the global options moved in front of the command.

    `taking` speaks of the global options, `taking_of(command)` of those of one command; it gives None for a group,
    and is asked again with the names of the group and of its member. The value of an
    option is never taken for an option (`--note --db` notes "--db"), an option that the command has too is the
    command's own, and nothing moves from `--` on. A global option that lacks its value
    stands alone, to be refused for it.
    """
    moved: list[str] = []
    kept: list[str] = []
    path: list[str] = []
    own: Taking | None = None
    words = list(argv)
    while words:
        word = words.pop(0)
        if word == "--":
            return [*moved, *kept, word, *words]
        name, equals, _value = word.partition("=")
        if not word.startswith("-") or word == "-":
            if own is None:
                path.append(word)
                own = taking_of(*path)
            kept.append(word)
            continue
        is_own = own is not None and name in own
        values = (own or {}).get(name, 0) if is_own else taking.get(name, 0)
        count = 0 if equals else values
        if name in taking and not is_own and count > len(words):
            return [*moved, word]  # without its value, which the parser asks for
        target = moved if name in taking and not is_own else kept
        target += [word, *words[:count]]
        del words[:count]
    return [*moved, *kept]


def without(words: Sequence[str], dropped: Collection[str], taking: Taking) -> list[str]:
    """Leave out some options of a command, with their values. `taking` speaks of all that it has."""
    kept: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            return [*kept, word, *rest]
        name = word.partition("=")[0] if word.startswith("--") else word[:2]
        own = [word, *islice(rest, taking.get(name, 0) if word == name else 0)]
        if name not in dropped:
            kept += own
    return kept
