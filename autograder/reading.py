"""The bytes of a file from a student -> its cells, whatever shape they are in.

Only what is needed is decoded: a cell's kind, source and name. Outputs and unknown fields are passed over unread, so
that no file can fill the grader's memory.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import nbformat

from autograder.errors import SubmissionError

LARGEST = 20 << 20
# nbformat builds all of a file in memory; what msgspec cannot read is small in practice.
LARGEST_OLD = 2 << 20
CUT_SHORT = "the file is cut short or is no notebook; save and submit it again"


@dataclass(frozen=True)
class SubmittedCell:
    """A cell as it came, with the functions or predictions that its metadata says it is about."""

    is_code: bool
    source: str
    names: Sequence[str] = ()


@dataclass(frozen=True)
class SubmittedFile:
    """A file as it came.

    Attributes:
        path: where it lies.
        digest: SHA-256 of its bytes, in hex.
        cells: in their order; None if there is no notebook in it.
        assignment: the one that its metadata names, if it names one.
        trouble: the reason why there is no notebook.
    """

    path: Path
    digest: str
    cells: Sequence[SubmittedCell] | None = None
    assignment: str | None = None
    trouble: str | None = None


def open_file(path: Path) -> SubmittedFile:
    """Read a file.

    Raises:
        SubmissionError: it is no plain file: a folder, a link to someone else's, a pipe without end.
    """
    try:
        data = _read(path)
    except OSError as error:
        what = "it is a link" if error.errno == errno.ELOOP else error.strerror
        raise SubmissionError(f"{path}: {what}, but has to be a notebook file; submit it again") from error
    if len(data) > LARGEST:
        trouble = f"the file has over {LARGEST >> 20} MiB; clear its outputs and submit it again"
        return SubmittedFile(path, _digest(data), trouble=trouble)
    return parse(data, path)


def _read(path: Path) -> bytes:
    """Read a plain file, and no more of it than is allowed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SubmissionError(f"{path}: it is no plain file, but has to be a notebook file; submit it again")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(LARGEST + 1)
    finally:
        os.close(descriptor)


def parse(data: bytes, path: Path) -> SubmittedFile:
    """Find the notebook in a file's bytes."""
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
        notebook = msgspec.json.decode(text, type=_Notebook)
    except UnicodeDecodeError:
        return SubmittedFile(path, _digest(data), trouble="the file is no text; save the notebook and submit it again")
    except (msgspec.MsgspecError, RecursionError):
        return _parse_by_nbformat(text, data, path)
    cells = [
        SubmittedCell(_text(cell.cell_type) == "code", _text(cell.source), _names(cell.metadata))
        for cell in notebook.cells
    ]
    return SubmittedFile(path, _digest(data), cells, _about(notebook.metadata).assignment)


class _Cell(msgspec.Struct):
    """Each field is decoded on its own, so that a damaged one costs itself only."""

    cell_type: msgspec.Raw = msgspec.Raw(b'""')
    source: msgspec.Raw = msgspec.Raw(b'""')
    metadata: msgspec.Raw = msgspec.Raw(b"{}")


class _Notebook(msgspec.Struct):
    cells: list[_Cell]
    metadata: msgspec.Raw = msgspec.Raw(b"{}")


class _About(msgspec.Struct):
    """What the build wrote into the metadata of a notebook, or of a cell."""

    assignment: str | None = None
    names: list[str] = []


class _Metadata(msgspec.Struct):
    autograder: _About


def _about(metadata: msgspec.Raw) -> _About:
    try:
        return msgspec.json.decode(metadata, type=_Metadata).autograder
    except msgspec.MsgspecError:
        return _About()


def _names(metadata: msgspec.Raw) -> list[str]:
    return [name for name in _about(metadata).names if name.isidentifier()]


def _text(raw: msgspec.Raw) -> str:
    """A string, or lines of one; halves of letters become question marks."""
    try:
        value: Any = msgspec.json.decode(raw, type=str | list[str])
    except msgspec.ValidationError:
        return ""
    except msgspec.DecodeError:
        value = json.loads(bytes(raw))
    return _proper(value if isinstance(value, str) else "".join(line for line in value if isinstance(line, str)))


def _proper(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _parse_by_nbformat(text: str, data: bytes, path: Path) -> SubmittedFile:
    """Let nbformat try: it reads older forms, and JSON with NaN in it."""
    if len(data) > LARGEST_OLD:
        return SubmittedFile(path, _digest(data), trouble=CUT_SHORT)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbformat warns of missing ids, which are no fault of a student's
            notebook = nbformat.reads(text, as_version=4)
        cells = [SubmittedCell(cell.cell_type == "code", _proper(str(cell.source))) for cell in notebook.cells]
        about = notebook.metadata.get("autograder", {}).get("assignment")
    except nbformat.reader.NotJSONError:
        return SubmittedFile(path, _digest(data), trouble=CUT_SHORT)
    except Exception as error:  # noqa: BLE001  nbformat raises whatever it trips over in a damaged file
        trouble = f"the file cannot be read as a notebook ({type(error).__name__}); save and submit it again"
        return SubmittedFile(path, _digest(data), trouble=trouble)
    return SubmittedFile(path, _digest(data), cells, about if isinstance(about, str) else None)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
