"""What is written is what is read; a file is replaced by a whole one or not at all."""

import os
import stat
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from nn import formats
from nn.files import FileFormatError, MissingFileError, check_arrays, read_arrays, write_arrays

Array = np.ndarray[Any, Any]
SUFFIXES = (".npz", ".safetensors")
DTYPES = [
    bool, np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.float16, np.float32,
    np.float64,
]  # fmt: skip
ARRAYS = {"layers.0.weight": np.arange(6.0).reshape(2, 3), "größe": np.array(3, np.float32)}
both = pytest.mark.parametrize("suffix", SUFFIXES)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
any_array = arrays.arrays(st.sampled_from(DTYPES), arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))


def same(one: dict[str, Array], other: dict[str, Array]) -> bool:
    """Whether both hold the same names, shapes, dtypes and numbers, bit for bit."""
    return one.keys() == other.keys() and all(
        (x.shape, x.dtype, x.tobytes()) == (other[name].shape, other[name].dtype, other[name].tobytes())
        for name, x in one.items()
    )


@both
@given(content=st.dictionaries(texts, any_array, max_size=4), metadata=st.dictionaries(texts, texts, max_size=3))
def test_what_is_written_is_what_is_read(suffix: str, content: dict[str, Array], metadata: dict[str, str]) -> None:
    path = write_arrays("any" + suffix, content, metadata)
    read, about = read_arrays(path)
    assert same(read, content)
    assert about == metadata
    expected = {name: (x.shape, x.dtype) for name, x in content.items()}
    read, about = read_arrays(path, expected)
    assert same(read, content)
    assert list(read) == list(content)
    assert about == metadata


@both
@pytest.mark.parametrize(
    "name", ["", "a.npy", "../../etc/passwd", "/abs", "a\0b", "a\\b", "%41", "file", "a b", "\x1b"]
)
def test_a_name_may_be_any_text_and_leads_nowhere(suffix: str, name: str) -> None:
    path = write_arrays("any" + suffix, {name: np.ones(2)}, {name: name})
    assert same(read_arrays(path)[0], {name: np.ones(2)})
    assert read_arrays(path)[1] == {name: name}
    assert [each.name for each in Path().iterdir()] == [path.name]


@both
@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3).T, np.arange(6.0)[::-2], np.asfortranarray(np.arange(6.0).reshape(2, 3))[:, ::-1],
        np.broadcast_to(np.float32(3.0), (2, 2)), np.arange(3, dtype=">f8"), np.arange(3, dtype=">i2"),
    ],
)  # fmt: skip
def test_arrays_are_written_as_they_look_and_not_as_they_lie_in_memory(suffix: str, array: Array) -> None:
    [read] = read_arrays(write_arrays("any" + suffix, {"a": array}))[0].values()
    assert read.tolist() == array.tolist()
    assert read.dtype == array.dtype.newbyteorder("=")
    assert read.flags.writeable
    assert read.flags.c_contiguous


@both
def test_what_is_read_may_be_changed_and_nan_and_infinities_stay(suffix: str) -> None:
    content = {"a": np.array([np.nan, np.inf, -0.0]), "b": np.ones(2, bool)}
    read, _ = read_arrays(write_arrays("any" + suffix, content))
    assert same(read, content)
    for array in read.values():
        array[...] = 1


@both
def test_the_file_is_one_that_others_read(suffix: str) -> None:
    path = write_arrays("any" + suffix, {"layers.0.weight": np.arange(3.0)})
    if suffix == ".npz":
        with np.load(path) as theirs:
            assert theirs["layers.0.weight"].tolist() == [0.0, 1.0, 2.0]
    else:
        from safetensors.numpy import load_file

        assert load_file(path)["layers.0.weight"].tolist() == [0.0, 1.0, 2.0]


def test_files_of_others_are_read() -> None:
    from safetensors.numpy import save_file

    np.savez("a.npz", **ARRAYS, allow_pickle=False)
    save_file({name: x.copy() for name, x in ARRAYS.items()}, "a.safetensors")
    for suffix in SUFFIXES:
        assert same(read_arrays("a" + suffix)[0], ARRAYS)
    np.savez_compressed("a.npz", allow_pickle=False, f=np.asfortranarray(np.arange(6.0).reshape(2, 3)))
    assert read_arrays("a.npz", {"f": ((2, 3), "float64")})[0]["f"].tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]


