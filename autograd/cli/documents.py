"""A lesson as a document for others to read: JSON for programs, LaTeX for papers."""

import json
import math
from collections.abc import Iterator
from typing import Any

from autograd import terms
from autograd.cli.lesson import Lesson
from autograd.ledger import Ledger
from autograd.node import Node
from autograd.step import Step
from autograd.testing.checks import Check

_TEX = r"""%% Names in other alphabets than Latin and Greek need lualatex or xelatex.
\documentclass{article}
\usepackage{amsmath}
\begin{document}
%s
\end{document}
"""
_PASSES = {"forward": "Forward", "backward": "Backward"}


def as_json(lesson: Lesson, explained: list[Ledger]) -> str:
    """Values, gradients and steps as one JSON object; what is infinite or not a number is a string, as in JavaScript.

    A gradient is null where the result does not depend on the value.
    """
    document: dict[str, Any] = {
        "result": lesson.result,
        "inputs": list(lesson.inputs),
        "values": lesson.data,
        "gradients": lesson.gradients,
        "steps": [_step(step) for step in lesson.steps],
    }
    if explained:
        document["explain"] = {ledger.names[ledger.node]: _ledger(ledger) for ledger in explained}
    if lesson.report:
        document["check"] = dict(zip(lesson.inputs, map(_check, lesson.report.checks), strict=True))
        document["guilty"] = lesson.report.guilty
    return json.dumps(_in_json(document), indent=2, allow_nan=False)


def _check(check: Check) -> dict[str, Any]:
    found = check.judgement
    slope = found.slopes.best
    return {"gradient": found.gradient, "difference": slope.value, "error": slope.error, "verdict": found.verdict}


def as_latex(lesson: Lesson) -> str:
    """The derivation, step by step, as a LaTeX document."""
    return _TEX % "\n".join(_sections(lesson))


def _step(step: Step) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "pass": step.phase,
        "number": step.number,
        "node": step.names[step.node],
        "operation": str(step.statement),
        "rule": str(step.rule),
    }
    if step.parent is None:
        operands = [step.names[x] if isinstance(x, Node) else x for x in step.node.operands]
        return {
            **shown,
            "op": step.node.op.name if step.node.op else None,
            "operands": operands,
            "value": step.node.data,
            "locals": list(step.node.partials),
        }
    numbers = {"upstream": step.upstream, "local": step.local, "product": step.product}
    return {**shown, "operand": step.names[step.parent], **numbers, "before": step.before, "total": step.total}


def _ledger(ledger: Ledger) -> dict[str, Any]:
    contributions = [
        {"through": ledger.names[c.node], "upstream": c.upstream, "local": c.local, "product": c.product}
        for c in ledger.contributions
    ]
    paths = [{"nodes": [ledger.names[node] for node in path.nodes], "product": path.product} for path in ledger.paths]
    return {
        "gradient": ledger.gradient,
        "contributions": contributions,
        # Larger numbers are no longer exact in JavaScript, nor may they be printed in decimal at any length.
        "path_count": ledger.path_count if ledger.path_count < 2**53 else hex(ledger.path_count),
        "largest_paths": paths,
    }


def _in_json(x: Any) -> Any:
    """The structure with each infinite number and nan as the string that JavaScript writes for it."""
    if isinstance(x, dict):
        return {key: _in_json(item) for key, item in x.items()}
    if isinstance(x, list):
        return [_in_json(item) for item in x]
    if isinstance(x, float) and not math.isfinite(x):
        return "NaN" if math.isnan(x) else "Infinity" if x > 0 else "-Infinity"
    return x


def _sections(lesson: Lesson) -> Iterator[str]:
    for phase, title in _PASSES.items():
        yield rf"\section*{{{title}}}"
        yield from (rf"\[{step.latex}\]" for step in lesson.steps if step.phase == phase)
    yield r"\section*{Gradients}"
    root = terms.name(lesson.names[lesson.root])
    for node, name in lesson.names.items():
        if node.grad is not None:
            gradient = terms.derivative(root, terms.name(name))
            yield rf"\[{terms.equation(gradient, terms.number(node.grad)).latex}\]"
