"""The inner walls: the system calls that confine a process before it runs a student's code. Python's library only."""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from collections.abc import Mapping
from typing import Any

# From the kernel's headers, for which Python 3.11 has no names.
CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x0002_0000, 0x0800_0000, 0x1000_0000, 0x2000_0000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT, MS_BIND = 0x1, 0x2, 0x4, 0x8, 0x20, 0x1000
MS_REC, MS_PRIVATE = 0x4000, 0x4_0000
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2
CAPABILITY_VERSION_3 = 0x2008_0522
INSTRUCTION_BYTES = 8
# Queued signals and timers; Python itself needs none.
PENDING_SIGNALS = 64
_SYSTEM = ctypes.CDLL(None, use_errno=True)
# Devices of the machine that a jail can use.
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
# The user of a student's process if the grader is root: nobody, who owns nothing that a jail can see.
NOBODY = 65_534


def keep_mounts_apart() -> None:
    """Hide what is mounted for one student from all others."""
    ask_kernel("mount", None, b"/", None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None)


def keep_devices_as_they_are() -> None:
    """Let devices be read and written, but not their modes and times, which the whole machine shares."""
    flags = MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NOEXEC
    for device in DEVICES:
        ask_kernel("mount", None, device.encode(), None, ctypes.c_ulong(flags), None)


def next_child_is_first() -> None:
    """Make the next forked process the first of a new namespace, in which it can see and signal no other."""
    ask_kernel("unshare", CLONE_NEWPID)


def next_child_is_one_of_us(own: int) -> None:
    """Undo `next_child_is_first`; `own` is a descriptor of this process."""
    ask_kernel("setns", own, CLONE_NEWPID)


def put_up_walls(limits: Mapping[str, int], filter_: bytes, user: int | None) -> None:
    """Give this process its own namespaces, /tmp and filter, and take away all rights for good.

    Args:
        limits: how much /tmp may hold.
        filter_: what the kernel refuses from here on.
        user: the user that the process becomes; None to keep its user, if it cannot become another.
    """
    ask_kernel("unshare", CLONE_NEWNS | CLONE_NEWIPC)
    # empty files take memory that no limit counts, and seconds to delete
    room = b"size=%d,nr_inodes=%d" % (limits["tmp_bytes"], limits["tmp_files"])
    ask_kernel("mount", b"tmpfs", b"/tmp", b"tmpfs", ctypes.c_ulong(MS_NOSUID | MS_NODEV), room)
    os.chdir("/tmp")  # noqa: S108  inside
    if user is not None:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    # last, as it takes away what the mount needs; the rights that it gives are dropped below
    ask_kernel("unshare", CLONE_NEWUSER)
    _give_up_rights()
    _filter(filter_)


def set_limits(limits: Mapping[str, int]) -> None:
    """Set the kernel's limits, or keep lower ones: hard limits, which a student's code cannot raise again."""
    for name, value in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_FSIZE, limits["file_bytes"]),
        (resource.RLIMIT_NOFILE, limits["open_files"]),
        (resource.RLIMIT_CPU, limits["cpu_seconds"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        # counted per user, so shared with the grader where a jail runs as the same user
        (resource.RLIMIT_SIGPENDING, PENDING_SIGNALS),
        # at 0 the kernel would still start the machine's crash handler, if it has one
        (resource.RLIMIT_CORE, 1),
    ):
        hard = resource.getrlimit(name)[1]
        least = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (least, least))


def _give_up_rights() -> None:
    ask_kernel("prctl", PR_CAP_AMBIENT, *(ctypes.c_ulong(word) for word in (PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)))
    ask_kernel("capset", struct.pack("=Ii", CAPABILITY_VERSION_3, 0), bytes(24))


def _filter(compiled: bytes) -> None:
    """Apply a seccomp filter from here on."""
    code = ctypes.create_string_buffer(compiled, len(compiled))
    program = struct.pack("@HP", len(compiled) // INSTRUCTION_BYTES, ctypes.addressof(code))
    ask_kernel("prctl", PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), program)


def ask_kernel(call: str, *arguments: Any) -> None:
    """Call a function of the C library that returns 0 on success.

    Raises:
        OSError: it failed.
    """
    if getattr(_SYSTEM, call)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")
