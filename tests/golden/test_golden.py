"""Every list of the sample data is written as it always was, in every format."""

from pathlib import Path

import pytest

from tests.golden.making import ENDINGS, HERE, LINES, books, kept, made


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return books(tmp_path_factory.mktemp("golden"))


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", LINES)
def test_a_list_is_written_as_it_was(name: str, ending: str, club: Path) -> None:
    assert made(club, name, ending) == kept(name, ending).read_text("utf-8")


def test_no_golden_file_is_left_over() -> None:
    there = {path.name for path in HERE.iterdir() if path.is_file() and path.suffix != ".py"}
    assert there == {kept(name, ending).name for name in LINES for ending in ENDINGS}
