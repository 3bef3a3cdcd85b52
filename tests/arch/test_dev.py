"""dev.py, which needs nothing but Python."""

import ast
import subprocess
import sys

import pytest

import dev


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse((dev.ROOT / "dev.py").read_text("utf-8"))
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {module.partition(".")[0] for module in modules} <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["test", "nonsense"]])
def test_an_unknown_task_is_told_the_known_ones(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(arguments) == 2
    assert (
        "demo | test | check | package | lowest | torture | bench | docs | messages | format" in capsys.readouterr().err
    )


def test_a_python_too_old_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(dev, "OLDEST", (9, 0))
    assert dev.main(["test"]) == 2
    assert "needs Python" in capsys.readouterr().err


def test_a_failing_step_stops_with_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setattr(dev, "set_up", lambda: None)
    failing = {
        "test": lambda: dev.run(sys.executable, "-c", "raise SystemExit(7)"),
        "docs": lambda: done.append("docs"),
    }
    monkeypatch.setattr(dev, "TASKS", failing)
    assert dev.main(["test", "docs"]) == 7
    assert done == []


def test_every_task_of_the_makefile_is_known() -> None:
    lines = (dev.ROOT / "Makefile").read_text("utf-8").splitlines()
    phony = next(line for line in lines if line.startswith(".PHONY: "))
    assert phony.removeprefix(".PHONY: ").split() == list(dev.TASKS)


def test_programs_meet_no_foreign_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "VIRTUAL_ENV", "RECONCILE_DB"):
        monkeypatch.setenv(name, "elsewhere")
    program = "import os; assert not {'PYTHONPATH', 'VIRTUAL_ENV', 'RECONCILE_DB'} & set(os.environ)"
    dev.run(sys.executable, "-c", program)
    with pytest.raises(subprocess.CalledProcessError):
        dev.run(sys.executable, "-c", program, extra={"RECONCILE_DB": "own.db"})


def test_the_story_of_the_demonstration_is_six_commands() -> None:
    assert len(dev.STORY) == 6
