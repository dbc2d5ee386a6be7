"""Metrics as `fit` and `evaluate` take them: by name, each a number, with the threshold that the loss goes by."""

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter, signature
from typing import Any, TypeAlias

from nn.arguments import Array, numbers
from nn.losses import threshold_of

Metric: TypeAlias = Callable[..., Any]
Metrics: TypeAlias = Metric | Sequence[Metric] | Mapping[str, Metric] | None
"""Functions of (outputs, targets) that give a number: one, several, or by the names they are to have."""


def metrics_by_name(metrics: Metrics, loss: Any) -> dict[str, Metric]:
    """The metrics by name: that of the function, where no other is given.

    Those that take a `threshold` and have none yet get that of the loss, for outputs of a single column.
    """
    if metrics is None:
        return {}
    if not isinstance(metrics, Mapping):
        several = [metrics] if callable(metrics) or isinstance(metrics, str) else list(metrics)
        metrics = {getattr(metric, "__name__", str(metric)): metric for metric in several}
        if "<lambda>" in metrics or len(metrics) < len(several):
            raise ValueError("metrics: give them as a dict, by name: {'error': lambda outputs, targets: …}")
    for name, metric in metrics.items():
        if not callable(metric):
            raise TypeError(
                f"metrics: {name!r} is to be a function (outputs, targets) -> number, as in "
                f"metrics=[nn.metrics.accuracy]; got {metric!r:.60}"
            )
        if name in ("loss", "lr") or name.startswith("val_"):
            raise ValueError(f"metrics: the history has a {name!r} of its own: give this one another name")
    threshold = threshold_of(loss)
    return {
        name: metric if threshold is None or not _lacks_threshold(metric) else _deciding(metric, threshold)
        for name, metric in metrics.items()
    }


def measured(metrics: Mapping[str, Metric], outputs: Array, targets: Any) -> dict[str, float]:
    """What the metrics give, by name. Raises TypeError, with the name, for what is no number."""
    found = {}
    for name, metric in metrics.items():
        result = metric(outputs, targets)
        number = numbers(result)
        if number.size != 1 or number.dtype.kind not in "biuf":
            raise TypeError(f"metrics: {name!r} is to give a number, and gave {result!r:.60}")
        found[name] = float(number.item())
    return found


def _lacks_threshold(metric: Metric) -> bool:
    try:
        parameter = signature(metric).parameters.get("threshold")
    except ValueError:  # a function of C, which does not say what it takes
        return False
    return parameter is not None and (parameter.default is None or parameter.default is Parameter.empty)


def _deciding(metric: Metric, threshold: float) -> Metric:
    """The metric with this threshold, unless there is a column for each class."""

    def decided(outputs: Array, targets: Any) -> Any:
        is_column = outputs.ndim == 1 or outputs.shape[1:] == (1,)
        return metric(outputs, targets, threshold=threshold) if is_column else metric(outputs, targets)

    return decided
