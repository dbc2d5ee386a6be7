"""What can be said of LaTeX without a TeX: whether its groups are closed and its special characters escaped."""

import re


def is_well_formed(latex: str) -> bool:
    r"""Whether braces, `\left` and environments are balanced, and no character of TeX's own stands alone in text."""
    bare = re.sub(r"\\[{}$&#_%^~\\]", "", latex)  # escaped characters, and line ends
    depth = 0
    for c in bare:
        depth += (c == "{") - (c == "}")
        if depth < 0:
            return False
    opened: list[str] = []
    for kind, environment in re.findall(r"\\(begin|end)\{(\w+)", bare):
        if kind == "begin":
            opened.append(environment)
        elif not opened or opened.pop() != environment:
            return False
    texts = re.findall(r"\\text\{((?:[^{}]|\{\})*)\}", bare)
    return (
        depth == 0
        and len(re.findall(r"\\left\b", bare)) == len(re.findall(r"\\right\b", bare))
        and not opened
        and not any(c in text for text in texts for c in "$&#_%^~")
    )
