"""Try the installed program, in an environment that holds nothing but what it needs; `make package` runs this.

Plain Python, and no test of pytest's: the point is that pytest, Babel and the checkout's code are not there.
"""

import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("reconcile.exe" if os.name == "nt" else "reconcile")
DEVELOPMENT = ("babel", "hatchling", "hypothesis", "mypy", "pytest", "ruff")


def main(*, workbooks: bool) -> None:
    """Walk through the program; AssertionError where it does not do what it should."""
    assert not [name for name in DEVELOPMENT if importlib.util.find_spec(name)]
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        os.environ.clear()
        os.environ.update(kept, HOME=folder, XDG_CONFIG_HOME=folder, COLUMNS="80", PYTHONWARNINGS="error")
        assert reconcile("--version").startswith("reconcile ")
        demo(Path("demo"))
        loading(Path("mine.csv"))
        workbook(Path("open.xlsx"), workbooks=workbooks)


def demo(folder: Path) -> None:
    """The samples and the catalogue of messages are in the package."""
    assert "reconcile show C027" in reconcile("demo", str(folder))
    os.environ["RECONCILE_DB"] = str(folder / "reconcile.db")
    assert "C027" in reconcile("accounts")
    assert "non concili\u00e9" in reconcile("--lang", "fr", "report", "reconciliation")
    assert "C027" in reconcile("auto", "--all", "--dry-run")
    reconcile("auto", "--all")
    reconcile("check")


def loading(file: Path) -> None:
    """Books of one's own, their schema in the package."""
    file.write_text(
        "date,type,number,account,amount\n2026-01-05,invoice,I1,A1,100.00\n2026-02-01,payment,P1,A1,60.00\n", "utf-8"
    )
    os.environ["RECONCILE_DB"] = "mine.db"
    assert "I1" not in reconcile("load", str(file))
    reconcile("auto", "--all")
    assert "40.00" in reconcile("unreconciled")
    reconcile("check")


def workbook(file: Path, *, workbooks: bool) -> None:
    """With the extra a workbook is written and read; without it the sentence names the extra."""
    written = run("unreconciled", "-f", "xlsx", "-o", str(file))
    assert (written.returncode == 0) is workbooks, written.stderr
    if not workbooks:
        assert "reconcile-cli[xlsx]" in written.stderr
        return
    read = run("load", str(file), "--dry-run")
    assert "Traceback" not in read.stderr
    assert "reconcile-cli[xlsx]" not in read.stderr


def reconcile(*arguments: str) -> str:
    """Run the program and return what it prints; AssertionError where it fails or complains."""
    done = run(*arguments)
    assert done.returncode == 0, (arguments, done.stdout, done.stderr)
    return done.stdout


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program."""
    return subprocess.run([PROGRAM, *arguments], capture_output=True, encoding="utf-8", check=False)


if __name__ == "__main__":
    main(workbooks=any(sys.argv[1:]))
    sys.stdout.write(f"The installed program works: {PROGRAM}\n")
