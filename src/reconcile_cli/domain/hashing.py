"""SHA-256 without waiting for it.

hashlib loads OpenSSL, which takes 3 ms: more than all that a small operation has to hash. The interpreter carries an
algorithm of its own, which hashlib itself falls back to (and `random` prefers, for the same reason): the same
bytes, slower by a third where there are many.
"""

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Final

MANY: Final = 10_000
"""Rows from which on the faster one is worth its loading."""
_OWN: Final = ("_sha2", "_sha256")  # since Python 3.12, and before; a Python may be built without


if TYPE_CHECKING:  # a protocol takes 0.3 ms to define
    from typing import Protocol

    class Hash(Protocol):
        """What is fed, and gives the digest of all of it."""

        def update(self, data: bytes, /) -> None:
            """Take more bytes."""

        def digest(self) -> bytes:
            """Give 32 bytes over all that was taken."""


def sha256(rows: int) -> "Hash":
    """Begin a hash over so many rows, or about so many."""
    if rows < MANY:
        for name in _OWN:
            with suppress(ImportError, ValueError):  # a Python that is held to OpenSSL may raise either
                begun: Hash = import_module(name).sha256()
                return begun
    import hashlib  # noqa: PLC0415 - see above

    return hashlib.sha256()
