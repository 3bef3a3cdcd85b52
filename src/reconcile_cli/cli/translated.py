"""What Typer is asked to do otherwise, without its private modules.

Its own sentences in the user's language; plain help with the commands in sections; global options before or
after the command; refusals and wrong usage as one message with its exit code. All of it happens in the group's
`main`, so that the test runner, `run` and `python -m` meet the same behaviour.

Typer's classes for contexts and help formatters are private: they stand as Any here and in helping.py alone.
"""

import os
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from types import ModuleType
from typing import Any, Final, TypeVar, cast

import typer
from typer.core import TyperCommand, TyperGroup

from reconcile_cli.cli.arguments import ASKED, Taking, globals_first, without
from reconcile_cli.cli.saying import say, say_in_ascii
from reconcile_cli.cli.spreading import spread
from reconcile_cli.cli.words import is_text
from reconcile_cli.errors import Exit, ReconcileError
from reconcile_cli.text import _

USAGE_ERROR: Final = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])
"""Typer's class of every wrong usage, which it does not export."""

FILES: Final = "files"
"""The parameter whose words are names of files."""

WORDS: Final = "reconcile_cli.words"
"""Where the context keeps the words behind the command."""

Function = TypeVar("Function", bound=Callable[..., Any])


class Section(StrEnum):
    """The sections of `reconcile --help`, in their order."""

    LOAD = "load"
    LOOK = "look"
    RECONCILE = "reconcile"
    REPORT = "report"
    KEEP = "keep"

    @property
    def title(self) -> str:  # type: ignore[override] # a title, not str.title()
        """The heading in the user's language."""
        return {
            Section.LOAD: _("Load"),
            Section.LOOK: _("Look"),
            Section.RECONCILE: _("Reconcile"),
            Section.REPORT: _("Report"),
            Section.KEEP: _("Keep"),
        }[self]


