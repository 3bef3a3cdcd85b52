"""A share of the whole as a figure and a bar, beside the amounts of a table."""

from typing import Final

from reconcile_cli.render.look import Look

WIDTH: Final = 10
_WHOLE: Final = 1000
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"
_FULL: Final = "█"
_ASCII: Final = "#"


def bar(thousandths: int, look: Look) -> str:
    """Write a share of 0 to 1000 thousandths: ` 43% ████▎`; whole characters where there is only ASCII."""
    percent = f"{(thousandths + 5) // 10:>3}%"
    if look.ascii:
        return f"{percent} {_ASCII * ((thousandths * WIDTH + _WHOLE // 2) // _WHOLE)}".rstrip()
    full, eighths = divmod(thousandths * WIDTH * 8 // _WHOLE, 8)
    return f"{percent} {_FULL * full}{_EIGHTHS[eighths] if eighths else ''}".rstrip()
