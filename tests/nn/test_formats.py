"""A file that is damaged, hostile or another model's is an error that names it, and costs no memory to find out."""

import io
import json
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.files import FileFormatError, read_arrays, write_arrays

Array = np.ndarray[Any, Any]
SUFFIXES = (".npz", ".safetensors")
ARRAYS = {"w": np.arange(6.0).reshape(2, 3), "b": np.ones(2, np.float32), "none": np.zeros((0, 2), np.int8)}
EXPECTED = {name: (x.shape, x.dtype) for name, x in ARRAYS.items()}
both = pytest.mark.parametrize("suffix", SUFFIXES)


def written(suffix: str) -> bytes:
    return write_arrays("sound" + suffix, ARRAYS, {"epoch": "7"}).read_bytes()


def error_of(path: Path, expected: Any = None) -> str:
    """What reading the file says to be wrong, after its name."""
    with pytest.raises(FileFormatError) as caught:
        read_arrays(path, expected)
    assert str(caught.value).startswith(f"{path}: ")
    return str(caught.value).removeprefix(f"{path}: ")


def archive(*members: tuple[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile("hostile.npz", "w", compression) as file:
        for name, content in members:
            file.writestr(name, content)
    return Path("hostile.npz")


def npy(array: Array, **options: Any) -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array(file, array, **options)
    return file.getvalue()


def headed(header: str, numbers: bytes = b"") -> bytes:
    """An .npy with a header of one's own."""
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header) + 1) + header.encode() + b"\n" + numbers


