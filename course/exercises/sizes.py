"""How large a result is: for the arguments of one call, the formula of each size with the numbers put in.

Parameters have the names that the course's functions use, as in `places`. Where a call must be refused, the lines show
the count that is below 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from course.exercises.draw import FloatArray
from solutions.reference.shapes import Padding, Size, pair


def count(n: int, k: int, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> list[str]:
    """The windows along one axis."""
    if padding == "same":
        return [_counted("windows", n, k, stride, padding)]
    spread, span = _span(k, dilation)
    return [*spread, _counted("windows", n, span, stride, padding)]


def pads(n: int, k: int, stride: int = 1, dilation: int = 1) -> list[str]:
    """The pixels that "same" adds on both sides of one axis."""
    spread, span = _span(k, dilation)
    windows = -(-n // stride)
    total = max((windows - 1) * stride + span - n, 0)
    return [
        *spread,
        _counted("windows", n, span, stride, "same"),
        f"total: max(({windows} - 1) * {stride} + {span} - {n}, 0) = {total}",
        f"before: floor({total} / 2) = {total // 2}",
        f"after: {total} - {total // 2} = {total - total // 2}",
    ]


def framed(image: FloatArray, pads: Sequence[Sequence[int]], **_: object) -> list[str]:
    """An image (height, width) with a frame round it."""
    sides = zip(("height", "width"), image.shape, pads, strict=True)
    return [f"{axis}: {before} + {n} + {after} = {before + n + after}" for axis, n, (before, after) in sides]


def gray(image: FloatArray, kernel: FloatArray, strides: Size | None = None, padding: Padding = "valid") -> list[str]:
    """A kernel (i, j) on an image (height, width); without strides the formula has none in it."""
    return _sides(image.shape, kernel.shape, strides, padding)


def one_filter(image: FloatArray, kernel: FloatArray, **_: object) -> list[str]:
    """A filter (i, j, c) on an image (height, width, c)."""
    return _sides(image.shape[:2], kernel.shape[:2], None, "valid")


def layer(x: FloatArray, w: FloatArray, *, strides: Size = 1, padding: Padding = "valid", **_: object) -> list[str]:
    """Filters (i, j, c, o) on images (n, height, width, c)."""
    return [*_sides(x.shape[1:3], w.shape[:2], strides, padding), f"channels: one for each filter = {w.shape[3]}"]


def windows(x: FloatArray, kernel_size: Size, strides: Size, dilation_rate: Size) -> list[str]:
    """The windows of images (n, height, width, c), each a cell of the result."""
    spans = [_span(k, step)[1] for k, step in zip(_two(kernel_size), _two(dilation_rate), strict=True)]
    i, j = _two(kernel_size)
    return [*_sides(x.shape[1:3], spans, strides, "valid"), f"of each window (i, j, c) = ({i}, {j}, {x.shape[3]})"]


def pool(x: FloatArray, pool_size: Size, strides: Size | None, padding: Padding, data_format: str) -> list[str]:
    """A pool on images (n, height, width, c)."""
    if data_format != "channels_last":
        return []
    step = pool_size if strides is None else strides
    return [*_sides(x.shape[1:3], _two(pool_size), step, padding), f"channels: as many as before = {x.shape[3]}"]


def whole(x: FloatArray, keepdims: bool, data_format: str) -> list[str]:
    """One number for each channel of images (n, height, width, c)."""
    if data_format != "channels_last":
        return []
    n, _, _, c = x.shape
    kept = f"(n, 1, 1, c) = ({n}, 1, 1, {c})" if keepdims else f"(n, c) = ({n}, {c})"
    return [f"(n, height, width, c) becomes {kept}"]


def blocks(image: FloatArray, size: int, *, padding: Padding) -> list[str]:
    """Square blocks, side by side, on an image (height, width) or (height, width, c)."""
    channels = [f"channels: as many as before = {c}" for c in image.shape[2:]]
    return [*_sides(image.shape[:2], (size, size), size, padding), *channels]


def channels_first(x: FloatArray) -> list[str]:
    """Images (n, height, width, c) with their channels in front of height and width."""
    n, height, width, c = x.shape
    return [f"(n, height, width, c) becomes (n, c, height, width) = ({n}, {c}, {height}, {width})"]


def channels_last(x: FloatArray) -> list[str]:
    """Images (n, c, height, width) with their channels behind height and width."""
    n, c, height, width = x.shape
    return [f"(n, c, height, width) becomes (n, height, width, c) = ({n}, {height}, {width}, {c})"]


def keras_kernel(kernel: FloatArray) -> list[str]:
    """A kernel of PyTorch's in the order of Keras."""
    o, c, i, j = kernel.shape
    return [f"(out, in, kh, kw) becomes (kh, kw, in, out) = ({i}, {j}, {c}, {o})"]


def torch_kernel(kernel: FloatArray) -> list[str]:
    """A kernel of Keras's in the order of PyTorch."""
    i, j, c, o = kernel.shape
    return [f"(kh, kw, in, out) becomes (out, in, kh, kw) = ({o}, {c}, {i}, {j})"]


def _sides(image: Sequence[int], kernel: Sequence[int], strides: Size | None, padding: Padding) -> list[str]:
    steps = (None, None) if strides is None else _two(strides)
    sides = zip(("height", "width"), image, kernel, steps, strict=True)
    return [_counted(axis, n, k, stride, padding) for axis, n, k, stride in sides]


def _counted(name: str, n: int, k: int, stride: int | None, padding: Padding) -> str:
    if padding == "same":
        return f"{name}: ceil({n} / {stride or 1}) = {-(-n // (stride or 1))}"
    if stride is None:
        return f"{name}: {n} - {k} + 1 = {n - k + 1}"
    return f"{name}: floor(({n} - {k}) / {stride}) + 1 = {(n - k) // stride + 1}"


def _span(k: int, dilation: int) -> tuple[list[str], int]:
    """The line that says how many pixels a dilated window spans, none if it is plain; and that number."""
    span = (k - 1) * dilation + 1
    return ([] if dilation == 1 else [f"span: ({k} - 1) * {dilation} + 1 = {span}"]), span


def _two(value: Size) -> tuple[int, int]:
    return pair("a size or step", value)
