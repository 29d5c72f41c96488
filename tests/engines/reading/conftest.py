"""Makes the helpers of this folder importable from the tests in it, as `reading.invented` and the like."""

import sys
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parent

# By hand, and not found on the path: bench/reading.py, whose folder other tests put there, has the same name.
package = ModuleType("reading")
package.__path__ = [str(FOLDER)]
sys.modules["reading"] = package
