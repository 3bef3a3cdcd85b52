"""No network: Python imports this at its start, in every program that a test starts, and asks before each use."""

import sys
from typing import Final

NETWORK: Final = frozenset(
    f"socket.{use}" for use in ("bind", "connect", "getaddrinfo", "gethostbyaddr", "gethostbyname", "sendmsg", "sendto")
)


class NetworkUsed(BaseException):
    """Nobody's `except Exception` hides it."""


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event in NETWORK:
        raise NetworkUsed(event)


sys.addaudithook(_refuse)
