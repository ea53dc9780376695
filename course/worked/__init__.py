"""Figures that work out what exercises ask for. Students get them ready drawn, from `figures.ready`."""

from course.worked.channels import channel_stack
from course.worked.kernels import gallery
from course.worked.places import padded, window_starts
from course.worked.pools import pooling
from course.worked.receptive import receptive_field
from course.worked.sliding import strip, window_stepper

__all__ = [
    "channel_stack",
    "gallery",
    "padded",
    "pooling",
    "receptive_field",
    "strip",
    "window_starts",
    "window_stepper",
]
