"""Neurons, layers and networks, over Values and over Tensors; and what trains them."""

from typing import TYPE_CHECKING

from nn import augment, init, layers, metrics, optim
from nn.activations import activations
from nn.data import Batches
from nn.layers import *
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
    "MLP",
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "BCELoss",
    "BCEWithLogitsLoss",
    "Batches",
    "Callback",
    "Checkpoint",
    "CrossEntropyLoss",
    "EarlyStopping",
    "HingeLoss",
    "History",
    "HuberLoss",
    "L1Loss",
    "Layer",
    "MSELoss",
    "Module",
    "Neuron",
    "RMSprop",
    "SmoothL1Loss",
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
__all__ += layers.__all__

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
