"""Set up the project's own environment and run its tasks.

python3 dev.py demo | test | check | package | lowest | torture | bench | docs | messages | format

Plain Python 3.11 or newer, nothing to install first. It makes `.venv` in the checkout with what is there: uv,
else venv, else (Debian without python3-venv) a virtualenv that pip puts beside it. Everything it makes stays
in the checkout. `make TASK` is the same.
"""

from __future__ import annotations  # so that an older Python gets as far as being told

import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
CACHE = ROOT / ".cache"
DEMO = ROOT / ".demo"
STAMP = VENV / "made-for"

OLDEST = (3, 11)

STORY = (
    (
        "A season of a sports and arts club, as its two systems exported it: what was paid at checkout is reconciled.",
        "load sample_data/club_en.csv sample_data/club_fr.csv",
    ),
    (
        "Who owes what: \u2713 reconciled, \u2611 covered by planned payments, \u25d0 in part, \u26a0 not at all.",
        "accounts",
    ),
    ("One account: three invoices, and one cheque that names none of them.", "show C027"),
    ("Reconcile the oldest payments with the oldest invoices, everywhere.", "auto --all"),
    ("The same account: which items the cheque pays, and what is still open.", "show C027 --matches"),
    ("Prove every sum, and the whole history.", "check"),
)
"""The demonstration: what is about to happen, and the command (after `reconcile`) that does it."""

LEANING = (
    *(f"tests/cli/test_{name}.py" for name in ("commands", "configuration", "output", "profiles")),
    *(
        f"tests/cli/test_{name}.py"
        for name in ("completion", "completion_bash", "french", "main", "surroundings", "terminal", "translated")
    ),
    *(f"tests/unit/{name}" for name in ("render", "intake/test_workbooks.py")),
)
"""The tests that lean on Typer, Rich, platformdirs, tomli-w and the libraries of workbooks."""


