"""What kernels see: one image, and its map under each kernel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import ArrayLike

from autograder.drawing import cells, heat, panels
from autograder.drawing.arrays import read, require_fit
from autograder.drawing.cells import Grid
from autograder.drawing.figure import Figure, FigureError, picture
from autograder.drawing.heat import Scale
from autograder.drawing.svg import Drawing, beside, group
from autograder.numbers import Numbers, rows, settled, size, typeset
from course.worked.correlation import correlate

MOST_KERNELS = 11
_READABLE = 7  # weights along an axis that are printed


def gallery(image: ArrayLike, kernels: Mapping[str, Any]) -> Figure:
    """Draw what `figures.gallery` says."""
    pixels = panels.read_plane("gallery", "image", image)
    weights = _kernels(pixels, kernels)
    maps = {name: correlate(pixels, kernel) for name, kernel in weights.items()}
    most = panels.most_beside(pixels)
    lines = [panels.words("image", pixels)]
    drawings = [panels.panel("image", pixels, heat.scale_for(pixels))]
    for name, kernel in weights.items():
        lines += [f"kernel {name} ({size(kernel)})", *rows(kernel), panels.words(f"map of {name}", maps[name], most)]
        seen = panels.panel(name, maps[name], _scale(pixels, kernel, maps[name]), most=most)
        drawings.append(_above(seen, _small(kernel)))
    return picture("\n".join(lines), beside(drawings, gap=32))


def _kernels(image: Numbers, kernels: Mapping[str, Any]) -> dict[str, Numbers]:
    if not 1 <= len(kernels) <= MOST_KERNELS:
        raise FigureError(
            f"gallery: the number of kernels is {len(kernels)}, but must be from 1 to {MOST_KERNELS}; "
            "hand over {name: kernel}"
        )
    weights = {str(name): read("gallery", str(name), kernel, {2}) for name, kernel in kernels.items()}
    for kernel in weights.values():
        require_fit("gallery", image, kernel)
    return weights


def _scale(image: Numbers, kernel: Numbers, seen: Numbers) -> Scale:
    """Choose colours for a map: those of a picture where the kernel keeps some of the brightness."""
    brightness = float(settled(kernel.sum(keepdims=True))[0, 0])
    given = heat.scale_for(image)
    # Weights that add up to 0 show differences. All others give a picture, which may go a little beyond its greys.
    return heat.scale_for(seen) if given.signed or brightness <= 0 else Scale(0.0, given.high * brightness)


def _above(upper: Drawing, lower: Drawing) -> Drawing:
    top = upper.height + 10
    return Drawing(upper.body + group(lower.body, y=top), max(upper.width, lower.width), top + lower.height)


def _small(kernel: Numbers) -> Drawing:
    """Draw a kernel in small print, or as a heat map where it is large."""
    if max(kernel.shape) > _READABLE:
        return heat.heat_panel("kernel", kernel, heat.scale_for(kernel))
    longest = max(len(typeset(weight)) for weight in kernel.flat)
    height, width = kernel.shape
    grid = Grid(height, width, cell_width=max(28.0, 7.0 * longest + 8), cell_height=22.0)
    return Drawing(group(cells.tiles(grid, kernel), class_="small"), grid.width, grid.height)
