"""Text from data never steers the terminal (design, section 5; style 12)."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconcile_cli.render.safe import ascii_only, clean, json_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Léa Tremblay", "Léa Tremblay"),
        ("[red]x[/b]", "[red]x[/b]"),
        ("a\x1b[2Jb", "a\ufffd[2Jb"),
        ("a\x9b2Jb", "a\ufffd2Jb"),
        ("a\x00b", "a\ufffdb"),
        ("two\r\nlines\there", "two  lines here"),
        ("a\u202etxt", "a\ufffdtxt"),
        ("a\u2066b\u200bc", "a\ufffdb\ufffdc"),
        ("\N{WARNING SIGN}\ufe0f", "\N{WARNING SIGN}"),
        ("soft\xadhyphen", "softhyphen"),
        ("tag\U000e0041", "tag\ufffd"),
    ],
)
def test_what_could_steer_a_terminal_is_shown_harmless(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text())
def test_nothing_unprintable_is_left_but_spaces(text: str) -> None:
    left = clean(text)
    assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in left)
    assert clean(left) == left
    assert ascii_only(left).isascii()


@given(st.text())
def test_json_is_harmless_and_equal_when_read_back(text: str) -> None:
    written = json_text({"text": text})
    assert json.loads(written) == {"text": text}
    assert clean(written) == written


def test_accents_are_spelled_in_ascii() -> None:
    assert ascii_only("Œuvre d’été, ½ « prix » — 日") == 'OEuvre d\'ete, 1?2 " prix " - ?'
