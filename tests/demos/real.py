"""Where the real data are, if this machine has them."""

import os
from pathlib import Path

from demos.data import BESIDE

FOLDER = Path(os.environ.get("CHAINRULE_DATA", BESIDE))
IS_HERE = (FOLDER / "mnist").is_dir()
