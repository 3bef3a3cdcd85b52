"""`reconcile demo` makes books to play with, and all that its tour says to type works there."""

import re
from pathlib import Path

import pytest

from tests.cli.driving import ok, reconcile


def test_the_tour_can_be_walked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = ok(reconcile("demo", "my demo")).out
    assert "cd 'my demo'" in told
    assert (tmp_path / "my demo").stat().st_mode & 0o777 == 0o700
    monkeypatch.chdir("my demo")
    monkeypatch.setenv("RECONCILE_DB", "reconcile.db")
    tour = re.findall(r"^  reconcile (.*)$", told, re.MULTILINE)
    assert len(tour) == 6
    answers = [ok(reconcile(*line.split())) for line in tour]
    assert all(answer.out for answer in answers)
    assert answers[1].out != answers[3].out


def test_a_folder_in_use_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reconcile-demo").mkdir()
    (tmp_path / "reconcile-demo" / "mine").touch()
    answer = reconcile("demo")
    assert (answer.code, answer.out) == (1, "")
    assert "reconcile-demo holds something already" in answer.err
    assert [path.name for path in (tmp_path / "reconcile-demo").iterdir()] == ["mine"]
