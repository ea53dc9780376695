"""What runs beside a student's code: Python's library and NumPy only.

The process reads requests from one pipe and writes one reply for each to another; a student's own input and output go
to /dev/null. Nothing here is trusted: student's code may change all of it, so the verdict is reached by the process at
the other end, from plain values alone.

It runs as the module `jail.child` in a process that `warm.py` has forked.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import math
import os
import re
import struct
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO

import numpy as np

from .names import used_by
from .values import UnmarkableError, plain, sendable

# The first byte that comes back, when all walls stand.
READY = b"\n"
INERT = frozenset({"matplotlib", "mpl_toolkits", "seaborn", "plotly", "IPython", "ipywidgets", "autograder", "course"})


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


# --- stand-ins --------------------------------------------------------------------------------------------------


class Inert:
    """Takes any call, attribute, index, `with` or loop, and does nothing."""

    def __call__(self, *_arguments: Any, **_options: Any) -> Inert:
        """Do nothing."""
        return self

    def __getattr__(self, name: str) -> Inert:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __getitem__(self, _index: Any) -> Inert:
        return self

    def __setitem__(self, _index: Any, _value: Any) -> None: ...

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __enter__(self) -> Inert:
        return self

    def __exit__(self, *_error: object) -> None: ...

    def subplots(self, nrows: int = 1, ncols: int = 1, **_options: Any) -> tuple[Inert, Any]:
        """As matplotlib's: a figure, and as many axes as asked for, so that both can be unpacked."""
        axes = np.empty((nrows, ncols), dtype=object)
        axes.fill(self)
        return self, axes.squeeze() if axes.size > 1 else self


class InertModule(types.ModuleType):
    """A module in which every name is inert."""

    __path__: list[str] = []  # noqa: RUF012  a package's attribute, as the import system wants it

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(Inert(), name)


class StandIns(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds inert modules for plotting and display; names any other library that is not here."""

    def find_spec(self, fullname: str, _path: Any = None, _target: Any = None) -> importlib.machinery.ModuleSpec | None:
        """Answer for what nobody else found."""
        package = fullname.partition(".")[0]
        if package in INERT:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        if package == fullname and _asked_by_student():
            raise ModuleNotFoundError(
                f"{package} is not here: an answer may use NumPy and Python's own library", name=package
            )
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> InertModule:
        """Make the stand-in."""
        return InertModule(spec.name)

    def exec_module(self, _module: types.ModuleType) -> None:
        """Nothing to run."""


def _asked_by_student() -> bool:
    frame = sys._getframe()
    while frame.f_back is not None:
        frame = frame.f_back
        if frame.f_code.co_filename.startswith("<cell "):
            return True
        if not frame.f_code.co_filename.startswith("<frozen ") and frame.f_code.co_filename != __file__:
            return False
    return False


# --- cells ------------------------------------------------------------------------------------------------------

LINE_MAGIC = re.compile(r"^(\s*)(?:\w+\s*=\s*)?[%!].*$|^(\s*)\?.*$|^(\s*)[\w.]+\?{1,2}\s*$")
TRANSPARENT = ("%%time", "%%timeit", "%%capture", "%%prun")


def without_magics(source: str) -> tuple[str, list[int]]:
    """Blank out the lines that only IPython understands, and say which: every other line keeps its number."""
    lines = source.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if lines[first].startswith("%%"):
        if lines[first].split()[0] not in TRANSPARENT:
            return "", list(range(1, len(lines) + 1))
        lines[first] = ""
        skipped = [first + 1]
    else:
        skipped = []
    for number, line in enumerate(lines):
        if found := LINE_MAGIC.match(line):
            lines[number] = next(indent for indent in found.groups() if indent is not None) + "pass"
            skipped.append(number + 1)
    return "\n".join(lines), skipped


class Notebook:
    """The namespace that a student's cells share, and what can be asked of it."""

    def __init__(self) -> None:
        self.module = types.ModuleType("__main__")
        self.namespace = self.module.__dict__
        self.namespace.update({"display": Inert(), "get_ipython": Inert()})
        sys.modules["__main__"] = self.module
        self.lines: dict[str, list[str]] = {}

    def run(self, label: str, source: str) -> list[int]:
        """Run one cell; returns the numbers of the lines that were left out."""
        name = f"<{label}>"
        skipped: list[int] = []
        try:
            code = compile(source, name, "exec", dont_inherit=True)
        except SyntaxError as error:
            plain, skipped = without_magics(source)
            try:
                code = compile(plain, name, "exec", dont_inherit=True)
            except SyntaxError:
                raise error from None
        finally:
            self.lines[name] = source.split("\n")
        exec(code, self.namespace)  # noqa: S102  running a student's code is what this process is for
        return skipped

    def call(self, function: str, positional: Sequence[Any], named: dict[str, Any]) -> Any:
        """Call a student's function by its name."""
        if function not in self.namespace:
            raise NameError(f"name '{function}' is not defined")
        return self.namespace[function](*positional, **named)

    def frames(self, error: BaseException) -> list[dict[str, Any]]:
        """The lines of the student's own cells that an exception went through, the outermost first."""
        found, trace = [], error.__traceback__
        while trace is not None:
            found += self._frame(trace.tb_frame.f_code.co_filename, trace.tb_lineno)
            trace = trace.tb_next
        if isinstance(error, SyntaxError):
            found += self._frame(error.filename or "", error.lineno or 1)
        return found[:1] + found[1:][-9:]

    def _frame(self, name: str, line: int) -> list[dict[str, Any]]:
        lines = self.lines.get(name)
        if lines is None:
            return []
        source = sendable(lines[line - 1].strip()[:200]) if 0 < line <= len(lines) else ""
        return [{"cell": name[1:-1], "line": line, "source": source}]


# --- requests ---------------------------------------------------------------------------------------------------


def answer(
    notebook: Notebook, request: dict[str, Any], payload: memoryview, limit: int
) -> tuple[dict[str, Any], list[bytes]]:
    """Do what a request asks; whatever the student's code raises becomes a reply."""
    out: list[bytes] = []
    try:
        return _ANSWERS[request["type"]](notebook, request, payload, limit, out), out
    except UnmarkableError as error:
        return {"type": "unmarkable", "what": str(error)[:200]}, []
    except BaseException as error:  # noqa: BLE001  SystemExit and KeyboardInterrupt are a student's as well
        return _raised(notebook, error), []


def _cell(notebook: Notebook, request: dict[str, Any], *_: Any) -> dict[str, Any]:
    return {"type": "ran", "skipped": notebook.run(request["label"], request["source"])}


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
    if request["want_arguments"]:
        reply["arguments"] = [encode(plain(argument, limit), out) for argument in arguments]
    return reply


_ANSWERS = {"cell": _cell, "look": _look, "uses": _uses, "call": _call}


def _raised(notebook: Notebook, error: BaseException) -> dict[str, Any]:
    return {
        "type": "raised",
        "error": sendable(type(error).__name__[:100]),
        "message": _words(error),
        "kinds": [sendable(kind.__name__[:100]) for kind in type(error).__mro__[:20]],
        "frames": notebook.frames(error),
    }


def _words(error: BaseException) -> str:
    try:
        return sendable(str(error)[:500])
    except BaseException:  # noqa: BLE001  a student's __str__ may raise anything
        return ""


def read_exactly(file: BinaryIO, size: int) -> bytes:
    """Read `size` bytes, or end when the other side has closed."""
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
