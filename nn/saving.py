"""save and load: the weights of a model in a file, as arrays and names and nothing else."""

from pathlib import Path
from typing import TypeVar

from nn.files import read_arrays, write_arrays
from nn.module import Module

AnyModule = TypeVar("AnyModule", bound=Module)


def save(model: Module, path: str | Path) -> Path:
    """Write the parameters and buffers of `model` to a file, whole or not at all; gives its path.

    The suffix says the format: `.safetensors`, which needs that package, or `.npz`; without one it is the first that
    can be had. Raises ValueError for another suffix.

    >>> import nn
    >>> model = nn.Linear(3, 2)
    >>> print(nn.save(model, "weights.npz"))
    weights.npz
    >>> bool((nn.load(nn.Linear(3, 2), "weights.npz").weight == model.weight).all())
    True
    """
    return write_arrays(path, model.state_dict())


def load(model: AnyModule, path: str | Path) -> AnyModule:
    """Read the parameters and buffers of `model` from a file that `save` wrote for one like it; gives the model.

    A path without a suffix is that of the one file, `.safetensors` or `.npz`, that there is. Raises
    `nn.files.FileFormatError`, a ValueError, for a file that is missing, damaged, hostile, or of another model; the
    model is then as it was.
    """
    now = model.state_dict()
    arrays, _ = read_arrays(path, {name: (array.shape, array.dtype) for name, array in now.items()})
    model.load_state_dict(arrays)
    return model
