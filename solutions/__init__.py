"""Right answers: convolution and pooling in NumPy, by the rules of Keras."""

from solutions.asked.kernels import flip_kernel, true_convolution
from solutions.reference.conv import conv2d
from solutions.reference.errors import ShapeError
from solutions.reference.gradients import avg_pool2d_backward, conv2d_backward, max_pool2d_backward
from solutions.reference.pool import avg_pool2d, global_avg_pool, global_max_pool, max_pool2d
from solutions.reference.shapes import output_size, pad2d, same_padding, windows

__all__ = [
    "ShapeError",
    "avg_pool2d",
    "avg_pool2d_backward",
    "conv2d",
    "conv2d_backward",
    "flip_kernel",
    "global_avg_pool",
    "global_max_pool",
    "max_pool2d",
    "max_pool2d_backward",
    "output_size",
    "pad2d",
    "same_padding",
    "true_convolution",
    "windows",
]
