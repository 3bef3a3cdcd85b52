"""What is said on stderr, beside the data."""

import sys
from contextlib import suppress

import typer

from reconcile_cli.render.safe import ascii_only, clean


def say(message: str) -> None:
    """Write a message to stderr, its lines without the control, bidirectional and invisible characters of data.

    Data goes first, so that a file that takes both streams (`> log 2>&1`) reads as a terminal does.
    """
    with suppress(OSError, ValueError, AttributeError):  # whoever ends the program finds it again
        sys.stdout.flush()
    typer.echo("\n".join(map(clean, message.split("\n"))), err=True)


def say_in_ascii(message: str) -> None:
    """Write a message to stderr in plain ASCII."""
    say(ascii_only(message))
