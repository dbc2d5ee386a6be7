"""activations: what each layer of a model gives for a batch."""

from typing import Any

import numpy as np

from autograd import no_grad
from nn.arguments import Array, array_of
from nn.modes import training_mode
from nn.module import Module


def activations(model: Module, x: Any) -> dict[str, Array]:
    """What each layer gives for the batch `x`, by its name, as arrays: of the modules that have no others within them.

    The model is run in `eval` mode, and nothing is recorded. The outputs of a layer that runs more than once, as those
    of an MLP of Values do for each sample, are stacked; or, if their shapes differ, put in one row. Draw them with
    `viz.charts.histograms`; beside them, gradients: `{name: p.grad for name, p in model.named_parameters()}`.

    >>> import nn
    >>> for name, array in activations(nn.Sequential(nn.Linear(3, 2), nn.ReLU()), np.ones((5, 3))).items():
    ...     print(name, array.shape)
    0 (5, 2)
    1 (5, 2)
    """
    outputs = outputs_of_modules(model, x)
    leaves = ((name, module) for name, module in model.named_modules() if next(module.children(), None) is None)
    return {
        name: _together(list(map(array_of_output, outputs[module]))) for name, module in leaves if module in outputs
    }


def _together(arrays: list[Array]) -> Array:
    if len(arrays) == 1:
        return arrays[0]
    same = all(array.shape == arrays[0].shape for array in arrays)
    return np.stack(arrays) if same else np.concatenate([array.ravel() for array in arrays])


def outputs_of_modules(model: Module, x: Any) -> dict[Module, list[Any]]:
    """What each module gives, each time it runs, when the model is run on `x`, in `eval` mode, without recording."""
    outputs: dict[Module, list[Any]] = {}

    def keep(module: Module, _: Any, out: Any) -> None:
        outputs.setdefault(module, []).append(out)

    handles = [module.register_forward_hook(keep) for module in model.modules()]
    try:
        with training_mode(model, False), no_grad():
            model(x)
    finally:
        for handle in handles:
            handle.remove()
    return outputs


def array_of_output(out: Any) -> Array:
    """An output as an array: of a recurrent layer, which gives its state too, the first part."""
    first = out[0] if isinstance(out, tuple) else out
    return array_of(first, "an output")
