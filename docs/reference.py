"""Write the reference of all commands, docs/reference.md and docs/reference.fr.md, from the commands themselves.

    .venv/bin/python docs/reference.py          writes both
    .venv/bin/python docs/reference.py --check  tells which no longer say what the program says
    .venv/bin/python docs/reference.py fr       prints the page of one language

What no command says of itself (exit codes, variables of the environment) is in docs/reference.toml.
"""

# ruff: noqa: INP001 - a script beside the package

import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple

from reconcile_cli import text
from reconcile_cli.errors import Exit

DOCS: Final = Path(__file__).resolve().parent
PAGES: Final = {"en": DOCS / "reference.md", "fr": DOCS / "reference.fr.md"}
MANY: Final = 4
"""An option that so many commands have is told once for all of them."""


class Row(NamedTuple):
    """A parameter: all its names, its value, and what it does."""

    names: tuple[str, ...]
    value: str
    does: str

    @property
    def cells(self) -> tuple[str, str]:
        """A row of a table."""
        *others, last = self.names or ("",)
        return ", ".join(f"`{name}`" for name in (*others, f"{last} {self.value}".strip())), self.does

    @property
    def short(self) -> str:
        """Its first name, with its value."""
        return f"`{self.names[0]} {self.value}`".replace(" `", "`")


class Described(NamedTuple):
    """A command: the words that call it, its section, what it does, its usage, its parameters."""

    name: str
    section: Any
    about: str
    usage: str
    arguments: list[Row]
    options: list[Row]

    @property
    def finds(self) -> bool:
        """Whether it may end with findings, as its module says."""
        module = import_module(f"reconcile_cli.cli.commands.{self.name.replace(' ', '_')}")
        return "Exit.FINDINGS" in Path(str(module.__file__)).read_text("utf-8")


