"""Languages: which one is chosen, and that every sentence goes through it."""

import subprocess
import sys
from pathlib import Path

import pytest

from reconcile_cli import text
from reconcile_cli.text import N_, _, choose, ngettext
from reconcile_cli.text.languages import LANGUAGES, MARKED, language_from, spoken


def test_english_returns_the_sentence_itself() -> None:
    assert _("No account {code}.").format(code="C-1") == "No account C-1."
    assert [ngettext("{n} item", "{n} items", n).format(n=n) for n in (0, 1, 2)] == ["0 items", "1 item", "2 items"]
    assert text.language() == "en"


def test_the_pseudo_locale_marks_every_sentence() -> None:
    choose("xx")
    assert text.language() == "xx"
    assert _("Total") == "⟦Total⟧"
    assert ngettext("{n} item", "{n} items", 1).format(n=1) == "⟦1 item⟧"
    assert ngettext("{n} item", "{n} items", 2).format(n=2) == "⟦2 items⟧"


def test_a_marked_sentence_is_translated_where_it_is_shown() -> None:
    heading = N_("Balance")
    choose("xx")
    assert (heading, _(heading)) == ("Balance", "⟦Balance⟧")


@pytest.mark.parametrize("language", [None, "", "en", "de"])
def test_no_catalogue_means_english(language: str | None) -> None:
    choose("xx")
    choose(language)
    assert text.language() == "en"
    assert _("Total") == "Total"


def test_a_region_reads_the_catalogue_of_its_language(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = tmp_path / "fr" / "LC_MESSAGES" / f"{text.DOMAIN}.mo"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_bytes(_mo({"": "Content-Type: text/plain; charset=UTF-8\n", "Balance": "Solde"}))
    monkeypatch.setattr(text, "LOCALES", tmp_path)
    choose("fr_CA")
    assert (text.language(), _("Balance"), _("Unknown to it")) == ("fr_CA", "Solde", "Unknown to it")


def test_english_does_not_even_import_gettext() -> None:
    program = "import sys, reconcile_cli.text as t; t.choose('en'); t._('x'); sys.exit('gettext' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("argv", "environ", "language"),
    [
        ([], {}, "en"),
        (["accounts", "--lang", "fr"], {"RECONCILE_LANG": "xx"}, "fr"),
        (["--lang=fr_CA", "accounts"], {}, "fr_CA"),
        (["--lang", "fr", "--lang", "en"], {}, "en"),
        (["--lang"], {"LANG": "fr_FR.UTF-8"}, "fr"),
        (["find", "--", "--lang", "fr"], {}, "en"),
        (["accounts"], {"RECONCILE_LANG": "fr", "LC_ALL": "en_CA.UTF-8"}, "fr"),
        (["accounts"], {"LC_ALL": "C", "LANG": "fr_CA.UTF-8"}, "en"),
        (["accounts"], {"LC_ALL": "", "LC_MESSAGES": "fr_CA.UTF-8", "LANG": "en_CA.UTF-8"}, "fr_CA"),
        (["--lang", "de"], {"LANG": "fr_FR"}, "en"),
    ],
)
def test_the_option_precedes_the_environment(argv: list[str], environ: dict[str, str], language: str) -> None:
    assert language_from(argv, environ, str) == language


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("fr-ca", "fr_CA"),
        ("fr_BE@euro", "fr"),
        ("FR", "fr"),
        ("en_GB", "en"),
        ("POSIX", "en"),
        ("", "en"),
        ("xx", "xx"),
    ],
)
def test_a_locale_is_spoken_as_the_nearest_language(locale: str, language: str) -> None:
    assert spoken(locale) == language
    assert language in (*LANGUAGES, MARKED)


def _mo(messages: dict[str, str]) -> bytes:
    """Compile a catalogue: the format of gettext's .mo files, little-endian."""
    pairs = [(key.encode(), value.encode()) for key, value in sorted(messages.items())]
    start, strings, tables = 28 + 16 * len(pairs), b"", [b"", b""]
    for side in (0, 1):
        for pair in pairs:
            tables[side] += len(pair[side]).to_bytes(4, "little") + (start + len(strings)).to_bytes(4, "little")
            strings += pair[side] + b"\0"
    head = (0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, start)
    return b"".join(number.to_bytes(4, "little") for number in head) + tables[0] + tables[1] + strings
