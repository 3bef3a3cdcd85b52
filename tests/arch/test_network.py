"""No test and no program that a test starts reaches the network; and the block bites."""

import socket
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.blocked.sitecustomize import NetworkUsed

USES: dict[str, Callable[[], object]] = {
    "connect": lambda: socket.create_connection(("127.0.0.1", 9), timeout=0.1),
    "name": lambda: socket.getaddrinfo("localhost", 80),
    "datagram": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9)),
    "server": lambda: socket.socket().bind(("127.0.0.1", 0)),
}


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("use", USES)
def test_a_test_cannot_use_it(use: str) -> None:
    with pytest.raises(NetworkUsed):
        USES[use]()


@pytest.mark.parametrize(
    "program",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import urllib.request; urllib.request.urlopen('http://localhost:9')",
    ],
)
def test_nor_can_a_program(program: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], check=False, capture_output=True, text=True)
    assert done.returncode != 0
    assert "NetworkUsed" in done.stderr


def test_the_program_loads_no_network_at_all() -> None:
    """Nothing that it imports for its largest commands brings a socket."""
    program = (
        "import sys; from reconcile_cli.cli.main import main; main(['load', '-', '--dry-run', '--db', 'none.db']);"
        "main(['accounts', '--db', 'none.db']); print([m for m in ('_socket', 'ssl', 'http') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True, input="")
    assert done.stdout.splitlines()[-1] == "[]"
