"""What is there instead of a notebook, such as a cloud drive's placeholder -> a sentence with what to do about it."""

from __future__ import annotations

import re
from collections.abc import Sequence

CHECKPOINTS = ".ipynb_checkpoints"
EMPTY = ""  # the last part of a path to an empty folder
PLACEHOLDER = re.compile(r"\.?(?P<name>.+)\.(icloud|cloudf?|nextcloud|owncloud|opencloud)", re.IGNORECASE | re.DOTALL)
UNFINISHED = re.compile(r"\.?(?P<name>.+)\.(crdownload|part|partial|download|opdownload)", re.IGNORECASE | re.DOTALL)
SHORTCUT = re.compile(r"(?P<name>.+)\.(lnk|url|webloc|desktop|gdoc|gshortcut)", re.IGNORECASE | re.DOTALL)
TEMPORARY = re.compile(r"[.~].*|thumbs\.db|desktop\.ini|icon\r|.+\.(tmp|swp|bak)|.+~", re.IGNORECASE | re.DOTALL)
STANDING_FOR = (PLACEHOLDER, UNFINISHED, SHORTCUT)
MOST_NAMES = 3


def leaving(parts: tuple[str, ...]) -> tuple[str, ...] | None:
    """The path up to the first part that cannot contain work; None if there is none, empty if it is nobody's."""
    if not parts:
        return ()
    for depth, name in enumerate(parts, start=1):
        is_last = depth == len(parts)
        if name.startswith("__MACOSX"):
            return ()
        if name.startswith(".") or (is_last and (name == EMPTY or is_leaving(name))):
            return parts[:depth]
    return None


def is_leaving(name: str) -> bool:
    """Whether a file or folder of this name cannot contain a student's work."""
    return any(pattern.fullmatch(name) for pattern in (*STANDING_FOR, TEMPORARY))


def stands_for(name: str) -> str:
    """The name of the file that a placeholder, an unfinished download or a shortcut stands for."""
    return next((match["name"] for pattern in STANDING_FOR if (match := pattern.fullmatch(name))), name)


def sentence(
    student: str, names: Sequence[str], packed: Sequence[str] = (), *, handed_in: str = "no notebook, only"
) -> str:
    """Say that a student's notebook is missing, what was found instead, and what to do.

    Args:
        student: the name in reports.
        names: of the files and hidden folders that were found, safe to show; EMPTY for an empty folder.
        packed: the same for what was found in the student's archives.
        handed_in: what the student did hand in, up to the names.
    """
    there = sorted({name for name in names if name != EMPTY})
    if not there:
        return f"{student} handed in an empty folder; ask for the .ipynb file"
    inside = f", which contains {_listed(packed) or 'nothing'}" if packed else ""
    return f"{student} handed in {handed_in} {_listed(there)}{inside}{_explained([*there, *packed])}"


def _listed(names: Sequence[str]) -> str:
    there = sorted({name for name in names if name != EMPTY})
    return ", ".join(there[:MOST_NAMES]) + (" and more" if there[MOST_NAMES:] else "")


def _explained(names: Sequence[str]) -> str:
    """What these files are, and what to do about it."""
    if any(PLACEHOLDER.fullmatch(name) for name in names):
        return ": a cloud drive's placeholder, not the file itself; download it from the drive, or ask for it"
    if any(UNFINISHED.fullmatch(name) for name in names):
        return ": an unfinished download; download it again"
    if any(SHORTCUT.fullmatch(name) for name in names):
        return ": a link, not the file itself; ask for the .ipynb file"
    if CHECKPOINTS in names:
        return f": Jupyter's automatic backup, which is not graded; ask for the .ipynb file next to {CHECKPOINTS}"
    if all(is_leaving(name) for name in names):
        return ": only hidden or temporary files; ask for the .ipynb file"
    return "; ask for the .ipynb file"
