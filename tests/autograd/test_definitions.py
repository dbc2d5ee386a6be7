"""Operations that users define: what a definition may be, and what is refused in words."""

from collections.abc import Iterator

import numpy as np
import pytest

from autograd import Value, define, detect_anomaly, grad, namespaces, registry
from autograd.namespaces import Definition


@pytest.fixture(autouse=True)
def _registry_as_it_was() -> Iterator[None]:
    before = dict(namespaces.operations)
    yield
    namespaces.operations.clear()
    namespaces.operations.update(before)


def test_operators_of_python_and_constants_of_numpy_may_be_used() -> None:
    cube = define("cube", lambda m, x: x**3, lambda m, x, out: 3 * x**2)
    assert (cube(2.0), cube(Value(2.0)).data, grad(grad(cube))(2.0)) == (8.0, 8.0, 12.0)
    assert repr(cube) == "<op cube(x): ∂/∂x = 3·x^2>"
    scaled = define("scaled", lambda m, x: abs(x) * np.sqrt(2.0), lambda m, x, out: m.sign(x) * np.sqrt(2.0))
    assert scaled(Value(-3.0)).data == 3.0 * 2.0**0.5


def test_a_power_of_a_negative_number_is_nan_and_not_complex() -> None:
    root = define("root", lambda m, x: x ** (1 / 3), lambda m, x, out: out / (3.0 * x))
    assert np.isnan(root(-8.0))
    with pytest.warns(RuntimeWarning, match="root"):
        assert np.isnan(root(Value(-8.0)).data)


def test_a_constant_is_a_float() -> None:
    one = define("one", lambda m, x: 1, lambda m, x, out: 0)
    for result in (one(5.0), one(Value(5.0)).data):
        assert (type(result), result) == (float, 1.0)


def test_names_of_operations_do_not_meet_those_of_the_written_out_methods() -> None:
    define("new", lambda m, x: 2.0 * x, lambda m, x, out: 2.0)
    define("out", lambda m, x: m.new(x) + m.exp(x), lambda m, x, out: m.new(1.0) + m.exp(x))
    twice = define("twice", lambda m, x: m.new(x) + m.out(x), lambda m, x, out: 4.0 + m.exp(x))
    assert twice(Value(0.0)).data == twice(0.0) == 1.0
    assert grad(twice)(0.0) == 5.0


@pytest.mark.parametrize(
    ("forward", "hint"),
    [
        (lambda m, x: x if x > 0 else 0.0 * x, "use m.where"),
        (lambda m, x: np.exp(x), "m.exp"),
        (lambda m, x: m.where(x > 0, x, None), "m.where"),
    ],
)
def test_a_definition_that_cannot_be_read_is_refused_with_what_to_write(forward: Definition, hint: str) -> None:
    odd = define("odd", forward, lambda m, x, out: 1.0)
    with pytest.raises(TypeError, match=hint):
        odd(Value(-1.0))


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("", lambda m, x: x, lambda m, x, out: 1.0), TypeError, "needs a name"),
        ((3, lambda m, x: x, lambda m, x, out: 1.0), TypeError, "needs a name"),
        (("odd", 5, lambda m, x, out: 1.0), TypeError, "a definition is a function"),
        (("odd", lambda m, x: x, 5), TypeError, "a definition is a function"),
        (("odd", lambda m, x: x), ValueError, "need as many partials"),
        (("odd", lambda m: 1.0), ValueError, "at least one"),
        (("tanh", lambda m, x: x, lambda m, x, out: 1.0), ValueError, "already defined"),
    ],
)
def test_what_is_no_operation_is_refused(arguments: tuple[object, ...], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        define(*arguments)  # type: ignore[arg-type]
    assert "odd" not in registry


def test_what_a_session_defined_it_may_define_anew() -> None:
    names = {"define": define, "__name__": "__main__"}
    for factor in (2.0, 3.0):
        exec(f"op = define('again', lambda m, x: {factor} * x, lambda m, x, out: {factor})", names)
    assert registry["again"](1.0) == 3.0
    with pytest.raises(ValueError, match="already defined"):
        exec("define('tanh', lambda m, x: x, lambda m, x, out: 1.0)", names)


def test_detection_of_anomalies_names_a_defined_operation() -> None:
    huge = define("huge", lambda m, x: m.exp(1000.0 * x), lambda m, x, out: 1000.0 * out)
    with detect_anomaly(), pytest.raises(ArithmeticError, match="huge"):
        huge(Value(1.0))
