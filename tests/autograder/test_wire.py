"""Bytes from a jail end in plain values or in a WireError."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from autograder.errors import WireError
from autograder.model import Raised, Returned, Unmarkable
from autograder.sandbox import child, values, wire

LIMIT = 1 << 16


def reader(data: bytes) -> Callable[[int], bytes]:
    """A pipe that holds these bytes and is then closed; it gives no more than asked for, nor than the limit allows."""
    stream = io.BytesIO(data)

    def read(size: int) -> bytes:
        assert size <= max(LIMIT, wire.HEADER_BYTES)
        part = stream.read(size)
        if len(part) < size:
            raise EOFError
        return part

    return read


def frame(header: Any, payload: bytes = b"") -> bytes:
    """A reply as a jail sends it."""
    data = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<I", len(data)) + data + payload


def reply_with(value: Any) -> bytes:
    """The reply that child.py makes of a returned value."""
    payload: list[bytes] = []
    header = child.encode(values.plain(value, LIMIT), payload)
    return frame({"id": 1, "type": "returned", "value": header}, b"".join(payload))


@given(
    arrays.arrays(
        st.sampled_from(
            [np.bool_, np.int8, np.uint8, np.int32, np.int64, np.uint64, np.float16, np.float32, np.float64]
        ),
        arrays.array_shapes(min_dims=0, max_dims=5, min_side=0, max_side=4),
    )
)
def test_arrays_come_through_unchanged(array: np.ndarray) -> None:
    """Every plain dtype and shape arrives bit for bit, and as nothing but an array."""
    outcome = wire.read_reply(reader(reply_with(array)), 1, LIMIT)

    assert isinstance(outcome, Returned)
    assert type(outcome.value) is np.ndarray
    assert outcome.value.dtype == array.dtype
    np.testing.assert_array_equal(outcome.value, array)


@pytest.mark.parametrize("value", [None, "text", ("same", None), ((1, 2), "x")])
def test_other_plain_values_come_through(value: Any) -> None:
    """None, strings and tuples arrive as themselves."""
    outcome = wire.read_reply(reader(reply_with(value)), 1, LIMIT)

    assert isinstance(outcome, Returned)
    assert repr(outcome.value) == repr(values.plain(value, LIMIT))


@pytest.mark.parametrize(
    "value",
    [None, "valid", True, 3, 2.5, float("inf"), (2, 3), np.arange(6, dtype=np.float32).reshape(2, 3), ((0, 1), (1, 2))],
    ids=repr,
)
def test_requests_come_through(value: Any) -> None:
    """What the grader sends is what the jail gets, Python's own kinds of number included."""
    data = wire.write_request({"id": 1, "type": "call"}, [value])
    header_size, payload_size = struct.unpack("<IQ", data[:12])
    header = json.loads(data[12 : 12 + header_size])
    payload = memoryview(data)[12 + header_size :]

    received, read = child.decode(header["arguments"][0], payload)

    assert read == payload_size == len(payload)
    assert type(received) is type(value)
    np.testing.assert_equal(received, value)


ARRAY = {"type": "array", "dtype": "<f8", "shape": [1]}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (struct.pack("<I", wire.HEADER_BYTES + 1), "its header has 1,048,577 bytes"),
        (frame(b"\xff\xfe"), "cannot be read"),
        (frame(b"[" * 100_000), "cannot be read"),
        (frame({"id": 1, "type": "pickle"}), "cannot be read"),
        (frame({"id": 1, "type": "returned"}), "cannot be read"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "extra": 1}}, bytes(8)), "cannot be read"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "dtype": "|O"}}, bytes(8)), "cannot be read"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "shape": [-1]}}, bytes(8)), "cannot be read"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "shape": [1.5]}}, bytes(8)), "cannot be read"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "shape": [1] * 33}}, bytes(8)), "cannot be read"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "shape": [1 << 40, 1 << 40]}}), "it promises"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "shape": [LIMIT]}}), "it promises 524,288 bytes"),
        (
            frame({"id": 1, "type": "returned", "value": {"type": "tuple", "items": [{**ARRAY, "shape": [5000]}] * 2}}),
            "it promises",
        ),
        (
            frame({"id": 1, "type": "returned", "value": {**ARRAY, "shape": [0, 1 << 40, 1 << 40]}}),
            "but an array has to fit",
        ),
        (
            frame(
                {
                    "id": 1,
                    "type": "returned",
                    "value": {"type": "tuple", "items": [{"type": "tuple", "items": [{"type": "none"}] * 900}] * 6},
                }
            ),
            "it has over 5,000 parts",
        ),
        (frame({"id": 2, "type": "returned", "value": ARRAY}, bytes(8)), "it answers request 2, but request 1"),
        (
            frame({"id": 1, "type": "raised", "error": "E", "message": "m", "kinds": [], "frames": [{}] * 11}),
            "cannot be read",
        ),
    ],
)
def test_a_frame_that_lies_is_refused(data: bytes, words: str) -> None:
    """Wrong ids, kinds, dtypes and sizes are refused before anything is allocated for them."""
    with pytest.raises(WireError, match=words):
        wire.read_reply(reader(data), 1, LIMIT)


@given(st.binary(max_size=200))
def test_random_bytes_are_refused(data: bytes) -> None:
    """Whatever comes, it is an error of the wire or the end of the pipe."""
    with pytest.raises((WireError, EOFError)):
        wire.read_reply(reader(data), 1, LIMIT)


_headers = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-2, 1 << 70),
        st.sampled_from(["array", "tuple", "text", "none", "<f8", "|O", "returned", "raised", "ran"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["type", "id", "dtype", "shape", "items", "value", "text"]), inner, max_size=5),
    ),
    max_leaves=12,
)


@settings(max_examples=2000)
@given(_headers, st.binary(max_size=64))
def test_any_header_ends_in_a_value_or_an_error(header: Any, payload: bytes) -> None:
    """JSON of any form gives a plain outcome, a WireError, or the end of the pipe; never another exception."""
    try:
        outcome = wire.read_reply(reader(frame(header, payload)), 1, LIMIT)
    except (WireError, EOFError):
        return
    assert isinstance(outcome, Returned | Raised | Unmarkable | wire.RanReply)
