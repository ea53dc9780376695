"""Figures drawn from live arrays: HTML with inline SVG that needs no script, no network and no other library."""

from autograder.drawing.figure import Figure, FigureError
from autograder.drawing.panels import arrays, compare
from course.figures.bars import bars
from course.figures.colour import colours
from course.figures.layers import shape_table
from course.figures.letters import einsum
from course.figures.photo import photograph
from course.figures.ready import (
    channel_stack,
    gallery,
    padded,
    pooling,
    receptive_field,
    strip,
    window_starts,
    window_stepper,
)
from course.figures.trial import try_it

__all__ = [
    "Figure",
    "FigureError",
    "arrays",
    "bars",
    "channel_stack",
    "colours",
    "compare",
    "einsum",
    "gallery",
    "padded",
    "photograph",
    "pooling",
    "receptive_field",
    "shape_table",
    "strip",
    "try_it",
    "window_starts",
    "window_stepper",
]
