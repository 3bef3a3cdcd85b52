"""The command line: thin commands that parse, call one use case and render."""

import gc
from typing import Final

OBJECTS_BETWEEN_COLLECTIONS: Final = 100_000  # modules are many objects without cycles, and so are batches of rows

gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)  # before the first of them is imported
