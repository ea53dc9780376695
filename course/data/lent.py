"""The layer functions for who has none of their own: they know the layers of the digits' network, and no others.

No window is worked out here. Tables say which pixels each window of a layer holds, so that there is nothing in it that
answers an exercise of an earlier notebook. It needs NumPy only, as it runs beside students' code.
"""

from __future__ import annotations

import string
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A character for each pixel, row by row; a dot is a cell outside the image. A window after the other, cell by cell.
PIXELS = string.digits + string.ascii_letters + "+/"
# (height, width) of the image, of the window, and the strides -> the windows.
TABLES = {
    ((8, 8), (3, 3), (1, 1)): (
        "....01.89...01289a...1239ab...234abc...345bcd...456cde...567def...67.ef."
        ".01.89.gh01289aghi1239abhij234abcijk345bcdjkl456cdeklm567deflmn67.ef.mn."
        ".89.gh.op89aghiopq9abhijpqrabcijkqrsbcdjklrstcdeklmstudeflmntuvef.mn.uv."
        ".gh.op.wxghiopqwxyhijpqrxyzijkqrsyzAjklrstzABklmstuABClmntuvBCDmn.uv.CD."
        ".op.wx.EFopqwxyEFGpqrxyzFGHqrsyzAGHIrstzABHIJstuABCIJKtuvBCDJKLuv.CD.KL."
        ".wx.EF.MNwxyEFGMNOxyzFGHNOPyzAGHIOPQzABHIJPQRABCIJKQRSBCDJKLRSTCD.KL.ST."
        ".EF.MN.UVEFGMNOUVWFGHNOPVWXGHIOPQWXYHIJPQRXYZIJKQRSYZ+JKLRSTZ+/KL.ST.+/."
        ".MN.UV...MNOUVW...NOPVWX...OPQWXY...PQRXYZ...QRSYZ+...RSTZ+/...ST.+/...."
    ),
    ((8, 8), (2, 2), (2, 2)): "018923ab45cd67efghopijqrklstmnuvwxEFyzGHABIJCDKLMNUVOPWXQRYZST+/",
    ((4, 4), (2, 3), (1, 2)): "01245623.67.45689a67.ab.89acdeab.ef.cde...ef....",
    ((4, 2), (3, 2), (1, 1)): "..0123..1.3.0123451.3.5.2345673.5.7.4567..5.7...",
}


def conv2d(
    x: Any, w: Any, b: Any = None, strides: Any = 1, padding: str = "valid", activation: str | None = None
) -> NDArray[Any]:
    """Notebook 05's `conv2d`, for the convolutions of this network: shape (n, y, x, o)."""
    cells = _cells("conv2d", x, np.shape(w)[:2], strides, padding, outside=0.0)
    maps: NDArray[Any] = np.tensordot(cells, np.reshape(w, (*cells.shape[3:], -1)), 2)
    maps = maps if b is None else maps + np.asarray(b)
    return np.maximum(maps, 0) if activation == "relu" else maps


def max_pool2d(x: Any, pool_size: Any = 2, strides: Any = None, padding: str = "valid") -> NDArray[Any]:
    """Notebook 06's `max_pool2d`, for the pooling of this network: shape (n, y, x, c)."""
    step = pool_size if strides is None else strides
    return np.asarray(_cells("max_pool2d", x, pool_size, step, padding, outside=-np.inf).max(axis=3))


def avg_pool2d(x: Any, pool_size: Any = 2, strides: Any = None, padding: str = "valid") -> NDArray[Any]:
    """Notebook 06's `avg_pool2d`, for the pooling of this network: shape (n, y, x, c)."""
    step = pool_size if strides is None else strides
    return np.asarray(np.nanmean(_cells("avg_pool2d", x, pool_size, step, padding, outside=np.nan), axis=3))


def _cells(function: str, x: Any, window: Any, strides: Any, padding: str, *, outside: float) -> NDArray[Any]:
    """The cells of every window, shape (n, y, x, cells, c)."""
    images = np.asarray(x, float)
    layer = images.shape[1:3], _pair(window), _pair(strides)
    table = TABLES.get(layer, "")
    if not table or ("." in table and padding != "same"):
        raise ValueError(
            f"{function}, lent: a window of {layer[1]} on {layer[0]} pixels with strides {layer[2]} and padding "
            f'"{padding}" is not a layer of this network, and nothing else is lent. Paste your own function.'
        )
    n, height, width, channels = images.shape
    pixels = np.concatenate([images.reshape(n, -1, channels), np.full((n, 1, channels), outside)], axis=1)
    places = [PIXELS.find(character) for character in table]  # -1, the last, for a dot
    size = -(-height // layer[2][0]), -(-width // layer[2][1])
    return pixels[:, places].reshape(n, *size, -1, channels)


def _pair(value: Any) -> tuple[int, int]:
    first, last = np.broadcast_to(value, 2)
    return int(first), int(last)
