"""The names in nn: all that is public is there, and of those that PyTorch has beside them it says what to take."""

import pytest

import nn


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("ModuleList", "plain list"), ("ModuleDict", "plain dict"), ("Parameter", "a Tensor is a parameter"),
        ("functional", r"autograd\.relu"), ("utils", r"nn\.optim\.clip_grad_norm_"), ("Conv1d", r"autograd\.conv1d"),
        ("NLLLoss", "CrossEntropyLoss takes the scores"),
    ],
)  # fmt: skip
def test_a_name_of_pytorch_that_is_not_here_says_what_is(name: str, hint: str) -> None:
    with pytest.raises(AttributeError, match=f"module 'nn' has no attribute '{name}': .*{hint}"):
        getattr(nn, name)


def test_any_other_name_is_as_missing_as_in_any_module() -> None:
    with pytest.raises(AttributeError, match=r"^module 'nn' has no attribute 'Lineal'$"):
        nn.Lineal  # type: ignore[attr-defined]  # noqa: B018
    assert not hasattr(nn, "Lineal")
    assert all(hasattr(nn, name) for name in nn.__all__)
