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
    data = wire.request({"type": "call"}, [value]).numbered(1)
    header_size, payload_size, number = struct.unpack("<IQI", data[:16])
    header = json.loads(data[16 : 16 + header_size])
    payload = memoryview(data)[16 + header_size :]

    received, read = child.decode(header["arguments"][0], payload)

    assert number == 1
    assert read == payload_size == len(payload)
    assert type(received) is type(value)
    np.testing.assert_equal(received, value)


ARRAY = {"type": "array", "dtype": "<f8", "shape": [1]}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (struct.pack("<I", wire.HEADER_BYTES + 1), "header of 1,048,577 bytes"),
        (frame(b"\xff\xfe"), "unreadable header"),
        (frame(b"[" * 100_000), "unreadable header"),
        (frame({"id": 1, "type": "pickle"}), "unreadable header"),
        (frame({"id": 1, "type": "returned"}), "unreadable header"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "extra": 1}}, bytes(8)), "unreadable header"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "dtype": "|O"}}, bytes(8)), "unreadable header"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "shape": [-1]}}, bytes(8)), "unreadable header"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "shape": [1.5]}}, bytes(8)), "unreadable header"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "shape": [1] * 33}}, bytes(8)), "unreadable header"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "shape": [1 << 40, 1 << 40]}}), "announces"),
        (frame({"id": 1, "type": "returned", "value": {**ARRAY, "shape": [LIMIT]}}), "announces 524,288 bytes"),
        (
            frame({"id": 1, "type": "returned", "value": {"type": "tuple", "items": [{**ARRAY, "shape": [5000]}] * 2}}),
            "announces",
        ),
        (
            frame({"id": 1, "type": "returned", "value": {**ARRAY, "shape": [0, 1 << 40, 1 << 40]}}),
            "announces",
        ),
        (
            frame(
                {
                    "id": 1,
                    "type": "returned",
                    "value": {"type": "tuple", "items": [{"type": "tuple", "items": [{"type": "none"}] * 900}] * 2},
                }
            ),
            "more than 1,100 parts",
        ),
        (frame({"id": 10**30, "type": "ran", "skipped": []}), "unreadable header"),
        (frame({"id": 1, "type": "ran", "skipped": [10**4000]}), "unreadable header"),
        (frame({"id": 1, "type": "unmarkable", "what": "x" * 501}), "unreadable header"),
        (frame({"id": 1, "type": "unmarkable", "what": "\ud800"}), "unreadable header"),
        (frame({"id": 2, "type": "returned", "value": ARRAY}, bytes(8)), "for request 2 instead of 1"),
        (
            frame({"id": 1, "type": "raised", "error": "E", "message": "m", "kinds": [], "frames": [{}] * 11}),
            "unreadable header",
        ),
    ],
)
def test_a_frame_that_lies_is_refused(data: bytes, words: str) -> None:
    """Wrong ids, kinds, dtypes and sizes are refused before anything is allocated for them."""
    with pytest.raises(WireError, match=words):
        wire.read_reply(reader(data), 1, LIMIT)


# --- whatever comes ---------------------------------------------------------------------------------------------

EXAMPLES = 2_000


def fuzz(test: Callable[..., None]) -> Callable[..., None]:
    """Try 2,000 examples, or as many as a profile with more says: `--hypothesis-profile nightly`."""
    return settings(max_examples=max(EXAMPLES, settings().max_examples), deadline=None)(test)


def read_all(data: bytes, request: int = 1) -> Any:
    """What is read; None after a WireError, or at the end of the pipe. No other exception is caught."""
    try:
        outcome = wire.read_reply(reader(data), request, LIMIT)
    except (WireError, EOFError):
        return None
    assert isinstance(outcome, Returned | Raised | Unmarkable | wire.RanReply)
    # what comes after the wire writes numbers and text, and compares arrays: none of it may fail
    repr(outcome).encode()
    if isinstance(outcome, Returned):
        assert_plain(outcome.value)
    return outcome


