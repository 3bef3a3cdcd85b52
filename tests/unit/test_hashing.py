"""A few bytes are hashed without hashlib, to the same digest."""

import hashlib
import sys
from types import SimpleNamespace
from typing import Final, NoReturn

import pytest

from reconcile_cli.domain.hashing import MANY, sha256


def _held_back() -> NoReturn:
    raise ValueError("disabled for FIPS")


MISSING: Final = {
    "as it is": (),
    "a Python without its own": None,
    "its own is held back": SimpleNamespace(sha256=_held_back),
}


@pytest.mark.parametrize("rows", [0, MANY - 1, MANY])
@pytest.mark.parametrize("own", MISSING.values(), ids=MISSING)
def test_it_is_sha256(rows: int, own: object, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in () if own == () else ("_sha2", "_sha256"):
        monkeypatch.setitem(sys.modules, name, own)
    parts = [b"reconcile\n", b"", bytes(range(256)) * 50]
    digest = sha256(rows)
    for part in parts:
        digest.update(part)
    assert digest.digest() == hashlib.sha256(b"".join(parts)).digest()
