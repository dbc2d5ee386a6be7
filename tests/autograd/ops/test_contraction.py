"""Einstein's summation and tensordot: NumPy's values, exact gradients, and errors that show what does not fit."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Tensor, Value, einsum, tensordot
from tests.autograd.ops import pytorch
from tests.autograd.ops.sample import Array
from tests.autograd.ops.test_linalg import check_bilinear, ones, whole


@st.composite
def einsums(draw: st.DrawFn, shortest: int = 0) -> tuple[str, list[Array]]:
    """Subscripts of one to three operands, with repeated letters, '...' and axes of length 1, and arrays for them."""
    lengths = {letter: draw(st.integers(shortest, 3)) for letter in "ijkL"}
    more = [draw(st.integers(max(shortest, 1), 3)) for _ in range(2)]
    terms, shapes = [], []
    for _ in range(draw(st.integers(1, 3))):
        letters = draw(st.lists(st.sampled_from("ijkL"), max_size=3))
        shape = [lengths[letter] for letter in letters]
        alone = {letter for letter in letters if letters.count(letter) == 1}
        if draw(st.booleans()):
            shape = [
                1 if letter in alone and draw(st.booleans()) else n for letter, n in zip(letters, shape, strict=True)
            ]
        place = draw(st.integers(0, len(letters)))
        count = draw(st.integers(0, 2)) if draw(st.booleans()) else None
        if count is not None:
            letters.insert(place, "...")
            shape[place:place] = more[2 - count :]
        terms.append("".join(letters))
        shapes.append(shape)
    subscripts = ",".join(terms)
    if draw(st.booleans()):
        out = draw(st.permutations(sorted(set(subscripts) - {",", "."})))
        out = out[: draw(st.integers(0, len(out)))]
        subscripts += " -> " + "".join(["..."] * ("..." in subscripts) + out)
    return subscripts, [whole(*shape, seed=i) for i, shape in enumerate(shapes)]


@settings(max_examples=300)
@given(einsums())
def test_einsum_is_numpy_s(drawn: tuple[str, list[Array]]) -> None:
    subscripts, x = drawn
    expected = np.einsum(subscripts, *x)
    for found in (einsum(subscripts, *x), einsum(subscripts, *map(Tensor, x)).data):
        assert np.shape(found) == np.shape(expected)
        np.testing.assert_array_equal(found, expected)


@settings(max_examples=200)
@given(einsums(), st.integers(0, 2))
def test_its_gradient_carries_a_change_of_any_operand_over_to_the_result(drawn: Any, which: int) -> None:
    subscripts, x = drawn
    which %= len(x)
    tensors = [Tensor(each) for each in x]
    out = einsum(subscripts, *tensors)
    g, change = whole(*out.shape, seed=7), whole(*x[which].shape, seed=8)
    out.backward(g)
    gradient = tensors[which].grad
    assert gradient.shape == x[which].shape
    x[which] = change
    assert np.sum(g * np.einsum(subscripts, *x)) == np.sum(gradient * change)


@settings(max_examples=50)
@given(einsums(shortest=1))
def test_gradients_are_pytorch_s(drawn: tuple[str, list[Array]]) -> None:
    torch = pytest.importorskip("torch")
    subscripts, x = drawn
    pytorch.assert_same(
        lambda *x: einsum(subscripts, *x).tanh(),
        lambda *x: torch.einsum(subscripts, *x).tanh(),
        *x,
        rtol=1e-13,
        atol=1e-13,
    )


def test_long_axes_take_the_way_by_products_of_matrices() -> None:
    x, y = whole(5, 20, 30), whole(5, 30, 10, seed=1)
    np.testing.assert_array_equal(einsum("bij,bjk->bik", x, y), x @ y)
    check_bilinear(lambda a, b: einsum("bij,bjk->bik", a, b), x, y)
    single = einsum("bij,bjk->bik", Tensor(x, dtype=np.float32), y)
    assert single.dtype == np.float32


def test_numpy_s_functions_record_them() -> None:
    x, y = Tensor(whole(2, 3)), Tensor(whole(3, 2))
    of_numpy: Any = np
    assert of_numpy.einsum("ij,jk", x, y).op is of_numpy.tensordot(x, y, axes=1).op is not None


def test_arrays_of_values_are_summed_too() -> None:
    x = np.array([[Value(1.0), Value(2.0)], [Value(3.0), Value(4.0)]], dtype=object)
    assert [node.data for node in einsum("ij,j->i", x, np.array([1.0, -1.0]))] == [-1.0, -1.0]
    assert einsum("ii", x).data == 5.0


@given(st.lists(st.integers(0, 3), min_size=0, max_size=4), st.data())
def test_tensordot_is_numpy_s(lengths: list[int], data: st.DataObject) -> None:
    count = data.draw(st.integers(0, len(lengths)))
    x, y = whole(*lengths), whole(*lengths[len(lengths) - count :], *data.draw(st.lists(st.integers(0, 3), max_size=2)))
    np.testing.assert_array_equal(tensordot(x, y, count), np.tensordot(x, y, count))
    check_bilinear(lambda a, b: tensordot(a, b, count), x, y)
    left = data.draw(st.permutations(range(len(lengths))))[:count]
    y = whole(*[lengths[i] for i in left], 2)
    axes = ([i - len(lengths) * (i % 2) for i in left], list(range(count)))
    np.testing.assert_array_equal(tensordot(Tensor(x), y, axes).data, np.tensordot(x, y, axes))
    check_bilinear(lambda a, b: tensordot(a, b, axes), x, y)


@pytest.mark.parametrize(
    ("subscripts", "shapes", "message"),
    [
        ("ij,jk", [(2, 3), (4, 5)], r"^einsum 'ij,jk': \(2, 3\), \(4, 5\): j: 3 ≠ 4$"),
        ("ii", [(2, 3)], r"\(2, 3\): i: 2 ≠ 3$"),
        ("ii", [(1, 3)], r"\(1, 3\): i: 1 ≠ 3$"),
        ("...i,...j->...", [(2, 3), (4, 5)], r"\.\.\.: 2 ≠ 4$"),
        ("ij,j", [(2, 3), (3, 5)], r"'j' does not fit \(3, 5\)$"),
        ("i.j", [(2, 3)], r"'i\.j' does not fit \(2, 3\)$"),
        ("ij", [(2, 3), (3, 5)], r"the subscripts are for 1 operand, got 2$"),
        ("ij->il", [(2, 3)], r"'l' of the result must stand in an operand, and once in the result$"),
        ("i->ii", [(2,)], r"'i' of the result must stand in an operand, and once"),
        ("...i->i", [(2, 3)], r"the result needs '\.\.\.' for the axes that it stands for$"),
        ("i1", [(2, 3)], r"subscripts are letters, commas between operands, '->' and '\.\.\.'$"),
    ],
)
def test_subscripts_that_do_not_fit_are_shown_with_the_shapes(subscripts: str, shapes: Any, message: str) -> None:
    x = [ones(*shape) for shape in shapes]
    with pytest.raises(ValueError, match=message):
        einsum(subscripts, *x)
    with pytest.raises(ValueError):  # noqa: PT011
        np.einsum(subscripts, *[each.data for each in x])


def test_the_subscripts_come_first() -> None:
    with pytest.raises(TypeError, match="the subscripts come first, a string such as 'ij,jk->ik', got Tensor"):
        einsum(ones(2), [0])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("axes", "message"),
    [
        (1, r"^tensordot: \(2, 3\), \(4, 5\) along axis 1 and 0: 3 ≠ 4$"),
        (([0, 1], [1, 0]), r"along axes \(0, 1\) and \(1, 0\): \(2, 3\) ≠ \(5, 4\)$"),
        (([0], [0, 1]), r"along axes \(0,\) and \(0, 1\): \(2,\) ≠ \(4, 5\)$"),
        (3, r"there are no 3 axes in both to sum over"),
        (-1, r"there are no -1 axes in both"),
        ([0, 1, 2], r"axes are a number, or two lists of as many axes, got \[0, 1, 2\]"),
        (([0], [2]), "there is no axis 2"),
        (([0, 0], [0, 0]), "names one axis twice"),
    ],
)
def test_axes_that_do_not_fit_are_shown_with_the_shapes(axes: Any, message: str) -> None:
    with pytest.raises((ValueError, IndexError), match=message):
        tensordot(ones(2, 3), ones(4, 5), axes)
