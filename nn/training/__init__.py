"""Training: `fit`, what watches over it, and what measures its result."""

from nn.training.callbacks import Callback, EarlyStopping
from nn.training.checkpoint import Checkpoint
from nn.training.evaluate import evaluate, predict
from nn.training.fit import fit
from nn.training.history import History
from nn.training.run import Run

__all__ = ["Callback", "Checkpoint", "EarlyStopping", "History", "Run", "evaluate", "fit", "predict"]
