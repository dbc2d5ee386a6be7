"""Neurons, layers and networks, over Values and over Tensors; and what trains them."""

from typing import TYPE_CHECKING

from nn import augment, init, metrics, optim
from nn.activations import activations
from nn.data import Batches
from nn.layers import (
    CELU,
    ELU,
    GELU,
    GRU,
    LSTM,
    RNN,
    SELU,
    AvgPool2d,
    BatchNorm1d,
    BatchNorm2d,
    Conv2d,
    Dropout,
    Embedding,
    Flatten,
    Hardshrink,
    Hardsigmoid,
    Hardswish,
    Hardtanh,
    Identity,
    LayerNorm,
    LeakyReLU,
    Linear,
    LogSigmoid,
    LogSoftmax,
    MaxPool2d,
    Mish,
    ReLU,
    ReLU6,
    Sequential,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Softshrink,
    Softsign,
    Tanh,
    Tanhshrink,
    activation_module,
)
from nn.losses import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HingeLoss,
    HuberLoss,
    L1Loss,
    MSELoss,
    SmoothL1Loss,
)
from nn.module import Module
from nn.neuron import MLP, Layer, Neuron
from nn.optim import SGD, Adagrad, Adam, AdamW, RMSprop
from nn.saving import load, save
from nn.seeds import seed
from nn.summaries import summary
from nn.training import Callback, Checkpoint, EarlyStopping, History, evaluate, fit, predict

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GRU",
    "LSTM",
    "MLP",
    "RNN",
    "SELU",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "AvgPool2d",
    "BCELoss",
    "BCEWithLogitsLoss",
    "BatchNorm1d",
    "BatchNorm2d",
    "Batches",
    "Callback",
    "Checkpoint",
    "Conv2d",
    "CrossEntropyLoss",
    "Dropout",
    "EarlyStopping",
    "Embedding",
    "Flatten",
    "Hardshrink",
    "Hardsigmoid",
    "Hardswish",
    "Hardtanh",
    "HingeLoss",
    "History",
    "HuberLoss",
    "Identity",
    "L1Loss",
    "Layer",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "LogSigmoid",
    "LogSoftmax",
    "MSELoss",
    "MaxPool2d",
    "Mish",
    "Module",
    "Neuron",
    "RMSprop",
    "ReLU",
    "ReLU6",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SmoothL1Loss",
    "Softmax",
    "Softplus",
    "Softshrink",
    "Softsign",
    "Tanh",
    "Tanhshrink",
    "activation_module",
    "activations",
    "augment",
    "evaluate",
    "fit",
    "init",
    "load",
    "metrics",
    "optim",
    "predict",
    "save",
    "seed",
    "summary",
]

_ELSEWHERE = {
    "ModuleList": "a plain list of modules as attribute does",
    "ModuleDict": "a plain dict of modules as attribute does",
    "Parameter": "an attribute that is a Tensor is a parameter",
    "functional": "the functions are autograd's: autograd.relu, autograd.cross_entropy",
    "utils": "there is nn.optim.clip_grad_norm_",
    "Conv1d": "the function is autograd.conv1d",
    "NLLLoss": "CrossEntropyLoss takes the scores, without a softmax before it",
}

if not TYPE_CHECKING:  # for which every name would be right

    def __getattr__(name: str) -> None:
        """Raise AttributeError, for a name of PyTorch's with what is there in its place."""
        hint = f": {_ELSEWHERE[name]}" if name in _ELSEWHERE else ""
        raise AttributeError(f"module 'nn' has no attribute {name!r}{hint}")
