"""Arrays by name in a file, and back: in safetensors or NumPy's .npz, written whole or not at all."""

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from autograd.files import check_replaceable, replacing
from nn import formats
from nn.arguments import Array
from nn.formats import DTYPES, METADATA, Arrays, Expected, FileFormatError, Texts

__all__ = ["FileFormatError", "MissingFileError", "check_arrays", "read_arrays", "write_arrays"]

_SUFFIXES = (".safetensors", ".npz")


class MissingFileError(FileFormatError, FileNotFoundError):
    """There is no such file."""


def write_arrays(
    path: str | os.PathLike[str], arrays: Mapping[str, Array], metadata: Mapping[str, str] | None = None
) -> Path:
    """Write arrays of numbers, and texts about them, to a file, and return its path.

    The suffix says the format: `.safetensors`, which needs the package of that name, or `.npz`. Without a suffix it is
    the first if the package is installed, else the second. The file is written beside its place and moved there, so
    that what was there before stays whole, whatever happens.

    Raises ValueError for another suffix, for what cannot be written, and for a path that is no file's; ImportError
    without the package; OSError if writing fails.

    >>> write_arrays("model.npz", {"layers.0.weight": np.ones((1, 3))}, {"epoch": "7"}).name
    'model.npz'
    >>> read_arrays("model.npz")
    ({'layers.0.weight': array([[1., 1., 1.]])}, {'epoch': '7'})
    """
    path, numbers, texts = _prepared(path, arrays, metadata or {})
    write = {".safetensors": formats.write_safetensors, ".npz": formats.write_npz}[_format(path)]
    with replacing(path) as file:
        write(file, numbers, texts)
    return path


def check_arrays(
    path: str | os.PathLike[str], arrays: Mapping[str, Array], metadata: Mapping[str, str] | None = None
) -> None:
    """Raise what `write_arrays` would, as far as that can be known beforehand; write nothing."""
    check_replaceable(_prepared(path, arrays, metadata or {})[0])


def read_arrays(path: str | os.PathLike[str], expected: Expected | None = None) -> tuple[Arrays, Texts]:
    """The arrays in a file by name, and the texts about them.

    With `expected`, by name the shape and dtype, the file must hold just these arrays; they come in that order. This is
    checked before any number is read. Without it, what is compressed is refused, since it may unpack to any size.
    A path without a suffix stands for the one file, `.safetensors` or `.npz`, that there is.

    Raises FileFormatError, a ValueError, for a file that is missing, damaged, hostile or not as expected; ImportError
    without the package that it needs. Damage to the numbers alone shows in `.npz`, which has checksums, but not
    in `.safetensors`.
    """
    path = _found(Path(path))
    read = {".safetensors": formats.read_safetensors, ".npz": formats.read_npz}[_format(path)]
    if not path.exists():
        raise MissingFileError(f"{path}: there is no such file in {str(path.absolute().parent)!r}; check the path")
    if not path.is_file():
        raise FileFormatError(f"{path}: is no file to read from; give the path of one")
    try:
        return read(path, expected)
    except FileFormatError as error:
        raise FileFormatError(f"{path}: {error}") from None
    except PermissionError:
        raise
    except Exception as error:  # whatever else the readers stumble over is the file's fault
        raise FileFormatError(
            f"{path}: is damaged, or no {path.suffix} file ({error}); save it again or take another copy"
        ) from error


def _prepared(
    path: str | os.PathLike[str], arrays: Mapping[str, Array], metadata: Mapping[str, str]
) -> tuple[Path, Arrays, Texts]:
    """The path with its suffix, and what is to be written there. Raises ValueError for what cannot be."""
    path = Path(path)
    if path.suffix == "":
        path = path.with_name(path.name + (".safetensors" if find_spec("safetensors") else ".npz"))
    _format(path)
    for text in (*arrays, *metadata, *metadata.values()):
        _check_text(text)
    return path, {name: _plain(name, array) for name, array in arrays.items()}, dict(metadata)


def _format(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix not in _SUFFIXES:
        raise ValueError(f"{path}: the name must end in .safetensors or .npz, which says the format, or have no ending")
    if suffix == ".safetensors" and find_spec("safetensors") is None:
        raise ImportError(f"{path}: this format needs a package: pip install safetensors; .npz needs none")
    return suffix


def _found(path: Path) -> Path:
    if path.suffix != "":
        return path
    candidates = [path.with_name(path.name + suffix) for suffix in _SUFFIXES]
    names = " and ".join(candidate.name for candidate in candidates)
    there = [candidate for candidate in candidates if candidate.exists()]
    if not there:
        raise MissingFileError(f"{path}: {names} are both missing in {str(path.absolute().parent)!r}; check the path")
    if len(there) > 1:
        raise FileFormatError(f"{path}: there are {names}; name the one to read")
    return there[0]


def _check_text(text: Any) -> None:
    """Raise ValueError for what is no text, or holds halves of characters."""
    try:
        text.encode()
    except (AttributeError, UnicodeEncodeError):
        raise ValueError(f"names and metadata must be texts that UTF-8 can hold, got {text!r:.60}") from None


def _plain(name: str, array: Array) -> Array:
    """The array row by row in the machine's byte order. Raises ValueError for other things than numbers."""
    array = np.asarray(array)
    if name == METADATA or array.dtype.name not in DTYPES.values():
        raise ValueError(
            f"only arrays of numbers, not called {METADATA}, are written; {name!r:.60} is of {array.dtype}"
        )
    return np.asarray(array, dtype=array.dtype.newbyteorder("="), order="C")
