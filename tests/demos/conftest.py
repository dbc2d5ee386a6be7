"""The lessons' data in tests: the real ones, or on a machine without them small files of the same formats."""

from collections.abc import Iterator

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
