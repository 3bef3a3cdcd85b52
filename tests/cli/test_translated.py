"""Typer, made to speak the user's language: a small application of its own shows each behaviour."""

import subprocess
import sys
from enum import StrEnum
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from reconcile_cli.cli.saying import say
from reconcile_cli.cli.translated import Section, application, command, run
from reconcile_cli.errors import Exit, ReconcileError
from reconcile_cli.text import _, choose


class NoAccount(ReconcileError):
    code = "no-account"
    exit_code = Exit.UNUSABLE

    def __init__(self, account: str) -> None:
        super().__init__()
        self.account = account

    def sentence(self) -> str:
        return _("No account {account}.").format(account=self.account)


class Format(StrEnum):
    TABLE = "table"
    CSV = "csv"


def _application() -> typer.Typer:
    """Build it anew: help texts are in the language of the moment."""
    app = application(_("Reconcile customer accounts."))
    flag = typer.Option("--ascii", help=_("Plain symbols."))
    database = typer.Option("--db", metavar="FILE", envvar="DB", show_envvar=True, help=_("The books."))

    @app.callback()
    def _globals(
        context: typer.Context,
        *,
        db: Annotated[str, database] = "own.db",
        ascii_: Annotated[bool, flag] = False,
    ) -> None:
        context.obj = (db, ascii_)

    @command(app, Section.LOOK, _("Show an account."))
    def show(
        context: typer.Context,
        account: Annotated[str, typer.Argument(metavar="ACCOUNT", help=_("Its code."))],
        form: Annotated[Format, typer.Option("--format", "-f", help=_("The form."))] = Format.TABLE,
        rows: Annotated[int, typer.Option(metavar="N", help=_("How many."), min=1)] = 200,
    ) -> None:
        if account == "none":
            raise NoAccount(account)
        typer.echo(f"{account} {form} {rows} {context.obj}")

    @command(app, Section.LOAD, _("Load files."))
    def load(files: Annotated[list[str], typer.Argument(metavar="FILE...", help=_("CSV files."))]) -> int:
        return Exit.FINDINGS if files == ["bad.csv"] else Exit.DONE

    @command(app, Section.KEEP, _("Break."), name="break")
    def break_(how: Annotated[str, typer.Argument(metavar="HOW", help=_("The way."))]) -> None:
        raise {"pipe": BrokenPipeError, "key": KeyboardInterrupt, "defect": RuntimeError, "eof": EOFError}[how]

    return app


def _run(*argv: str) -> int:
    try:
        return run(_application(), argv)
    except SystemExit as stop:
        return int(stop.code or 0)


