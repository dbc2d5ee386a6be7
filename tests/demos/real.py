"""Where the real data are, if this machine has them."""

import os
from pathlib import Path

import pytest

from demos.data import BESIDE, FILES, VARIABLE

FOLDER = Path(os.environ.get(VARIABLE) or BESIDE).expanduser().resolve()
_COMPACT = {"sign_digits/X.npy": "sign_digits/sign_digits.npz"}
IS_HERE = all((FOLDER / _COMPACT.get(name, name)).is_file() for name in FILES)

needed = pytest.mark.skipif(not IS_HERE, reason=f"needs the real data: set {VARIABLE} to their folder")
