"""Files written whole or not at all."""

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, data: bytes) -> None:
    """Write to a temporary file beside the path and move it there, which no reader can see half done.

    Raises OSError, with the path and what to do about it, if that fails; what was there before is left as it was.
    """
    temporary = path.with_name(f".{path.stem[:40]}-{secrets.token_hex(4)}{path.suffix}")
    try:
        with open(temporary, "xb") as file:
            file.write(data)
        if path.exists():
            shutil.copymode(path, temporary)
        os.replace(temporary, path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            hint = f"{error.strerror or error}; give a folder that exists and that you may write to"
            raise OSError(error.errno, hint, str(path)) from error
        raise