def test_help_lists_the_commands_by_section_and_then_the_options(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--help") == Exit.DONE
    out = capsys.readouterr().out
    assert out.startswith("Usage: reconcile [OPTIONS] COMMAND [ARGS]...\n\n  Reconcile customer accounts.\n\nLoad:\n")
    places = [out.index(words) for words in ("Load:\n  load ", "Look:\n  show ", "Keep:\n  break", "Options:\n  --db")]
    assert places == sorted(places)


def test_help_of_a_command_reads_alike_with_every_typer(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("show", "-h") == Exit.DONE
    out = capsys.readouterr().out
    assert out.startswith(
        "Usage: reconcile show [OPTIONS] ACCOUNT\n\n  Show an account.\n\nArguments:\n  ACCOUNT  Its code."
    )
    assert "[required]" in out
    assert "[default: 200; x>=1]" in out


def test_every_word_of_help_can_be_translated(capsys: pytest.CaptureFixture[str]) -> None:
    choose("xx")
    for argv in (["--help"], ["show", "--help"], ["load", "--help"]):
        assert _run(*argv) == Exit.DONE
        unmarked = _outside_marks(capsys.readouterr().out)
        for name in ("reconcile", "show", "load", "break", "ACCOUNT", "FILE", "N", "table|csv", "x>=1"):
            unmarked = unmarked.replace(name, "")
        options = [word for word in unmarked.split() if word.startswith("-")]
        assert {word for word in unmarked.split() if any(c.isalpha() for c in word)} == {
            word for word in options if any(c.isalpha() for c in word)
        }


USAGE = [
    (["shwo"], "No command shwo: show?"),
    (["zzz"], "No command zzz."),
    (["--ascii"], "A command is missing."),
    (["show"], "ACCOUNT is missing."),
    (["show", "A", "--rwos", "1"], "No option --rwos: --rows?"),
    (["show", "A", "--zzz"], "No option --zzz."),
    (["show", "A", "-z"], "No option -z."),
    (["show", "A", "--rows"], "--rows needs a value."),
    (["show", "A", "B", "C"], "Not expected here: B C"),
    (["show", "A", "--rows", "ten"], "--rows: ten is not a whole number."),
    (["show", "A", "--rows", "0"], "--rows: 0 is not in the range x>=1."),
    (["show", "A", "-f", "pdf"], "--format / -f: pdf is not one of table, csv."),
    (["show", "A", "--ascii=1"], "--ascii takes no value."),
]


@pytest.mark.parametrize(("argv", "sentence"), USAGE)
def test_wrong_usage_is_one_sentence_and_where_to_look(
    argv: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(*argv) == Exit.USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.splitlines()[0] == f"Error: {sentence}"
    assert said.err.splitlines()[1].startswith("See: reconcile")


@pytest.mark.parametrize("argv", [argv for argv, _sentence in USAGE if "--ascii" not in argv])
def test_wrong_usage_can_be_translated(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    choose("xx")
    assert _run(*argv) == Exit.USAGE
    error, see = capsys.readouterr().err.splitlines()
    assert error.startswith("⟦Error: ⟦")
    assert error.endswith("⟧⟧")
    assert see.startswith("⟦See: ")


def test_no_argument_at_all_shows_the_help_as_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run() == Exit.USAGE
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("Usage: reconcile")
    assert "Error" not in said.err


def test_global_options_stand_before_or_after_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    for argv in (
        ["--db", "x", "--ascii", "show", "A"],
        ["show", "A", "--ascii", "--db=x"],
        ["show", "--db", "x", "A", "--ascii"],
    ):
        assert _run(*argv) == Exit.DONE
        assert capsys.readouterr().out == "A table 200 ('x', True)\n"


def test_a_refusal_is_one_message_and_its_own_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("show", "none") == Exit.UNUSABLE
    assert capsys.readouterr() == ("", "Error: No account none.\n")


def test_the_test_runner_meets_the_same_behaviour() -> None:
    runner, app = CliRunner(), _application()
    refused = runner.invoke(app, ["show", "none"])
    assert (refused.exit_code, refused.stderr) == (Exit.UNUSABLE, "Error: No account none.\n")
    assert runner.invoke(app, ["show", "A", "--db", "x"]).stdout == "A table 200 ('x', False)\n"
    assert runner.invoke(app, ["zzz"]).exit_code == Exit.USAGE
    assert runner.invoke(app, ["load", "bad.csv"]).exit_code == Exit.FINDINGS


def test_a_command_may_return_its_code() -> None:
    assert _run("load", "good.csv") == Exit.DONE
    assert _run("load", "bad.csv") == Exit.FINDINGS


def test_endings_that_typer_would_answer_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("break", "pipe") == Exit.CLOSED_PIPE
    assert capsys.readouterr().err == ""
    assert _run("break", "key") == Exit.INTERRUPTED
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert _run("break", "eof") == Exit.REFUSED
    assert capsys.readouterr().err.strip() == "Stopped; nothing was written."


def test_a_defect_passes_through_to_the_last_resort() -> None:
    with pytest.raises(RuntimeError):
        _run("break", "defect")


def test_messages_obey_no_data(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[31mb\u202ec\x9bd\re\u200bg\nf")
    assert capsys.readouterr().err == "a\ufffd[31mb\ufffdc\ufffdd e\ufffdg\nf\n"


def test_help_does_not_load_rich() -> None:
    program = (
        "import sys; from reconcile_cli.cli.translated import *; app = application('x');"
        "app.callback()(lambda: None); command(app, Section.LOAD, 'y', name='z')(lambda: None);"
        "code = run(app, ['z', '--help']); sys.exit(code or 'rich' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def _outside_marks(text: str) -> str:
    """Return what stands outside of ⟦ ⟧."""
    depth, kept = 0, []
    for character in text:
        depth += (character == "⟦") - (character == "⟧")
        if depth == 0:
            kept.append(character if character != "⟧" else " ")
    return "".join(kept)
