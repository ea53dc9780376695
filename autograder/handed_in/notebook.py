"""The bytes of a student's file -> its cells, in whatever state they are.

Only what is needed is decoded: a cell's type, source and name. Outputs and unknown fields are skipped unread, so no
file can fill the grader's memory.
"""

from __future__ import annotations

import errno
import functools
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec

from autograder.bounds import TOO_MUCH, TooMuchError, bounded
from autograder.errors import SubmissionError
from autograder.handed_in import damage

LARGEST = 256 << 20
# Decoding has its own bounds: 64 bytes of memory for each possible cell, and the text of the cells.
MOST_BRACES = 2_000_000
MOST_CELLS = 20_000
LARGEST_SOURCES = 4 << 20
LARGEST_PROSE = 64 << 10


@dataclass(frozen=True)
class SubmittedCell:
    """A cell as submitted, with the functions or predictions that its metadata names."""

    is_code: bool
    source: str
    names: Sequence[str] = ()


@dataclass(frozen=True)
class SubmittedFile:
    """A file as submitted.

    Attributes:
        path: where it is.
        digest: SHA-256 of its bytes, in hex; empty if it was too large to be read.
        cells: in order; None if there is no notebook in it.
        assignment: the one that its metadata names, if any.
        trouble: why there is no notebook.
        remarks: a sentence for each repair.
        written_with: the Python version that its metadata names; empty if it names none.
    """

    path: Path
    digest: str
    cells: Sequence[SubmittedCell] | None = None
    assignment: str | None = None
    trouble: str | None = None
    remarks: Sequence[str] = ()
    written_with: str = ""


def open_file(path: Path) -> SubmittedFile:
    """Read a file.

    Raises:
        SubmissionError: it is not a plain file but a folder, a link or a pipe.
    """
    return parse(read_bytes(path), path)


def read_bytes(path: Path) -> bytes | None:
    """The bytes of a file; None if it is too large.

    Raises:
        SubmissionError: it is not a plain file but a folder, a link or a pipe.
    """
    try:
        return _read(path)
    except (OSError, ValueError) as error:
        is_link = getattr(error, "errno", 0) == errno.ELOOP
        what = "a link, not a file" if is_link else getattr(error, "strerror", str(error))
        raise SubmissionError(f"{path}: {what}. Submit the notebook file itself.") from error


