"""Pictures of graphs: drawn, as plain text, and in Graphviz's language.

>>> import viz
>>> from autograd import Value
>>> x, y, z = Value(1), Value(3), Value(-3)
>>> g = (x + y) * z
>>> g.backward()
>>> picture = viz.draw(g, names=locals())
>>> [box.label for box in picture.diagram.boxes]
['x', 'y', '', 'z', 'g']
"""

from viz.api import draw, draw_dot, text
from viz.picture import Picture

__all__ = ["Picture", "draw", "draw_dot", "text"]
