"""Every rule of the design as an accountant would try it: the text files beside this one."""

import re
from pathlib import Path

import pytest

from tests.scenarios.telling import Scenario, scenarios, tell

ALL = [scenario for file in sorted(Path(__file__).parent.glob("*.txt")) for scenario in scenarios(file)]
RULES = [*range(1, 20), *range(21, 26)]


@pytest.mark.parametrize("scenario", ALL, ids=[scenario.title for scenario in ALL])
def test_scenario(scenario: Scenario, tmp_path: Path) -> None:
    tell(scenario, tmp_path)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_scenario(rule: int) -> None:
    assert any(re.search(rf"\bR{rule}\b", scenario.title) for scenario in ALL)


def test_no_two_scenarios_have_one_title() -> None:
    titles = [scenario.title for scenario in ALL]
    assert len(set(titles)) == len(titles)