def _read(path: Path) -> bytes | None:
    """Read a plain file unless it is too large; it may grow meanwhile."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SubmissionError(f"{path}: not a plain file. Submit the notebook file itself.")
        size = os.fstat(descriptor).st_size
        if size > LARGEST:
            return None
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(size)
    finally:
        os.close(descriptor)


def digest_of(data: bytes | None) -> str:
    """A digest that identifies a file: SHA-256 in hex; empty if the file was too large to read."""
    return "" if data is None else hashlib.sha256(data).hexdigest()


def parse(data: bytes | None, path: Path) -> SubmittedFile:
    """Find the notebook in any bytes that `read_bytes` gives, within limits."""
    digest = digest_of(data)
    if data is None:
        return SubmittedFile(path, digest, trouble=_too_large(f"over {LARGEST >> 20} MiB"))
    try:
        with bounded():
            return _parse(data, path, digest)
    except TooMuchError:
        return SubmittedFile(path, digest, trouble=TOO_MUCH)


def _too_large(what: str) -> str:
    return f"the file has {what}; clear its outputs and submit it again"


def _parse(data: bytes, path: Path, digest: str) -> SubmittedFile:
    remarks = []
    if data.startswith(damage.PACKED):
        inside, remark = damage.unpacked(data, LARGEST)
        if inside is None:
            return SubmittedFile(path, digest, trouble=remark)
        data, remarks = inside, [remark]
    if len(data) > LARGEST or data.count(b"{") > MOST_BRACES:
        what = f"over {LARGEST >> 20} MiB" if len(data) > LARGEST else f"over {MOST_BRACES:,} parts"
        return SubmittedFile(path, digest, trouble=_too_large(what))
    try:
        data, more = damage.in_utf8(data)
    except UnicodeDecodeError:
        return SubmittedFile(path, digest, trouble="the file is not text; save the notebook and submit it again")
    return _first_notebook(data, path, digest, remarks + more)


def _first_notebook(data: bytes, path: Path, digest: str, remarks: list[str]) -> SubmittedFile:
    """Take the first interpretation of the bytes that is a notebook."""
    why = None
    for version, repairs in _versions(data):
        try:
            notebook, broken = _notebook(version)
        except (msgspec.ValidationError, _CellsError) as error:
            why = f"the file cannot be read as a notebook ({error}); save and submit it again"
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            continue
        else:
            cells, more = _cells(notebook)
            said = [*remarks, *repairs, *broken, *_other_language(notebook.metadata), *more]
            python = _python_version(notebook.metadata)
            assignment = _about(notebook.metadata).assignment
            return SubmittedFile(path, digest, cells, assignment, remarks=said, written_with=python)
    text = "" if len(data) > damage.LARGEST else damage.text_of(data)[0]
    if damage.is_script(text, path.suffix):
        script = [SubmittedCell(is_code, damage.source(source)[0]) for is_code, source in damage.script_cells(text)]
        said = [*remarks, "the file is a script, not a notebook; its code was graded"]
        return SubmittedFile(path, digest, script, remarks=said)
    return SubmittedFile(path, digest, trouble=why or damage.trouble(data))


def _versions(data: bytes) -> Iterator[tuple[bytes, list[str]]]:
    yield data, []
    end = len(data.rstrip(damage.TAIL))
    if b"\0" in data[end:] or b"\x1a" in data[end:]:
        yield data[:end], ["the file ends in empty bytes, which were ignored"]
    if len(data) <= damage.LARGEST:
        yield from damage.repaired(data)


class _Cell(msgspec.Struct):
    """Each field is decoded on its own, so a damaged one costs only itself; nbformat 3 calls the source `input`."""

    cell_type: msgspec.Raw = msgspec.Raw(b'""')
    source: msgspec.Raw = msgspec.Raw(b'""')
    input: msgspec.Raw = msgspec.Raw(b'""')
    metadata: msgspec.Raw = msgspec.Raw(b"{}")


class _Worksheet(msgspec.Struct):
    cells: list[_Cell] = []


class _Notebook(msgspec.Struct):
    cells: list[_Cell] = []
    worksheets: list[_Worksheet] = []
    metadata: msgspec.Raw = msgspec.Raw(b"{}")


class _LooseNotebook(msgspec.Struct):
    cells: list[msgspec.Raw]
    metadata: msgspec.Raw = msgspec.Raw(b"{}")


class _CellsError(Exception):
    """There are no cells, or far too many."""


def _notebook(data: bytes) -> tuple[_Notebook, list[str]]:
    """Decode a notebook; what is not a cell is left out, with a remark."""
    try:
        notebook: _Notebook = _decoder(_Notebook).decode(data)
    except msgspec.ValidationError:
        if data.count(b",") > MOST_BRACES:
            raise
        loose = msgspec.json.decode(data, type=_LooseNotebook)
        _require_few(loose.cells)
        cells = [cell for raw in loose.cells if (cell := _decoded(raw, _Cell)) is not None]
        gone = len(loose.cells) - len(cells)
        remark = f"{gone} {'cells are' if gone > 1 else 'cell is'} too damaged to read and skipped"
        return _Notebook(cells, metadata=loose.metadata), [remark] if gone else []
    _require_few(notebook.cells)
    if notebook.worksheets and not notebook.cells:
        cells = [cell for sheet in notebook.worksheets for cell in sheet.cells]
        _require_few(cells)
        return _Notebook(cells, metadata=notebook.metadata), ["the file is in an old notebook format; it was converted"]
    if not notebook.cells and b'"cells"' not in data:
        raise _CellsError("it has no cells")
    return notebook, []


def _require_few(cells: Sequence[object]) -> None:
    if len(cells) > MOST_CELLS:
        raise _CellsError(f"it has over {MOST_CELLS:,} cells")


def _decoded(raw: msgspec.Raw, kind: Any) -> Any:
    try:
        return _decoder(kind).decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


@functools.cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    """Cached, as making a decoder takes longer than decoding a cell."""
    return msgspec.json.Decoder(kind)


class _About(msgspec.Struct):
    """What the build wrote into the metadata of a notebook, or of a cell."""

    assignment: str | None = None
    names: list[str] = []


class _Metadata(msgspec.Struct):
    autograder: _About


class _Kernel(msgspec.Struct):
    language: str


class _KernelMetadata(msgspec.Struct):
    kernelspec: _Kernel


class _Language(msgspec.Struct):
    version: Annotated[str, msgspec.Meta(pattern=r"^[\w.+-]{1,20}$")]


class _LanguageMetadata(msgspec.Struct):
    language_info: _Language


def _about(metadata: msgspec.Raw) -> _About:
    decoded = _decoded(metadata, _Metadata)
    return decoded.autograder if decoded is not None else _About()


def _python_version(metadata: msgspec.Raw) -> str:
    decoded = _decoded(metadata, _LanguageMetadata)
    return decoded.language_info.version if decoded is not None else ""


def _other_language(metadata: msgspec.Raw) -> list[str]:
    decoded = _decoded(metadata, _KernelMetadata)
    language = " ".join(decoded.kernelspec.language.split())[:50] if decoded is not None else ""
    if not language or language.lower().startswith(("python", "ipython")):
        return []
    return [f"the notebook's metadata says {language}; it was run as Python"]


def _cells(notebook: _Notebook) -> tuple[list[SubmittedCell], list[str]]:
    """The cells with their sources; beyond more text than anyone writes, cells are left out."""
    cells, remarks, room = [], [], {True: LARGEST_SOURCES, False: LARGEST_SOURCES}
    for number, cell in enumerate(notebook.cells, start=1):
        is_code = _decoded(cell.cell_type, str) == "code"
        raw = max(cell.source, cell.input, key=_size)
        if _size(raw) > (room[is_code] if is_code else min(room[is_code], LARGEST_PROSE)):
            remarks += [f"cell {number} is too long and was skipped"] if is_code else []
            cells.append(SubmittedCell(is_code, ""))
            continue
        room[is_code] -= _size(raw)
        text, decoding = _text(raw)
        source, repairs = damage.source(text)
        cells.append(SubmittedCell(is_code, source, _names(cell.metadata)))
        remarks += [f"cell {number} {repair}" for repair in [*decoding, *repairs]]
    return cells, remarks


def _size(raw: msgspec.Raw) -> int:
    return memoryview(raw).nbytes


def _names(metadata: msgspec.Raw) -> list[str]:
    return [name for name in _about(metadata).names if name.isidentifier()]


def _text(raw: msgspec.Raw) -> tuple[str, list[str]]:
    """A string, or its lines, and what was repaired in it; half letters become question marks."""
    repairs: list[str] = []
    try:
        value: Any = _decoder(str | list[str]).decode(raw)
    except msgspec.ValidationError:
        value = _decoded(raw, list[msgspec.Raw])
        value = [_decoded(line, str) for line in value or ()]
    except (msgspec.DecodeError, UnicodeDecodeError):
        text, is_utf8 = damage.text_of(bytes(raw))
        value = damage.value_of(text)
        repairs = [] if is_utf8 else ["is not in UTF-8; accented letters may be wrong"]
    lines = value if isinstance(value, list) else [value]
    return _proper("".join(line for line in lines if isinstance(line, str))), repairs


def _proper(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
