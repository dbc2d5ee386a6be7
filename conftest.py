"""Every test runs in a folder of its own, so that examples may write the files that they write."""

import os
from pathlib import Path

import pytest

# For the workers that pytest-xdist starts after this: on as many cores, threads of NumPy's would wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
