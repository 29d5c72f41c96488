"""Makes the helpers of this folder importable from the tests in it, as `searching.small_market`."""

import sys
from pathlib import Path
from types import ModuleType

package = ModuleType("searching")
package.__path__ = [str(Path(__file__).parent)]
sys.modules["searching"] = package
