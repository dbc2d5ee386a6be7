"""The data of the lessons: from a folder, else from the user's cache, else downloaded into it; or else a substitute.

The folder is the one that the environment variable CHAINRULE_DATA names, then `shared/data` beside the repository. What
is downloaded is public and must have the SHA-256 given here. MNIST comes from where PyTorch's torchvision takes it, the
others from GitHub, each at one commit.

Where a file cannot be had, data that ships with scikit-learn takes its place, with a `SubstituteWarning`; but for the
bank's customers, to whom it has nothing similar.
"""

import gzip
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Array = np.ndarray[Any, Any]
Examples = tuple[Array, Array, Array, Array]  # x_train, y_train, x_test, y_test

BESIDE = Path(__file__).parents[2] / "shared" / "data"
VARIABLE = "CHAINRULE_DATA"

_MNIST = "https://ossci-datasets.s3.amazonaws.com/mnist"
_GITHUB = "https://raw.githubusercontent.com"
_CATS = f"{_GITHUB}/Hiren2002/Logistic-Regression/a6139a838a0e624f4ab923377df0c5d3386fdf1f/datasets"
FILES = {  # in a folder of data: its SHA-256, and where it comes from
    "mnist/train-images-idx3-ubyte.gz": (
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        f"{_MNIST}/train-images-idx3-ubyte.gz",
    ),
    "mnist/train-labels-idx1-ubyte.gz": (
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        f"{_MNIST}/train-labels-idx1-ubyte.gz",
    ),
    "mnist/t10k-images-idx3-ubyte.gz": (
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        f"{_MNIST}/t10k-images-idx3-ubyte.gz",
    ),
    "mnist/t10k-labels-idx1-ubyte.gz": (
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        f"{_MNIST}/t10k-labels-idx1-ubyte.gz",
    ),
    "churn/Churn_Modelling.csv": (
        "ee2a5c9d8daf3aed0d91c4d883a84ebb77d271447bebc0f0c80aafb0f288ceab",
        f"{_GITHUB}/Vamc-24/ANN-Classification/91efaff80bf4252e8bac8e4edeb650219faadae4/Churn_Modelling.csv",
    ),
    "catvnoncat/train_catvnoncat.h5": (
        "fbe56ab67c3ae28d564e3a644189117976d6b31af0a3ce9bb17dbf22908af242",
        f"{_CATS}/train_catvnoncat.h5",
    ),
    "catvnoncat/test_catvnoncat.h5": (
        "6a9d39ce52fa85953c5834695b8534a30ed8cfd54971fb2f080b5a24d002b951",
        f"{_CATS}/test_catvnoncat.h5",
    ),
    "sign_digits/X.npy": (
        "2c57a14881a9391ea70a5f12e2931c2c9435a1101399daef489f225f1db07093",
        f"{_GITHUB}/MHabiburRahman7/DeepLearningHand/367dcb66/Dataset/X.npy",
    ),
}


class MissingDataError(Exception):
    """A file is neither here nor to be had."""


class SubstituteWarning(UserWarning):
    """Other data takes the place of what cannot be had, so that figures are not those of the tutorial."""


