"""The parser's English sentences in the user's language.

Typer speaks English only since it carries its own Click, and it gives no hook for its sentences. They are
few and fixed, so each is recognised here by its shape; tests hold every shape against every supported Typer.
A sentence that is not recognised stays as it is.
"""

import re
from typing import Final

from reconcile_cli.text import N_, _

_SHAPES: Final = tuple(
    (shape, sentence)
    for shape, sentence in (
        (r"No such option: (?P<option>\S+) \(Possible options: (?P<near>.+)\)", N_("No option {option}: {near}?")),
        (r"No such option: (?P<option>.+)", N_("No option {option}.")),
        (r"No such command '(?P<command>.+)'\. Did you mean (?P<near>.+)\?", N_("No command {command}: {near}?")),
        (r"No such command '(?P<command>.+)'\.", N_("No command {command}.")),
        (r"Missing command\.", N_("A command is missing.")),
        (r"Missing (?:argument|option|parameter) '(?P<what>.+?)'\..*", N_("{what} is missing.")),
        (r"Option '(?P<option>.+)' requires an argument\.", N_("{option} needs a value.")),
        (r"Option '(?P<option>.+)' does not take a value\.", N_("{option} takes no value.")),
        (r"Got unexpected extra argument\(s\) \((?P<extra>.*)\)", N_("Not expected here: {extra}")),
        (r"Invalid value for '?(?P<what>.+?)'?: (?P<reason>.*)", N_("{what}: {reason}")),
        (r"Invalid value: (?P<reason>.*)", N_("{reason}")),
        (r"'(?P<value>.*)' is not one of (?P<choices>.+)\.", N_("{value} is not one of {choices}.")),
        (r"'(?P<value>.*)' is not a valid (?:integer|int)(?: range)?\.", N_("{value} is not a whole number.")),
        (r"(?P<value>\S+) is not in the range (?P<range>.+)\.", N_("{value} is not in the range {range}.")),
    )
)

_LABELS: Final = {
    label: label
    for label in (
        N_("Arguments"),
        N_("Options"),
        N_("Commands"),
        N_("[OPTIONS]"),
        N_("COMMAND [ARGS]..."),
        N_("Show this message and exit."),
        N_("Install completion for the current shell."),
        N_("Show completion for the current shell, to copy it or customize the installation."),
    )
}

_EXTRA: Final = r"(?s:(?P<help>.*?)(?P<gap> *)\[(?P<extra>[^\[\]]+)\])"
_DEFAULT: Final = "default: "
_VARIABLE: Final = "env var: "


def usage_sentence(message: str) -> str:
    """Return what the parser says of a wrong usage, in the user's language and without the parser's quotes."""
    for shape, sentence in _SHAPES:
        found = re.fullmatch(shape, message, re.DOTALL)
        if found:
            parts = {name: text.replace("'", "") for name, text in found.groupdict().items() if name != "reason"}
            if "reason" in found.groupdict():
                parts["reason"] = usage_sentence(found["reason"])
            return (_(sentence) if sentence != "{reason}" else sentence).format(**parts)
    return message


def label(text: str) -> str:
    """Return one of the parser's fixed words (a heading, a placeholder, its own option's help) translated."""
    return _(_LABELS[text]) if text in _LABELS else text


def option_help(text: str) -> str:
    """Return the help of an option or argument with the parser's `[default: x; required]` translated."""
    found = re.fullmatch(_EXTRA, text)
    if not found:
        return label(text)
    return f"{label(found['help'])}{found['gap']}[{'; '.join(map(_extra, found['extra'].split('; ')))}]"


def _extra(part: str) -> str:
    if part == "required":
        return _("required")
    if part.startswith(_DEFAULT):
        return _("default: {value}").format(value=part.removeprefix(_DEFAULT))
    if part.startswith(_VARIABLE):
        return _("environment: {name}").format(name=part.removeprefix(_VARIABLE))
    return part
