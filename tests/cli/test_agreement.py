"""What accountants matched is found again, measured by the program itself on made-up ledgers (bench/agreement.py)."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"  (?P<way>.+?) +(?P<exact>[0-9.]+)% exact +(?P<wrong>[0-9.]+)% wrong")


def test_smart_finds_again_what_was_matched() -> None:
    command = [sys.executable, "bench/agreement.py", "--synthetic", "1", "--seed", "77"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = {line["way"]: (float(line["exact"]), float(line["wrong"])) for line in LINE.finditer(done.stdout)}
    assert found["smart, then date"][0] >= 95
    assert found["smart"][1] <= 1.5
    assert found["date"][0] < found["amount, date"][0] < found["smart, then date"][0]
