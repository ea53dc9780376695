"""Messages between the grader and a jail: a small header, then the raw bytes of arrays.

A request is trusted and a reply is not. A reply's header is decoded against the schema below, and what it announces
is checked before anything is allocated, so it becomes either plain values or a `WireError`.

    request   4 bytes header size, 8 bytes payload size, 4 bytes number, header (JSON), payload
    reply     4 bytes header size, header (JSON), payload of the size that the header's arrays add up to
"""

from __future__ import annotations

import itertools
import json
import math
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
import numpy as np

from autograder.errors import WireError
from autograder.model import Frame, Raised, Returned, Unmarkable, Value
from autograder.sandbox.values import DEEPEST

HEADER_BYTES = 1 << 20
MOST_PARTS = 1_100  # the jail's own side sends a thousand, and arguments

Dtype = Literal["|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"]
Number = Annotated[int, msgspec.Meta(ge=0, le=1 << 40)]
Text = Annotated[str, msgspec.Meta(max_length=10_000)]
# The jail's own code cuts its texts to less.
Words = Annotated[str, msgspec.Meta(max_length=500)]


class NoneHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="none"):
    """None."""


class TextHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="text"):
    """A string, cut at 10,000 characters."""

    text: Text


class ArrayHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="array"):
    """An array, or a number as an array without axes; its bytes follow the header, in C order."""

    dtype: Dtype
    shape: Annotated[tuple[Number, ...], msgspec.Meta(max_length=32)]

    @property
    def nbytes(self) -> int:
        """Bytes in the payload; Python's integers cannot overflow."""
        return math.prod(self.shape) * np.dtype(self.dtype).itemsize

    @property
    def extent(self) -> int:
        """Bytes if no side were 0: an empty array may announce rows without end."""
        return math.prod(max(side, 1) for side in self.shape) * np.dtype(self.dtype).itemsize


class TupleHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="tuple"):
    """A tuple or list that is not one array."""

    items: Annotated[tuple[NoneHeader | TextHeader | ArrayHeader | TupleHeader, ...], msgspec.Meta(max_length=1_000)]


ValueHeader = NoneHeader | TextHeader | ArrayHeader | TupleHeader


class FrameHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line that an exception went through."""

    cell: Words
    line: Number
    source: Words


class FailedHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one statement of a cell raised."""

    error: Words
    message: Words
    kinds: Annotated[tuple[Words, ...], msgspec.Meta(max_length=20)]
    frames: Annotated[tuple[FrameHeader, ...], msgspec.Meta(max_length=10)]


class RanReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="ran"):
    """A cell ran; the lines that were skipped, and the statements that failed."""

    id: Number
    skipped: Annotated[tuple[Number, ...], msgspec.Meta(max_length=100_000)]
    failed: Annotated[tuple[FailedHeader, ...], msgspec.Meta(max_length=100)] = ()


class ReturnedReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="returned"):
    """A call came back."""

    id: Number
    value: ValueHeader
    arguments: Annotated[tuple[ValueHeader, ...], msgspec.Meta(max_length=32)] | None = None
    kind: Literal["", "matrix", "masked"] = ""


class RaisedReply(FailedHeader, frozen=True, forbid_unknown_fields=True, tag="raised", kw_only=True):
    """A call raised."""

    id: Number


class UnmarkableReply(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag="unmarkable"):
    """A call returned what cannot be graded."""

    id: Number
    what: Words


Reply = RanReply | ReturnedReply | RaisedReply | UnmarkableReply
_decoder: msgspec.json.Decoder[Reply] = msgspec.json.Decoder(Reply)


@dataclass(frozen=True)
class Request:
    """A request, encoded once and sent as often as needed."""

    header: bytes
    payload: bytes = b""

    def numbered(self, number: int) -> bytes:
        """Its bytes, with the number that the reply must repeat."""
        return struct.pack("<IQI", len(self.header), len(self.payload), number) + self.header + self.payload


def request(header: Mapping[str, Any], arguments: Sequence[Value] = ()) -> Request:
    """Write a request; `arguments` go into its payload."""
    payload: list[bytes] = []
    described = [_describe(argument, payload) for argument in arguments]
    return Request(json.dumps({**header, "arguments": described}).encode(), b"".join(payload))


def _describe(value: Value, payload: list[bytes]) -> dict[str, Any]:
    if value is None or isinstance(value, bool | int | str):
        return {"type": "json", "value": value}
    if isinstance(value, float):
        return {"type": "float", "hex": value.hex()}
    if isinstance(value, tuple | list):
        return {"type": "tuple", "items": [_describe(item, payload) for item in value]}
    array = np.asarray(value)
    dtype = array.dtype.newbyteorder("<").str
    payload.append(array.astype(dtype, order="C").tobytes())
    return {"type": "array", "dtype": dtype, "shape": list(array.shape)}


def read_reply(read: Callable[[int], bytes], request: int, limit: int) -> Returned | Raised | Unmarkable | RanReply:
    """Read the reply to one request.

    Args:
        read: returns exactly as many bytes as asked for.
        request: the id that the reply must carry.
        limit: the most bytes that the arrays of a reply may have together.

    Raises:
        WireError: the bytes are not a reply to this request, or promise more than the limit.
    """
    (size,) = struct.unpack("<I", read(4))
    if size > HEADER_BYTES:
        raise WireError(f"reply: header of {size:,} bytes; at most {HEADER_BYTES:,} are read")
    reply = _decode(read(size))
    if reply.id != request:
        raise WireError(f"reply: for request {reply.id} instead of {request}")
    match reply:
        case ReturnedReply(value=value, arguments=arguments, kind=kind):
            headers = [value, *(arguments or ())]
            parts = list(itertools.islice((part for header in headers for part in _parts(header)), MOST_PARTS + 1))
            if len(parts) > MOST_PARTS:
                raise WireError(f"reply: more than {MOST_PARTS:,} parts")
            promised = sum(part.extent for part in parts if isinstance(part, ArrayHeader))
            if promised > limit:
                raise WireError(f"reply: announces {promised:,} bytes; at most {limit:,} are read")
            values = [_value(header, read) for header in headers]
            return Returned(values[0], None if arguments is None else tuple(values[1:]), kind=kind)
        case RaisedReply():
            return raised(reply)
        case UnmarkableReply(what=what):
            return Unmarkable(what)
    return reply


def raised(header: FailedHeader) -> Raised:
    """What was raised, in the words of the model."""
    lines = tuple(Frame(frame.cell, frame.line, frame.source) for frame in header.frames)
    return Raised(header.error, header.message, lines, header.kinds)


def _decode(header: bytes) -> Reply:
    try:
        return _decoder.decode(header)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WireError(f"reply: unreadable header ({type(error).__name__})") from error


def _parts(header: ValueHeader, depth: int = 0) -> Iterator[ValueHeader]:
    if depth > DEEPEST:
        raise WireError(f"reply: nested more than {DEEPEST} deep")
    yield header
    if isinstance(header, TupleHeader):
        for item in header.items:
            yield from _parts(item, depth + 1)


def _value(header: ValueHeader, read: Callable[[int], bytes]) -> Value:
    match header:
        case ArrayHeader(dtype=dtype, shape=shape):
            array = np.frombuffer(read(header.nbytes), dtype).reshape(shape)
            # a byte other than 0 and 1 would be a truth value that NumPy cannot handle
            return array.view(np.uint8).astype(bool) if dtype == "|b1" else array
        case TextHeader(text=text):
            return text
        case TupleHeader(items=items):
            return tuple(_value(item, read) for item in items)
    return None
