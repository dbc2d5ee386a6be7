"""data: from a folder, from the cache, downloaded and checked, or else a substitute that says so."""

import hashlib
import re
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pooch
import pytest

from demos import data
from tests.demos import files, real

NAME = "churn/Churn_Modelling.csv"
CONTENT = b"Age,Exited\n40,1\n"


class Server(ThreadingHTTPServer):
    """Serves a folder on this machine, and knows what it was asked for."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[str] = []
        server = self

        class Handler(SimpleHTTPRequestHandler):
            def __init__(self, *args: Any) -> None:
                super().__init__(*args, directory=str(folder))

            def log_request(self, *args: object) -> None:
                server.asked.append(self.path)

            def log_error(self, *args: object) -> None: ...

        super().__init__(("127.0.0.1", 0), Handler)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No data on this machine, and an empty cache."""
    monkeypatch.delenv(data.VARIABLE, raising=False)
    monkeypatch.setattr(data, "BESIDE", tmp_path / "nowhere")
    monkeypatch.setattr(pooch, "os_cache", lambda name: tmp_path / "cache" / name)
    for name, (sha256, _) in data.FILES.items():
        monkeypatch.setitem(data.FILES, name, (sha256, f"http://127.0.0.1:9/{name}"))  # where nobody listens
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "cache" / "chainrule"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that has the one file, whose checksum and address are in the table."""
    served = tmp_path / "served"
    served.mkdir()
    (served / "file.csv").write_bytes(CONTENT)
    with Server(served) as server:
        url = f"http://127.0.0.1:{server.server_port}/file.csv"
        monkeypatch.setitem(data.FILES, NAME, (hashlib.sha256(CONTENT).hexdigest(), url))
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_file_is_downloaded_once_into_the_cache(server: Server, cache: Path) -> None:
    assert data.churn().to_dict("list") == {"Age": [40], "Exited": [1]}
    assert (cache / NAME).read_bytes() == CONTENT
    assert data.churn().shape == (1, 2)
    assert server.asked == ["/file.csv"]


def test_a_download_shows_its_progress(server: Server, capsys: pytest.CaptureFixture[str]) -> None:
    data.churn()
    assert "100%" in capsys.readouterr().err


def test_a_damaged_file_in_the_cache_is_downloaded_again(server: Server, cache: Path) -> None:
    (cache / NAME).parent.mkdir(parents=True)
    (cache / NAME).write_bytes(CONTENT[:5])
    assert data.churn().shape == (1, 2)


def test_another_file_than_the_one_wanted_is_refused_and_not_kept(
    server: Server, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(data.FILES, NAME, ("0" * 64, data.FILES[NAME][1]))
    with pytest.raises(data.MissingDataError, match=f"hash of downloaded file.*{'0' * 64}"):
        data.churn()
    assert [path for path in cache.rglob("*") if path.is_file()] == []


def test_a_file_that_the_server_does_not_have_is_missing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    sha256, url = data.FILES[NAME]
    monkeypatch.setitem(data.FILES, NAME, (sha256, url.replace("file.csv", "gone.csv")))
    with pytest.raises(data.MissingDataError, match="404"):
        data.churn()


def test_without_a_network_the_error_says_what_to_put_where(cache: Path) -> None:
    with pytest.raises(data.MissingDataError) as caught:
        data.churn()
    told = re.search(r"Set (\S+) to a folder that has (\S+), or download (\S+) to (\S+)\.$", str(caught.value))
    assert told is not None
    variable, name, address, place = told.groups()
    assert (variable, name, place) == (data.VARIABLE, NAME, str(cache / NAME))
    assert address == data.FILES[NAME][1]


@pytest.mark.parametrize("where", ["named", "beside"])
def test_what_lies_in_a_folder_is_read_as_it_is(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "own"
    if where == "named":
        monkeypatch.setenv(data.VARIABLE, str(folder))
    else:
        monkeypatch.setattr(data, "BESIDE", folder)

    x_train, y_train, x_test, y_test = files.mnist(folder)
    for found, written in zip(data.mnist(), (x_train, y_train, x_test, y_test), strict=True):
        np.testing.assert_array_equal(found, written, strict=True)
    photographs = files.cats(folder)
    for found, written in zip(data.cats(), photographs, strict=True):
        np.testing.assert_array_equal(found, written, strict=True)
    customers = files.churn(folder)
    pd.testing.assert_frame_equal(data.churn(), customers, check_dtype=False)


def test_a_named_folder_that_there_is_not_is_an_error_rather_than_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(data.VARIABLE, str(tmp_path / "mistyped"))
    with pytest.raises(FileNotFoundError, match=r"CHAINRULE_DATA names .*mistyped, and there is no such folder"):
        data.mnist()


def test_the_signs_are_the_same_in_the_compact_file_and_in_kaggle_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    images = files.sign_digits(tmp_path / "compact")
    kaggle = tmp_path / "kaggle" / "sign_digits"
    kaggle.mkdir(parents=True)
    np.save(kaggle / "X.npy", images.astype(np.float32) / np.float32(255))
    for folder in ("compact", "kaggle"):
        monkeypatch.setenv(data.VARIABLE, str(tmp_path / folder))
        np.testing.assert_array_equal(data.sign_digits(), images.astype(np.float32) / np.float32(255), strict=True)


@pytest.mark.parametrize(
    ("load", "shape"), [(data.mnist, (1500, 28, 28)), (data.cats, (209, 64, 64, 3))], ids=["mnist", "cats"]
)
def test_where_nothing_can_be_had_other_data_of_the_same_form_takes_its_place(
    load: Callable[[], data.Examples], shape: tuple[int, ...]
) -> None:
    with pytest.warns(data.SubstituteWarning, match=r"(?s)Set CHAINRULE_DATA.*In its place: .*scikit-learn's"):
        x_train, y_train, x_test, y_test = load()
    assert x_train.shape == shape
    assert x_test.shape[1:] == shape[1:]
    assert x_train.dtype == x_test.dtype == np.uint8
    assert x_train.max() == 255
    assert (len(y_train), len(y_test)) == (len(x_train), len(x_test))
    assert set(y_train) == set(y_test)


def test_in_place_of_the_signs_come_written_digits_of_the_same_form() -> None:
    with pytest.warns(data.SubstituteWarning, match="written digits 0 and 1"):
        images = data.sign_digits()
    assert (images.shape, images.dtype, images.max()) == ((2062, 64, 64), np.float32, 1.0)
    middle = images[:, 28:36, 28:36].mean(axis=(1, 2))
    assert middle[204:409].mean() < 0.1 < 0.8 < middle[822:1028].mean()  # a 0 is empty in the middle


@real.needed
@pytest.mark.parametrize("name", sorted(set(data.FILES) - {"sign_digits/X.npy"}))
def test_the_checksums_are_those_of_the_real_files(name: str) -> None:
    assert hashlib.sha256((real.FOLDER / name).read_bytes()).hexdigest() == data.FILES[name][0]


@real.needed
def test_the_signs_are_kaggle_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(data.VARIABLE, str(real.FOLDER))
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2062, 64, 64), }".ljust(69) + "\n"
    kaggle = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode()
    whole = kaggle + data.sign_digits().tobytes()
    assert hashlib.sha256(whole).hexdigest() == data.FILES["sign_digits/X.npy"][0]
