"""Conv2d and pools: autograd's functions with the layer's settings, for a batch and for a single image."""

from typing import Any

import numpy as np
import pytest

import autograd
import nn

IMAGES = np.random.default_rng(0).normal(size=(3, 2, 6, 7))


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(2, 4, 3, 2, padding=1, dtype=np.float64, rng=0),
        nn.Conv2d(2, 4, (3, 1), padding="same", groups=2, bias=False, dtype=np.float64, rng=0),
        nn.MaxPool2d(2, stride=1, padding=1),
        nn.AvgPool2d((2, 3)),
    ],
    ids=repr,
)
def test_a_single_image_is_a_batch_of_one(layer: Any) -> None:
    whole = autograd.stack([layer(image) for image in IMAGES])
    assert whole.shape == layer(IMAGES).shape
    np.testing.assert_allclose(whole, layer(IMAGES), rtol=1e-14)


def test_a_layer_hands_its_settings_on() -> None:
    layer = nn.Conv2d(2, 4, (3, 2), (2, 1), (1, 0), (1, 2), 2, dtype=np.float64)
    expected = autograd.conv2d(IMAGES, layer.weight, layer.bias, (2, 1), (1, 0), (1, 2), 2)
    assert np.array_equal(layer(IMAGES).data, expected.data)
    expected = autograd.max_pool2d(IMAGES, 2, 1, 1, 2)
    assert np.array_equal(nn.MaxPool2d(2, 1, 1, 2)(IMAGES), expected)
    expected = autograd.avg_pool2d(IMAGES, 3, 2, 1, count_include_pad=False)
    assert np.array_equal(nn.AvgPool2d(3, 2, 1, count_include_pad=False)(IMAGES), expected)


def test_filters_begin_as_in_pytorch() -> None:
    weight, bias = nn.Conv2d(8, 400, (3, 2), groups=2, rng=0).parameters()
    bound = 1.0 / np.sqrt(4 * 3 * 2)
    assert weight.shape == (400, 4, 3, 2)
    for parameter in (weight, bias):
        assert 0.99 * bound < np.abs(parameter.data).max() <= bound * (1.0 + 1e-7)
