"""What intake offers is imported where it is asked for, each name from its own module."""

import importlib

import pytest

from reconcile_cli import intake


def test_every_name_that_is_offered_is_there() -> None:
    fresh = importlib.import_module("reconcile_cli.intake")
    assert sorted(fresh._MODULES) == sorted(intake.__all__)
    for name in intake.__all__:
        found = getattr(fresh, name)
        assert found is getattr(importlib.import_module(f"reconcile_cli.intake.{fresh._MODULES[name]}"), name)


def test_no_other_name_is() -> None:
    with pytest.raises(AttributeError, match="has no nothing"):
        intake.nothing  # type: ignore[attr-defined] # noqa: B018
