"""Tools for testing derivatives: a checker that gives a verdict and names the operation to blame."""

from autograd.testing.check import check_gradients
from autograd.testing.report import GradientError, Report

__all__ = ["GradientError", "Report", "check_gradients"]
