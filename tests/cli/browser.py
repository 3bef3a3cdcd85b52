"""A real browser, if there is one: it opens a page as a reader would, and tells what it did."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Final, NamedTuple

PROGRAM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_SECONDS: Final = 60
_TOLD: Final = re.compile(r"CONSOLE[:(].*")
_ASKED: Final = re.compile(r'"url":"((?!https?://[\w.]+\.(?:google|googleapis|gvt1)\.com/)[^"]+)"')
"""What was asked for in the network's log, but for what the browser asks on its own: none of it gets anywhere."""


class Seen(NamedTuple):
    """What a page became: its text as HTML after loading, complaints on the console, addresses asked for."""

    dom: str
    console: list[str]
    asked: set[str]


def opened(page: Path, folder: Path, *more: str) -> Seen:
    """Open a page without a window; `more` asks for a picture or a print, too."""
    log = folder / "net.json"
    done = _run(page, folder, f"--log-net-log={log}", "--enable-logging=stderr", "--v=0", "--dump-dom", *more)
    asked = set(_ASKED.findall(log.read_text("utf-8", errors="replace")))
    return Seen(done.stdout, _TOLD.findall(done.stderr), asked)


def printed(page: Path, folder: Path) -> bytes:
    """Print a page, and give the PDF."""
    pdf = folder / "print.pdf"
    _run(page, folder, f"--print-to-pdf={pdf}", "--no-pdf-header-footer")
    return pdf.read_bytes()


def pictured(page: Path, folder: Path, *, dark: bool = False) -> Path:
    """Take a picture of a page."""
    picture = folder / "page.png"
    style = ["--blink-settings=preferredColorScheme=0"] if dark else []
    _run(page, folder, f"--screenshot={picture}", "--window-size=1280,900", *style)
    return picture


def _run(page: Path, folder: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    assert PROGRAM is not None
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    return subprocess.run(
        [
            PROGRAM,
            "--headless",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--no-first-run",
            f"--user-data-dir={folder / 'profile'}",
            *alone,
            *more,
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        env={"PATH": os.defpath, "HOME": str(folder), "LANG": "C.UTF-8"},
    )
