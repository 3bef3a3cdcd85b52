"""Every sentence for users passes through here, in the language of the user.

`choose` is called once, before the application is imported, since help texts are read at import. English
is the language of the source: it reads no catalogue and does not even import gettext.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:  # English never needs it
    from gettext import NullTranslations

LOCALES: Final = Path(__file__).parent / "locales"
DOMAIN: Final = "reconcile"


class _Marked:
    """The pseudo-locale `xx`: a sentence that shows no ⟦ ⟧ has escaped translation."""

    def gettext(self, message: str, /) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, singular: str, plural: str, count: int, /) -> str:
        return f"⟦{singular if count == 1 else plural}⟧"


class _Current:
    """The language in force; no catalogue means English."""

    language: str = "en"
    catalogue: "NullTranslations | _Marked | None" = None


def choose(language: str | None) -> None:
    """Speak this language from now on; English where it is None or has no catalogue.

    A region without a catalogue of its own speaks its language: `fr_CA` reads `fr`.
    """
    _Current.catalogue = _read(language) if language and language != "en" else None
    _Current.language = language if language and _Current.catalogue else "en"


def language() -> str:
    """Tell the language in force: `en`, `fr`, `fr_CA`, `xx`."""
    return _Current.language


def _(message: str) -> str:
    """Translate a sentence now, at the call. Fill in its `{names}` afterwards, with `.format`."""
    return message if _Current.catalogue is None else _Current.catalogue.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a sentence whose wording depends on a count. Fill in the count afterwards, with `.format`."""
    if _Current.catalogue is None:
        return singular if count == 1 else plural
    return _Current.catalogue.ngettext(singular, plural, count)


def N_(message: str) -> str:  # noqa: N802 - the name that extractors of messages know
    """Mark a sentence for the catalogue and return it as it is: `_` translates it where it is shown."""
    return message


def _read(language: str) -> "NullTranslations | _Marked | None":
    """Return the catalogue of a language, None where there is none."""
    if language == "xx":
        return _Marked()
    from gettext import translation  # noqa: PLC0415 - see above

    try:
        return translation(DOMAIN, LOCALES, [language])
    except FileNotFoundError:
        return None
