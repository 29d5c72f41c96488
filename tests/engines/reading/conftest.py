"""Makes `reading`, the labels and the invented statements of this folder, importable from the tests in it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