def safe(header: Any, numbers: bytes = b"") -> Path:
    """A .safetensors with a header of one's own."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    Path("hostile.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + numbers)
    return Path("hostile.safetensors")


@both
def test_a_file_that_ends_early_is_an_error_wherever_it_ends(suffix: str) -> None:
    whole, path = write_arrays("whole" + suffix, {"w": np.ones(2)}).read_bytes(), Path("short" + suffix)
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert "take another copy" in error_of(path)


@given(place=st.integers(0, 10_000), bits=st.integers(1, 255))
def test_a_changed_byte_of_an_npz_is_an_error_or_changes_nothing(place: int, bits: int) -> None:
    content = bytearray(written(".npz"))
    content[place % len(content)] ^= bits
    Path("changed.npz").write_bytes(content)
    for expected in (None, EXPECTED):
        try:
            read, _ = read_arrays("changed.npz", expected)
        except FileFormatError:
            continue
        assert read.keys() == ARRAYS.keys()
        assert all((x == ARRAYS[name]).all() and x.dtype == ARRAYS[name].dtype for name, x in read.items())


@given(place=st.integers(0, 10_000), bits=st.integers(1, 255))
def test_a_changed_byte_of_a_safetensors_is_an_error_or_changes_numbers_or_texts(place: int, bits: int) -> None:
    content = bytearray(written(".safetensors"))
    content[place % len(content)] ^= bits
    Path("changed.safetensors").write_bytes(content)
    try:
        read, _ = read_arrays("changed.safetensors", EXPECTED)
    except FileFormatError:
        return
    assert {name: (x.shape, x.dtype) for name, x in read.items()} == EXPECTED


@both
@given(content=st.binary(max_size=200))
def test_noise_is_an_error(suffix: str, content: bytes) -> None:
    path = Path("noise" + suffix)
    path.write_bytes(content)
    assert "is damaged, or no" in error_of(path)


def test_a_file_under_the_name_of_the_other_format_is_an_error() -> None:
    for suffix, other in (SUFFIXES, SUFFIXES[::-1]):
        Path("renamed" + other).write_bytes(written(suffix))
        assert f"is damaged, or no {other} file" in error_of(Path("renamed" + other))


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ({}, "it has, unexpected, 'b', 'none', 'w'; read it with what it was saved from"),
        ({"w": EXPECTED["w"]}, "it has, unexpected, 'b', 'none'"),
        (EXPECTED | {"more": ((1,), float)}, "it lacks 'more'"),
        (EXPECTED | {f"more{i}": ((1,), float) for i in range(9)}, "'more0', 'more1', 'more2', 'more3', 'more4', …"),
        (EXPECTED | {"w": ((3, 2), float)}, "'w' is (2, 3) of float64, expected was (3, 2) of float64"),
        (EXPECTED | {"w": ((2, 3), np.float32)}, "'w' is (2, 3) of float64, expected was (2, 3) of float32"),
        (EXPECTED | {"w": ((6,), "float64")}, "'w' is (2, 3) of float64, expected was (6,) of float64"),
    ],
)
@both
def test_other_arrays_than_those_expected_are_an_error(suffix: str, expected: Any, words: str) -> None:
    written(suffix)
    assert words in error_of(Path("sound" + suffix), expected)


class Executed:
    def __reduce__(self) -> Any:
        return Path("executed").touch, ()


def test_nothing_that_a_file_says_is_executed() -> None:
    objects = np.array([Executed()], dtype=object)
    calls = "{'descr': '<f8', 'fortran_order': False, 'shape': (open('executed', 'w').write('x'),), }"
    for member in (npy(objects, allow_pickle=True), headed(calls), npy(objects, allow_pickle=True)[80:]):
        assert "holds no plain numbers, and objects are never loaded" in error_of(archive(("a.npy", member)))
    np.savez("hostile.npz", a=objects)
    assert "holds no plain numbers" in error_of(Path("hostile.npz"), {"a": ((1,), float)})
    assert not Path("executed").exists()


@pytest.mark.parametrize(
    "array", [np.array(["a"]), np.array([b"a"]), np.array([1j]), np.zeros(1, "f8,i4"), np.zeros(1, "M8[s]")]
)
def test_an_npz_of_other_things_than_numbers_is_an_error(array: Array) -> None:
    assert "'a" in error_of(archive(("a.npy", npy(array))))


@pytest.mark.parametrize(
    ("header", "numbers"),
    [
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,), }", b"\0" * 8),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }", b"\0" * 16),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", b"\0" * 16),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", b"\0" * 8),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (1 1,), }", b"\0" * 8),
        ("{'descr': '<f9', 'fortran_order': False, 'shape': (1,), }", b"\0" * 9),
        ("{'descr': '<U999999999999', 'fortran_order': False, 'shape': (), }", b"\0" * 9),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (" + "1, " * 65 + "), }", b"\0" * 8),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (" + "9" * 5000 + ",), }", b"\0" * 8),
        ("(" * 9000, b""),
        ("{'descr': '<f8', 'fortran_order': False}", b"\0" * 8),
        ("", b""),
        (" " * 20_000, b""),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }" + " " * 20_000, b"\0" * 8),
    ],
)
def test_an_array_that_is_not_what_its_header_says_is_an_error(header: str, numbers: bytes) -> None:
    for name in ("a.npy", "__metadata__.npy"):
        error_of(archive((name, headed(header, numbers))))


@pytest.mark.parametrize("text", ["[]", "3", '{"a": 3}', "{", "[" * 100_000, '{"a": {"b": "c"}}', ""])
def test_an_npz_with_metadata_that_are_no_texts_is_an_error(text: str) -> None:
    error_of(archive(("__metadata__.npy", npy(np.array(text)))))


def test_an_npz_with_metadata_that_are_no_text_is_an_error() -> None:
    error_of(archive(("__metadata__.npy", npy(np.zeros(3)))))
    error_of(archive(("__metadata__.npy", npy(np.array(["{}", "{}"])))))


def test_an_archive_of_other_things_is_an_error() -> None:
    assert "'archive/data.pkl' in it is no array" in error_of(archive(("archive/data.pkl", b"\x80\x02.")))


def test_a_name_that_stands_twice_is_an_error() -> None:
    one = npy(np.zeros(1))
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = archive(("a.npy", one), ("a.npy", one))
    assert "is in it twice" in error_of(path)
    assert "is in it twice" in error_of(archive(("a.npy", one), ("%61.npy", one)))
    entry = '{"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}'
    twice = f'{{"a": {entry}, "a": {entry}}}'.encode()
    assert "a name stands twice in it" in error_of(safe(twice, bytes(8)))


def test_a_name_that_leads_out_of_the_archive_is_only_a_name() -> None:
    read, _ = read_arrays(archive(("../../out.npy", npy(np.zeros(1)))))
    assert read.keys() == {"../../out"}
    assert "it has, unexpected, '../../out'" in error_of(Path("hostile.npz"), {})


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_compression_is_an_error(compression: int) -> None:
    path = archive(("a.npy", npy(np.zeros(1))), compression=compression)
    assert "compressed in an unusual way" in error_of(path, {"a": ((1,), float)})


def bomb() -> Path:
    return archive(("a.npy", npy(np.zeros(2**24))), compression=zipfile.ZIP_DEFLATED)


def bomb_in_the_metadata() -> Path:
    text = np.array('{"a": "' + "x" * 2**24 + '"}')
    return archive(("__metadata__.npy", npy(text)), compression=zipfile.ZIP_DEFLATED)


def lying_bomb() -> Path:
    """What unpacks to far more than the archive says, and the array's header with it."""
    header = headed("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }")
    path = archive(("a.npy", header + bytes(2**27)), compression=zipfile.ZIP_DEFLATED)
    content, said = path.read_bytes(), struct.pack("<I", len(header) + 2**27)
    assert content.count(said) == 2
    path.write_bytes(content.replace(said, struct.pack("<I", len(header) + 8)))
    return path


