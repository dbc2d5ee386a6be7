"""BatchNorm1d: the statistics that it learns, and those that it uses."""

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


def test_a_failed_batch_leaves_the_statistics_alone() -> None:
    layer = nn.BatchNorm1d(3)
    before = layer.state_dict()
    for wrong in (X[:, :2], X[:1], X[0]):
        with pytest.raises(ValueError, match=r"BatchNorm1d|batch_norm"):
            layer(wrong)
    assert all(np.array_equal(before[name], array) for name, array in layer.state_dict().items())