class TranslatedCommand(TyperCommand):
    """A command whose help speaks the user's language."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Parse the words of the command, and keep them as they were typed."""
        words = tuple(args)
        context = super().make_context(info_name, args, parent, **extra)
        context.meta[WORDS] = words
        return context

    def invoke(self, ctx: Any) -> Any:
        """Run the command, unless a word is no text: file names alone may be any bytes."""
        for parameter in self.get_params(ctx):
            value = ctx.params.get(parameter.name)
            words = value if isinstance(value, list | tuple) else [value]
            if parameter.name != FILES and any(isinstance(word, str) and not is_text(word) for word in words):
                raise typer.BadParameter(_("not UTF-8 text"), ctx=ctx, param=parameter)
        return super().invoke(ctx)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the words after `Usage: reconcile show`."""
        return list(_helping().pieces(super().collect_usage_pieces(ctx)))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line `Usage: ...`."""
        _helping().write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments and the options."""
        _helping().write_parameters(self, ctx, formatter)


class TranslatedGroup(TyperGroup):
    """The whole program: everything that the module promises."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command line; exit with its code, or return the code where `standalone_mode` is off.

        A command returns None or its exit code, or raises: `ReconcileError` for a refusal, `typer.Exit` for
        another code. An unexpected exception passes through: main() has the last word.
        """
        given = globals_first(sys.argv[1:] if args is None else args, self._taking(), self.taking_of)
        tell = say_in_ascii if "--ascii" in given else say
        try:
            with self._answering():
                answer = super().main(given, prog_name, complete_var, False, windows_expand_args, **extra)
            code = answer if isinstance(answer, int) else Exit.DONE
        except ReconcileError as error:
            tell(_("Error: {sentence}").format(sentence=self.refusal(error)))
            code = error.exit_code
        except typer.Abort:
            tell(_("Stopped; nothing was written."))
            code = Exit.REFUSED
        except USAGE_ERROR as error:
            self._say_usage(error, given, tell)
            code = Exit.USAGE
        if standalone_mode:
            sys.exit(code)
        return code

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Where a shell asks to complete a line, let Typer answer in the shell's way."""
        if ASKED not in os.environ:
            yield
            return
        from reconcile_cli.cli.completing import in_order, plainly  # noqa: PLC0415 - shells ask at a Tab alone

        with (
            plainly(),
            in_order(os.environ, lambda words: globals_first(words, self._taking(), self.taking_of)),
        ):
            yield

    def refusal(self, error: ReconcileError) -> str:
        """Return what is said on stderr of a refused act: its sentence. For an application to override."""
        return error.sentence()

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Parse the command line."""
        with _own_endings():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with _own_endings():
            return super().invoke(ctx)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """Return the words after `Usage: reconcile`."""
        return list(_helping().pieces(super().collect_usage_pieces(ctx)))

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line `Usage: ...`."""
        _helping().write_usage(self, ctx, formatter)

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the commands by section, then the global options: first what to do, then how."""
        self.format_commands(ctx, formatter)
        _helping().write_parameters(self, ctx, formatter)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002 - Typer's signature
        """Write the commands, each section under its heading; a long line goes on in the next, none is cut."""
        shown = [command for command in self.commands.values() if not command.hidden]
        width = max((len(command.name or "") for command in shown), default=0)
        for section in (*Section, None):
            rows = [
                ((command.name or "").ljust(width), command.get_short_help_str(sys.maxsize))
                for command in shown
                if getattr(command, "rich_help_panel", None) == section
            ]
            if rows:
                with formatter.section(_helping().heading(section.title if section else _helping().label("Commands"))):
                    formatter.write_dl(rows)

    def _say_usage(self, error: Any, given: list[str], tell: Callable[[str], None]) -> None:
        """Tell a wrong usage. Without any argument the message is the whole help, which needs no more words."""
        context = error.ctx
        message = error.format_message()
        if context is not None and message == context.get_help():
            tell(message)
            return
        tell(_("Error: {sentence}").format(sentence=_helping().usage_sentence(message)))
        tell(_("See: {command}").format(command=" ".join(("reconcile", *self._named(given), "--help"))))

    def _named(self, given: list[str]) -> list[str]:
        """The names of the command in a line: of the group it belongs to, and its own."""
        group: Any = self
        names: list[str] = []
        for word in given:
            if word in group.commands:
                names.append(word)
                group = group.commands[word]
                if not isinstance(group, TranslatedGroup):
                    break
        return names

    def _taking(self) -> Taking:
        return _taking(self)

    def taking_of(self, name: str, *members: str) -> Taking | None:
        """The options of a command; None of a group, whose member is still to be named."""
        command = self.commands.get(name)
        if not isinstance(command, TranslatedGroup):
            return {} if command is None else _taking(command)
        return command.taking_of(*members) if members else None


def _helping() -> ModuleType:
    """What writes help and tells of wrong usage; most commands need neither."""
    from reconcile_cli.cli import helping  # noqa: PLC0415 - see above

    return helping


def application(about: str, *, group: type[TranslatedGroup] = TranslatedGroup, completion: bool = True) -> typer.Typer:
    """Return an empty application: plain help, no pretty exceptions (they would print customers' data).

    `about` is the first paragraph of its help, already translated.
    """
    return typer.Typer(
        cls=group,
        help=about,
        no_args_is_help=True,
        add_completion=completion,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100, "color": False},
    )


def command(
    app: typer.Typer, section: Section, about: str, *, name: str | None = None
) -> Callable[[Function], Function]:
    """Register a function as a command. `about` is its help, already translated; its first sentence is listed.

    A parameter whose type is a named tuple stands for one option for each of its fields.
    """

    def registered(function: Function) -> Function:
        app.command(name, cls=TranslatedCommand, help=about, rich_help_panel=section)(spread(function))
        return function

    return registered


def typed(ctx: Any, dropped: Collection[str] = ()) -> list[str]:
    """The words of the command line from the program's name on, without global options and those dropped."""
    return [*ctx.command_path.split(), *without(ctx.meta.get(WORDS, ()), dropped, _taking(ctx.command))]


def run(app: typer.Typer, argv: Sequence[str]) -> int:
    """Run a command line (without the program's name) and return its exit code. SystemExit may pass through."""
    return int(typer.main.get_command(app).main(list(argv), prog_name="reconcile", standalone_mode=False))


@contextmanager
def _own_endings() -> Iterator[None]:
    """Leave by SystemExit where Typer would answer on its own: it exits with 1 when a pipe is closed."""
    try:
        yield
    except BrokenPipeError:
        raise SystemExit(Exit.CLOSED_PIPE) from None
    except KeyboardInterrupt:
        say(_("Interrupted; a change that was not finished is not kept."))
        raise SystemExit(Exit.INTERRUPTED) from None


def _taking(command: Any) -> Taking:
    """Return how many values each option of a command takes: `{"--db": 1, "--ascii": 0}`."""
    return {
        name: 0 if parameter.is_flag or parameter.count else parameter.nargs
        for parameter in command.params
        if parameter.param_type_name == "option"
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
