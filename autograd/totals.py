"""What becomes of the losses of many examples: their mean, their sum, or each for itself, by PyTorch's names."""

from typing import Any

from autograd.arrays import size


def checked_reduction(name: str, reduction: str) -> str:
    """The reduction, if it is one of the three; ValueError if not."""
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f'{name}: reduction is "mean", "sum" or "none", got {reduction!r}')
    return reduction


def reduced(m: Any, losses: Any, reduction: str, count: float | None = None) -> Any:
    """The losses, their sum or their mean: the sum divided by `count`, or by how many they are."""
    if reduction == "none":
        return losses
    total = m.sum(losses)
    return total if reduction == "sum" else total / (size(losses) if count is None else count)


def of_each(gradient: Any, reduction: str, count: float) -> Any:
    """What `reduced` passes back to every loss of its gradient."""
    return gradient / count if reduction == "mean" else gradient
