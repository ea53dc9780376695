"""The bytes of a damaged file -> the bytes of the notebook in it, and what was repaired.

Each repair is reported in a sentence, and so is a file without a notebook.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

# These repairs keep several copies of a file in memory; damaged files are small in practice.
LARGEST = 4 << 20
PACKED = b"PK\x03\x04"
TAIL = b"\0\x1a \t\r\n"
CUT_SHORT = "the file is incomplete or not a notebook; save it and submit it again"
BEGINNINGS = [
    (b"%PDF", "the file is a PDF, not a notebook; submit the .ipynb file"),
    (b"version https://git-lfs", "the file is a Git LFS pointer, not a notebook; submit the .ipynb file itself"),
    (b"\x1f\x8b", "the file is compressed; unpack it and submit the .ipynb file"),
]
WEB_PAGE = "the file is a web page, not a notebook; submit the .ipynb file, not an export"


def unpacked(data: bytes, largest: int) -> tuple[bytes | None, str]:
    """Take the only notebook out of a zip file named .ipynb.

    Returns:
        Its bytes and a remark, or None and the reason.
    """
    why = "the file is a zip file without a readable notebook; submit the .ipynb file itself"
    if len(data) > LARGEST:
        return None, why
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            inside = [
                entry for entry in packed.infolist() if entry.filename.endswith(".ipynb") and not _is_hidden(entry)
            ]
            if len(inside) != 1:
                return None, f"the file is a zip file with {len(inside)} notebooks; submit one .ipynb file"
            with packed.open(inside[0]) as file:
                notebook = file.read(largest + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError):
        return None, why
    return notebook, "the file is a zip file named like a notebook; the notebook inside was graded"


def _is_hidden(entry: zipfile.ZipInfo) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in entry.filename.split("/"))


def in_utf8(data: bytes) -> tuple[bytes, list[str]]:
    """Text in one of Windows' encodings as UTF-8, with a remark.

    Raises:
        UnicodeDecodeError: it is not in the encoding that its first bytes announce.
    """
    encoding = json.detect_encoding(data)
    if encoding == "utf-8":
        return data, []
    if encoding == "utf-8-sig":
        return data[3:], ["the file starts with a byte-order mark, which was ignored"]
    return data.decode(encoding).encode("utf-8", "replace"), [f"the file was converted from {encoding.upper()}"]


def text_of(data: bytes) -> tuple[str, bool]:
    """Bytes as text, and whether they were UTF-8; if not, they are Latin-1, or UTF-8 with a few bytes lost."""
    try:
        return data.decode(), True
    except UnicodeDecodeError:
        is_mostly_utf8 = not data.decode("utf-8", "ignore").isascii()
        return data.decode("utf-8", "replace") if is_mostly_utf8 else data.decode("latin-1"), False


def repaired(data: bytes) -> Iterator[tuple[bytes, list[str]]]:
    """What the JSON of a notebook may have been, the most probable first, each with its remarks."""
    text, is_utf8 = text_of(data)
    remarks = [] if is_utf8 else ["the file is not in UTF-8; accented letters may be wrong"]
    for side_taken, conflict in _versions(text):
        version = side_taken.lstrip("\ufeff\0 \t\r\n")
        try:
            notebook, end = _DECODER.raw_decode(version)
        except (ValueError, RecursionError):
            continue
        rest = ["the file continues after the notebook; the rest was ignored"] if version[end:].strip("\0 \n") else []
        # rewritten as JSON without NaN, line breaks inside strings, or half letters
        rewritten = json.dumps(notebook, ensure_ascii=False).encode("utf-8", "replace")
        yield rewritten, remarks + conflict + (rest or ["the file was not valid JSON; it was repaired"])


# Numbers are not needed, and Python refuses those with thousands of digits.
_PASSED_OVER: Any = {"parse_int": lambda _: 0, "parse_float": lambda _: 0, "parse_constant": lambda _: None}
_DECODER = json.JSONDecoder(strict=False, **_PASSED_OVER)


def value_of(text: str) -> Any:
    """The value of a piece of JSON, without its numbers; None if it is not JSON."""
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None


def _versions(text: str) -> Iterator[tuple[str, list[str]]]:
    if not has_conflict(text):
        yield text, []
        return
    for wanted in ("upper", "lower"):
        remark = f"the file contains merge conflict markers; the {wanted} side of each was used"
        yield side(text, wanted), [remark]


def has_conflict(text: str) -> bool:
    """Whether a text contains merge conflict markers."""
    return re.search(r"^<{7} ", text, re.MULTILINE) is not None and re.search(r"^>{7} ", text, re.MULTILINE) is not None


def side(text: str, wanted: str = "upper") -> str:
    """A text with the "upper" or the "lower" side of each merge conflict."""
    now, kept = None, []
    for line in text.split("\n"):
        if line.startswith("<<<<<<< "):
            now = "upper"
        elif now and line.startswith("||||||| "):
            now = "before both"
        elif now and line.rstrip() == "=======":
            now = "lower"
        elif now and line.startswith(">>>>>>> "):
            now = None
        elif now in (None, wanted):
            kept.append(line)
    return "\n".join(kept)


def is_script(text: str, suffix: str) -> bool:
    """Whether a text is a notebook in the percent format, or a script that was exported from one."""
    if text.lstrip().startswith(("{", "[", "<")) or not text.strip():
        return False
    return suffix == ".py" or re.search(r"^# (%%|In\[[\d ]*\]:)", text, re.MULTILINE) is not None


# Where a cell begins: in the percent format, in a script made by nbconvert, and in jupytext's light format, which also
# marks where a cell ends.
CELL = re.compile(r"# (?:%%(?!%)|In\[[\d ]*\]:|\+(?:\s*$| [\[{]| \w+=)|-\s*$)")


def script_cells(text: str) -> list[tuple[bool, str]]:
    """The cells of a script: whether each is code, and its source."""
    cells: list[tuple[bool, list[str]]] = [(True, [])]
    for line in text.split("\n"):
        if CELL.match(line):
            cells.append((not re.search(r"\[(markdown|md|raw)\]", line), []))
        else:
            cells[-1][1].append(line)
    return [(is_code, "\n".join(lines).strip("\n")) for is_code, lines in cells]


def trouble(data: bytes) -> str:
    """Why there is no notebook in a file."""
    start = data[:1000].lstrip().lower()
    if not data.strip(TAIL):
        return "the file is empty; save the notebook and submit it again"
    if start.startswith((b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")):
        return WEB_PAGE
    if b"\n<<<<<<< " in data:
        return (
            "the file contains merge conflict markers and is not a notebook; resolve the conflict and submit it again"
        )
    return next((why for beginning, why in BEGINNINGS if data.startswith(beginning)), CUT_SHORT)


def source(text: str) -> tuple[str, Sequence[str]]:
    """A cell's source as Python reads it, and what was repaired in it."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff").replace("\0", "")
    if not has_conflict(plain):
        return _without_late_future(plain)
    resolved, remarks = _without_late_future(side(plain))
    return resolved, ["contains merge conflict markers; the upper side was used", *remarks]


FUTURE = re.compile(r"from __future__ import ")


def _without_late_future(text: str) -> tuple[str, list[str]]:
    """Remove imports that must come first in a cell but no longer do, because cells were merged."""
    if "__future__" not in text:
        return text, []
    lines, has_begun, late = text.split("\n"), False, False
    for number, line in enumerate(lines):
        if not FUTURE.match(line):
            has_begun = has_begun or (line.strip() != "" and not line.startswith("#"))
        elif has_begun:
            lines[number], late = "", True
    return "\n".join(lines), ["imports from __future__ too late; that import was skipped"] if late else []
