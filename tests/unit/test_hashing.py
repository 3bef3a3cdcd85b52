"""A few bytes are hashed without hashlib, to the same digest."""

import hashlib
import sys

import pytest

from reconcile_cli.domain.hashing import MANY, sha256


@pytest.mark.parametrize("rows", [0, MANY - 1, MANY])
@pytest.mark.parametrize("missing", [(), ("_sha2", "_sha256")], ids=["as it is", "a Python without its own"])
def test_it_is_sha256(rows: int, missing: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    parts = [b"reconcile\n", b"", bytes(range(256)) * 50]
    digest = sha256(rows)
    for part in parts:
        digest.update(part)
    assert digest.digest() == hashlib.sha256(b"".join(parts)).digest()
