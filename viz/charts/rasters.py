"""Arrays read as images: lists of them, batches of pictures, filters of convolutions, rows of weights."""

import math

import numpy as np

from viz.charts.numbers import Array, numbers

COLORS = 3  # red, green, blue


def images_in(arrays: object, shape: tuple[int, ...] | None) -> tuple[list[Array], int | None]:
    """The images, each (height, width) or (height, width, 3), and how many make a row, if that follows.

    Raises TypeError for what is not numbers, ValueError for shapes that are no image's.

    >>> [[image.shape for image in images_in(np.ones(shape), None)[0]] for shape in [(4, 6), (2, 4, 6), (1, 3, 4, 6)]]
    [[(4, 6)], [(4, 6), (4, 6)], [(4, 6, 3)]]
    """
    if shape is not None:
        return _rows(numbers(arrays, "images: the matrix"), shape), None
    if isinstance(arrays, list | tuple) and not _is_matrix(arrays):
        return [_image(numbers(each, f"images: image {i}"), i) for i, each in enumerate(arrays)], None
    array = numbers(arrays, "images: the array")
    if array.ndim == 2:
        return [array], None
    if array.ndim == 4 and ((array < 0).any() or COLORS not in (array.shape[1], array.shape[3])):
        inputs = array.shape[1]
        return list(array.reshape(-1, *array.shape[2:])), inputs if inputs > 1 else None
    if array.ndim not in (3, 4):
        raise ValueError(f"images: an array of shape {array.shape} is neither an image nor several")
    return [_image(each, i) for i, each in enumerate(array)], None


def _is_matrix(arrays: "list[object] | tuple[object, ...]") -> bool:
    """Whether nested lists are one image, whose rows they hold, or there is nothing in them."""
    return not arrays or isinstance(arrays[0], int | float) or np.ndim(np.asarray(arrays[0], dtype=object)) < 2


def _rows(matrix: Array, shape: tuple[int, ...]) -> list[Array]:
    if matrix.ndim != 2 or matrix.shape[1] != math.prod(shape):
        raise ValueError(f"images: rows of shape {shape} make a matrix (n, {math.prod(shape)}), got {matrix.shape}")
    return [_image(row.reshape(shape), i) for i, row in enumerate(matrix)]


def _image(array: Array, index: int) -> Array:
    """The array as (height, width) or (height, width, 3)."""
    if array.ndim == 3:
        if array.shape[0] in (1, COLORS) and array.shape[2] not in (1, COLORS):
            array = np.moveaxis(array, 0, -1)
        if array.shape[2] == 1:
            array = array[..., 0]
    if array.ndim == 2 or (array.ndim == 3 and array.shape[2] == COLORS):
        return array
    raise ValueError(
        f"images: image {index} must have shape (height, width), or in colour (height, width, 3) or (3, height, "
        f"width), got {array.shape}"
    )
