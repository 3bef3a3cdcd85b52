"""Compile the catalogues of messages into the package when it is built or installed."""

import subprocess
import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):  # type: ignore[type-arg] # generic only for type checkers
    """Makes `reconcile.mo` beside every `reconcile.po`; `pyproject.toml` lists them as artifacts."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature
        """Run Babel's compiler, for a wheel and for an editable install alike."""
        folder = f"{self.root}/src/reconcile_cli/text/locales"
        babel = (sys.executable, "-m", "babel.messages.frontend")
        subprocess.run([*babel, "--quiet", "compile", "--domain", "reconcile", "--directory", folder], check=True)  # noqa: S603
