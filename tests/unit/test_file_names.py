"""Names of files from any names of accounts: safe, short, and never two for one place."""

import re
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from reconcile_cli.domain.file_names import stems

_STRANGE: Final = [
    "../x", "..", ".", "", "/etc/passwd", "CON", "con.txt", "NUL", "Lpt1", "a" * 500, "é" * 200, "C 1", "C:1", "x.",
    "-f", "ABC", "abc", "aBc", "ABC~1", "\x00", "\u202eexe", "日本", "\udcff", "~", "account", ".hidden", "a/../b",
]  # fmt: skip
_SAFE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.~-]{0,70}(?<!\.)", re.ASCII)
_DEVICE: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@given(st.lists(st.sampled_from(_STRANGE) | st.text(max_size=80) | st.text("Cc1-_./", max_size=4), unique=True))
def test_any_names_give_safe_and_different_stems(names: list[str]) -> None:
    made = list(stems(names))
    assert len({stem.casefold() for stem in made}) == len(names) == len(made)
    for stem in made:
        assert _SAFE.fullmatch(stem), stem
        assert not _DEVICE.fullmatch(stem), stem


def test_plain_codes_stay_as_they_are() -> None:
    plain = ["C001", "00123", "411-DUPONT", "a.b_c"]
    assert list(stems(plain)) == plain


def test_a_code_that_cannot_be_a_name_can_still_be_recognised() -> None:
    assert list(stems(["../x", "Zoë Fraser", "CON", "abc", "ABC"])) == [
        "x~d6b96a97d1",
        "Zoe_Fraser~7bcbb0a68d",
        "CON~a3dbc4b644",
        "abc~ba7816bf8f",
        "ABC~b5d4045c3f",
    ]
