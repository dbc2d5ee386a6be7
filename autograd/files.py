"""Files written whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A new file that takes the place of `path` when it is written and on the disk, and is removed if that fails.

    Raises OSError, with the path and what to do about it, if the file cannot be written; what was there before is left
    as it was. ValueError if the path is that of a folder, or of anything else but a file.
    """
    target = Path(os.path.realpath(path))  # what a link points to is replaced, not the link
    if target.exists() and not target.is_file():
        raise ValueError(f"{path}: is no file that could be replaced; give the path of one")
    temporary = target.with_name(f".{target.stem[:40]}-{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            hint = f"{error.strerror or error}; give a folder that exists, has room and that you may write to"
            raise OSError(error.errno, hint, str(path)) from error
        raise


class _Enough(Exception):  # noqa: N818, since nothing is wrong
    """Raised in place of writing."""


def check_replaceable(path: Path) -> None:
    """Raise what `replacing` would at once, and leave nothing behind."""
    with suppress(_Enough), replacing(path):
        raise _Enough


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to a file, which no reader can see half done. Raises what `replacing` does."""
    with replacing(path) as file:
        file.write(data)
