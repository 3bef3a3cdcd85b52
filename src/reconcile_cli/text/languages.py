"""Which language to speak, told from the command line and the environment alone.

Nothing else is imported here: the answer is needed before the application is.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile

LANGUAGES = ("en", "fr", "fr_CA")
"""What `--lang` takes."""
MARKED = "xx"
"""The language of tests, which marks every message: RECONCILE_LANG takes it, and no user is told of it."""

_OWN = "RECONCILE_LANG"
_SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")


def language_from(argv: Sequence[str], environ: Mapping[str, str], configured: Callable[[], str]) -> str:
    """Return one of LANGUAGES, or MARKED: of `--lang` (the last before `--`), else RECONCILE_LANG, else as configured.

    Else the first variable of the system's that is set.

    A language that is not spoken, `C` and `POSIX` mean English; whether a wrong `--lang` is refused is
    for the parser of the command line to say.
    """
    own = _option(argv) or environ.get(_OWN) or configured()
    return spoken(own or next((environ[name] for name in _SYSTEM if environ.get(name)), ""))


def spoken(locale: str) -> str:
    """Return the language nearest to a locale: `fr_CA.UTF-8` and `fr-ca` -> `fr_CA`, `fr_BE` -> `fr`."""
    language, _, region = locale.partition(".")[0].partition("@")[0].replace("-", "_").partition("_")
    for candidate in (f"{language.lower()}_{region.upper()}", language.lower()):
        if candidate in (*LANGUAGES, MARKED):
            return candidate
    return "en"


def _option(argv: Sequence[str]) -> str:
    """Return the value of the last `--lang X` or `--lang=X` before `--`, empty without one."""
    options = list(takewhile(lambda argument: argument != "--", argv))
    asked = ""
    for position, argument in enumerate(options):
        if argument == "--lang":
            asked = options[position + 1] if position + 1 < len(options) else asked
        elif argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
    return asked
