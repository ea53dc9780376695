"""Which bubblewrap is taken, and what it is told to bind."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.sandbox import bubblewrap

MOUNTS = {"--ro-bind": 2, "--dev-bind": 2, "--tmpfs": 1}


def program(folder: Path, version: str, *, mode: int = 0o755) -> str:
    """A program that says it is this version."""
    path = folder / f"bwrap-{version}"
    path.write_text(f"#!/bin/sh\necho bubblewrap {version}\n")
    path.chmod(mode)
    return str(path)


@pytest.mark.parametrize(
    ("versions", "taken"),
    [(("0.11.0", "0.8.0"), "0.11.0"), (("0.11.0", "0.12.1"), "0.12.1"), (("0.9.0", "0.12.0"), "0.12.0")],
)
def test_the_newest_is_taken(tmp_path: Path, versions: tuple[str, str], taken: str) -> None:
    """A system that is kept up to date may have one with fewer holes than the packaged one."""
    programs = [program(tmp_path, version) for version in versions]

    assert bubblewrap.newest(programs) == str(tmp_path / f"bwrap-{taken}")


def test_one_with_rights_of_its_own_is_the_last_choice(tmp_path: Path) -> None:
    """A setuid program lends root's rights to whoever finds a hole in it."""
    plain, setuid = program(tmp_path, "0.9.0"), program(tmp_path, "0.12.0", mode=0o4755)

    assert bubblewrap.newest([plain, setuid]) == plain
    assert bubblewrap.newest([setuid]) == setuid
    assert bubblewrap.newest([]) is None


def mounts() -> Iterator[tuple[str, Path, Path]]:
    """Every mount that the walls ask for: its kind, what is mounted, and where."""
    words = iter(bubblewrap.walls())
    for word in words:
        if word in MOUNTS:
            places = [Path(next(words)) for _ in range(MOUNTS[word])]
            yield word, places[0], places[-1]


def test_nothing_is_created_in_what_is_bound() -> None:
    """Bubblewrap before 0.12 follows a link there onto the host (CVE-2026-87766): every place is there, and no link."""
    bound = [place for kind, _, place in mounts() if kind == "--ro-bind" and place.is_dir()]
    below = [(place, tree) for _, _, place in mounts() for tree in bound if tree in place.parents]

    assert below
    for place, tree in below:
        inside = [place, *place.parents[: len(place.relative_to(tree).parts) - 1]]
        assert all(stat.S_ISDIR(part.lstat().st_mode) for part in inside), place


def test_nobody_else_can_write_what_is_bound() -> None:
    """No file or folder that a jail sees can be changed or replaced by another account of the machine."""
    trees = {source.resolve() for kind, source, _ in mounts() if kind == "--ro-bind"}
    ours = {0, os.getuid(), Path(os.__file__).stat().st_uid}

    assert [path for tree in trees for path in changeable(tree, ours)] == []


def changeable(tree: Path, ours: set[int]) -> Iterator[str]:
    """What others than these accounts can change in a tree, itself included."""
    for place, folders, files in os.walk(tree) if tree.is_dir() else [(str(tree.parent), [], [tree.name])]:
        for name in [*folders, *files, *([""] if Path(place) == tree else [])]:
            path = Path(place, name)
            about = path.lstat()
            by_all = about.st_mode & stat.S_IWOTH and not stat.S_ISLNK(about.st_mode)
            if by_all or about.st_uid not in ours:
                yield str(path)


def test_a_device_with_other_modes_is_told(tmp_path: Path) -> None:
    """Whoever runs the grader is told which one and what to do, before everybody's code fails."""
    (tmp_path / "null").touch()

    with pytest.raises(SandboxError, match=r"null is -rw-r--r--; students' code needs crw-rw-rw-. As root, run"):
        bubblewrap.require_devices([str(tmp_path / "null")])
    with pytest.raises(SandboxError, match="zero is missing"):
        bubblewrap.require_devices([str(tmp_path / "zero")])


def test_others_packages_are_not_bound() -> None:
    """Of the system's libraries, the C library and its kin are seen, not what Debian or others have packaged."""
    bound = [place for kind, _, place in mounts() if kind == "--ro-bind"]

    assert not any(Path("/usr/lib/python3/dist-packages").is_relative_to(place) for place in bound)
