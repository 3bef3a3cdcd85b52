"""Marks every test of this folder, and says at the end what was tried."""

from pathlib import Path

import pytest

from tests.fault import scale

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`make torture` takes what is marked here, at full numbers."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.torture)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures that docs/reliability.md quotes, where the numbers were full."""
    if scale.told and scale.SHARE >= 1:
        terminalreporter.section("what was tried")
        for sentence in sorted(scale.told):
            terminalreporter.write_line(sentence)
