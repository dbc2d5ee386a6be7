"""What tests of lessons share: a folder for pictures, and data: the real ones, or else small files of their formats."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demos.data import VARIABLE
from tests.demos import files, real


@pytest.fixture(scope="session", autouse=True)
def _data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        folder = real.FOLDER
        if not real.IS_HERE:
            folder = tmp_path_factory.mktemp("data")
            files.write_all(folder)
        patch.setenv(VARIABLE, str(folder))
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the lesson of a module draws its pictures, once for all tests of the module."""
    return tmp_path_factory.mktemp("pictures")
