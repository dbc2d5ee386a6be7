"""Augmentation: images shifted, flipped, cropped and turned by chance, so that a network sees more than there are.

An augmentation is a function of images and a generator: `flip()(images, rng)`. The images have the shape (images,
height, width) or (images, channels, height, width); each gets its own draw, its channels the same. The result is a
new array of the same dtype.
"""

import numpy as np

from nn.arguments import Array, whole_number
from nn.data import Augment

_COLOURS = (1, 3, 4)  # how many channels pictures have


def shift(pixels: int) -> Augment:
    """Move each image by up to `pixels` whole pixels up or down and left or right; what comes in is 0.

    >>> image = np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]])
    >>> shift(1)(image, np.random.default_rng(0))
    array([[[4, 5, 6],
            [7, 8, 9],
            [0, 0, 0]]])
    """
    pixels = whole_number(pixels, "shift: pixels", 0)

    def shifted(images: Array, rng: np.random.Generator) -> Array:
        _check(images, "shift")
        height, width = images.shape[-2:]
        return _cropped(images, height, width, pixels, rng)

    return shifted


def crop(size: int | tuple[int, int], padding: int = 0) -> Augment:
    """Cut a window of `size` (a side, or height and width) out of each image, after `padding` with 0 on every side.

    Raises ValueError, when it is called, for images that are smaller than the window.

    >>> crop(2)(np.array([[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]), np.random.default_rng(0))
    array([[[5, 6],
            [8, 9]]])
    """
    sides = size if isinstance(size, tuple) else (size, size)
    height, width = (whole_number(side, "crop: size", 1) for side in sides)
    padding = whole_number(padding, "crop: padding", 0)

    def cropped(images: Array, rng: np.random.Generator) -> Array:
        _check(images, "crop")
        return _cropped(images, height, width, padding, rng)

    return cropped


def flip(p: float = 0.5) -> Augment:
    """Exchange left and right in each image with the probability `p`.

    >>> flip(p=1.0)(np.array([[[1, 2, 3]]]), np.random.default_rng(0))
    array([[[3, 2, 1]]])
    """
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"flip: p is a probability, from 0 to 1, got {p}")

    def flipped(images: Array, rng: np.random.Generator) -> Array:
        _check(images, "flip")
        chosen = rng.random(len(images)) < p
        new = images.copy()
        new[chosen] = images[chosen][..., ::-1]
        return new

    return flipped


def rotate(degrees: float) -> Augment:
    """Turn each image about its middle by an angle of up to `degrees` either way, interpolating; what comes in is 0.

    >>> rotate(15)(np.ones((2, 28, 28), np.float32), np.random.default_rng(0)).shape
    (2, 28, 28)
    """
    if not 0.0 <= degrees < np.inf:
        raise ValueError(f"rotate: degrees must be a number from 0 up, got {degrees}")

    def rotated(images: Array, rng: np.random.Generator) -> Array:
        from scipy import ndimage

        _check(images, "rotate")
        new = np.empty_like(images)
        for image, angle, out in zip(images, rng.uniform(-degrees, degrees, len(images)), new, strict=True):
            ndimage.rotate(image, angle, axes=(-1, -2), reshape=False, output=out, order=1)
        return new

    return rotated


def chain(*steps: Augment) -> Augment:
    """The augmentations one after another.

    >>> turned = chain(rotate(10), shift(2))(np.ones((5, 3, 8, 8)), np.random.default_rng(0))
    >>> turned.shape
    (5, 3, 8, 8)
    """

    def chained(images: Array, rng: np.random.Generator) -> Array:
        for step in steps:
            images = step(images, rng)
        return images

    return chained


def _check(images: Array, name: str) -> None:
    shape = np.shape(images)
    if len(shape) not in (3, 4):
        raise ValueError(
            f"{name}: images have the shape (images, height, width) or (images, channels, height, width), got {shape}"
        )
    if len(shape) == 4 and shape[-1] in _COLOURS and shape[1] not in _COLOURS:
        raise ValueError(f"{name}: channels stand before height and width, got {shape}; use x.transpose(0, 3, 1, 2)")


def _cropped(images: Array, height: int, width: int, padding: int, rng: np.random.Generator) -> Array:
    """A window of each image, padded with 0, at a place of its own."""
    padded = np.pad(images, [(0, 0)] * (images.ndim - 2) + [(padding, padding)] * 2)
    if height > padded.shape[-2] or width > padded.shape[-1]:
        raise ValueError(
            f"crop: a window of {height} × {width} does not fit into {padded.shape[-2]} × {padded.shape[-1]} pixels"
        )
    windows = np.lib.stride_tricks.sliding_window_view(padded, (height, width), axis=(-2, -1))
    top, left = (rng.integers(0, places, len(images)) for places in windows.shape[-4:-2])
    return np.array(windows[np.arange(len(images)), ..., top, left, :, :])
