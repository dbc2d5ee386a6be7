"""An augmentation moves pixels, each image's by its own draw; it invents none, and leaves its input alone."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nn.augment import chain, crop, flip, rotate, shift
from nn.data import Augment

Array = np.ndarray[Any, Any]
AUGMENTATIONS: dict[str, Augment] = {
    "shift": shift(2), "crop": crop((3, 2), padding=1), "flip": flip(), "rotate": rotate(40.0),
    "chain": chain(flip(), rotate(10.0), shift(1)),
}  # fmt: skip
every = pytest.mark.parametrize("augment", AUGMENTATIONS.values(), ids=AUGMENTATIONS)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@every
@given(shape=st.sampled_from([(0, 5, 6), (3, 5, 6), (3, 1, 5, 6), (2, 3, 5, 6)]), seed=st.integers(0, 50))
@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_the_dtype_stays_and_the_input_and_the_seed_decide(
    augment: Augment, dtype: type, shape: tuple[int, ...], seed: int
) -> None:
    images: Array = rng(seed).integers(1, 200, shape).astype(dtype)
    before = images.copy()
    images.flags.writeable = False
    new = augment(images, rng(seed))
    assert (images == before).all()
    assert not np.shares_memory(new, images)
    assert new.dtype == dtype
    assert new.shape[:-2] == shape[:-2]
    assert (new == augment(images, rng(seed))).all()


@every
def test_each_image_gets_its_own_draw_and_its_channels_the_same(augment: Augment) -> None:
    image = rng().random((5, 5))
    new = augment(np.broadcast_to(image, (40, 3, 5, 5)), rng())
    assert len({each.tobytes() for each in new}) > 1
    assert (new == new[:, :1]).all()


@every
def test_a_batch_of_one_channel_is_augmented_as_one_of_none(augment: Augment) -> None:
    images = rng().random((10, 5, 6))
    assert (augment(images, rng(1)) == augment(images[:, None], rng(1))[:, 0]).all()


def moved(image: Array, down: int, right: int) -> Array:
    """The naive shift."""
    height, width = image.shape
    new = np.zeros_like(image)
    for i in range(height):
        for j in range(width):
            if 0 <= i - down < height and 0 <= j - right < width:
                new[i, j] = image[i - down, j - right]
    return new


@given(pixels=st.integers(0, 3), seed=st.integers(0, 50))
def test_a_shift_is_by_whole_pixels_up_to_the_most(pixels: int, seed: int) -> None:
    images = np.arange(1, 61).reshape(3, 4, 5)
    allowed = range(-pixels, pixels + 1)
    for image, new in zip(images, shift(pixels)(images, rng(seed)), strict=True):
        assert any((new == moved(image, down, right)).all() for down in allowed for right in allowed)


def test_every_shift_comes_up() -> None:
    new = shift(1)(np.broadcast_to(np.arange(1.0, 10.0).reshape(3, 3), (500, 3, 3)), rng())
    assert len({each.tobytes() for each in new}) == 9


@given(seed=st.integers(0, 50), padding=st.integers(0, 2), height=st.integers(1, 4), width=st.integers(1, 5))
def test_a_crop_is_a_window_of_the_padded_image(seed: int, padding: int, height: int, width: int) -> None:
    images = np.arange(1, 61).reshape(3, 4, 5)
    for image, new in zip(images, crop((height, width), padding)(images, rng(seed)), strict=True):
        padded = np.pad(image, padding)
        assert new.shape == (height, width)
        assert any(
            (padded[i : i + height, j : j + width] == new).all()
            for i in range(padded.shape[0] - height + 1)
            for j in range(padded.shape[1] - width + 1)
        )


@pytest.mark.parametrize(("p", "flipped"), [(0.0, 0), (1.0, 1000), (0.3, 300)])
def test_a_flip_exchanges_left_and_right_as_often_as_is_said(p: float, flipped: int) -> None:
    image = np.arange(6).reshape(2, 3)
    new = flip(p)(np.broadcast_to(image, (1000, 2, 3)), rng())
    is_flipped = (new == image[:, ::-1]).all(axis=(1, 2))
    assert (is_flipped | (new == image).all(axis=(1, 2))).all()
    assert abs(int(is_flipped.sum()) - flipped) <= 45  # three standard deviations


def test_no_rotation_leaves_the_image() -> None:
    images = rng().integers(0, 256, (4, 3, 6, 5)).astype(np.uint8)
    assert (rotate(0)(images, rng()) == images).all()


class Always(np.random.Generator):
    """A generator whose draws are the highest that they may be."""

    def uniform(self, low: Any = 0.0, high: Any = 1.0, size: Any = None) -> Any:
        return np.full(size, high)


def test_a_quarter_turn_is_numpys() -> None:
    images = rng().random((4, 2, 5, 5))
    turned = rotate(90)(images, Always(np.random.PCG64(0)))
    np.testing.assert_allclose(turned, np.rot90(images, axes=(-2, -1)), atol=1e-12)


def test_a_rotation_stays_about_the_middle_and_within_the_values_of_the_image() -> None:
    hill = np.exp(-np.square(np.mgrid[-14:15, -14:15]).sum(axis=0) / 20.0)
    turned = rotate(180)(np.broadcast_to(hill, (20, 29, 29)), rng())
    assert np.abs(turned - hill).max() < 0.03
    assert turned.min() >= 0.0
    assert turned.max() <= 1.0 + 1e-12


def test_a_chain_is_its_steps_one_after_another() -> None:
    images = rng().random((4, 5, 6))
    one, other = rng(7), rng(7)
    assert (chain(shift(1), flip())(images, one) == flip()(shift(1)(images, other), other)).all()


@every
@pytest.mark.parametrize("shape", [(5,), (5, 6), (1, 2, 3, 4, 5)])
def test_other_axes_than_those_of_images_are_an_error(augment: Augment, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"images have the shape \(images, height, width\) or .*, got"):
        augment(np.zeros(shape), rng())


@every
def test_channels_that_come_last_are_an_error_that_says_what_to_do(augment: Augment) -> None:
    images = np.zeros((2, 28, 28, 3))
    with pytest.raises(ValueError, match=r"x\.transpose\(0, 3, 1, 2\)"):
        augment(images, rng())
    augment(images.transpose(0, 3, 1, 2), rng())


@pytest.mark.parametrize(
    ("make", "settings", "words"),
    [
        (shift, (-1,), "shift: pixels must be at least 0"),
        (shift, (1.5,), "shift: pixels must be a whole number"),
        (crop, (0,), "crop: size must be at least 1"),
        (crop, ((2, True),), "crop: size must be a whole number"),
        (crop, (2, -1), "crop: padding must be at least 0"),
        (flip, (1.5,), "flip: p is a probability"),
        (flip, (float("nan"),), "flip: p is a probability"),
        (rotate, (-1,), "rotate: degrees must be"),
        (rotate, (float("nan"),), "rotate: degrees must be"),
    ],
)
def test_settings_that_make_no_sense_are_errors(make: Any, settings: tuple[Any, ...], words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=words):
        make(*settings)


def test_a_window_that_is_larger_than_the_images_is_an_error() -> None:
    with pytest.raises(ValueError, match="6 × 6 does not fit into 5 × 8 pixels"):
        crop(6, padding=1)(np.zeros((2, 3, 6)), rng())
