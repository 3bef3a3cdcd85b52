"""Where a list goes: the options that every list has, and the target that they make."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple, TextIO

import typer

from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.translated import typed
from reconcile_cli.cli.words import as_path
from reconcile_cli.render.look import About, CsvStyle, Format, Look, Target
from reconcile_cli.text import _

ENDINGS: Final = {
    ".csv": Format.CSV,
    ".json": Format.JSON,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xlsx": Format.XLSX,
    ".txt": Format.TABLE,
}
_OWN: Final = ("--format", "-f", "--output", "-o", "--force", "--csv-style")
_STDOUT: Final = Path("-")


FileOption = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", parser=as_path, metavar=_("FILE"), help=_("Write to this file, not to standard output.")
    ),
]
ForceOption = Annotated[bool, typer.Option("--force", help=_("Write over a file that is there."))]


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
    force: ForceOption = False
    csv_style: Annotated[
        CsvStyle,
        typer.Option("--csv-style", help=_("plain, or excel-fr: semicolons and decimal commas for a French Excel.")),
    ] = CsvStyle.PLAIN

    @contextmanager
    def open(self, ctx: typer.Context, *, told: bool = True) -> Iterator[Target]:
        """Give the target. A file appears where the block ends well, whole, for its owner only; else nothing of it.

        `told`: whether a page says of which books it is and how it was made; what customers are sent does not.

        Raises:
            Exists: a file is there, and --force is not given, or it is the database itself.
            NotWritten: the folder or the disk does not take it.
        """
        form = self.format_of(ctx)
        with stream_to(ctx, self.file, force=self.force) as stream:
            target = self.target(ctx, form, stream, told=told)
            if form is Format.XLSX and target.look.terminal:
                raise typer.BadParameter(_("a workbook is not for a terminal: name a file with --output"), ctx=ctx)
            with target.finished():
                yield target

    def target(self, ctx: typer.Context, form: Format, stream: TextIO | None, *, told: bool = True) -> Target:
        """Give the target on a stream of a file; None: on standard output. Whoever asks for it finishes it."""
        session = session_of(ctx)
        about = _about(ctx, told=told) if form.is_document else About()
        if stream is None:
            return session.target(form, self.csv_style, about)
        look = Look(width=session.width, ascii=session.ascii)
        target = Target(stream, form, look, self.csv_style, about)
        target.report = session.report
        return target

    def format_of(self, ctx: typer.Context) -> Format:
        """Give the format asked for, in which a style of CSV has its place."""
        form = self._format(ctx)
        if self.csv_style is not CsvStyle.PLAIN and form is not Format.CSV:
            raise typer.BadParameter(_("it is for CSV alone"), ctx=ctx, param_hint="--csv-style")
        return form

    def _format(self, ctx: Any) -> Format:  # noqa: ANN401 - see translated
        """The format of --format, else of the ending, else of RECONCILE_FORMAT or what is configured, else a table."""
        said = self.form is not None and ctx.get_parameter_source("form").name == "COMMANDLINE"
        named = self.file is not None and self.file != _STDOUT
        by_ending = ENDINGS.get(self.file.suffix.lower()) if self.file is not None and named else None
        form = self.form if said else by_ending or self.form
        if form is None and named:
            raise typer.BadParameter(
                _("which format? Its ending is none of {endings}; give --format").format(endings=" ".join(ENDINGS)),
                ctx=ctx,
                param_hint="--output",
            )
        return form or Format.TABLE


OUTPUT: Final = Output()


def _about(ctx: typer.Context, *, told: bool) -> About:
    """What a document says of itself."""
    from shlex import join  # noqa: PLC0415 - most lists are no documents

    session = session_of(ctx)
    made_at = session.now.strftime("%Y-%m-%d %H:%M UTC")
    return About(session.database.name, made_at, join(typed(ctx, _OWN))) if told else About(made_at=made_at)


@contextmanager
def stream_to(ctx: typer.Context, path: Path | None, *, force: bool) -> Iterator[TextIO | None]:
    """Give the text stream of a new file, whole or not at all; None where standard output is meant: no path, or `-`.

    Raises:
        Exists: a file is there, and `force` is not given, or it is the database itself.
        NotWritten: the folder or the disk does not take it.
    """
    if path is None or path == _STDOUT:
        if force:
            raise typer.BadParameter(_("it goes with --output FILE"), ctx=ctx, param_hint="--force")
        yield None
        return
    from reconcile_cli.store.errors import Exists  # noqa: PLC0415 - most lists go to standard output
    from reconcile_cli.store.files import whole  # noqa: PLC0415 - the same

    session = session_of(ctx)
    if path.exists() and session.database.exists() and path.samefile(session.database):
        raise Exists(str(path), _("it is the database itself"))
    with (
        whole(path, force=force) as file,
        io.TextIOWrapper(file, encoding="utf-8", errors="surrogateescape", newline="\n") as stream,
    ):
        yield stream
    session.say(_("Written: {file}").format(file=path))
