"""`reconcile load`: files into the books."""

from typing import Annotated

import typer

from reconcile_cli.cli.closing import how_to_go_on
from reconcile_cli.cli.context import session_of
from reconcile_cli.cli.options import AuthorOption, DryRunOption, FilesArgument, FormatOption, NoteOption, RejectsOption
from reconcile_cli.cli.reading_options import (
    AccountsOption,
    ColumnsOption,
    CurrencyOption,
    DateOrderOption,
    DecimalOption,
    DelimiterOption,
    EncodingOption,
    NumberRowsOption,
    ProfileOption,
    Said,
    SheetOption,
    SignedOption,
    read_options,
)
from reconcile_cli.cli.words import as_file, printable
from reconcile_cli.errors import BadInput, Exit
from reconcile_cli.render.look import Format
from reconcile_cli.text import _


def load_command(
    ctx: typer.Context,
    *,
    files: FilesArgument,
    dry_run: DryRunOption = False,
    rejects: RejectsOption = None,
    no_match: Annotated[bool, typer.Option("--no-match", help=_("Reconcile nothing at checkout."))] = False,
    update_reconciled: Annotated[
        bool, typer.Option("--update-reconciled", help=_("Take apart what changes though it is reconciled."))
    ] = False,
    profile: ProfileOption = None,
    accounts: AccountsOption = None,
    number_rows: NumberRowsOption = False,
    currency: CurrencyOption = None,
    encoding: EncodingOption = None,
    delimiter: DelimiterOption = None,
    decimal: DecimalOption = None,
    date_order: DateOrderOption = None,
    columns: ColumnsOption = None,
    signed: SignedOption = None,
    sheet: SheetOption = None,
    note: NoteOption = "",
    author: AuthorOption = "",
    form: FormatOption = Format.TABLE,
) -> int:
    """Load files and say what that did."""
    from reconcile_cli.intake.source import Source  # noqa: PLC0415 - who completes options waits for none of these
    from reconcile_cli.render.loading import write_load, write_refusal  # noqa: PLC0415
    from reconcile_cli.workflows.load import Rules, load  # noqa: PLC0415

    session = session_of(ctx)
    said = Said(
        profile, accounts, number_rows, currency, encoding, delimiter, decimal, date_order, columns, signed, sheet
    )
    options = read_options(session, said)
    rules = Rules(dry_run=dry_run, match=not no_match, update_reconciled=update_reconciled, rejects=rejects)
    arguments = {
        "files": [printable(file) for file in files],
        **({"update_reconciled": True} if update_reconciled else {}),
        **({"no_match": True} if no_match else {}),
        **({"profile": profile} if profile else {}),
        **({"rejects": printable(str(rejects))} if rejects else {}),
    }
    try:
        with session.change(new=True) as books:
            result = load(
                books,
                [Source(as_file(file)) for file in files],
                options,
                session.stamp(note, author),
                rules,
                arguments=arguments,
                progress=session.report,
                tell=lambda notes: session.say(*notes),
            )
    except BadInput as refusal:
        write_refusal(session.target(form), session.messages(), refusal)
        raise
    try:
        write_load(session.target(form), result)
    finally:  # the books were changed, whether or not somebody takes the data
        session.say(*result.notes, *how_to_go_on(result))
    return Exit.FINDINGS if result.rejected else Exit.DONE
