"""`reconcile demo`: sample files and books to play with, and a tour of six commands."""

import os
import shutil
from contextlib import AbstractContextManager
from importlib.resources import as_file as on_disk
from importlib.resources import files
from pathlib import Path
from shlex import quote
from typing import Annotated, Final

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.words import as_path, printable
from reconcile_cli.intake.options import ReadOptions
from reconcile_cli.intake.source import Source
from reconcile_cli.render.loading import write_load
from reconcile_cli.text import N_, _
from reconcile_cli.workflows.errors import NotEmpty
from reconcile_cli.workflows.load import load

_SAMPLES: Final = "sample_data"
_LOADED: Final = ("club_en.csv", "club_fr.csv")
_TOUR: Final = (
    (N_("Who owes what, and what is reconciled:"), "accounts"),
    (N_("One account: three invoices, and one cheque that names none of them:"), "show C027"),
    (N_("The oldest payments with the oldest invoices, everywhere:"), "auto --all"),
    (N_("The same account: which items the cheque pays, and what is still open:"), "show C027 --matches"),
    (N_("What came a week later:"), "load update.csv"),
    (N_("Prove every sum, and the whole history:"), "check"),
)


def demo_command(
    ctx: typer.Context,
    *,
    folder: Annotated[
        Path, typer.Argument(metavar=_("[FOLDER]"), parser=as_path, help=_("Made for it; else reconcile-demo."))
    ] = Path("reconcile-demo"),
) -> None:
    """Make the folder, load the samples into books of its own, and say what to type."""
    session = session_of(ctx)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NotEmpty(printable(str(folder)))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _samples() as samples:
        for sample in samples.iterdir():
            shutil.copyfile(sample, folder / sample.name)
    sources = [Source(str(folder / name)) for name in _LOADED]
    session.db = folder / "reconcile.db"
    with session.change(new=True) as books:
        result = load(books, sources, ReadOptions(), session.stamp(), arguments={"files": list(_LOADED)})
    target = session.target()
    write_load(target, result)
    target.line()
    target.line(_("A season of a sports and arts club, to play with. Go there and try, one after the other:"))
    target.line()
    here = printable(str(folder))
    target.line(f"  cd {quote(here)}")
    target.line("  set RECONCILE_DB=reconcile.db" if os.name == "nt" else "  export RECONCILE_DB=reconcile.db")
    for sentence, command in _TOUR:
        target.line()
        target.line(_(sentence), "dim")
        target.line(f"  reconcile {command}")


def _samples() -> AbstractContextManager[Path]:
    """Where the samples are: in the package, or beside it in a checkout."""
    packaged = files("reconcile_cli").joinpath(_SAMPLES)
    return on_disk(packaged if packaged.is_dir() else Path(__file__).parents[4] / _SAMPLES)