def test_the_same_arrays_make_the_same_file() -> None:
    one, other = (write_arrays(name, ARRAYS, {"a": "b"}).read_bytes() for name in ("a.npz", "b.npz"))
    assert one == other


def test_without_a_suffix_the_format_is_the_one_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert write_arrays("model", ARRAYS) == Path("model.safetensors")
    assert same(read_arrays("model")[0], ARRAYS)
    Path("model.safetensors").unlink()
    monkeypatch.setitem(sys.modules, "safetensors", None)
    assert write_arrays("model", ARRAYS) == Path("model.npz")
    assert same(read_arrays("model")[0], ARRAYS)
    Path("model.safetensors").touch()
    with pytest.raises(FileFormatError, match=r"there are model\.safetensors and model\.npz; name the one to read"):
        read_arrays("model")


def test_without_the_package_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    write_arrays("model.safetensors", ARRAYS)
    monkeypatch.setitem(sys.modules, "safetensors", None)
    for use in (lambda: write_arrays("other.safetensors", ARRAYS), lambda: read_arrays("model")):
        with pytest.raises(ImportError, match="pip install safetensors"):
            use()


def test_the_case_of_the_suffix_does_not_matter() -> None:
    assert same(read_arrays(write_arrays("MODEL.NPZ", ARRAYS))[0], ARRAYS)


@pytest.mark.parametrize("path", ["model.pt", "model.pkl", "model.v1", "model.npz.gz"])
def test_another_suffix_is_an_error(path: str) -> None:
    for use in (lambda: write_arrays(path, ARRAYS), lambda: read_arrays(path)):
        with pytest.raises(ValueError, match=r"must end in \.safetensors or \.npz"):
            use()


@pytest.mark.parametrize("path", ["gone.npz", "gone.safetensors", "gone", "no/folder.npz"])
def test_a_missing_file_is_an_error_of_both_kinds(path: str) -> None:
    with pytest.raises(MissingFileError, match="check the path") as caught:
        read_arrays(path)
    assert isinstance(caught.value, FileNotFoundError)
    assert isinstance(caught.value, ValueError)
    assert str(caught.value).startswith(path)


@both
@pytest.mark.parametrize("array", [np.array(["a"]), np.array([None]), np.array([1j]), np.array(["2020"], "M8[D]"), "x"])
def test_what_is_no_array_of_numbers_is_not_written(suffix: str, array: Any) -> None:
    path = write_arrays("any" + suffix, ARRAYS)
    with pytest.raises(ValueError, match="only arrays of numbers"):
        write_arrays(path, {"ok": np.ones(2), "bad": array})
    assert same(read_arrays(path)[0], ARRAYS)


@both
@pytest.mark.parametrize(
    ("names", "metadata"),
    [(["\ud800"], {}), ([3], {}), (["a"], {"a": 3}), (["a"], {"\udfff": ""}), (["a"], {"b": None})],
)
def test_names_and_metadata_that_are_no_texts_are_not_written(suffix: str, names: list[Any], metadata: Any) -> None:
    with pytest.raises(ValueError, match="must be texts"):
        write_arrays("any" + suffix, dict.fromkeys(names, np.ones(2)), metadata)
    assert list(Path().iterdir()) == []


@both
def test_the_place_of_the_metadata_is_no_name_for_an_array(suffix: str) -> None:
    with pytest.raises(ValueError, match="not called __metadata__"):
        write_arrays("any" + suffix, {"__metadata__": np.ones(2)})
    write_arrays("any" + suffix, {}, {"__metadata__": "__metadata__"})
    assert read_arrays("any" + suffix) == ({}, {"__metadata__": "__metadata__"})


