"""What becomes of the losses of many examples: their mean, their sum, or each for itself, by PyTorch's names."""

from typing import Any

from autograd.arrays import Shape, size


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


def reshape_hint(targets: Shape, expected: Shape) -> str:
    """What an error says further of targets that differ from what is expected by axes of length 1 alone.

    >>> reshape_hint((10,), (10, 1)), reshape_hint((10, 1), (10,)), reshape_hint((9,), (10,))
    (': reshape the targets, y.reshape(-1, 1)', ': reshape the targets, y.reshape(-1)', '')
    """
    if [n for n in targets if n != 1] != [n for n in expected if n != 1]:
        return ""
    lengths = (-1, *expected[1:])[: len(expected)]
    return f": reshape the targets, y.reshape({', '.join(map(str, lengths))})"


def of_each(gradient: Any, reduction: str, count: float) -> Any:
    """What `reduced` passes back to every loss of its gradient."""
    return gradient / count if reduction == "mean" else gradient
