"""`python -m reconcile_cli` does what `reconcile` does."""

import sys

from reconcile_cli.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
