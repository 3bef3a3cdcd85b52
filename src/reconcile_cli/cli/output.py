"""Where a list goes: the options that every list has, and the target that they make."""

import io
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final, NamedTuple

import typer

from reconcile_cli.cli.context import Session, session_of
from reconcile_cli.cli.translated import typed
from reconcile_cli.cli.words import as_path
from reconcile_cli.render.look import About, CsvStyle, Format, Look, Target
from reconcile_cli.text import _

_ENDINGS: Final = {
    ".csv": Format.CSV,
    ".json": Format.JSON,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xlsx": Format.XLSX,
    ".txt": Format.TABLE,
}
_OWN: Final = ("--format", "-f", "--output", "-o", "--force", "--csv-style")
_STDOUT: Final = Path("-")


class Output(NamedTuple):
    """What a command takes that writes a list, as `output: Output = OUTPUT`; it writes to the target of `open`."""

    form: Annotated[
        Format | None,
        typer.Option("--format", "-f", envvar="RECONCILE_FORMAT", show_envvar=False, help=_("How to write the list.")),
    ] = None
    file: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            parser=as_path,
            metavar=_("FILE"),
            help=_("Write to this file; its ending tells the format: .csv, .json, .html, .xlsx, .txt."),
        ),
    ] = None
    force: Annotated[bool, typer.Option("--force", help=_("Write over a file that is there."))] = False
    csv_style: Annotated[
        CsvStyle,
        typer.Option("--csv-style", help=_("plain, or excel-fr: semicolons and decimal commas for a French Excel.")),
    ] = CsvStyle.PLAIN

    @contextmanager
    def open(self, ctx: typer.Context) -> Iterator[Target]:
        """Give the target. A file appears where the block ends well, whole, for its owner only; else nothing of it.

        Raises:
            Exists: a file is there, and --force is not given, or it is the database itself.
            NotWritten: the folder or the disk does not take it.
        """
        session = session_of(ctx)
        to_file = self.file is not None and self.file != _STDOUT
        form = self._format(ctx, named=to_file)
        if self.csv_style is not CsvStyle.PLAIN and form is not Format.CSV:
            raise typer.BadParameter(_("it is for CSV alone"), ctx=ctx, param_hint="--csv-style")
        if self.force and not to_file:
            raise typer.BadParameter(_("it goes with --output FILE"), ctx=ctx, param_hint="--force")
        with ExitStack() as stack:
            if to_file and self.file is not None:
                target = stack.enter_context(self._file(ctx, session, self.file, form))
            else:
                target = session.target(form, *self._more(ctx, session))
                if form is Format.XLSX and target.look.terminal:
                    raise typer.BadParameter(_("a workbook is not for a terminal: name a file with --output"), ctx=ctx)
            yield target
            target.finish()
        if to_file:
            session.say(_("Written: {file}").format(file=self.file))

    @contextmanager
    def open_folder(
        self, ctx: typer.Context, folder: Path, stems: Sequence[str]
    ) -> Iterator[Callable[[int], AbstractContextManager[Target]]]:
        """Give what opens the files of a folder by their place in `stems`, their names without an ending.

        The folder is made where it is missing, for its owner only. Each file appears whole or not at all.

        Raises:
            Exists: one of the files is there, and --force is not given; then none is written.
            NotWritten: the folder or the disk does not take one.
        """
        from reconcile_cli.store.files import make_folder, refuse  # noqa: PLC0415 - most lists go to standard output

        session = session_of(ctx)
        if self.file is not None:
            raise typer.BadParameter(_("files go into the folder of --into"), ctx=ctx, param_hint="--output")
        form = self._format(ctx, named=False)
        if self.csv_style is not CsvStyle.PLAIN and form is not Format.CSV:
            raise typer.BadParameter(_("it is for CSV alone"), ctx=ctx, param_hint="--csv-style")
        make_folder(folder)
        ending = next(ending for ending, ends in (*_ENDINGS.items(), (".txt", form)) if ends is form)
        paths = [folder / f"{stem}{ending}" for stem in stems]
        for path in paths:
            refuse(path, force=self.force)

        @contextmanager
        def opened(place: int) -> Iterator[Target]:
            with self._file(ctx, session, paths[place], form) as target:
                yield target
                target.finish()

        yield opened

    @contextmanager
    def _file(self, ctx: typer.Context, session: Session, path: Path, form: Format) -> Iterator[Target]:
        with (
            _file(session, path, force=self.force) as binary,
            io.TextIOWrapper(binary, encoding="utf-8", newline="\n") as stream,
        ):
            look = Look(width=session.width, ascii=session.ascii)
            yield Target(stream, form, look, *self._more(ctx, session))

    def _format(self, ctx: Any, *, named: bool) -> Format:  # noqa: ANN401 - see translated
        """The format of --format, else of the ending, else of RECONCILE_FORMAT, else a table."""
        said = self.form is not None and ctx.get_parameter_source("form").name != "ENVIRONMENT"
        by_ending = _ENDINGS.get(self.file.suffix.lower()) if self.file is not None and named else None
        form = self.form if said else by_ending or self.form
        if form is None and named:
            raise typer.BadParameter(
                _("which format? Its ending is none of {endings}; give --format").format(endings=" ".join(_ENDINGS)),
                ctx=ctx,
                param_hint="--output",
            )
        return form or Format.TABLE

    def _more(self, ctx: typer.Context, session: Session) -> tuple[CsvStyle, About]:
        made_at = session.now.strftime("%Y-%m-%d %H:%M UTC")
        return self.csv_style, About(session.database.name, made_at, shlex.join(typed(ctx, _OWN)))


OUTPUT: Final = Output()


@contextmanager
def _file(session: Session, path: Path, *, force: bool) -> Iterator[BinaryIO]:
    from reconcile_cli.store.errors import Exists  # noqa: PLC0415 - most lists go to standard output
    from reconcile_cli.store.files import whole  # noqa: PLC0415 - the same

    if path.exists() and session.database.exists() and path.samefile(session.database):
        raise Exists(str(path), _("it is the database itself"))
    with whole(path, force=force) as file:
        yield file
