"""A file is checked without a trace: what would go wrong is said of the path that was given."""

from pathlib import Path

import pytest

from autograd.files import check_replaceable


def test_the_check_leaves_everything_as_it_was() -> None:
    Path("old.txt").write_text("old")
    before = Path().stat().st_ino, Path("old.txt").stat().st_ino
    for name in ("old.txt", "new.txt"):
        check_replaceable(Path(name))
    assert [each.name for each in Path().iterdir()] == ["old.txt"]
    assert (Path().stat().st_ino, Path("old.txt").stat().st_ino) == before
    assert Path("old.txt").read_text() == "old"


def test_the_folder_that_counts_is_that_of_the_file_behind_a_link() -> None:
    Path("link.txt").symlink_to("nowhere/target.txt")
    with pytest.raises(FileNotFoundError, match=r"give a folder that exists.*'link\.txt'"):
        check_replaceable(Path("link.txt"))


def test_what_is_no_file_is_refused() -> None:
    Path("folder").mkdir()
    with pytest.raises(ValueError, match="folder: is no file that could be replaced"):
        check_replaceable(Path("folder"))