@both
@pytest.mark.parametrize(
    ("path", "arrays", "metadata"),
    [
        ("nowhere/any", ARRAYS, {}), ("folder", ARRAYS, {}), ("any", ARRAYS, {"a": 3}),
        ("any", {"a": np.array(["text"])}, {}), ("any", {3: np.ones(2)}, {}),
    ],
)  # fmt: skip
def test_to_check_raises_what_to_write_would(suffix: str, path: str, arrays: Any, metadata: Any) -> None:
    Path("folder" + suffix).mkdir()
    with pytest.raises((OSError, ValueError)) as written:
        write_arrays(path + suffix, arrays, metadata)
    with pytest.raises((OSError, ValueError)) as checked:
        check_arrays(path + suffix, arrays, metadata)
    assert str(checked.value) == str(written.value)
    assert type(checked.value) is type(written.value)


@both
def test_to_check_writes_nothing(suffix: str) -> None:
    check_arrays("any" + suffix, ARRAYS)
    assert list(Path().iterdir()) == []
    path = write_arrays("any" + suffix, ARRAYS)
    check_arrays(path, {"new": np.ones(3)})
    assert same(read_arrays(path)[0], ARRAYS)
    assert list(Path().iterdir()) == [path]


@both
@pytest.mark.parametrize("failing", ["write", "fsync", "replace", "interrupt"])
def test_if_writing_fails_the_old_file_is_whole_and_nothing_else_is_left(
    suffix: str, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_arrays("any" + suffix, ARRAYS)

    def fail(*args: Any, **kwargs: Any) -> None:
        if failing == "interrupt":
            raise KeyboardInterrupt
        raise OSError(28, "No space left on device")

    def half(file: Any, *args: Any) -> None:
        file.write(b"half of it")
        fail()

    if failing in ("fsync", "replace"):
        monkeypatch.setattr(os, failing, fail)
    else:
        monkeypatch.setattr(formats, "write" + suffix.replace(".", "_"), half)
    with pytest.raises(KeyboardInterrupt if failing == "interrupt" else OSError) as caught:
        write_arrays(path, {"new": np.ones(3)})
    if failing != "interrupt":
        assert str(path) in str(caught.value)
        assert "has room" in str(caught.value)
    assert same(read_arrays(path)[0], ARRAYS)
    assert [each.name for each in Path().iterdir()] == [path.name]


def test_devices_are_not_replaced_by_files() -> None:
    Path("device.npz").symlink_to(os.devnull)
    with pytest.raises(ValueError, match="is no file that could be replaced"):
        write_arrays("device.npz", ARRAYS)
    with pytest.raises(FileFormatError, match="is no file to read from"):
        read_arrays("device.npz")


@both
def test_a_folder_in_place_of_the_file_is_an_error(suffix: str) -> None:
    Path("any" + suffix).mkdir()
    with pytest.raises(ValueError, match="is no file that could be replaced"):
        write_arrays("any" + suffix, ARRAYS)
    with pytest.raises(FileFormatError, match="is no file to read from"):
        read_arrays("any" + suffix)


@both
def test_a_folder_that_is_not_there_is_an_error_that_names_the_path(suffix: str) -> None:
    with pytest.raises(OSError, match=r"give a folder that exists.*no/any"):
        write_arrays("no/any" + suffix, ARRAYS)


@both
def test_a_link_stays_and_what_it_points_to_is_replaced(suffix: str) -> None:
    Path("inner").mkdir()
    target, link = Path("inner/target" + suffix), Path("link" + suffix)
    link.symlink_to(target)
    for content in (ARRAYS, {"new": np.ones(3)}):
        assert write_arrays(link, content) == link
        assert link.is_symlink()
        assert not target.is_symlink()
        assert same(read_arrays(target)[0], content)
    assert len(list(target.parent.iterdir())) == 1


@both
def test_a_new_file_gets_the_usual_permissions_and_an_old_one_keeps_its_own(suffix: str) -> None:
    before = os.umask(0o027)
    try:
        path = write_arrays("any" + suffix, ARRAYS)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o604)
        write_arrays(path, ARRAYS)
        assert stat.S_IMODE(path.stat().st_mode) == 0o604
    finally:
        os.umask(before)