def longer_than_the_file() -> Path:
    header = headed(f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({2**27},), }}")
    path = archive(("a.npy", header))
    said, claimed = (struct.pack("<II", size, size) for size in (len(header), len(header) + 2**30))
    assert path.read_bytes().count(said) == 2
    path.write_bytes(path.read_bytes().replace(said, claimed))
    return path


def overlapping() -> Path:
    """A thousand names for the same bytes."""
    names = [f"{i:03}.npy" for i in range(1000)]
    with zipfile.ZipFile("hostile.npz", "w") as file:
        file.writestr(names[0], npy(np.zeros(2**14)))
        for name in names[1:]:
            again = zipfile.ZipInfo(name)
            first = file.filelist[0]
            again.header_offset, again.CRC = first.header_offset, first.CRC
            again.file_size, again.compress_size = first.file_size, first.compress_size
            file.filelist.append(again)
    return Path("hostile.npz")


def huge_claim() -> Path:
    return safe({"a": {"dtype": "F64", "shape": [10**12], "data_offsets": [0, 8 * 10**12]}}, bytes(8))


def long_header() -> Path:
    """An array of one number whose header says that it has 100 MB, which pack well."""
    text = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }".ljust(9_999) + "\n"
    header = b"\x93NUMPY\2\0" + struct.pack("<I", 10**8) + text.encode()
    return archive(("a.npy", header.ljust(12 + 10**8) + bytes(8)), compression=zipfile.ZIP_DEFLATED)


BOMBS = [long_header, bomb, bomb_in_the_metadata, lying_bomb, longer_than_the_file, overlapping, huge_claim]


@pytest.mark.parametrize("expected", [None, {"a": ((1,), float)}, {"a": ((2**27,), float)}])
@pytest.mark.parametrize("make", BOMBS)
def test_a_bomb_is_found_before_it_takes_memory(make: Callable[[], Path], expected: Any) -> None:
    path = make()
    with np.errstate(all="raise"):
        tracemalloc.start()
        error_of(path, expected)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 2**23


@pytest.mark.parametrize(
    ("header", "numbers"),
    [
        ({"a": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}, 4),
        ({"a": {"dtype": "F8_E4M3", "shape": [4], "data_offsets": [0, 4]}}, 4),
        ({"a": {"dtype": "C64", "shape": [1], "data_offsets": [0, 8]}}, 8),
        ({"a": {"dtype": "F64", "shape": [0, 2**63], "data_offsets": [0, 0]}}, 0),
        ({"a": {"dtype": "F64", "shape": [1] * 100, "data_offsets": [0, 8]}}, 8),
        ({"a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}, 9),
        ({"a": {"dtype": "F64", "shape": [1], "data_offsets": [4, 12]}}, 12),
        ({"a": {"dtype": "F64", "shape": [2], "data_offsets": [0, 8]}}, 8),
        ({"__metadata__": {"a": 3}}, 0),
        (b"[" * 100_000, 0),
        (b"", 0),
    ],
)
def test_a_safetensors_that_makes_no_sense_is_an_error(header: Any, numbers: int) -> None:
    error_of(safe(header, bytes(numbers)))


def test_text_from_a_file_is_shown_so_that_it_steers_nothing() -> None:
    path = archive(("\x1b[31m.npy", npy(np.zeros(1))))
    assert "\x1b" not in error_of(path, {})
