"""NumPy's functions on Tensors: the operation of that name, NumPy's own where nothing flows, else a helpful error."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value

ANSWERS: dict[str, Callable[[Any], Any]] = {
    "shape": np.shape,
    "ndim": np.ndim,
    "size": np.size,
    "argmax": lambda t: np.argmax(t, axis=0),
    "any": np.any,
    "all": lambda t: np.all(t, axis=1),
    "nonzero": np.nonzero,
    "count_nonzero": np.count_nonzero,
    "isnan": np.isnan,
    "isfinite": np.isfinite,
    "logical_not": np.logical_not,
    "less": lambda t: np.less(2.0, t),
    "allclose": lambda t: np.allclose(t, t),
    "array_equal": lambda t: np.array_equal(t, np.zeros((2, 3))),
    "zeros_like": np.zeros_like,
    "array_str": np.array_str,
    "result_type": lambda t: np.result_type(t, np.float32),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_what_has_no_gradient_is_answered_by_numpy(name: str) -> None:
    x = np.array([[1.0, 0.0, 3.0], [4.0, 5.0, 2.0]])
    ours, theirs = ANSWERS[name](Tensor(x)), ANSWERS[name](x)
    assert type(ours) is type(theirs)
    np.testing.assert_array_equal(ours, theirs)


def test_an_array_like_a_tensor_can_be_written_to() -> None:
    zeros: Any = np.zeros_like(Tensor([1.0, 2.0]))
    zeros[0] = 1.0
    assert zeros.tolist() == [1.0, 0.0]


RECORDED: dict[str, Callable[[Any], Any]] = {
    "sum": lambda t: np.sum(t, axis=0, keepdims=True),
    "amax": lambda t: np.amax(t, axis=1),
    "exp": np.exp,
    "add.reduce": np.add.reduce,
    "concatenate": lambda t: np.concatenate((t, np.ones((1, 3)))),
    "settings by name": lambda t: np.reshape(t, shape=(3, -1)),
    "all by name": lambda t: np.expand_dims(a=t, axis=0),
    "nested": lambda t: np.where(t > 1.0, np.stack([t, t])[0], 0.0),
    "concat": lambda t: np.concat([t, t], axis=1),
    "permute_dims": lambda t: np.permute_dims(t, (1, 0)),
    "matrix_transpose": np.matrix_transpose,
    "linalg.diagonal": lambda t: np.linalg.diagonal(t[None], offset=1),
    "linalg.trace": lambda t: np.linalg.trace(t[None]),
    "linalg.matrix_transpose": lambda t: np.linalg.matrix_transpose(t[None]),
}


@pytest.mark.parametrize("name", RECORDED)
def test_what_the_library_has_is_recorded(name: str) -> None:
    x = np.array([[1.0, 0.0, 3.0], [4.0, 5.0, 2.0]])
    t = Tensor(x)
    out = RECORDED[name](t)
    assert isinstance(out, Tensor)
    np.testing.assert_allclose(out.data, RECORDED[name](x), rtol=1e-15)
    out.sum().backward()
    assert t.grad.shape == x.shape


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (np.median, "numpy.median"),
        (np.linalg.inv, "numpy.linalg.inv"),
        (np.fft.fft, "numpy.fft.fft"),
        (lambda t: np.vstack([t, t]), "numpy.vstack"),
    ],
)
def test_what_it_has_not_is_named_with_what_to_do(call: Callable[[Any], Any], name: str) -> None:
    with pytest.raises(TypeError, match=rf"^{name} is no operation on Tensors: .* plain numbers, t\.data"):
        call(Tensor(np.eye(2)))


@pytest.mark.parametrize(
    "call", [lambda t: np.cumsum(t, out=np.zeros(4)), lambda t: np.sum(t, dtype=float), np.spacing, np.modf]
)
def test_what_it_does_otherwise_is_refused(call: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError):
        call(Tensor(np.eye(2)))


def test_questions_about_values_are_answered_too() -> None:
    v: Any = Value(1.0)
    assert np.isfinite(v)
    assert not np.isnan(v)
    assert np.less(v, 2.0)
