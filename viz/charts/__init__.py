"""Charts of what training gives: curves, boundaries, confusions, distributions, images and predictions.

They are drawn with Matplotlib from plain data: lists, arrays, mappings of them, and functions. Matplotlib is imported
when the first chart is drawn.

>>> import viz
>>> history = {"loss": [0.9, 0.5, 0.3], "val_loss": [1.0, 0.7, 0.6], "accuracy": [0.5, 0.8, 0.9]}
>>> chart = viz.charts.curves(history)
>>> chart
<Chart of loss and accuracy over 3 epochs: .show() it, or .save("chart.svg" or .png, .pdf)>
>>> chart.save("training.png").name
'training.png'
"""

from viz.charts.beside import predictions
from viz.charts.boundary import decision_boundary
from viz.charts.chart import Chart
from viz.charts.confusion import confusion_matrix
from viz.charts.distributions import histograms
from viz.charts.epochs import curves
from viz.charts.gallery import images

__all__ = ["Chart", "confusion_matrix", "curves", "decision_boundary", "histograms", "images", "predictions"]