def main(arguments: list[str]) -> int:
    """Run the tasks named, in turn; stop at the first that fails, with its exit code."""
    if not arguments or not set(arguments) <= set(TASKS):
        print(f"usage: python3 dev.py {' | '.join(TASKS)}", file=sys.stderr)
        return 2
    if sys.version_info < OLDEST:
        print(f"dev.py needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        print("Name another: make PYTHON=python3.12 test", file=sys.stderr)
        return 2
    try:
        set_up()
        for task in arguments:
            TASKS[task]()
    except subprocess.CalledProcessError as failure:
        print(f"dev.py: failed ({failure.returncode}): {shlex.join(map(str, failure.cmd))}", file=sys.stderr)
        return failure.returncode if failure.returncode > 0 else 1
    except KeyboardInterrupt:
        return 130
    return 0


def demo() -> None:
    """Load the sample data into new books inside the checkout, reconcile them and show the result."""
    shutil.rmtree(DEMO, ignore_errors=True)
    DEMO.mkdir()
    inside = {f"XDG_{kind}_HOME": str(DEMO / kind.lower()) for kind in ("DATA", "CONFIG", "CACHE", "STATE")}
    inside["RECONCILE_DB"] = str(DEMO / "reconcile.db")
    for sentence, command in STORY:
        print(f"\n{sentence}\n$ reconcile {command}", flush=True)
        run(tool("reconcile"), *expanded(shlex.split(command)), extra=inside)
    print(f"\nThe books are in {DEMO.name}/reconcile.db; `make demo` begins anew.", flush=True)


def test() -> None:
    """Run every test."""
    python("-m", "pytest")


def check() -> None:
    """Run every gate, the quick ones first. CI runs exactly this."""
    python("-m", "ruff", "format", "--check", ".")
    python("-m", "ruff", "check", ".")
    python("-m", "mypy")
    run(tool("lint-imports"), "--no-cache")
    test()


def package() -> None:
    """Build the sdist, and from it the wheel; try both where nothing but what they need is installed."""
    folder, made = CACHE / "package", CACHE / "package" / "made"
    shutil.rmtree(folder, ignore_errors=True)
    environment(folder / "builder", "build>=1.2", *project()["build-system"]["requires"])
    run(tool("python", folder / "builder"), "-m", "build", "--no-isolation", "--outdir", str(made), str(ROOT))
    for kind, pattern, extra in (("wheel", "*.whl", ""), ("sdist", "*.tar.gz", "[xlsx]")):
        (found,) = made.glob(pattern)
        environment(folder / kind, f"reconcile-cli{extra} @ {found.as_uri()}")
        run(tool("python", folder / kind), "-I", "tests/installed.py", extra)


def lowest() -> None:
    """Run what users meet with the lowest version that pyproject.toml allows of each dependency."""
    told = project()["project"]
    declared = [*told["dependencies"], *(one for extra in told["optional-dependencies"].values() for one in extra)]
    environment(CACHE / "lowest", *requirements(), *(re.sub(r">=([\d.]+).*", r"==\1", one) for one in declared))
    run(tool("python", CACHE / "lowest"), "-m", "pytest", *LEANING)


def torture() -> None:
    """Run the tests under fault at full numbers, and print what was tried."""
    run(tool("python"), "-m", "pytest", "-m", "torture", extra={"TORTURE": "1"})


def bench() -> None:
    """Measure against plain SQLite on this machine."""
    python("bench/run.py")


def docs() -> None:
    """Write the reference of the commands anew, and run what the documentation shows."""
    python("docs/reference.py")
    python("-m", "pytest", "tests/docs")


def messages() -> None:
    """Bring the French catalogue up to date with the sentences of the source, and compile it."""
    pot, locales = CACHE / "reconcile.pot", "src/reconcile_cli/text/locales"
    CACHE.mkdir(exist_ok=True)
    keywords = ("--keywords", "N_", "--keywords", "ngettext:1,2")
    run(
        tool("pybabel"),
        "--quiet",
        "extract",
        *keywords,
        "--no-location",
        "--sort-output",
        "--output-file",
        str(pot),
        "src",
    )
    unchanged = ("--no-fuzzy-matching", "--ignore-obsolete", "--ignore-pot-creation-date", "--width", "120")
    run(tool("pybabel"), "--quiet", "update", "-D", "reconcile", "-l", "fr", *unchanged, "-i", str(pot), "-d", locales)
    run(tool("pybabel"), "--quiet", "compile", "-D", "reconcile", "-d", locales)


def reformat() -> None:
    """Format the code and mend what can be mended by rule."""
    python("-m", "ruff", "format", ".")
    python("-m", "ruff", "check", "--fix", ".")


TASKS: Mapping[str, Callable[[], None]] = {
    "demo": demo,
    "test": test,
    "check": check,
    "package": package,
    "lowest": lowest,
    "torture": torture,
    "bench": bench,
    "docs": docs,
    "messages": messages,
    "format": reformat,
}


def set_up() -> None:
    """Make the environment, unless it was made from the same pyproject.toml, here and with this Python."""
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    print("Setting up .venv (once; a minute or less) ...", file=sys.stderr, flush=True)
    environment(VENV, *requirements())
    STAMP.write_text(wanted)


def fingerprint() -> str:
    """Return what the environment depends on, in one line."""
    parts = (str(ROOT), sys.version, (ROOT / "pyproject.toml").read_text("utf-8"))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def environment(folder: Path, *wanted: str) -> None:
    """Make an environment anew, with what is wanted in it."""
    uv = shutil.which("uv")
    if uv is None or not with_uv(uv, folder, wanted):
        with_pip(folder, wanted)


def with_uv(uv: str, folder: Path, wanted: Iterable[str]) -> bool:
    """Make the environment with uv; False where uv does not manage and pip should try."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        run(uv, "venv", "--quiet", "--python", sys.executable, str(folder))
        run(uv, "pip", "install", "--quiet", "--python", str(tool("python", folder)), *wanted)
    except subprocess.CalledProcessError:
        print("uv did not manage; trying pip.", file=sys.stderr)
        return False
    return True


def with_pip(folder: Path, wanted: Iterable[str]) -> None:
    """Make the environment with what Python itself brings."""
    if not (importlib.util.find_spec("ensurepip") and with_venv(folder)):
        with_virtualenv(folder)
    run(tool("python", folder), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted)


def with_venv(folder: Path) -> bool:
    """Make an empty environment; False where Debian has left out a part of venv."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        run(sys.executable, "-m", "venv", str(folder))
    except subprocess.CalledProcessError:
        return False
    return True


def with_virtualenv(folder: Path) -> None:
    """Make an empty environment with a virtualenv that pip puts into the checkout."""
    shutil.rmtree(folder, ignore_errors=True)
    if not importlib.util.find_spec("pip"):
        print("This Python has neither venv, nor pip, nor uv. On Debian: apt install python3-venv", file=sys.stderr)
        sys.exit(1)
    run(sys.executable, "-m", "pip", "install", "--quiet", "--upgrade", "--target", str(TOOLS), "virtualenv")
    run(sys.executable, "-m", "virtualenv", "--quiet", str(folder), extra={"PYTHONPATH": str(TOOLS)})


def project() -> dict[str, Any]:
    """Return what pyproject.toml says."""
    import tomllib  # noqa: PLC0415 - an older Python does not have it

    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def requirements() -> list[str]:
    """Return the project itself, editable and with every extra, and its dev group, which old pips cannot read."""
    told = project()
    extras = ",".join(told["project"]["optional-dependencies"])
    return ["--editable", f"{ROOT}[{extras}]", *told["dependency-groups"]["dev"]]


def expanded(words: Iterable[str]) -> list[str]:
    """Expand `*` as a shell would, in order."""
    return [
        found
        for word in words
        for found in (sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob(word)) if "*" in word else [word])
    ]


def tool(name: str, folder: Path = VENV) -> Path:
    """Return the path of a program in an environment."""
    return folder / "Scripts" / f"{name}.exe" if os.name == "nt" else folder / "bin" / name


def python(*arguments: str) -> None:
    """Run the environment's Python."""
    run(tool("python"), *arguments)


def run(program: str | Path, *arguments: str, extra: Mapping[str, str] | None = None) -> None:
    """Run a program in the checkout, apart from any other environment; CalledProcessError where it fails."""
    foreign = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX", "PIP_USER")
    kept = {name: value for name, value in os.environ.items() if name not in foreign and name[:10] != "RECONCILE_"}
    caches = {name: str(CACHE) for name in ("PIP_CACHE_DIR", "UV_CACHE_DIR", "VIRTUALENV_OVERRIDE_APP_DATA")}
    subprocess.run([program, *arguments], cwd=ROOT, env=caches | kept | dict(extra or {}), check=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
