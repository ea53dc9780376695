"""Attacks that lie in how a submission is handed in: its file, its name, its place among others."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.attacks.declared import Attack

NAME = "01_one_window"
NOTEBOOK = f"{NAME}.ipynb"
FULL = (4, 6)


@dataclass(frozen=True)
class HandedIn(Attack):
    """An attack by a file.

    Attributes:
        student: the name that its report or trouble carries.
        hand_in: puts it into a class's folder, given a right notebook.
    """

    student: str
    hand_in: Callable[[Path, str], None]


def _plain(name: str) -> Callable[[Path, str], None]:
    def hand_in(folder: Path, notebook: str) -> None:
        _write(folder / name / NAME / NOTEBOOK, notebook)

    return hand_in


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _link(folder: Path, _notebook: str) -> None:
    path = folder / "link_to_a_classmate" / NAME / NOTEBOOK
    path.parent.mkdir(parents=True)
    path.symlink_to(folder / "aaa" / NAME / NOTEBOOK)


def _pipe(folder: Path, _notebook: str) -> None:
    path = folder / "pipe_without_end" / NAME / NOTEBOOK
    path.parent.mkdir(parents=True)
    os.mkfifo(path)


def _device(folder: Path, _notebook: str) -> None:
    path = folder / "link_to_a_device" / NAME / NOTEBOOK
    path.parent.mkdir(parents=True)
    path.symlink_to("/dev/zero")


def _archive(folder: Path, notebook: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"../../{NOTEBOOK}", notebook)
    path = folder / "archive_as_a_notebook" / NAME / NOTEBOOK
    path.parent.mkdir(parents=True)
    path.write_bytes(packed.getvalue())


def _bomb(folder: Path, _notebook: str) -> None:
    path = folder / "holes_of_a_terabyte" / NAME / NOTEBOOK
    path.parent.mkdir(parents=True)
    path.touch()
    os.truncate(path, 1 << 40)


def _nested(folder: Path, notebook: str) -> None:
    _write(folder / "deeply_nested" / Path(*["aaa"] * 30) / NOTEBOOK, notebook)


def _case(folder: Path, notebook: str) -> None:
    _write(folder / "Zzz" / NAME / NOTEBOOK, notebook)


def _twice(folder: Path, notebook: str) -> None:
    _write(folder / "two_at_once" / NAME / NOTEBOOK, notebook)
    _write(folder / "two_at_once" / NAME / f"{NAME} (1).ipynb", notebook)


SCRIPT = "<script>attack()<"
HANDED_IN = [
    HandedIn("script_as_a_student", "11_output", "A student whose name is a script.", FULL, (), SCRIPT, _plain(SCRIPT)),
    HandedIn(
        "terminal_codes_as_a_student",
        "11_output",
        "A student whose name contains terminal codes and line breaks.",
        FULL,
        (),
        "\\u001b[2J\\u000a10 of 10",
        _plain("\x1b[2J\n10 of 10"),
    ),
    HandedIn(
        "formula_as_a_student",
        "11_output",
        "A student whose name is a spreadsheet formula.",
        FULL,
        (),
        '=HYPERLINK("x")',
        _plain('=HYPERLINK("x")'),
    ),
    HandedIn(
        "link_to_a_classmate",
        "12_notebooks",
        "A link to a classmate's notebook.",
        None,
        ("a link, not a file",),
        "link_to_a_classmate",
        _link,
    ),
    HandedIn(
        "link_to_a_device",
        "12_notebooks",
        "A link to a device that never ends.",
        None,
        ("a link, not a file",),
        "link_to_a_device",
        _device,
    ),
    HandedIn(
        "pipe_without_end",
        "12_notebooks",
        "A pipe that nobody ever writes to.",
        None,
        ("not a plain file",),
        "pipe_without_end",
        _pipe,
    ),
    HandedIn(
        "archive_as_a_notebook",
        "13_archives",
        "An archive named like a notebook, with a path that leads out of its folder.",
        (0, 0),
        ("the file is a zip file",),
        "archive_as_a_notebook",
        _archive,
    ),
    HandedIn(
        "holes_of_a_terabyte",
        "13_archives",
        "A terabyte of holes, which takes no space on the disk.",
        (0, 0),
        ("submit it again",),
        "holes_of_a_terabyte",
        _bomb,
    ),
    HandedIn(
        "deeply_nested",
        "13_archives",
        "A notebook thirty folders deep, all named like a classmate.",
        FULL,
        (),
        "deeply_nested",
        _nested,
    ),
    HandedIn(
        "differs_in_case_only",
        "13_archives",
        "A name that differs from a classmate's only in case.",
        FULL,
        (),
        "Zzz",
        _case,
    ),
    HandedIn(
        "two_at_once",
        "14_the_batch",
        "Two notebooks for the same assignment.",
        FULL,
        ("handed in 01_one_window twice",),
        "two_at_once",
        _twice,
    ),
]