class Reference:
    """The page of one language. The language is chosen first: commands read their words when they are imported."""

    def __init__(self, language: str) -> None:
        text.choose(language)
        told = tomllib.loads((DOCS / "reference.toml").read_text("utf-8"))
        self.words: dict[str, Any] = told[language]
        self._further: dict[str, list[str]] = told["further"]
        import typer  # noqa: PLC0415 - see above

        from reconcile_cli.cli.app import app  # noqa: PLC0415

        self._program: Any = typer.main.get_command(app)
        self._context = self._program.make_context("reconcile", ["config"], resilient_parsing=True)

    def page(self) -> str:
        """The whole page."""
        return "\n\n".join(part.strip() for part in self._parts()) + "\n"

    @cached_property
    def commands(self) -> list[Described]:
        """All commands, those of groups in their place, in the order of `reconcile --help`."""
        found = []
        for name in self._program.list_commands(self._context):
            command = self._program.commands[name]
            members = getattr(command, "commands", None)
            named = [(name, command)] if members is None else [(f"{name} {one}", members[one]) for one in members]
            found += [self._described(full, command.rich_help_panel, one) for full, one in named]
        return found

    @cached_property
    def _shared(self) -> list[Row]:
        counted = Counter(row for command in self.commands for row in command.options)
        return [row for row, count in counted.items() if count >= MANY]

    def _parts(self) -> Iterator[str]:
        words = self.words
        yield f"# {words['title']}"
        yield words["intro"]
        for section in dict.fromkeys(command.section for command in self.commands):
            yield f"**{section.title}**"
            rows = [command for command in self.commands if command.section == section]
            links = [(f"[`{one.name}`](#{_anchor(f'reconcile {one.name}')})", _prose(one.about)) for one in rows]
            yield _table((words["command"], words["does"]), links)
        others = [words[name] for name in ("global", "shared", "codes", "variables")]
        yield " · ".join(f"[{title}](#{_anchor(title)})" for title in others)
        yield words["reading"]
        for section in dict.fromkeys(command.section for command in self.commands):
            yield f"## {section.title}"
            for command in self.commands:
                if command.section == section:
                    yield from self._command(command)
        yield from self._appendix()

    def _command(self, command: Described) -> Iterator[str]:
        words = self.words
        yield f"### reconcile {command.name}"
        yield _prose(command.about)
        yield f"```text\n{command.usage}\n```"
        if command.arguments:
            yield _table((words["argument"], words["does"]), [row.cells for row in command.arguments])
        own = [row for row in command.options if row not in self._shared]
        if own:
            yield _table((words["option"], words["does"]), [row.cells for row in own])
        also = [row.short for row in command.options if row in self._shared]
        if also:
            yield words["also"].format(", ".join(also), words["shared"], _anchor(words["shared"]))
        if command.finds:
            yield words["findings"].format(words["found"][command.name.replace(" ", "_")])
        if command.name in self._further:
            links = (f"[{link}]({link})" for link in self._further[command.name])
            yield words["further"].format(", ".join(links))

    def _appendix(self) -> Iterator[str]:
        words = self.words
        yield f"## {words['global']}"
        yield words["globals_intro"]
        head = (words["option"], words["does"])
        everywhere = (one for one in self._program.get_params(self._context) if "--help" not in one.opts)
        yield _table(head, [self._row(one).cells for one in everywhere])
        yield f"## {words['shared']}"
        yield words["shared_intro"]
        yield _table(head, [row.cells for row in self._shared])
        yield f"## {words['codes']}"
        yield words["codes_intro"]
        yield _table((words["code"], words["means"]), [(str(int(one)), words["exit"][one.name]) for one in Exit])
        yield f"## {words['variables']}"
        yield words["variables_intro"]
        named = [
            (", ".join(f"`{one}`" for one in names.split(", ")), said) for names, said in words["environment"].items()
        ]
        yield _table((words["variable"], words["means"]), named)

    def _described(self, name: str, section: Any, command: Any) -> Described:  # noqa: ANN401 - Typer's are private
        from reconcile_cli.cli.usage import label  # noqa: PLC0415 - see above

        kinds: dict[str, list[Any]] = {"argument": [], "option": []}
        for parameter in command.params:
            kinds[parameter.param_type_name].append(parameter)
        arguments, options = ([self._row(parameter) for parameter in kinds[kind]] for kind in kinds)
        usage = " ".join(["reconcile", name, label("[OPTIONS]"), *(row.value for row in arguments)])
        return Described(name, section, command.help, usage, arguments, options)

    def _row(self, parameter: Any) -> Row:  # noqa: ANN401
        """Say how a parameter is typed and what it does, with its default and its variable."""
        from reconcile_cli.cli.usage import label  # noqa: PLC0415 - see above

        value = parameter.metavar or "|".join(getattr(parameter.type, "choices", ()) or ())
        value = re.sub(r"^(\[?)<(.*)>(\]?)$", r"\1\2\3", value)
        names = (*parameter.opts, *parameter.secondary_opts) if parameter.param_type_name == "option" else ()
        said = [_prose(label(parameter.help or ""))]
        if parameter.required:
            said.append(self.words["needed"])
        default = parameter.default.value if isinstance(parameter.default, Enum) else parameter.default
        if default not in (None, "", False, []) and not callable(default):
            said.append(self._fact("default", str(default)))
        if parameter.envvar:
            said.append(self._fact("from_variable", parameter.envvar))
        return Row(names, value, " ".join(filter(None, said)))

    def _fact(self, name: str, value: str) -> str:
        return str(self.words[name]).format(f"`{value}`")


def _prose(said: str) -> str:
    """Mark options in a sentence as code, and let no other character of it be markup."""
    parts = re.split(r"(`[^`]*`|(?<![\w-])--[a-z-]+\b)", said)
    code = [part if part.startswith("`") else f"`{part}`" for part in parts[1::2]]
    plain = [re.sub(r"([*<\\])", r"\\\1", part) for part in parts[::2]]
    return "".join(part for pair in zip(plain, [*code, ""], strict=True) for part in pair)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([cell.replace("|", r"\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" if cells[0] != "---" else "|---" * len(head) + "|" for cells in lines)


def _anchor(title: str) -> str:
    """The address that GitHub gives a heading."""
    return re.sub(r"[^\w -]", "", title).lower().replace(" ", "-")


def _printed(language: str) -> str:
    """A page, by a program of its own: each speaks one language."""
    line = [sys.executable, __file__, language]
    return subprocess.run(line, check=True, capture_output=True, encoding="utf-8").stdout  # noqa: S603 - this script


def main(arguments: list[str]) -> int:
    """Write both pages, tell with `--check` which are to be written anew, or print one."""
    if arguments and arguments[0] in PAGES:
        sys.stdout.buffer.write(Reference(arguments[0]).page().encode())
        return 0
    pages = {path: _printed(language) for language, path in PAGES.items()}
    old = [path for path, page in pages.items() if not path.exists() or path.read_text("utf-8") != page]
    if arguments == ["--check"]:
        sys.stdout.write("".join(f"{path.name} is to be written anew: docs/reference.py\n" for path in old))
        return 1 if old else 0
    for path in old:
        path.write_text(pages[path], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
