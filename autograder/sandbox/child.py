"""The loop that runs next to a student's code: Python's library and NumPy only.

The process reads requests from one pipe and writes one reply for each to another; a student's own input and output go
to /dev/null. Nothing here is trusted: a student's code may change all of it, so the process at the other end reaches
the verdict, from plain values alone.

It runs as the module `jail.child` in a process forked by `warm.py`.
"""

from __future__ import annotations

import json
import math
import os
import struct
from typing import Any, BinaryIO

import numpy as np

from .names import used_by
from .notebook import AlreadyFailed, Notebook
from .values import UnmarkableError, kind_of, plain

# The first byte sent back, once all walls are up.
READY = b"\n"


# --- values -----------------------------------------------------------------------------------------------------


def encode(value: Any, payload: list[bytes]) -> dict[str, Any]:
    """Describe a plain value for a header; the bytes of its arrays are appended to `payload`."""
    if value is None:
        return {"type": "none"}
    if isinstance(value, str):
        return {"type": "text", "text": value}
    if isinstance(value, tuple):
        return {"type": "tuple", "items": [encode(item, payload) for item in value]}
    dtype = value.dtype.newbyteorder("<").str
    payload.append(value.astype(dtype).tobytes())
    return {"type": "array", "dtype": dtype, "shape": list(value.shape)}


def decode(header: dict[str, Any], payload: memoryview, start: int = 0) -> tuple[Any, int]:
    """Read one value of a request and say where the next one's bytes begin."""
    kind = header["type"]
    if kind == "array":
        dtype, shape = np.dtype(header["dtype"]), header["shape"]
        size = math.prod(shape)
        array = np.frombuffer(payload, dtype, size, start).reshape(shape).copy()
        return array, start + array.nbytes
    if kind == "tuple":
        items: list[Any] = []
        for item in header["items"]:
            value, start = decode(item, payload, start)
            items.append(value)
        return tuple(items), start
    if kind == "float":
        return float.fromhex(header["hex"]), start
    return header["value"], start


# --- requests ---------------------------------------------------------------------------------------------------


def answer(
    notebook: Notebook, request: dict[str, Any], payload: memoryview, limit: int
) -> tuple[dict[str, Any], list[bytes]]:
    """Carry out a request; anything the student's code raises becomes a reply."""
    out: list[bytes] = []
    try:
        return _ANSWERS[request["type"]](notebook, request, payload, limit, out), out
    except UnmarkableError as error:
        return {"type": "unmarkable", "what": str(error)[:200]}, []
    except AlreadyFailed as failed:
        return {"type": "raised", **failed.error}, []
    except BaseException as error:  # noqa: BLE001  a student may also raise SystemExit and KeyboardInterrupt
        return {"type": "raised", **notebook.described(error)}, []


def _cell(notebook: Notebook, request: dict[str, Any], *_: Any) -> dict[str, Any]:
    notebook.written_with = request.get("written_with", "")
    skipped, failed = notebook.run(request["label"], request["source"])
    return {"type": "ran", "skipped": skipped, "failed": failed}


def _look(
    notebook: Notebook, request: dict[str, Any], _payload: memoryview, limit: int, out: list[bytes]
) -> dict[str, Any]:
    return {"type": "returned", "value": encode(plain(notebook.namespace.get(request["name"]), limit), out)}


def _uses(
    notebook: Notebook, request: dict[str, Any], _payload: memoryview, _limit: int, out: list[bytes]
) -> dict[str, Any]:
    names = used_by(notebook.namespace.get(request["name"]))
    return {"type": "returned", "value": encode(tuple(names[:1000]), out)}


def _call(
    notebook: Notebook, request: dict[str, Any], payload: memoryview, limit: int, out: list[bytes]
) -> dict[str, Any]:
    arguments, at = [], 0
    for header in request["arguments"]:
        argument, at = decode(header, payload, at)
        arguments.append(argument)
    positional = arguments[: len(arguments) - len(request["names"])]
    named = dict(zip(request["names"], arguments[len(positional) :], strict=True))
    value = notebook.call(request["function"], positional, named)
    reply: dict[str, Any] = {"type": "returned", "value": encode(plain(value, limit), out)}
    if kind := kind_of(value):
        reply["kind"] = kind
    if request["want_arguments"]:
        reply["arguments"] = [encode(plain(argument, limit), out) for argument in arguments]
    return reply


_ANSWERS = {"cell": _cell, "look": _look, "uses": _uses, "call": _call}


def read_exactly(file: BinaryIO, size: int) -> bytes:
    """Read `size` bytes, or exit when the other side has closed."""
    data = file.read(size)
    if len(data) < size:
        os._exit(0)
    return data


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def answer_all(requests: int, replies: int, limit: int) -> None:
    """Answer requests until there are no more."""
    notebook = Notebook()
    file = open(requests, "rb", buffering=1 << 16)  # noqa: SIM115  a pipe, read to the end
    write, dumps, pack = write_all, json.dumps, struct.pack
    while True:
        header_size, payload_size, number = struct.unpack("<IQI", read_exactly(file, 16))
        request = {**json.loads(read_exactly(file, header_size)), "id": number}
        reply, out = answer(notebook, request, memoryview(read_exactly(file, payload_size)), limit)
        header = dumps({"id": request["id"], **reply}).encode()
        write(replies, pack("<I", len(header)) + header + b"".join(out))