def assert_plain(value: Any) -> None:
    """Nothing but None, text, arrays of the dtypes that may cross, and tuples of these."""
    if isinstance(value, tuple):
        for item in value:
            assert_plain(item)
    elif isinstance(value, np.ndarray):
        assert type(value) is np.ndarray
        assert value.dtype.kind in "biuf"
        assert value.nbytes <= LIMIT
    else:
        assert value is None or type(value) is str


_leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 1 << 70),
    st.just(10**4000),
    st.floats(),
    st.text(max_size=5),
    st.sampled_from(["array", "tuple", "text", "none", "<f8", "|b1", "|O", "returned", "raised", "ran", "unmarkable"]),
)
_json = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["type", "id", "dtype", "shape", "items", "value", "text"]), inner, max_size=5),
    ),
    max_leaves=12,
)
_shapes = st.lists(st.one_of(st.integers(0, 5), st.integers(-2, 1 << 41), st.integers(1 << 60, 1 << 65)), max_size=34)
_dtypes = st.sampled_from(
    ["|b1", "|i1", "<u2", "<f2", "<f4", "<f8", "<u8", ">f8", "|O", "<c16", "<f16", "|S5", "<M8[s]"]
)
_values = st.recursive(
    st.one_of(
        st.just({"type": "none"}),
        st.builds(lambda text: {"type": "text", "text": text}, st.text(max_size=20)),
        st.builds(lambda dtype, shape: {"type": "array", "dtype": dtype, "shape": shape}, _dtypes, _shapes),
    ),
    lambda inner: st.builds(lambda items: {"type": "tuple", "items": items}, st.lists(inner, max_size=4)),
    max_leaves=20,
)
_ids = st.one_of(st.just(1), st.just(1), st.just(1), _leaves)
_frames = st.fixed_dictionaries({"cell": st.text(max_size=9), "line": _leaves, "source": st.text(max_size=9)})
_replies = st.one_of(
    st.fixed_dictionaries(
        {"id": _ids, "type": st.just("returned"), "value": _values},
        optional={"arguments": st.one_of(_json, st.lists(_values, max_size=3)), "extra": _json},
    ),
    st.fixed_dictionaries({"id": _ids, "type": st.just("ran"), "skipped": st.lists(_leaves, max_size=4)}),
    st.fixed_dictionaries(
        {
            "id": _ids,
            "type": st.just("raised"),
            "error": st.text(max_size=600),
            "message": st.text(max_size=600),
            "kinds": st.lists(st.text(max_size=9), max_size=22),
            "frames": st.lists(_frames, max_size=12),
        }
    ),
    st.fixed_dictionaries(
        {"id": _ids, "type": st.just("unmarkable"), "what": st.one_of(st.text(max_size=600), _leaves)}
    ),
)
# The sizes that a frame may give for its header: right, a little off, and anything.
_off = st.one_of(st.just(0), st.integers(-4, 4), st.integers(-(1 << 20), 1 << 31))


@fuzz
@given(st.binary(max_size=200))
def test_random_bytes_are_refused(data: bytes) -> None:
    """Whatever comes, it is an error of the wire or the end of the pipe."""
    assert read_all(data) is None


@fuzz
@given(_json, st.binary(max_size=64))
def test_any_header_ends_in_a_value_or_an_error(header: Any, payload: bytes) -> None:
    """JSON of any form gives a plain outcome, a WireError, or the end of the pipe; never another exception."""
    read_all(frame(header, payload))


@fuzz
@given(_replies, st.binary(max_size=64), _off)
def test_a_reply_with_one_thing_wrong_ends_in_a_value_or_an_error(reply: Any, payload: bytes, off: int) -> None:
    """Ids, dtypes, shapes, line numbers and sizes of any kind, in a frame that is right but for them."""
    data = json.dumps(reply).encode()
    size = min(max(len(data) + off, 0), (1 << 32) - 1)

    read_all(struct.pack("<I", size) + data + payload)


