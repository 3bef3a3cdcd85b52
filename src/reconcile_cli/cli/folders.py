"""A list for each of many, each in a file of its own in one folder."""

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.output import ENDINGS, Output
from reconcile_cli.render.look import Target
from reconcile_cli.store.files import make_folder, refuse, whole
from reconcile_cli.text import _

Opening = Callable[[int], AbstractContextManager[Target]]


def open_folder(ctx: typer.Context, output: Output, folder: Path, stems: Sequence[str]) -> Opening:
    """Give what opens the files of a folder by their place in `stems`, their names without an ending.

    The folder is made where it is missing, for its owner only. Each file appears whole or not at all.

    Raises:
        Exists: one of the files is there, and --force is not given; then none is written.
        NotWritten: the folder or the disk does not take one.
    """
    if output.file is not None:
        raise typer.BadParameter(_("files go into the folder of --into"), ctx=ctx, param_hint="--output")
    form = output.format_of(ctx)
    ending = next(ending for ending, ends in ENDINGS.items() if ends is form)
    paths = [folder / f"{stem}{ending}" for stem in stems]
    make_folder(folder)
    for path in paths:
        refuse(path, force=output.force)

    report = session_of(ctx).report

    @contextmanager
    def opened(place: int) -> Iterator[Target]:
        if report:
            report(_("writing"), place, len(paths), 0)
        with (
            whole(paths[place], force=output.force) as file,
            io.TextIOWrapper(file, encoding="utf-8", errors="surrogateescape", newline="\n") as stream,
        ):
            target = output.target(ctx, form, stream, told=False)
            target.report = None  # files are counted, not their rows
            with target.finished():
                yield target

    return opened
