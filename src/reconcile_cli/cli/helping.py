"""The parts of a help text, in the user's language: the line of usage, headings, arguments and options.

Typer's classes for contexts and help formatters are private: they stand as Any here.
"""
# ruff: noqa: ANN401

import re
from typing import Any

from reconcile_cli.cli.usage import label, option_help, usage_sentence
from reconcile_cli.text import _

__all__ = ["heading", "label", "pieces", "usage_sentence", "write_parameters", "write_usage"]


def heading(text: str) -> str:
    """Give a heading to which Typer adds a colon: French wants a space before it."""
    return _("{heading}:").format(heading=text).removesuffix(":")


def pieces(words: list[str]) -> list[str]:
    """Translate `[OPTIONS]`, and write a needed argument without the braces of newer Typers."""
    return [label(piece[1:-1] if re.fullmatch(r"\{.*\}", piece) else piece) for piece in words]


def write_usage(command: Any, ctx: Any, formatter: Any) -> None:
    """Write the line `Usage: ...`."""
    formatter.write_usage(ctx.command_path, " ".join(command.collect_usage_pieces(ctx)), _("Usage:") + " ")


def write_parameters(command: Any, ctx: Any, formatter: Any) -> None:
    """Write the arguments of a command, then its options, each under a heading."""
    for kind, name in (("argument", "Arguments"), ("option", "Options")):
        records = (
            parameter.get_help_record(ctx) for parameter in command.get_params(ctx) if parameter.param_type_name == kind
        )
        rows = [(spelled, option_help(text)) for spelled, text in filter(None, records)]
        if rows:
            with formatter.section(heading(label(name))):
                formatter.write_dl(rows)
