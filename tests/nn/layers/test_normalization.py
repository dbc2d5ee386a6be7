"""BatchNorm: the statistics that it learns, and those that it uses."""

import numpy as np
import pytest

import nn

X = np.random.default_rng(0).normal(3.0, 2.0, size=(8, 3))


def test_batch_norm_learns_the_statistics_that_it_then_uses() -> None:
    layer = nn.BatchNorm1d(3, momentum=0.5, eps=0.0, dtype=np.float64)
    out = layer(X).data
    np.testing.assert_allclose(out.mean(0), 0.0, atol=1e-14)
    np.testing.assert_allclose(out.std(0), 1.0)
    for _ in range(60):
        layer(X)
    assert layer.num_batches_tracked == 61
    np.testing.assert_allclose(layer.running_mean, X.mean(0))
    np.testing.assert_allclose(layer.running_var, X.var(0, ddof=1))
    np.testing.assert_allclose(layer.eval()(X[:1]).data, (X[:1] - X.mean(0)) / X.std(0, ddof=1))
    assert layer.num_batches_tracked == 61


def test_batch_norm_without_statistics_takes_those_of_the_batch_after_eval_too() -> None:
    layer = nn.BatchNorm1d(3, track_running_stats=False)
    assert list(layer.buffers()) == []
    assert np.array_equal(layer(X).data, layer.eval()(X).data)


def test_of_images_the_pixels_count_as_samples() -> None:
    images = np.random.default_rng(1).normal(size=(4, 3, 5, 2))
    pixels = images.transpose(0, 2, 3, 1).reshape(-1, 3)
    of_images, of_pixels = nn.BatchNorm2d(3, dtype=np.float64), nn.BatchNorm1d(3, dtype=np.float64)
    for _ in range(2):  # as in training, and after it
        out = of_images(images).data.transpose(0, 2, 3, 1).reshape(-1, 3)
        np.testing.assert_allclose(out, of_pixels(pixels).data, rtol=1e-12)
        np.testing.assert_allclose(of_images.running_var, of_pixels.running_var, rtol=1e-12)
        for layer in (of_images, of_pixels):
            layer.eval()


def test_a_single_sample_cannot_be_trained_with_and_the_error_says_how_to_leave_it_out() -> None:
    with pytest.raises(ValueError, match=r"BatchNorm1d\(3, .*: a single sample, .* Batches\(…, drop_last=True\)"):
        nn.BatchNorm1d(3)(X[:1])
    assert nn.BatchNorm1d(3).eval()(X[:1]).shape == (1, 3)
    assert nn.BatchNorm2d(3)(X[:2].T.reshape(1, 3, 2, 1)).shape == (1, 3, 2, 1)


def test_a_failed_batch_leaves_the_statistics_alone() -> None:
    layer = nn.BatchNorm1d(3)
    before = layer.state_dict()
    for wrong in (X[:, :2], X[:1], X[0]):
        with pytest.raises(ValueError, match=r"BatchNorm1d|batch_norm"):
            layer(wrong)
    assert all(np.array_equal(before[name], array) for name, array in layer.state_dict().items())
