"""Figures drawn from live arrays: HTML with inline SVG that needs no script, no network and no other library."""

from course.figures.figure import Figure, FigureError
from course.figures.panels import arrays, compare
from course.figures.photo import photograph
from course.figures.pools import pooling
from course.figures.sliding import strip, window_stepper
from course.figures.trial import try_it

__all__ = [
    "Figure",
    "FigureError",
    "arrays",
    "compare",
    "photograph",
    "pooling",
    "strip",
    "try_it",
    "window_stepper",
]