@fuzz
@given(st.data())
def test_a_damaged_frame_ends_in_a_value_or_an_error(data: st.DataObject) -> None:
    """A true reply that is cut short, or in which bytes are changed, left out or added."""
    whole = data.draw(st.sampled_from(TRUE_REPLIES))
    damaged = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(damaged)))
        damaged[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))

    read_all(bytes(damaged[: data.draw(st.integers(0, len(damaged)))]))
    read_all(bytes(damaged))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 50_000), st.sampled_from([b"[", b'{"a":', b'{"type":"tuple","items":[', b'{"id":1,"value":[']))
def test_a_deep_header_is_refused(depth: int, opening: bytes) -> None:
    """However deep the lists and tuples of a header are, no stack ends over them."""
    start = b'{"id":1,"type":"returned","value":'

    assert read_all(frame((start + opening * depth)[: wire.HEADER_BYTES])) is None


TRUE_REPLIES = [
    reply_with(np.arange(6.0).reshape(2, 3)),
    reply_with(np.array([True, False])),
    reply_with(("text", None, (1.5, np.arange(3)))),
    frame({"id": 1, "type": "ran", "skipped": [1, 2]}),
    frame({"id": 1, "type": "unmarkable", "what": "an object"}),
    frame(
        {
            "id": 1,
            "type": "raised",
            "error": "ValueError",
            "message": "no",
            "kinds": ["ValueError", "Exception"],
            "frames": [{"cell": "cell 1", "line": 3, "source": "x = 1"}],
        }
    ),
]


@pytest.mark.parametrize("whole", TRUE_REPLIES)
def test_true_replies_are_read(whole: bytes) -> None:
    """The frames that are damaged above are right before."""
    assert read_all(whole) is not None


@pytest.mark.parametrize("whole", TRUE_REPLIES)
def test_a_frame_cut_anywhere_is_the_end_of_the_pipe(whole: bytes) -> None:
    """No prefix of a reply is taken for a reply."""
    for length in range(len(whole)):
        with pytest.raises(EOFError):
            wire.read_reply(reader(whole[:length]), 1, LIMIT)


def test_a_truth_value_is_true_or_false() -> None:
    """A byte that is neither 0 nor 1 becomes True, as NumPy reckons with no other."""
    outcome = read_all(
        frame({"id": 1, "type": "returned", "value": {"type": "array", "dtype": "|b1", "shape": [2]}}, b"\x00\x02")
    )

    assert outcome.value.tobytes() == b"\x00\x01"


def test_as_many_things_as_the_jail_sends_are_read() -> None:
    """What may be sent is less than what is read, with the arguments as they are after the call."""
    most = reply_with([None, *["a"] * (values.MOST_ITEMS - 1)])

    assert isinstance(wire.read_reply(reader(most), 1, LIMIT), Returned)
    assert values.MOST_ITEMS + 32 < wire.MOST_PARTS


@pytest.mark.parametrize(("deep", "is_read"), [(values.DEEPEST, True), (values.DEEPEST + 1, False), (300, False)])
def test_a_value_is_as_deep_as_the_jail_makes_it(deep: int, *, is_read: bool) -> None:
    """What is forged may be nested no deeper, as every walk through it would take so much longer."""
    header: dict[str, Any] = {"type": "none"}
    for _ in range(deep):
        header = {"type": "tuple", "items": [header]}
    reply = frame({"id": 1, "type": "returned", "value": header})

    if is_read:
        assert isinstance(wire.read_reply(reader(reply), 1, LIMIT), Returned)
    else:
        with pytest.raises(WireError):
            wire.read_reply(reader(reply), 1, LIMIT)


@pytest.mark.parametrize(("shape", "is_read"), [([0, 3], True), ([0, LIMIT], True), ([1 << 26, 0], False)])
def test_an_empty_array_has_no_more_rows_than_a_full_one(shape: list[int], *, is_read: bool) -> None:
    """Rows without a number take no bytes on the way, but memory and time wherever they are gone through."""
    reply = frame({"id": 1, "type": "returned", "value": {"type": "array", "dtype": "|i1", "shape": shape}})

    if is_read:
        assert isinstance(wire.read_reply(reader(reply), 1, LIMIT), Returned)
    else:
        with pytest.raises(WireError):
            wire.read_reply(reader(reply), 1, LIMIT)
