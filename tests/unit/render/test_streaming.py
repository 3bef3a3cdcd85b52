"""Lists are streams: the memory they need does not grow with their rows, in any format."""

import io
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from reconcile_cli.domain.lists import OpenLine
from reconcile_cli.render import page
from reconcile_cli.render.lists import Limit, write_list
from reconcile_cli.render.look import Format, Target
from reconcile_cli.render.unreconciled import UNRECONCILED
from tests.unit.render import samples

_SLACK: Final = 500_000


def _lines(count: int) -> Iterator[OpenLine]:
    line = samples.open_line()
    for number in range(count):
        yield line._replace(document=f"INV-{number}", amount_minor=number)


def _peak(form: Format, rows: int) -> int:
    with Path(os.devnull).open("wb") as nowhere, io.TextIOWrapper(nowhere, encoding="utf-8") as stream:
        tracemalloc.start()
        try:
            with Target(stream, form).finished() as target:
                assert write_list(target, UNRECONCILED, _lines(rows), Limit()) == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize("form", [Format.CSV, Format.JSON, Format.HTML, Format.XLSX])
def test_memory_does_not_grow_with_the_rows(form: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "IN_MEMORY", 50_000)
    _peak(form, 10)  # what is imported and cached
    few = _peak(form, 500)
    many = _peak(form, 2_500)
    assert many < few + _SLACK, (few, many)


def test_what_is_dropped_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Path(os.devnull).open("wb") as nowhere, io.TextIOWrapper(nowhere, encoding="utf-8") as stream:
        for form in (Format.HTML, Format.XLSX):
            with pytest.raises(KeyboardInterrupt), Target(stream, form).finished() as target:
                write_list(target, UNRECONCILED, _interrupted(), Limit())
    assert list(tmp_path.iterdir()) == []


def _interrupted() -> Iterator[OpenLine]:
    yield from _lines(10)
    raise KeyboardInterrupt
