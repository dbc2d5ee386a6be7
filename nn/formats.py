"""The formats of files of arrays, safetensors and .npz: written, and read with suspicion. Nothing in them is run."""

import json
import math
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple, Self, TypeAlias
from urllib.parse import quote, unquote

import numpy as np

from nn.arguments import Array

Arrays: TypeAlias = dict[str, Array]
Texts: TypeAlias = dict[str, str]
Expected: TypeAlias = Mapping[str, tuple[tuple[int, ...], Any]]
"""By name, the shape and the dtype that an array must have."""

DTYPES = {"BOOL": "bool", "F16": "float16", "F32": "float32", "F64": "float64"} | {
    f"{letter}{bits}": f"{kind}{bits}" for letter, kind in (("I", "int"), ("U", "uint")) for bits in (8, 16, 32, 64)
}  # the names of safetensors, and NumPy's
METADATA = "__metadata__"  # where the texts stand, as safetensors has it
_NPY_HEADER = re.compile(
    r"\{'descr': '([<>|=]?(?:[biuf]\d|U\d+))', 'fortran_order': (True|False), 'shape': \(([\d, ]*)\),? *\} *\n"
)
_MORE_THAN_IT_CAN_SAY = 0xFFFF  # the count of members in an archive that has so many
_LONGEST_HEADER = 10_000  # bytes that describe an array: NumPy's limit, too


class FileFormatError(ValueError):
    """A file does not hold what it should: the message says which, what is wrong and what to do."""


def write_safetensors(file: IO[bytes], arrays: Arrays, texts: Texts) -> None:
    """Write arrays, whose rows must stand one after another in memory, and texts about them."""
    from safetensors.numpy import save

    file.write(save(arrays, texts or None))  # of no arrays and an empty dict it makes a file that it cannot read


def read_safetensors(path: Path, expected: Expected | None) -> tuple[Arrays, Texts]:
    """The arrays and texts in a file. The package checks that the header and the size of the file agree."""
    from safetensors import safe_open

    with safe_open(path, "np") as file:
        _check_unrepeated(path)
        slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118, it is no mapping
        found = {name: (tuple(x.get_shape()), DTYPES.get(x.get_dtype(), x.get_dtype())) for name, x in slices.items()}
        return {name: np.array(file.get_tensor(name)) for name in _checked(found, expected)}, file.metadata() or {}


def _check_unrepeated(path: Path) -> None:
    """Raise FileFormatError if the header, which is sound else, has a name twice."""

    def unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise FileFormatError("a name stands twice in it; take another copy")
        return dict(pairs)

    with open(path, "rb") as file:
        json.loads(file.read(int.from_bytes(file.read(8), "little")), object_pairs_hook=unrepeated)


