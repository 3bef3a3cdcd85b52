"""What every test stands on: a fixed terminal, a fixed language, no network, no books of the user.

The network is blocked by `blocked/sitecustomize.py`, which every Python that a test starts imports too.
"""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from reconcile_cli import text
from tests.blocked import sitecustomize  # no network from here on, in this process and in those it starts

settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):  # the same examples each time; elsewhere new ones are looked for
    settings.load_profile("ci")

TERMINAL = {"COLUMNS": "100", "LINES": "40", "NO_COLOR": "1", "TERM": "xterm", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
REMOVED = ("FORCE_COLOR", "LANG", "LC_MESSAGES", "LANGUAGE", "PYTHONUNBUFFERED")


assert sitecustomize.NETWORK


def pytest_configure() -> None:
    """Fix what programs started by tests inherit."""
    for name in [name for name in os.environ if name.startswith("RECONCILE_") or name in REMOVED]:
        del os.environ[name]
    os.environ.update(TERMINAL)
    os.environ["PYTHONPATH"] = str(Path(__file__).parent / "blocked")
    time.tzset()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a plain shell's job in the background ignores it


@pytest.fixture(scope="session", autouse=True)
def _home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A test that names no database must never find the user's own."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        for kind in ("DATA", "CONFIG", "CACHE", "STATE"):
            patch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
        yield home


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Every test begins in English, whatever the one before spoke."""
    text.choose("en")
    yield
    text.choose("en")