def mnist() -> Examples:
    """MNIST: 60,000 and 10,000 handwritten digits, (n, 28, 28) of uint8 from 0 to 255, and what each is."""
    try:
        parts = [f"mnist/{name}.gz" for name in ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")]
        parts += [part.replace("train", "t10k") for part in parts]
        x_train, y_train, x_test, y_test = [_idx(_path(part)) for part in parts]
    except MissingDataError as error:
        _substitute(error, "scikit-learn's 1,797 digits, enlarged from 8×8")
        x, y = _small_digits(3, 2)
        x_train, y_train, x_test, y_test = x[:1500], y[:1500], x[1500:], y[1500:]
    return x_train, y_train, x_test, y_test


def churn() -> "pd.DataFrame":
    """10,000 customers of a bank, a row each, and whether they left: the column Exited.

    Raises MissingDataError where the file cannot be had, for scikit-learn has nothing like it.
    """
    import pandas as pd

    return pd.read_csv(_path("churn/Churn_Modelling.csv"))


def cats() -> Examples:
    """209 and 50 photographs, (n, 64, 64, 3) of uint8 from 0 to 255, and whether each shows a cat: 1 or 0."""
    try:
        import h5py

        with (
            h5py.File(_path("catvnoncat/train_catvnoncat.h5")) as train,
            h5py.File(_path("catvnoncat/test_catvnoncat.h5")) as test,
        ):
            return train["train_set_x"][:], train["train_set_y"][:], test["test_set_x"][:], test["test_set_y"][:]
    except MissingDataError as error:
        _substitute(error, "pieces of scikit-learn's two photographs; what counts as a cat is the flower")
        x, y = _pieces_of_photographs()
        return x[:209], y[:209], x[209:259], y[209:259]


def sign_digits() -> Array:
    """2,062 photographs of hands that sign a digit, (2062, 64, 64) of float32 up to 1.

    They come in blocks of one digit each: rows 204 to 408 show a 0, rows 822 to 1027 a 1.
    """
    try:
        compact = _local("sign_digits/sign_digits.npz")
        if compact is None:
            images: Array = np.load(_path("sign_digits/X.npy"))
        else:
            images = np.load(compact)["X_uint8"].astype(np.float32) / np.float32(255)
    except MissingDataError as error:
        _substitute(error, "scikit-learn's written digits 0 and 1, enlarged from 8×8 and repeated")
        x, y = _small_digits(8, 0)
        images = np.zeros((2062, 64, 64), np.float32)
        images[204:409] = x[np.resize(np.flatnonzero(y == 0), 205)] / 255
        images[822:1028] = x[np.resize(np.flatnonzero(y == 1), 206)] / 255
    return images


def _local(name: str) -> Path | None:
    """The file in the folder that the user names, or in the one beside the repository."""
    folders = [BESIDE]
    if os.environ.get(VARIABLE):
        named = Path(os.environ[VARIABLE]).expanduser()
        if not named.is_dir():
            raise FileNotFoundError(f"{VARIABLE} names {named}, and there is no such folder")
        folders.insert(0, named)
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def _path(name: str) -> Path:
    """Where the file is now, after it was downloaded if need be."""
    found = _local(name)
    if found is not None:
        return found

    import pooch

    sha256, url = FILES[name]
    place = pooch.os_cache("chainrule") / name
    try:
        return Path(pooch.retrieve(url, f"sha256:{sha256}", place.name, place.parent, progressbar=True))
    except (OSError, ValueError) as error:  # no network, no such file, no room; and another file than the one wanted
        raise MissingDataError(
            f"{name} is not here, and it could not be downloaded: {error}\n"
            f"Set {VARIABLE} to a folder that has {name}, or download {url} to {place}."
        ) from error


def _idx(path: Path) -> Array:
    """The array in a file of MNIST's format: two zeros, its dtype and number of dimensions, the shape, the bytes."""
    with gzip.open(path) as file:
        dimensions = file.read(4)[3]
        shape = np.frombuffer(file.read(4 * dimensions), ">i4")
        return np.frombuffer(file.read(), np.uint8).reshape(shape)


def _substitute(error: MissingDataError, what: str) -> None:
    text = f"{error}\nIn its place: {what}. The figures are not the tutorial's."
    warnings.warn(text, SubstituteWarning, stacklevel=3)


def _small_digits(times: int, border: int) -> tuple[Array, Array]:
    """Digits of 8 by 8 pixels, each pixel enlarged and a border around them; as uint8 from 0 to 255."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    pixels = np.kron(digits.images * (255 / 16), np.ones((times, times)))
    return np.pad(pixels, ((0, 0), (border, border), (border, border))).astype(np.uint8), digits.target


def _pieces_of_photographs() -> tuple[Array, Array]:
    """Squares of 64 by 64 pixels out of two photographs, in a random order, and which they are of."""
    from sklearn.datasets import load_sample_images

    photographs = load_sample_images().images
    corners = [(i, j) for i in range(0, 427 - 64, 32) for j in range(0, 640 - 64, 32)]
    pieces = np.stack([photo[i : i + 64, j : j + 64] for photo in photographs for i, j in corners])
    order = np.random.default_rng(0).permutation(len(pieces))
    return pieces[order], np.repeat([0, 1], len(corners))[order]