def write_npz(file: IO[bytes], arrays: Arrays, texts: Texts) -> None:
    """Write arrays as `np.savez` does, but with names, which may be any, quoted as in the address of a web page."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, array in {**arrays, METADATA: np.array(json.dumps(texts))}.items():
            with archive.open(zipfile.ZipInfo(quote(name, safe="") + ".npy"), "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def read_npz(path: Path, expected: Expected | None) -> tuple[Arrays, Texts]:
    """The arrays and texts in a file. No more is read than the file is long, or `expected` says."""
    with zipfile.ZipFile(path) as archive:
        members = _members(archive, path.stat().st_size)
        about = members.pop(METADATA, None)
        for name, member in members.items() if expected is None else ():
            _check_stored(name, member)
        headers = {name: _NpyHeader.of(archive, member) for name, member in members.items()}
        names = _checked({name: (header.shape, header.dtype.name) for name, header in headers.items()}, expected)
        texts = {} if about is None else _texts(archive, about)
        return {name: headers[name].array(archive, members[name]) for name in names}, texts


def _members(archive: zipfile.ZipFile, size: int) -> dict[str, zipfile.ZipInfo]:
    """The arrays by name, unread. Raises FileFormatError for what else there is, and for parts that overlap."""
    members: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        name = unquote(member.filename.removesuffix(".npy"), errors="strict")
        if not member.filename.endswith(".npy") or name in members:
            what = "is in it twice" if name in members else "in it is no array"
            raise FileFormatError(f"{member.filename!r:.60} {what}; take another copy, or save it with np.savez")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileFormatError(f"{name!r:.60} is compressed in an unusual way; save it with np.savez")
        if member.compress_type == zipfile.ZIP_STORED:
            _check_stored(name, member)
        members[name] = member
    if sum(member.compress_size for member in members.values()) > size:
        raise FileFormatError("it claims to hold more than there is in it; take another copy")
    if _declared_count(archive) not in (len(members), _MORE_THAN_IT_CAN_SAY):
        raise FileFormatError(f"it lists {len(members)} of the arrays that it holds; take another copy")
    return members


def _declared_count(archive: zipfile.ZipFile) -> int:
    """How many members the end of the archive says that there are, which `zipfile` does not look at."""
    assert archive.fp is not None
    archive.fp.seek(-22 - len(archive.comment), 2)
    return int.from_bytes(archive.fp.read(12)[10:], "little")


def _check_stored(name: str, member: zipfile.ZipInfo) -> None:
    """Raise FileFormatError for what may unpack to any size."""
    if member.compress_type != zipfile.ZIP_STORED or member.compress_size != member.file_size:
        raise FileFormatError(
            f"{name!r:.60} is compressed, and may unpack to any size; say what is expected, or save it with np.savez"
        )


class _NpyHeader(NamedTuple):
    """What stands before the numbers of an array: what they are, and where they begin."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    order: Any
    length: int

    @classmethod
    def of(cls, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Self:
        """The header, checked against the size that the archive declares; read as text, not as Python."""
        with archive.open(member) as file:
            magic, version = file.read(6), file.read(2)
            width = 2 if version == b"\1\0" else 4
            size = int.from_bytes(file.read(width), "little")
            text = file.read(min(size, _LONGEST_HEADER)).decode("latin-1")
        match = _NPY_HEADER.fullmatch(text)
        if magic != b"\x93NUMPY" or match is None:
            raise FileFormatError(f"{member.filename!r:.60} holds no plain numbers, and objects are never loaded")
        dtype, fortran, sides = match.groups()
        shape = tuple(int(side) for side in sides.split(",") if side.strip())
        header = cls(shape, np.dtype(dtype), "F" if fortran == "True" else "C", 8 + width + size)
        if len(text) < size or header.length + header.size != member.file_size:
            raise FileFormatError(
                f"{member.filename!r:.60} has not the size that its header and the shape {shape} need; it is damaged"
            )
        return header

    @property
    def size(self) -> int:
        """How many bytes the numbers take."""
        return math.prod(self.shape) * self.dtype.itemsize

    def array(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Array:
        """The numbers; reading them to their end makes `zipfile` check that they are those that were written."""
        with archive.open(member) as file:
            file.read(self.length)
            numbers = np.frombuffer(file.read(self.size), self.dtype)
        return numbers.reshape(self.shape, order=self.order).astype(self.dtype.newbyteorder("="), order="C")


def _texts(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Texts:
    _check_stored(METADATA, member)
    array = _NpyHeader.of(archive, member).array(archive, member)
    texts = json.loads(str(array)) if array.ndim == 0 else None
    if not isinstance(texts, dict) or not all(isinstance(text, str) for text in texts.values()):
        raise FileFormatError(f"{METADATA} holds other things than texts by name; take another copy")
    return texts


def _checked(found: Mapping[str, tuple[tuple[int, ...], str]], expected: Expected | None) -> Iterable[str]:
    """The names to read, in order. Raises FileFormatError for arrays that are no numbers or not those expected."""
    for name, (shape, dtype) in found.items():
        if dtype not in DTYPES.values():
            raise FileFormatError(f"{name!r:.60} is of {dtype!r:.60}, which is not read; save it as float32")
        if expected is not None and name in expected:
            wanted = tuple(expected[name][0]), np.dtype(expected[name][1]).name
            if (shape, dtype) != wanted:
                raise FileFormatError(
                    f"{name!r:.60} is {shape} of {dtype}, expected was {wanted[0]} of {wanted[1]}; read it with what "
                    f"it was saved from"
                )
    if expected is None:
        return found
    for names, what in ((expected.keys() - found, "it lacks"), (found.keys() - expected, "it has, unexpected,")):
        if names:
            listed = ", ".join(f"{name!r:.60}" for name in sorted(names)[:5]) + (", …" if len(names) > 5 else "")
            raise FileFormatError(f"{what} {listed}; read it with what it was saved from")
    return expected
