"""Pictures: graphs drawn, as plain text and in Graphviz's language; and charts of training, in `viz.charts`.

>>> import viz
>>> from autograd import Value
>>> x, y, z = Value(1), Value(3), Value(-3)
>>> g = (x + y) * z
>>> g.backward()
>>> picture = viz.draw(g, names=locals())
>>> [box.label for box in picture.diagram.boxes]
['x', 'y', '', 'z', 'g']
"""

from viz import charts
from viz.api import draw, draw_dot, text
from viz.picture import NetworkPicture, Picture

__all__ = ["NetworkPicture", "Picture", "charts", "draw", "draw_dot", "text"]
