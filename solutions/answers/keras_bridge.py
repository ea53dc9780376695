"""Model answers of notebook 10; the build pastes each function into the instructors' notebook."""

# mypy: allow-untyped-defs, allow-untyped-calls
# Students read and write these without type hints, so they have none.

import numpy as np


def to_keras_kernel(kernel):
    """Turn PyTorch's (out, in, kh, kw) into Keras's (kh, kw, in, out), as floats."""
    filters, channels, kh, kw = kernel.shape
    moved = np.zeros((kh, kw, channels, filters))
    for o in range(filters):
        for c in range(channels):
            moved[:, :, c, o] = kernel[o, c]
    return moved


def to_torch_kernel(kernel):
    """Turn Keras's (kh, kw, in, out) into PyTorch's (out, in, kh, kw), as floats."""
    kh, kw, channels, filters = kernel.shape
    moved = np.zeros((filters, channels, kh, kw))
    for o in range(filters):
        for c in range(channels):
            moved[o, c] = kernel[:, :, c, o]
    return moved
