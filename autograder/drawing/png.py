"""Pictures as PNG, the same bytes on every machine."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from numpy.typing import NDArray


def data_uri(indices: NDArray[np.uint8], palette: NDArray[np.uint8]) -> str:
    """Write a picture as an address.

    Args:
        indices: the colour of each pixel, shape (height, width).
        palette: red, green, blue of each colour, shape (colours, 3), up to 256; the first is clear.
    """
    return _address(indices, 3, (b"PLTE", palette.tobytes()), (b"tRNS", b"\0"))


def colour_uri(pixels: NDArray[np.uint8]) -> str:
    """Write a picture, red, green and blue of each pixel, shape (height, width, 3), as an address."""
    return _address(pixels, 2)


def _address(values: NDArray[np.uint8], kind: int, *chunks: tuple[bytes, bytes]) -> str:
    height, width = values.shape[:2]
    # Each row starts with the number of its filter: 0, none.
    lines = np.pad(values.reshape(height, -1), ((0, 0), (1, 0)))
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, data)
        for name, data in (
            (b"IHDR", struct.pack(">2I5B", width, height, 8, kind, 0, 0, 0)),
            *chunks,
            (b"IDAT", _stored(lines.tobytes())),
            (b"IEND", b""),
        )
    )
    return "data:image/png;base64," + base64.b64encode(png).decode()


def _stored(data: bytes) -> bytes:
    """Write bytes as a zlib stream of stored blocks (RFC 1951): what zlib compresses to differs between its builds."""
    size = 0xFFFF
    starts = range(0, len(data), size)
    blocks = (
        struct.pack("<BHH", start + size >= len(data), len(part), len(part) ^ size) + part
        for start in starts
        if (part := data[start : start + size])
    )
    return b"\x78\x01" + b"".join(blocks) + zlib.adler32(data).to_bytes(4, "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
