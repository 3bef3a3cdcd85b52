"""Small files of every dialect, language and trap, each with the documents it gives or the words of its refusal."""

from pathlib import Path

import pytest

from tests.corpus.telling import FOLDER, Case, answer, cases

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.relative_to(FOLDER).with_suffix("").as_posix())
def test_a_file_is_loaded_or_refused_as_it_should_be(case: Case, tmp_path: Path) -> None:
    assert answer(case, tmp_path) == case.answer, case.title


def test_every_file_has_its_answer() -> None:
    loaded = {case.path for case in CASES} | {case.path.with_name(name) for case in CASES for name in case.together}
    assert set(FOLDER.rglob("*.csv")) == loaded
    assert len(CASES) >= 60
